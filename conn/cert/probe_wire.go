package cert

import (
	"context"
	"errors"
	"net"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"
)

// headLength is how many of the first bytes from the wire are kept.
const headLength = 64

// wire is a connection beneath TLS. It counts, keeps the first bytes, and ends when its context does: no deadline set later lasts longer.
type wire struct {
	net.Conn
	now func() time.Time

	received atomic.Int64
	head     []byte    // written by the reader alone
	first    time.Time // when the first byte came

	mu    sync.Mutex
	limit time.Time // no deadline is later
	stop  func() bool
}

// long past, as a deadline: what waits ends now.
func longPast() time.Time { return time.Unix(1, 0) }

// newWire takes conn over, until ctx is done. A ctx without a deadline limits nothing but its cancellation.
func newWire(ctx context.Context, conn net.Conn, now func() time.Time) *wire {
	w := &wire{Conn: conn, now: now}
	w.limit, _ = ctx.Deadline()
	_ = conn.SetDeadline(w.limit) // a connection that takes no deadlines is closed by interrupt
	w.stop = context.AfterFunc(ctx, w.interrupt)
	return w
}

// Read implements net.Conn.
func (w *wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if n > 0 {
		if w.received.Add(int64(n)) == int64(n) {
			w.first = w.now()
		}
		w.head = append(w.head, p[:min(n, headLength-len(w.head))]...)
	}
	return n, err
}

// interrupt ends reads and writes that wait, now and from now on.
func (w *wire) interrupt() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.limit = longPast()
	if w.Conn.SetDeadline(w.limit) != nil { // its own would wait for the lock
		_ = w.Close()
	}
}

// end closes the connection. It may be called again.
func (w *wire) end() {
	w.stop()
	_ = w.Close() // nothing is lost: it was for looking
}

// SetDeadline implements net.Conn, within the limit.
func (w *wire) SetDeadline(t time.Time) error { return w.limited(t, w.Conn.SetDeadline) }

// SetReadDeadline implements net.Conn, within the limit.
func (w *wire) SetReadDeadline(t time.Time) error { return w.limited(t, w.Conn.SetReadDeadline) }

// SetWriteDeadline implements net.Conn, within the limit.
func (w *wire) SetWriteDeadline(t time.Time) error { return w.limited(t, w.Conn.SetWriteDeadline) }

func (w *wire) limited(t time.Time, set func(time.Time) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t.IsZero() || !w.limit.IsZero() && t.After(w.limit) {
		t = w.limit
	}
	return set(t)
}

// dialTimes is where the time of one dial went.
type dialTimes struct {
	mu             sync.Mutex // events may come late, and from the attempts for both address families at once
	began, ended   time.Time
	lookup, result time.Time
}

// trace returns ctx with the dialer's events noted.
func (d *dialTimes) trace(ctx context.Context, now func() time.Time) context.Context {
	note := func(t *time.Time) {
		d.mu.Lock()
		defer d.mu.Unlock()
		*t = now()
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { note(&d.lookup) },
		DNSDone:  func(httptrace.DNSDoneInfo) { note(&d.result) },
	})
}

// split returns how long the lookup of the name and the rest of the dial took.
func (d *dialTimes) split() (dns, connect time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lookup.IsZero() || d.result.IsZero() {
		return 0, d.ended.Sub(d.began)
	}
	return d.result.Sub(d.lookup), d.ended.Sub(d.result)
}

// reach connects to address, and notes what time it took.
func (r *probing) reach(ctx context.Context, address string, timing *Timing) (*wire, error) {
	times := dialTimes{began: r.Now()}
	conn, err := r.Dial(times.trace(ctx, r.Now), r.target.Network, address)
	times.ended = r.Now()
	dns, connect := times.split()
	timing.DNS = dns
	if err != nil {
		return nil, err
	}
	timing.Connect = connect
	return newWire(ctx, conn, r.Now), nil
}

// dialStage is how far a dial that failed with err came.
func dialStage(err error) Stage {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return StageDNS
	}
	return StageConnect
}

// watch calls silence, in a goroutine of its own, when nothing has come for StallTime, and cuts the connection off when that returns true. The
// function it returns ends the watch, and tells whether it cut the connection off. A nil silence is not called.
func (w *wire) watch(ctx context.Context, silence func(context.Context) bool) (enough func() bool) {
	if silence == nil {
		return func() bool { return false }
	}
	ctx, cancel := context.WithCancel(ctx)
	cut := false
	done := make(chan struct{})
	timer := time.AfterFunc(StallTime, func() {
		defer close(done)
		if w.received.Load() == 0 && silence(ctx) && w.received.Load() == 0 {
			cut = true
			w.interrupt()
		}
	})
	return func() bool {
		defer cancel()
		if w.received.Load() > 0 {
			cancel()
		}
		if !timer.Stop() {
			<-done
		}
		return cut
	}
}
