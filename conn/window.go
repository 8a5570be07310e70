package conn

import (
	"context"
	"sync/atomic"

	"redan/conn/resp"
)

// Window sends commands ahead of the replies to earlier ones. One goroutine
// calls Send, Flush and Close; a second one, the window's own, calls receive
// for every command, in order. The session must not be used directly before
// Close has returned, and must not follow redirects: those make a new connection.
type Window[C any] struct {
	// Failed, if set before the first Send, is told the error that ended the
	// window, once and after Err does, by the window's goroutine.
	Failed func(error)

	conn    *Conn
	receive func(C) error
	idle    func()

	out     []byte // commands encoded and not sent
	batch   []C    // what they are
	unsent  []C    // what came when the window had ended
	queue   chan []C
	drained chan struct{}
	err     atomic.Pointer[error]
}

// Commands go out, and are handed to the receiving goroutine, in batches of at
// most maxBatch commands or flushAt bytes: one at a time, the two goroutines
// would spend more time waking each other than working.
const (
	maxBatch = 256
	flushAt  = 32 << 10
)

// NewWindow returns a window of about size commands on s. For each command,
// receive must read its reply from s, with [Session.Receive]; its first error
// ends the window, and with it the connection. idle is called when all replies sent for so far have been
// read, before waiting for more commands. Close ends the window.
func NewWindow[C any](s *Session, size int, receive func(C) error, idle func()) *Window[C] {
	w := &Window[C]{
		conn: s.conn, receive: receive, idle: idle,
		queue: make(chan []C, max(1, size/maxBatch)), drained: make(chan struct{}),
	}
	go w.run()
	return w
}

func (w *Window[C]) run() {
	defer close(w.drained)
	for {
		select {
		case batch, open := <-w.queue:
			if !open {
				return
			}
			w.handle(batch)
			continue
		default:
		}
		w.idle()
		batch, open := <-w.queue
		if !open {
			return
		}
		w.handle(batch)
	}
}

// handle reads the replies to a batch. After an error the rest is dropped.
func (w *Window[C]) handle(batch []C) {
	for _, c := range batch {
		if w.err.Load() != nil {
			return
		}
		if err := w.receive(c); err != nil {
			w.err.Store(&err)
			w.conn.interrupt() // or a write might wait for ever for a peer whose replies nobody reads now
			if w.Failed != nil {
				w.Failed(err)
			}
		}
	}
}

// Err returns the error that ended the window, or nil.
func (w *Window[C]) Err() error {
	if err := w.err.Load(); err != nil {
		return *err
	}
	return nil
}

// Send encodes a command for sending; c is handed to receive when its reply is
// due. It waits while the window is full.
func (w *Window[C]) Send(ctx context.Context, c C, args ...string) {
	w.out = resp.AppendCommand(w.out, args...)
	w.batch = append(w.batch, c)
	if len(w.out) >= flushAt || len(w.batch) >= maxBatch {
		w.Flush(ctx)
	}
}

// Flush sends what is encoded. A connection that fails here fails for the
// reader of replies too, which knows better why and reports it.
func (w *Window[C]) Flush(ctx context.Context) {
	if len(w.batch) == 0 {
		return
	}
	if w.Err() != nil {
		w.unsent = append(w.unsent, w.batch...)
		w.batch, w.out = nil, nil
		return
	}
	// The reader comes first: a peer that takes no more commands until its
	// replies are read must not stop us.
	w.queue <- w.batch
	w.batch = nil
	stop := context.AfterFunc(ctx, w.conn.interrupt)
	_, _ = w.conn.Write(w.out)
	stop()
	w.out = w.out[:0]
	if cap(w.out) > maxKept {
		w.out = nil
	}
}

// Unsent returns, after Close, the commands that were never written because the
// window had ended. The server cannot have run them.
func (w *Window[C]) Unsent() []C { return w.unsent }

// Close sends what is left, waits for all replies and ends the window. It
// returns the error that ended it, or nil.
func (w *Window[C]) Close(ctx context.Context) error {
	w.Flush(ctx)
	close(w.queue)
	<-w.drained
	return w.Err()
}
