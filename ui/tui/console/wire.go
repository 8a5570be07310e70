package console

import (
	"context"
	"errors"
	"sync"

	"redan/conn"
)

// wire is the connection of the console. Tasks use it one after the other.
type wire struct {
	open Opener

	mu      sync.Mutex
	session Session // nil until the first command
	notes   []string
	closed  bool
	stale   bool // the session was closed by us
}

// newWire returns a wire that closes when ctx ends, as soon as nothing uses it any more.
func newWire(ctx context.Context, open Opener) *wire {
	w := &wire{open: open}
	context.AfterFunc(ctx, w.close)
	return w
}

func (w *wire) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	if w.session != nil {
		_ = w.session.Close()
	}
}

var errClosed = errors.New("the console has left this server")

// ready makes sure that there is a connection, and says whether one was made in the place of another and what that has lost.
func (w *wire) ready(ctx context.Context) (anew bool, lost []string, err error) {
	switch {
	case w.closed:
		return false, nil, errClosed
	case w.session == nil:
		w.session, err = w.open(ctx, func(text string) { w.notes = append(w.notes, text) })
		if err != nil {
			w.session = nil // not an interface that holds nothing
		}
		return false, nil, err
	case w.stale || w.session.Broken():
		lost, err = w.session.Reconnect(ctx)
		w.stale = w.stale && err != nil
		return err == nil, lost, err
	}
	return false, nil, nil
}

// drop closes the connection, so that the next command makes another.
func (w *wire) drop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.session != nil {
		_ = w.session.Close()
		w.stale = true
	}
}

// place is where the connection leads, and what it has become.
type place struct {
	ready bool
	addr  conn.Addr
	state conn.State
}

func (w *wire) place() place {
	if w.session == nil {
		return place{}
	}
	return place{ready: !w.stale && !w.session.Broken(), addr: w.session.Addr(), state: w.session.State().Visible()}
}

// told takes the notes.
func (w *wire) told() []string {
	notes := w.notes
	w.notes = nil
	return notes
}
