package repl

import (
	"io"
	"slices"
)

// keyboard turns what is read from a terminal into key presses. It reads only
// when asked to, so that a program the terminal is lent to gets all keys.
type keyboard struct {
	in      io.Reader
	decoder decoder
	queue   []press
	err     error // the end of the input

	chunks  chan chunk
	reading bool // a read is under way
}

// chunk is the outcome of one read.
type chunk struct {
	data []byte
	err  error
}

// chunkSize is as much as a terminal hands out at once.
const chunkSize = 4096

func newKeyboard(in io.Reader) *keyboard { return &keyboard{in: in, chunks: make(chan chunk, 1)} }

// pending starts a read, unless one is under way, and returns where its outcome
// will be. It must be given to arrived.
func (k *keyboard) pending() <-chan chunk {
	if !k.reading {
		k.reading = true
		go func() {
			data := make([]byte, chunkSize)
			n, err := k.in.Read(data)
			k.chunks <- chunk{data[:n], err}
		}()
	}
	return k.chunks
}

func (k *keyboard) arrived(c chunk) {
	k.reading = false
	k.err = c.err
	k.queue = append(k.queue, k.decoder.feed(c.data)...)
}

// pop takes the next key press.
func (k *keyboard) pop() (press, bool) {
	if len(k.queue) == 0 {
		return press{}, false
	}
	p := k.queue[0]
	k.queue = k.queue[1:]
	return p, true
}

// dropInterrupted drops everything up to the last Ctrl-C and reports whether
// there was one.
func (k *keyboard) dropInterrupted() bool {
	for i, p := range slices.Backward(k.queue) {
		if p.key == keyInterrupt {
			k.queue = slices.Delete(k.queue, 0, i+1)
			return true
		}
	}
	return false
}

// dropSuspends takes Ctrl-Z out and reports whether there was one.
func (k *keyboard) dropSuspends() bool {
	before := len(k.queue)
	k.queue = slices.DeleteFunc(k.queue, func(p press) bool { return p.key == keySuspend })
	return len(k.queue) < before
}
