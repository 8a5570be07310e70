package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/conn"
	"redan/ui/tui/console"
	"redan/ui/tui/kit"
)

// Config is all that the full screen needs of the world.
type Config struct {
	// Program is the name redan was started under.
	Program, Version string

	// Dialer and Options lead to the server. Follow is -c.
	Dialer  *conn.Dialer
	Options conn.Options
	Follow  bool
	// Network makes connections to other addresses that the user names; nil is the system's.
	Network conn.DialFunc
	// Demo starts the embedded server and returns what leads to it; nil when there is none. It ends with ctx.
	Demo func(ctx context.Context) (conn.Options, error)

	// Manner is how the server is shown and guarded, and Plain how others are that have no profile. Where Plain is read-only, all are.
	Manner
	Plain Manner
	// Profiles are the saved servers; nil when there is no place for them.
	Profiles Profiles
	// Pick begins with the choice between the profiles; the server of Options is the one that is gone to without one.
	Pick bool
	// NoMouse leaves the mouse to the terminal until the user takes it.
	NoMouse bool
	// SaveReport keeps the report of a defect and returns where; nil when it is only shown.
	SaveReport func(report string) (path string, err error)
	// History keeps the lines of the console; nil keeps them only as long as the program runs. Save writes a file the user named.
	History console.History
	Save    func(name string, data []byte) error
	// Editor puts text into a file whose name ends like name, and returns what edits it on the terminal, and what reads it back and
	// removes the file; nil when there is no editor.
	Editor func(name string, text []byte) (edit *exec.Cmd, read func() ([]byte, error), err error)
	// Clipboard puts text on the system's clipboard; nil leaves that to the terminal, as it must be over SSH.
	Clipboard func(text string) error
	// Keys are the keys that the user chose, by the ID of what they do.
	Keys map[string][]string
	// Notice is shown first, in one line; empty for none.
	Notice string

	// Look says whether there may be colours, and whether the terminal is limited to ASCII. Theme is the name of a theme, empty for the
	// default, and Colors are those the user chose instead of its own, as [redan/ui/theme.Named] takes them.
	Look   kit.Look
	Theme  string
	Colors map[string]string
	Now    func() time.Time

	Input   io.Reader
	Output  io.Writer
	Stderr  io.Writer
	Environ []string
}

// exit codes.
const (
	exitOK    = 0
	exitError = 1
)

// Run shows the full screen until the user leaves or ctx ends, and returns the exit code.
func Run(ctx context.Context, c Config) (code int) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // whatever is still asked for
	m := newModel(ctx, c, commandTable(), connector(c), kit.After)
	broken := &wreck{}
	heart := &pulse{}
	program := tea.NewProgram(guarded{model: m, wreck: broken, pulse: heart},
		tea.WithContext(ctx), tea.WithFPS(framesPerSecond), tea.WithInput(untilHungUp(c.Input, cancel)), tea.WithOutput(c.Output),
		tea.WithEnvironment(c.Environ))
	if c.Dialer != nil {
		c.Dialer.Notices(func(text string) { program.Send(kit.Notice{Level: kit.Warn, Text: text}) })
	}
	broken.quit = program.Quit
	m.pending.tell(func() { program.Send(lateDue{}) })
	heart.find = func() *time.Ticker { return tickerOf(program) }
	last, err := program.Run()
	if g, ok := last.(guarded); ok {
		g.model.close()
	}
	switch {
	case broken.crash != nil:
		reportCrash(c, *broken.crash)
		return exitError
	case err == nil, errors.Is(err, tea.ErrInterrupted), ctx.Err() != nil:
		return exitOK
	default:
		_, _ = fmt.Fprintln(c.Stderr, c.Program+": the terminal cannot be used: "+err.Error())
		return exitError
	}
}

// file is what Bubble Tea takes for a terminal.
type file interface {
	io.ReadWriteCloser
	Fd() uintptr
	Name() string
}

// hungUp is the input of a terminal that tells when it is gone. Where the terminal's end brings no signal, as for a program in the
// background of a session that ended, nothing else would: Bubble Tea goes on without input.
type hungUp struct {
	file
	end func()
}

func (h hungUp) Read(p []byte) (int, error) {
	n, err := h.file.Read(p)
	if err != nil {
		h.end()
	}
	return n, err
}

// untilHungUp returns the input, and calls end when it is a terminal and that is gone.
func untilHungUp(input io.Reader, end func()) io.Reader {
	if f, ok := input.(file); ok {
		return hungUp{file: f, end: end}
	}
	return input
}

// reportCrash tells, on the terminal as it was before, what is worth telling of a defect. It holds nothing of keys, values or addresses.
func reportCrash(c Config, crash kit.Crashed) {
	report := fmt.Sprintf("%s %s, %s, %s/%s\n%s\n%s", c.Program, c.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, crash.What, crash.Stack)
	_, _ = fmt.Fprintf(c.Stderr, "%s stopped because of a defect in it; nothing was sent that you did not ask for.\n", c.Program)
	if c.SaveReport != nil {
		path, err := c.SaveReport(report)
		if err == nil {
			_, _ = fmt.Fprintf(c.Stderr, "A report is in %s: there are no keys, values or passwords in it.\n%s\n", path, crash.What)
			return
		}
		_, _ = fmt.Fprintf(c.Stderr, "The report could not be written (%v); it is this.\n", err)
	}
	_, _ = fmt.Fprintf(c.Stderr, "A report of it may hold what follows: there are no keys, values or passwords in it.\n\n%s", report)
}
