package cli

import (
	"io"
	"sync"
	"time"

	"redan/ui/modes"
	"redan/ui/theme"
)

// drawing is something that is redrawn in place. Who writes to its terminal does so through beside, which takes it away meanwhile.
type drawing interface{ beside(write func()) }

// canRedraw reports whether standard output is a terminal that understands more than lines.
func (a *app) canRedraw() bool {
	term, _ := a.sys.Getenv("TERM")
	return a.sys.OutTTY && term != "" && term != "dumb"
}

// show shows the progress: the sum so far on a terminal, else a meter on standard error where that is one.
func (k *keyAnalysis) show() (drawing, func()) {
	if k.live {
		l := newLiveBlock(k.app, func(b modes.Block, w modes.Work) []string {
			k.mu.Lock()
			defer k.mu.Unlock()
			return k.report.Live(b, w)
		}, k.work)
		return l, l.stop
	}
	color, ascii := k.terminalCan()
	m := k.meter(modes.Meter{Theme: theme.New(color), Plain: ascii, Count: modes.Counted("keys")}, k.work)
	return m, m.stop
}

func (k *keyAnalysis) work() modes.Work {
	p := k.sweep.Progress()
	return modes.Work{Done: p.Seen, Total: p.Expected, Fraction: p.Scanned}
}

// A block is not drawn for what is over at once, and then seldom enough to be read and to cost nothing.
const (
	firstBlock = 100 * time.Millisecond
	nextBlocks = 250 * time.Millisecond
)

// liveBlock is a block of lines on standard output that is redrawn in place until it is stopped, and then gone.
type liveBlock struct {
	app   *app
	lines func(modes.Block, modes.Work) []string
	work  func() modes.Work
	began time.Time
	quit  chan struct{}
	done  sync.WaitGroup
	stop  func()

	mu     sync.Mutex // over what is on the terminal
	canvas modes.Canvas
}

func newLiveBlock(a *app, lines func(modes.Block, modes.Work) []string, work func() modes.Work) *liveBlock {
	l := &liveBlock{app: a, lines: lines, work: work, began: a.sys.Now(), quit: make(chan struct{})}
	l.stop = sync.OnceFunc(func() {
		close(l.quit)
		l.done.Wait()
		l.beside(func() {})
	})
	l.done.Go(l.run)
	return l
}

func (l *liveBlock) run() {
	timer := time.NewTimer(firstBlock)
	defer timer.Stop()
	for {
		select {
		case <-l.quit:
			return
		case now := <-timer.C:
			l.draw(now)
			timer.Reset(nextBlocks)
		}
	}
}

func (l *liveBlock) draw(now time.Time) {
	work := l.work()
	work.Elapsed = now.Sub(l.began)
	color, ascii := l.app.terminalCan()
	columns, rows := l.app.terminalSize()
	lines := l.lines(modes.Block{Theme: theme.New(color), Plain: ascii, Width: columns - 1, Height: rows - 1}, work)
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = io.WriteString(&l.app.stdout, l.canvas.Draw(lines, columns))
}

// beside runs write while the block is off the terminal. It comes back by itself.
func (l *liveBlock) beside(write func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	columns, _ := l.app.terminalSize()
	if text := l.canvas.Erase(columns); text != "" {
		_, _ = io.WriteString(&l.app.stdout, text)
	}
	write()
}

// terminalSize is that of the terminal at this moment. One that does not tell is taken for a usual one.
func (a *app) terminalSize() (columns, rows int) {
	columns, rows = 80, 24
	if a.sys.Columns != nil {
		if n := a.sys.Columns(); n > 0 {
			columns = n
		}
	}
	if a.sys.Lines != nil {
		if n := a.sys.Lines(); n > 0 {
			rows = n
		}
	}
	return columns, rows
}
