package cli

import (
	"io"
	"sync"
	"time"

	"redan/ui/modes"
)

// redraw is how often a meter is drawn: often enough to look alive, seldom enough to cost nothing.
const redraw = 100 * time.Millisecond

// meter draws the progress of long work on standard error when that is a terminal; elsewhere it draws nothing. The function it returns takes
// the meter away and may be called again. Whoever prints on a terminal while it is there does so through beside.
func (a *app) meter(m modes.Meter, progress func() modes.Work) *liveMeter {
	l := &liveMeter{app: a, meter: m, progress: progress, quit: make(chan struct{})}
	l.stop = sync.OnceFunc(func() {
		close(l.quit)
		l.done.Wait()
	})
	if a.sys.ErrTTY {
		l.done.Go(l.run)
	}
	return l
}

type liveMeter struct {
	app      *app
	meter    modes.Meter
	progress func() modes.Work
	quit     chan struct{}
	done     sync.WaitGroup
	stop     func()

	mu    sync.Mutex
	drawn bool
}

func (l *liveMeter) run() {
	began := l.app.sys.Now()
	ticker := time.NewTicker(redraw)
	defer ticker.Stop()
	defer l.beside(func() {})
	for {
		select {
		case <-l.quit:
			return
		case now := <-ticker.C:
			work := l.progress()
			work.Elapsed = now.Sub(began)
			l.draw(work)
		}
	}
}

// room is what a meter leaves at the end of its line: the terminal writes ^C there, and a line that it broke for that could not be erased.
const room = 3

const eraseLine = "\r\x1b[2K"

func (l *liveMeter) draw(w modes.Work) {
	width := 80
	if l.app.sys.Columns != nil {
		if columns := l.app.sys.Columns(); columns > 0 {
			width = columns
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = io.WriteString(l.app.sys.Stderr, eraseLine+l.meter.Line(w, width-room))
	l.drawn = true
}

// beside runs print while the meter is off the screen. It comes back by itself.
func (l *liveMeter) beside(write func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.drawn {
		_, _ = io.WriteString(l.app.sys.Stderr, eraseLine)
		l.drawn = false
	}
	write()
}
