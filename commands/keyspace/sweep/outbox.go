package sweep

import (
	"io"
	"sync"
)

// outbox writes in the background, so that whoever reads replies never waits for a server that takes no more commands until its replies
// are read. What it holds is bounded by the commands that its user has in flight.
type outbox struct {
	to   io.Writer
	wake chan struct{} // holds a token when there may be something to write
	done chan struct{}

	mu      sync.Mutex
	waiting []byte
	spare   []byte
}

func newOutbox(to io.Writer) *outbox {
	o := &outbox{to: to, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go o.run()
	return o
}

// atOnce is how long a command may be that is written without the background. It always has room in the socket when it is the only one in
// flight, and waking another goroutine would take longer than writing it.
const atOnce = 2 << 10

// sendAlone is send for when all earlier commands have been answered, or are being answered.
func (o *outbox) sendAlone(b []byte) {
	if len(b) > atOnce {
		o.send(b)
		return
	}
	_, _ = o.to.Write(b) // see run
}

// send has b written after what was sent before. b may be used again.
func (o *outbox) send(b []byte) {
	o.mu.Lock()
	o.waiting = append(o.waiting, b...)
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// close ends the writing and waits for that; whoever calls it has closed what is written to.
func (o *outbox) close() {
	close(o.wake)
	<-o.done
}

// run writes until close. An error of the connection is met by its reader too, which knows better why.
func (o *outbox) run() {
	defer close(o.done)
	for range o.wake {
		if batch := o.take(); len(batch) > 0 {
			_, _ = o.to.Write(batch)
			o.giveBack(batch)
		}
	}
}

func (o *outbox) take() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	batch := o.waiting
	o.waiting, o.spare = o.spare[:0], nil
	return batch
}

// maxKept is how large a buffer may be to be kept for the next commands.
const maxKept = 1 << 20

func (o *outbox) giveBack(b []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if cap(b) <= maxKept {
		o.spare = b
	}
}
