package transfer

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"redan/conn/resp"
)

// Pipe sends a stream of commands to a server as it is and counts the replies meanwhile. Writing and reading never wait for each other, so
// that a server whose replies nobody took cannot stop it; a server that reads no more stops the reading of the input. Memory is bounded
// whatever the input and the replies are. A Pipe is for one Run.
type Pipe struct {
	// Patience is how long silence of the server is borne once the input has ended; 0 is for ever.
	Patience time.Duration
	// Now tells the time.
	Now func() time.Time
	// OnError is told each error reply. The text is valid until it returns.
	OnError func(PipeError)
	// OnSent is told that the input has ended, from another goroutine than OnError and before Run returns.
	OnSent func()
	// BeforeRead is called before each read of replies, which may wait.
	BeforeRead func()

	ledger
	conn    net.Conn
	reader  *resp.Reader
	echo    []byte    // what the server is to say last
	text    []byte    // of the reply in progress
	looking time.Time // until when what has come is looked at a last time; zero while that is not due

	expected atomic.Int64 // the reply that is that to ECHO, or one more than there can be
	ended    atomic.Bool  // the input has

	mu     sync.Mutex
	ending               // guarded by mu
	told   chan struct{} // closed when OnSent has returned
	heard  time.Time
}

// ending is what the sending side has to say about the end. The receiving side acts on it.
type ending struct {
	framing  framing
	begun    bool      // the input has ended, or failed
	at       time.Time // when
	cut      *Cut
	unread   error // the input failed
	unsent   error // the connection took no more
	stopped  error // the context ended
	finished bool  // nobody listens any more
}

const (
	// sendBuffer is how much of the input is in our hands at most.
	sendBuffer = 128 << 10
	// lastWords is how long a server that takes no more may go on answering.
	lastWords = time.Second
	// lastLook is how long what has come already may take to be read.
	lastLook = 50 * time.Millisecond
	// courtesy is how long an input whose end was reached may take to say so after the connection broke.
	courtesy = 100 * time.Millisecond
	// noReply is a number that no reply has.
	noReply = 1<<63 - 1
)

// Run sends input over c and reads the replies from r until the last one, the end of ctx, or whatever else ends it; the connection is of
// no use then. A read of the input that waits at that time is left behind.
func (p *Pipe) Run(ctx context.Context, r io.Reader, c net.Conn, input io.Reader) PipeReport {
	began := p.Now()
	p.conn, p.echo, p.told = c, random(), make(chan struct{})
	p.expected.Store(noReply)
	p.reader = resp.NewReader(&patientReader{pipe: p, src: r})
	stop := context.AfterFunc(ctx, func() {
		_ = c.SetWriteDeadline(time.Unix(1, 0))
		p.say(func(e *ending) { e.stopped = ctx.Err() })
	})
	defer stop()
	quit := make(chan struct{})
	go func() {
		defer close(quit)
		p.send(input)
	}()
	how, err := p.receive()
	if how == Lost {
		select { // whether all was sent must not hang on who was faster
		case <-quit:
		case <-time.After(courtesy):
		}
	}
	if p.finish() {
		select {
		case <-p.told:
		case <-ctx.Done():
		}
	}
	return p.report(how, err, p.Now().Sub(began))
}

// finish ends the sending side, too, and reports whether it has come to the end of the input.
func (p *Pipe) finish() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finished = true
	_ = p.conn.SetDeadline(time.Unix(1, 0)) // a write that waits
	return p.begun
}

func (p *Pipe) report(how Ending, err error, elapsed time.Duration) PipeReport {
	p.mu.Lock()
	defer p.mu.Unlock()
	return PipeReport{
		Ending: how, Elapsed: elapsed, PipeProgress: p.Progress(), Kinds: p.tally.list(), Cut: p.cut,
		Garbage: p.framing.garbage, NUL: p.framing.nul, Uneven: p.framing.uneven, Last: string(p.last), Err: err, Unread: bytes.Clone(p.reader.Unread()), Patience: p.Patience,
	}
}

// random are bytes that are in no reply by chance.
func random() []byte {
	const size = 20 // what redis-cli sends; a proxy may know it
	b := make([]byte, size)
	_, _ = rand.Read(b) // never fails
	return b
}

// send copies the input to the connection, and asks for the echo behind it.
func (p *Pipe) send(src io.Reader) {
	buf := make([]byte, sendBuffer)
	input := &gatheringReader{src: src, gather: p.gather}
	for empty := 0; empty < 100; empty++ {
		n, err := input.Read(buf)
		if n > 0 {
			empty = 0
			stalls := time.AfterFunc(stallBegins, input.stop)
			taken := p.write(buf[:n])
			stalls.Stop()
			if !taken {
				return
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			p.sendEcho()
			return
		case err != nil:
			p.say(func(e *ending) { e.unread = err })
			return
		}
	}
	p.say(func(e *ending) { e.unread = io.ErrNoProgress })
}

func (p *Pipe) write(b []byte) bool {
	p.mu.Lock()
	p.framing.feed(b)
	p.commands.Store(p.framing.commands)
	p.mu.Unlock()
	n, err := p.conn.Write(b)
	p.sent.Add(int64(n))
	if err != nil {
		p.say(func(e *ending) { e.unsent, e.at = err, p.Now() })
	}
	return err == nil
}

func (p *Pipe) gather(n int) {
	c, ok := p.conn.(interface{ Gather(n int) })
	if !ok {
		return
	}
	c.Gather(n)
	if n == 1 {
		p.say(func(*ending) {}) // Linux before 4.18 does not wake a reader for what has come already
	}
}

// gatheringReader has replies gathered as long as there is input and the server takes it. Who feeds us may make a pause, and the server may
// be at something that takes long: what was answered before is to be seen then.
type gatheringReader struct {
	src    io.Reader
	gather func(n int)

	mu        sync.Mutex // held during gather, too: what was said last to the system is what gathering tells
	gathering bool
}

const (
	// stallBegins is after how much waiting for the server to take input it is at something else. Over a slow line it often takes some time.
	stallBegins = 50 * time.Millisecond
)

func (g *gatheringReader) Read(b []byte) (int, error) {
	timer := time.AfterFunc(pauseBegins, g.stop)
	n, err := g.src.Read(b)
	timer.Stop()
	if err != nil {
		g.stop()
	} else {
		g.start()
	}
	return n, err
}

func (g *gatheringReader) start() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.gathering {
		g.gathering = true
		g.gather(gathered)
	}
}

func (g *gatheringReader) stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.gathering {
		g.gathering = false
		g.gather(1)
	}
}

// sendEcho ends the input. The line break ends an inline command that has none. Where the input ends inside a command the ECHO would
// become a part of its data; the replies are counted then.
func (p *Pipe) sendEcho() {
	whole, heard := false, false
	p.say(func(e *ending) {
		if e.finished {
			return
		}
		e.begun, e.at = true, p.Now()
		e.cut = e.framing.end()
		whole = e.cut == nil
		p.commands.Store(e.framing.commands)
		if whole && !e.framing.uneven && e.framing.garbage == nil {
			p.expected.Store(e.framing.commands + 1)
		}
		p.ended.Store(true)
		heard = true
	})
	if heard && p.OnSent != nil {
		p.OnSent()
	}
	if heard {
		close(p.told)
	}
	if !whole {
		return
	}
	request := resp.AppendCommand([]byte(lineBreak), []byte("ECHO"), p.echo)
	if _, err := p.conn.Write(request); err != nil {
		p.say(func(e *ending) { e.unsent = err })
	}
}

// say changes what is known about the end, and has the receiving side look at it.
func (p *Pipe) say(change func(*ending)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.ending)
	_ = p.conn.SetReadDeadline(time.Unix(1, 0))
}
