package cert

import (
	"bufio"
	"context"
	"net"
	"strconv"
	"strings"
	"time"
)

const (
	// longestLine is how much of an answer is kept.
	longestLine = 256
	// plainTime bounds a look at a port without TLS. A Redis answers in a millisecond plus the way there and back.
	plainTime = 2 * time.Second
	// restTime is how long the rest of a line that is no Redis reply is waited for: other protocols need not end it.
	restTime = 100 * time.Millisecond
)

// opensReply reports whether a RESP2 or RESP3 reply may begin like this.
func opensReply(line string) bool {
	return len(line) > 0 && strings.IndexByte("+-:$*%~_#,(=!>|", line[0]) >= 0
}

// firstLine reads a line, which it returns without its break. Of an endless line it returns the beginning. It fails when there is none, or the
// connection broke within what may be a Redis reply.
func firstLine(r *bufio.Reader, w *wire) (string, error) {
	var line []byte
	for len(line) < longestLine {
		b, err := r.ReadByte()
		if err != nil {
			if len(line) > 0 && !opensReply(string(line)) {
				break
			}
			return string(line), err
		}
		if b == '\n' {
			break
		}
		line = append(line, b)
		if len(line) == 1 && !opensReply(string(line)) {
			defer time.AfterFunc(restTime, w.interrupt).Stop()
		}
	}
	return strings.TrimSuffix(string(line), "\r"), nil
}

// sayPing sends PING and reads the first line of the answer. It is sent as an array: proxies before Redis do not know the inline form.
func sayPing(c net.Conn, w *wire) (lines *bufio.Reader, line string, err error) {
	// A server may have closed already and yet have left its reason to be read: an error reply, or under TLS 1.3 the alert about the client
	// certificate. Then the write fails.
	_, broken := c.Write([]byte("*1\r\n$4\r\nPING\r\n"))
	lines = bufio.NewReaderSize(c, longestLine)
	line, err = firstLine(lines, w)
	switch _, isAlert := AlertOf(err); {
	case err == nil && !opensReply(line):
		err = ErrNotRedis
	case err != nil && broken != nil && !isAlert:
		err = broken
	}
	return lines, line, err
}

// plainLook asks address, on a plain connection of its own, for PING, which needs no rights.
func (r *probing) plainLook(ctx context.Context, address string) PlainLook {
	ctx, cancel := context.WithTimeout(ctx, plainTime)
	defer cancel()
	w, err := r.reach(ctx, address, &Timing{})
	if err != nil {
		return PlainLook{}
	}
	defer w.end()
	lines, line, err := sayPing(w, w)
	look := PlainLook{Done: true, Reply: []byte(line), Reset: line == "" && endedByPeer(err)}
	if err == nil && strings.HasPrefix(line, "+") {
		look.TLSPort = askTLSPort(w, lines, w)
	}
	return look
}

// askTLSPort asks a Redis for its tls-port. 0 means that it has none, or does not say.
func askTLSPort(c net.Conn, lines *bufio.Reader, w *wire) int {
	if _, err := c.Write([]byte("*3\r\n$6\r\nCONFIG\r\n$3\r\nGET\r\n$8\r\ntls-port\r\n")); err != nil {
		return 0
	}
	for _, expected := range []string{"*2", "$8", "tls-port", "$", ""} {
		line, err := firstLine(lines, w)
		if err != nil || !strings.HasPrefix(line, expected) {
			return 0
		}
		if expected == "" {
			port, err := strconv.ParseUint(line, 10, 16)
			if err != nil {
				return 0
			}
			return int(port)
		}
	}
	return 0
}

// probePlain is the probe of a target that should not speak TLS.
func (r *probing) probePlain(ctx context.Context) {
	o := &r.seen
	w, err := r.reach(ctx, r.target.Address, &o.Timing)
	if err != nil {
		o.Stage, o.Err = dialStage(err), err
		r.lookFurther(ctx)
		return
	}
	defer w.end()
	var secured *visit
	began := r.Now()
	enough := w.watch(ctx, func(ctx context.Context) bool {
		secured = r.tlsLook(ctx)
		return secured.speaksTLS()
	})
	lines, line, err := sayPing(w, w)
	stalled := enough()
	o.Stage, o.Err, o.Reply, o.Remote = StageReply, err, line, remoteOf(w)
	o.Received, o.FirstBytes = w.received.Load(), w.head
	if !w.first.IsZero() {
		o.Timing.FirstByte = w.first.Sub(began)
	}
	if err == nil {
		o.Stage, o.Timing.Reply = StageDone, r.Now().Sub(began)
		r.interview(ctx, bufferedConn{w, lines})
		return
	}
	if stalled {
		o.Err = errOtherAnswer
	}
	w.end()
	if secured == nil {
		secured = r.tlsLook(ctx)
	}
	r.reportTLSLook(ctx, secured)
}

// tlsLook tries TLS on the port of a target that should not speak it.
func (r *probing) tlsLook(ctx context.Context) *visit {
	v := r.visit(ctx, r.usualOffer(), nil)
	v.end()
	return v
}

// reportTLSLook tells what the look v taught, which was made since a plain connection got no reply of a Redis.
func (r *probing) reportTLSLook(ctx context.Context, v *visit) {
	o := &r.seen
	o.Trials = append(o.Trials, v.trial(r.usualOffer()))
	switch {
	case v.speaksTLS():
		v.reportTLS(o)
	case o.Received == 0 && endedByPeer(o.Err):
		r.lookAtSiblings(ctx)
	}
}

// speaksTLS reports whether the server answered in TLS, if only with a refusal.
func (v *visit) speaksTLS() bool { return v.state.Version != 0 || v.alert != nil }
