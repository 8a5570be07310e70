package demo

import (
	"errors"
	"net"
	"sync"
)

// maxOutput is how many bytes a client may leave unread before it is cut off.
const maxOutput = 256 << 20

// errSlowClient is what writing fails with once the limit is reached.
var errSlowClient = errors.New("the client has left too much unread")

// outbox keeps what a client has not read yet. miniredis writes replies while it holds
// its lock, so one slow reader would stop everybody.
type outbox struct {
	conn  net.Conn
	limit int

	mu      sync.Mutex
	changed sync.Cond // on mu
	waiting []byte
	closing bool
	failed  error
}

func newOutbox(conn net.Conn, limit int) *outbox {
	o := &outbox{conn: conn, limit: limit}
	o.changed.L = &o.mu
	return o
}

// Write never blocks. It fails once the client has gone or has left too much unread.
func (o *outbox) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failed == nil && len(o.waiting)+len(p) > o.limit {
		o.failed = errSlowClient
		o.waiting = nil
		_ = o.conn.Close() // which also ends the sending that waits for the client
	}
	o.changed.Signal()
	if o.failed != nil {
		return 0, o.failed
	}
	o.waiting = append(o.waiting, p...)
	return len(p), nil
}

// Close lets the connection end once the client has read everything.
func (o *outbox) Close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closing = true
	o.changed.Signal()
}

// send hands everything to the client, and closes the connection in the end.
func (o *outbox) send() {
	var batch []byte
	for {
		batch = o.next(batch)
		if len(batch) == 0 {
			break
		}
		if _, err := o.conn.Write(batch); err != nil {
			o.fail(err)
			break
		}
	}
	_ = o.conn.Close() // whoever reads from it notices
}

// next waits for something to send, and takes it; it is empty at the end. The batch
// that was sent before makes room for what is written meanwhile.
func (o *outbox) next(sent []byte) []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.waiting) == 0 && !o.closing && o.failed == nil {
		o.changed.Wait()
	}
	batch := o.waiting
	o.waiting = sent[:0]
	return batch
}

func (o *outbox) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failed == nil {
		o.failed = err
	}
}
