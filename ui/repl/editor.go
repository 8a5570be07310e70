package repl

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"redan/ui/theme"
)

// lineEditor reads lines from a person.
type lineEditor interface {
	// ReadLine shows prompt and returns the line that is entered then, without
	// its end. The error is io.EOF when no more will come, errInterrupted after
	// Ctrl-C (with the line that was given up), or the context's own.
	ReadLine(ctx context.Context, prompt string) (string, error)
	// Remember makes a line one of those that Up and Ctrl-R find.
	Remember(line string)
	// Watch calls interrupted at every Ctrl-C, from another goroutine, until
	// stop is called. It must not overlap ReadLine.
	Watch(interrupted func()) (stop func())
	// Lend gives the terminal to another program while use runs.
	Lend(use func())
	// Close gives the terminal back as it was found.
	Close()
}

// errInterrupted is Ctrl-C at the prompt.
var errInterrupted = errors.New("interrupted")

// terminal is what the editor needs of a terminal. Read and Write are used from
// one goroutine each.
type terminal interface {
	io.ReadWriter
	// Raw makes keys arrive one by one, unseen and without any meaning to the
	// system; Restore puts the terminal back as it was found. Both may be
	// called repeatedly.
	Raw() error
	Restore() error
	Size() (width, height int)
	// Resized makes changed be called after each change of size.
	Resized(changed func())
	// Suspend stops the program until the user's shell continues it.
	Suspend()
}

// assistant knows what might be typed next.
type assistant interface {
	// Hint returns what to show behind a line whose end the cursor is at.
	Hint(line string) string
	// Complete completes the text before the cursor.
	Complete(ctx context.Context, head string) completion
}

// editor is a lineEditor on a terminal that obeys escape sequences.
type editor struct {
	tty        terminal
	keys       *keyboard
	screen     *screen
	assistant  assistant
	interrupts <-chan os.Signal // SIGINT from elsewhere: Ctrl-C is a key here
	alarm      func() bool      // the prompt is to be red; nil is never

	resized   chan struct{}
	refreshed chan struct{}

	prompt string
	buffer buffer
	recall recall
	search *search // nil unless searching
	stale  bool    // the screen does not show all of this yet
	lent   bool    // another program has the terminal
}

func newEditor(tty terminal, assistant assistant, look theme.Theme, interrupts <-chan os.Signal) *editor {
	e := &editor{
		tty:        tty,
		keys:       newKeyboard(tty),
		screen:     &screen{out: tty, size: tty.Size, theme: look},
		assistant:  assistant,
		interrupts: interrupts,
		resized:    make(chan struct{}, 1),
		refreshed:  make(chan struct{}, 1),
	}
	tty.Resized(func() { signalOnce(e.resized) })
	_ = tty.Raw() // from now on, so that nothing typed ahead is echoed; if it fails, reading tells
	return e
}

func signalOnce(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // one is waiting already
	}
}

// Refresh makes the editor ask for the hint again. It may be called from any
// goroutine.
func (e *editor) Refresh() { signalOnce(e.refreshed) }

// ReadLine implements [lineEditor].
func (e *editor) ReadLine(ctx context.Context, prompt string) (string, error) {
	if err := e.tty.Raw(); err != nil {
		return "", err
	}
	e.prompt, e.search, e.stale = prompt, nil, true
	e.buffer.set("")
	e.recall.begin()
	for {
		p, err := e.next(ctx)
		if err != nil {
			e.screen.finish(e.frame())
			return "", err
		}
		if line, done, err := e.press(ctx, p); done {
			return line, err
		}
	}
}

// next waits for a key. The screen is brought up to date only when no key is
// left to handle, so that pasting a long text does not draw it over and over.
func (e *editor) next(ctx context.Context) (press, error) {
	for {
		if p, ok := e.keys.pop(); ok {
			return p, nil
		}
		if e.stale {
			e.redraw()
		}
		if e.keys.err != nil {
			return press{}, e.keys.err
		}
		select {
		case c := <-e.keys.pending():
			e.keys.arrived(c)
		case <-e.resized:
			e.screen.resized()
		case <-e.refreshed:
			e.stale = true
		case <-e.interrupts:
			return press{key: keyInterrupt}, nil
		case <-ctx.Done():
			return press{}, ctx.Err()
		}
	}
}

// press handles a key and reports whether the line is done.
func (e *editor) press(ctx context.Context, p press) (line string, done bool, err error) {
	e.stale = true
	if e.search != nil && e.searched(p) {
		return "", false, nil
	}
	switch p.key {
	case keyEnter:
		e.screen.finish(e.frame())
		return e.buffer.String(), true, nil
	case keyInterrupt:
		f := e.frame()
		f.text = slices.Concat(f.text, toRunes("^C"))
		e.screen.finish(f)
		return e.buffer.String(), true, errInterrupted
	case keyEOF:
		if len(e.buffer.text) == 0 {
			e.screen.finish(e.frame())
			return "", true, io.EOF
		}
		e.buffer.edit(press{key: keyDelete})
	case keyUp:
		e.recalled(-1)
	case keyDown:
		e.recalled(1)
	case keySearchBack, keySearchForward:
		if len(e.recall.lines) == 0 {
			e.bell()
			break
		}
		e.search = newSearch(e.recall.lines)
		e.search.forward = p.key == keySearchForward
	case keyTab:
		e.complete(ctx)
	case keyClear:
		e.screen.clear()
	case keySuspend:
		e.screen.finish(e.frame())
		e.suspend()
	default:
		e.buffer.edit(p)
	}
	return "", false, nil
}

func (e *editor) recalled(steps int) {
	line, ok := e.recall.move(e.buffer.String(), steps)
	if !ok {
		e.bell()
		return
	}
	e.buffer.set(line)
}

// searched handles a key while searching and reports whether that was all: a
// key that is not about the search ends it and then does what it always does,
// on the line found.
func (e *editor) searched(p press) bool {
	if e.search.press(p) {
		if e.search.failing {
			e.bell()
		}
		return true
	}
	found := e.search
	e.search = nil
	if p.key == keyCancel || p.key == keyInterrupt {
		return true
	}
	if line, offset := found.found(); line != "" {
		e.buffer.set(line)
		if p.key != keyEnter {
			e.buffer.pos = len(toRunes(line[:offset]))
		}
	}
	return p.key == keyTab
}

// complete is Tab.
func (e *editor) complete(ctx context.Context) {
	c := e.assistant.Complete(ctx, e.buffer.head())
	switch {
	case c.head != e.buffer.head():
		e.buffer.setHead(c.head)
	case len(c.options) > 1 || c.more:
		e.list(c)
	default:
		e.bell()
	}
}

// list shows the possible completions above the line.
func (e *editor) list(c completion) {
	width, height := e.tty.Size()
	e.screen.finish(e.frame())
	e.write(strings.Join(columns(c.options, width, max(1, height-3), c.more), "\r\n") + "\r\n")
}

func (e *editor) suspend() {
	e.tty.Suspend()
	_ = e.tty.Raw() // if that fails, reading will
}

func (e *editor) redraw() {
	e.stale = false
	if e.search != nil {
		line, offset := e.search.found()
		e.screen.draw(frame{prompt: e.search.prompt(), text: toRunes(line), pos: len(toRunes(line[:offset]))})
		return
	}
	f := e.frame()
	if e.buffer.atEnd() {
		f.hint = e.assistant.Hint(e.buffer.String())
	}
	e.screen.draw(f)
}

func (e *editor) frame() frame {
	return frame{prompt: e.prompt, alarm: e.alarm != nil && e.alarm(), text: e.buffer.text, pos: e.buffer.pos}
}

func (e *editor) bell() { e.write("\a") }

func (e *editor) write(s string) { _, _ = io.WriteString(e.tty, s) }

// Remember implements [lineEditor].
func (e *editor) Remember(line string) { e.recall.add(line) }

// Watch implements [lineEditor]. Keys other than Ctrl-C are kept for the next
// line; as everywhere, Ctrl-C drops those before it. While the terminal is lent,
// Ctrl-C is a signal and keys are for the other program.
func (e *editor) Watch(interrupted func()) (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	if e.keys.dropInterrupted() {
		interrupted()
	}
	go func() {
		defer close(done)
		for {
			var chunks <-chan chunk // nil: never
			if !e.lent && e.keys.err == nil {
				chunks = e.keys.pending()
			}
			select {
			case c := <-chunks:
				e.arrivedInBetween(c, interrupted)
			case <-e.interrupts:
				interrupted()
			case <-quit:
				return
			}
		}
	}()
	return func() {
		close(quit)
		<-done
	}
}

// arrivedInBetween handles what was typed while a command runs.
func (e *editor) arrivedInBetween(c chunk, interrupted func()) {
	e.keys.arrived(c)
	if e.keys.err != nil || e.keys.dropInterrupted() {
		interrupted()
	}
	if e.keys.dropSuspends() {
		e.suspend()
	}
}

// Lend implements [lineEditor].
func (e *editor) Lend(use func()) {
	_ = e.tty.Restore()
	e.lent = true
	defer func() {
		e.lent = false
		_ = e.tty.Raw()
		e.screen.freshLine()
	}()
	use()
}

// Close implements [lineEditor].
func (e *editor) Close() { _ = e.tty.Restore() }
