package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"redan/ui/modes"
	"redan/ui/theme"
)

// drawing is something that is redrawn in place. Who writes to its terminal does so through beside, which takes it away meanwhile.
type drawing interface{ beside(write func()) }

// drawn is the drawing that is on the terminal, if any. Nodes of a cluster are connected to at the same time, and what there is to say of
// them is said beside it.
type drawn struct {
	mu  sync.Mutex
	now drawing
}

// is notes what is drawn from now on; nil is nothing.
func (d *drawn) is(now drawing) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = now
}

// beside runs write while nothing is in its place.
func (d *drawn) beside(write func()) {
	d.mu.Lock()
	now := d.now
	d.mu.Unlock()
	if now == nil {
		write()
		return
	}
	now.beside(write)
}

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
			b.Source = k.source()
			return k.report.Live(b, w)
		}, k.work)
		return l, l.stop
	}
	m := k.sweepMeter(k.sweep)
	return m, m.stop
}

// source says whose keys are read.
func (k *keyAnalysis) source() string {
	addrs := k.sweep.Addrs()
	if len(addrs) == 1 {
		return addrs[0].String()
	}
	return fmt.Sprintf("%d masters", len(addrs))
}

func (k *keyAnalysis) work() modes.Work {
	p := k.sweep.Progress()
	return modes.Work{Done: p.Seen, Total: p.Expected, Fraction: p.Scanned}
}

// A block is not drawn for what is over at once, and then seldom enough to be read and to cost nothing.
const (
	firstBlock = 200 * time.Millisecond
	nextBlocks = 250 * time.Millisecond
)

// liveBlock is a block of lines on the terminal that is redrawn in place until it is stopped, and then gone.
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
	suspended, halt, stop := l.app.suspensions()
	defer stop()
	for {
		select {
		case <-l.quit:
			return
		case <-suspended:
			l.beside(func() {}) // the shell gets the screen it had, and its cursor
			halt()
		case now := <-timer.C:
			l.draw(now)
			timer.Reset(nextBlocks)
		}
	}
}

// suspensions is that of the system.
func (a *app) suspensions() (asked <-chan os.Signal, halt, stop func()) {
	if a.sys.Suspensions == nil {
		return nil, func() {}, func() {}
	}
	return a.sys.Suspensions()
}

func (l *liveBlock) draw(now time.Time) {
	work := l.work()
	work.Elapsed = now.Sub(l.began)
	color, ascii := l.app.terminalCan()
	columns, rows := l.app.terminalSize()
	lines := l.lines(modes.Block{Theme: theme.New(color), Plain: ascii, Width: columns - 1, Height: rows}, work)
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = io.WriteString(&l.app.stdout, l.canvas.Draw(lines))
}

// beside runs write while the block is off the terminal. It comes back by itself.
func (l *liveBlock) beside(write func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if text := l.canvas.Leave(); text != "" {
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
