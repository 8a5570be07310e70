package cli

import (
	"io"
	"sync"
	"time"
)

// drawing is how far long work has come, drawn on a terminal again and again in the same place until it is stopped, and then gone. Whoever
// prints meanwhile does so through [app.beside].
type drawing struct {
	to    io.Writer
	draw  func(elapsed time.Duration) string // what puts it there, instead of what was drawn before
	erase func() string                      // what takes it away
	taken func() bool                        // the terminal is another program's
	began time.Time
	quit  chan struct{}
	done  sync.WaitGroup

	mu    sync.Mutex // over the terminal
	drawn bool
}

// startDrawing draws for the first time after a while, so that what is over at once shows nothing, and then every so often. The function it
// returns ends that and takes the drawing away; it may be called again.
func (a *app) startDrawing(to io.Writer, first, every time.Duration, draw func(time.Duration) string, erase func() string) (stop func()) {
	a.suspendible.Do(a.obeyCtrlZ)
	d := &drawing{to: to, draw: draw, erase: erase, taken: a.taken, began: a.sys.Now(), quit: make(chan struct{})}
	a.drawn.Store(d)
	d.done.Go(func() { d.run(first, every) })
	return sync.OnceFunc(func() {
		close(d.quit)
		d.done.Wait()
		d.beside(func() {})
		a.drawn.CompareAndSwap(d, nil)
	})
}

func (d *drawing) run(first, every time.Duration) {
	timer := time.NewTimer(first)
	defer timer.Stop()
	for {
		select {
		case <-d.quit:
			return
		case now := <-timer.C:
			d.show(now.Sub(d.began))
			timer.Reset(every)
		}
	}
}

// obeyCtrlZ has Ctrl-Z stop the program once the shell has got the screen it had, and its cursor. It does so to the end of the program,
// drawings or none: a signal that Go has caught never again stops it by itself.
func (a *app) obeyCtrlZ() {
	if a.sys.OnSuspend != nil {
		a.sys.OnSuspend(a.beside)
	}
}

// taken reports whether the terminal is another program's for now.
func (a *app) taken() bool { return a.sys.Taken != nil && a.sys.Taken() }

// show draws, but not over the prompt of another program.
func (d *drawing) show(elapsed time.Duration) {
	if d.taken() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	_, _ = io.WriteString(d.to, d.draw(elapsed))
	d.drawn = true
}

// beside runs write while the drawing is off the terminal. It comes back by itself.
func (d *drawing) beside(write func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.drawn {
		_, _ = io.WriteString(d.to, d.erase())
		d.drawn = false
	}
	write()
}

// beside runs write, which prints, while nothing is drawn where it might print.
func (a *app) beside(write func()) {
	if d := a.drawn.Load(); d != nil {
		d.beside(write)
		return
	}
	write()
}
