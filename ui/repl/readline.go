package repl

import (
	"io"
	"runtime"

	"github.com/chzyer/readline"
)

// console is the terminal of the process, by way of the readline library: it
// knows how each system, Windows included, switches to single keys and tells
// its size. Its own line editor is not used. In v1.5.1, Delete on an empty line
// ends the program, Ctrl-W in the first word takes the rest of the line along,
// Ctrl-T behind a single character panics, a prompt as wide as the terminal
// never returns, and the cursor goes astray among wide characters.
type console struct {
	in    io.Reader
	out   io.Writer
	found *readline.State // before the first Raw
	raw   bool
}

// newConsole returns the terminal of the process, whose standard input and
// output in and out are.
func newConsole(in io.Reader, out io.Writer) (*console, error) {
	found, err := readline.GetState(readline.GetStdin())
	if err != nil {
		return nil, err
	}
	if runtime.GOOS == "windows" { // these translate console events to bytes and back
		in, out = readline.Stdin, readline.Stdout
	}
	return &console{in: in, out: out, found: found}, nil
}

// Read implements [terminal].
func (c *console) Read(p []byte) (int, error) { return c.in.Read(p) }

// Write implements [terminal].
func (c *console) Write(p []byte) (int, error) { return c.out.Write(p) }

// Raw implements [terminal].
func (c *console) Raw() error {
	if c.raw {
		return nil
	}
	if _, err := readline.MakeRaw(readline.GetStdin()); err != nil {
		return err
	}
	c.raw = true
	_, err := io.WriteString(c.out, pasteOn)
	return err
}

// Restore implements [terminal].
func (c *console) Restore() error {
	if !c.raw {
		return nil
	}
	c.raw = false
	_, _ = io.WriteString(c.out, pasteOff)
	return readline.Restore(readline.GetStdin(), c.found)
}

// fallbackWidth and fallbackHeight are for a terminal that does not know.
const (
	fallbackWidth  = 80
	fallbackHeight = 24
)

// Size implements [terminal].
func (c *console) Size() (width, height int) {
	width, height, err := readline.GetSize(readline.GetStdin())
	if err != nil || width <= 0 || height <= 0 {
		return fallbackWidth, fallbackHeight
	}
	return width, height
}

// Resized implements [terminal].
func (c *console) Resized(changed func()) { readline.DefaultOnWidthChanged(changed) }

// Suspend implements [terminal].
func (c *console) Suspend() {
	_ = c.Restore()
	suspendProcess()
}
