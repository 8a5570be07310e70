package repl

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"time"

	"redan/commands"
	"redan/commands/guard"
	"redan/conn"
	"redan/ui/format"
	"redan/ui/theme"
)

// Config is all that the prompt needs of the world.
type Config struct {
	Program, Version string

	// Place is where the prompt begins. Switch returns that of a profile, Profiles lists those in lines, and Names are what Tab completes;
	// nil where there are none.
	Place

	Switch   func(ctx context.Context, profile string) (Place, error)
	Profiles func() ([]string, error)
	Names    func() []string

	// Warden makes what decides about every command that is typed, which asks the server that ask returns; nil lets them all pass.
	Warden func(policy guard.Policy, profile string, ask func() conn.Doer) (*guard.Warden, error)

	// Interval is the pause after each run of a command with a repeat count.
	Interval time.Duration
	Printer  format.Printer
	// Pushes makes RESP3 pushes that no command asked for be printed.
	Pushes bool
	Theme  theme.Theme

	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Person tells that standard input is a terminal: there is a history, the
	// preferences file is read, and a line may pipe its reply to the shell.
	Person bool
	// Editing tells that standard input and output are a terminal that obeys
	// escape sequences.
	Editing bool
	// HistoryPath and RCPath name the history and the preferences file; empty
	// for none.
	HistoryPath, RCPath string
	// HistorySize is how many lines the history keeps; 0 means 1000.
	HistorySize int
	ReadFile    func(path string) ([]byte, error)

	// Interrupts makes SIGINT arrive on a channel until stop is called.
	Interrupts func() (interrupts <-chan os.Signal, stop func())
	Now        func() time.Time
	// Shell starts a command of the system's shell that writes to the terminal.
	Shell func(ctx context.Context, command string) (ShellCommand, error)

	// Banner returns the line shown first, given the session that was opened or nil;
	// a nil Banner shows none.
	Banner func(session *conn.Session) string
	// ErrorText writes an error for people, in one line or with cause and fix.
	ErrorText func(err error, whole bool) string
}

// ShellCommand is a running command of the shell.
type ShellCommand interface {
	// Stdin is what the command reads; closing it ends its input.
	Stdin() io.WriteCloser
	// Wait waits for the command to end and returns its exit status, and an
	// error if it has none.
	Wait() (status int, err error)
}

// exit codes.
const (
	exitOK    = 0
	exitError = 1
)

// prompt is one run of the prompt.
type prompt struct {
	Config
	out     *bufio.Writer
	sink    *sink
	editor  lineEditor
	session *conn.Session // nil until the first connection stands
	pool    *pool
	known   *knowledge
	history history
	guard   *guard.Warden
	piped   *shellPipe // while a reply goes to the shell

	lastLine     string // the one remembered last
	hints, shell bool   // preferences
	explained    bool   // a failed connect was explained at length
	warned       bool   // about the history
}

// Run reads commands and prints replies until the person leaves, and returns
// the exit code. The end of ctx ends it.
func Run(ctx context.Context, c Config) int {
	interrupts, stop := c.Interrupts()
	defer stop()
	p := newPrompt(c)
	editor, err := p.newEditor(interrupts)
	if err != nil {
		p.warn("the terminal cannot be used: " + err.Error())
		return exitError
	}
	p.editor = editor
	defer editor.Close() // also when we panic
	return p.run(ctx)
}

func newPrompt(c Config) *prompt {
	p := &prompt{Config: c, sink: &sink{out: c.Stdout}, hints: true, shell: c.Person && c.Shell != nil}
	p.out = bufio.NewWriterSize(p.sink, outBuffer)
	p.pool = &pool{follow: c.Follow}
	p.known = newKnowledge(p.asked, func() {})
	if c.Person {
		p.history.path, p.history.keep = c.HistoryPath, c.HistorySize
	}
	return p
}

// outBuffer is one read of a reply.
const outBuffer = 64 << 10

func (p *prompt) newEditor(interrupts <-chan os.Signal) (lineEditor, error) {
	if !p.Editing {
		return newPlainEditor(p.Stdin, p.sink, interrupts), nil
	}
	tty, err := newConsole(p.Stdin, p.Stdout)
	if err != nil {
		return nil, err
	}
	e := newEditor(tty, p, p.Theme, interrupts)
	e.alarm = func() bool { return p.guard.Policy().Production }
	p.known.learned = e.Refresh
	return e, nil
}

func (p *prompt) run(ctx context.Context) int {
	defer p.close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go p.known.serve(ctx)
	p.readPreferences()
	if err := p.arm(); err != nil {
		p.warn(p.ErrorText(err, true))
		return exitError
	}
	if !p.begin(ctx) {
		return exitError
	}
	p.loadHistory()
	for {
		p.flush()
		if p.Editing {
			p.sink.lineStart() // or the prompt would hide what has no line end
		}
		line, err := p.editor.ReadLine(ctx, p.text())
		p.sink.midLine = false // the person's Enter ended it
		switch {
		case errors.Is(err, errInterrupted):
			if line == "" {
				p.say("(Ctrl-D or quit leaves)")
			}
		case errors.Is(err, io.EOF):
			return exitOK
		case err != nil:
			return exitError
		default:
			if p.enter(ctx, line) {
				return exitOK
			}
		}
		if p.sink.err != nil { // nobody reads what we print
			return exitError
		}
	}
}

// begin makes the first connection and reports whether the prompt makes sense:
// not without rights on the server, but without a server it does.
func (p *prompt) begin(ctx context.Context) bool {
	var err error
	p.interruptible(ctx, func(ctx context.Context) { err = p.open(ctx) })
	var failed *conn.Error
	if err != nil {
		p.cannotConnect(err)
		if errors.As(err, &failed) && failed.Stage == conn.StageAuth {
			return false
		}
	}
	if p.Banner != nil {
		if banner := p.Banner(p.session); banner != "" {
			p.say(p.Theme.Hint(banner))
		}
	}
	return true
}

func (p *prompt) close() {
	if p.session != nil {
		_ = p.session.Close()
	}
	p.pool.close()
	p.flush()
}

// text is the prompt for the next line.
func (p *prompt) text() string {
	facts := promptFacts{place: p.Place, policy: p.guard.Policy(), connected: p.connected()}
	if facts.connected {
		facts.addr, facts.state = p.session.Addr(), p.session.State()
	}
	return facts.text()
}

// enter does what a line asks for and reports whether the person leaves.
func (p *prompt) enter(ctx context.Context, line string) (leave bool) {
	input := Interpret(line)
	if input.Action == Nothing {
		return false
	}
	p.remember(line, input)
	if command, shell, ok := splitShell(line); ok && p.shell {
		if piped := Interpret(command); piped.Action == Send || piped.Action == Help {
			if piped.Action == Send {
				if piped.Words = p.permitted(ctx, piped.Words); piped.Words == nil {
					return false
				}
			}
			p.runPiped(ctx, piped, shell)
			return false
		}
	}
	switch input.Action {
	case Quit:
		return true
	case Send:
		if input.Words = p.permitted(ctx, input.Words); input.Words == nil {
			return false
		}
		p.send(ctx, input, target{out: p.out, printer: p.Printer})
	case Help:
		for range input.Repeat {
			p.help(ctx, p.out, input.Words[1:])
		}
	case Clear:
		p.print(clearScreen)
	case Connect:
		p.connectTo(ctx, input.Words[1], input.Words[2])
	case Preference:
		if !p.colon(ctx, input.Words) {
			p.set(input.Words, "")
		}
	default:
		p.say(Refusal(input))
	}
	return false
}

// loadHistory gives the editor the lines of before.
func (p *prompt) loadHistory() {
	lines, err := p.history.load()
	p.noteHistory(err)
	for _, line := range lines {
		p.editor.Remember(line)
		p.lastLine = line
	}
}

// remember keeps a line for the history, unless it holds a secret or is one
// that redis-cli does not keep either.
func (p *prompt) remember(line string, input Input) {
	if input.Action == BadRepeat || commands.SecretLine(line) || line == p.lastLine {
		return
	}
	p.lastLine = line
	p.editor.Remember(line)
	p.noteHistory(p.history.add(line))
}

// noteHistory says once that the history is not kept.
func (p *prompt) noteHistory(err error) {
	if err == nil || p.warned {
		return
	}
	p.warned = true
	p.warn(err.Error() + "; going on without it")
}

// print prints what is no reply.
func (p *prompt) print(text string) { _, _ = p.out.WriteString(text) }

// say prints a line.
func (p *prompt) say(line string) { p.print(line + "\n") }

// warn writes lines to standard error, after what was printed before.
func (p *prompt) warn(lines string) {
	p.flush()
	p.sink.lineStart()
	_, _ = io.WriteString(p.Stderr, lines+"\n")
}

func (p *prompt) flush() {
	_ = p.out.Flush() // the sink keeps errors
	if p.piped != nil {
		p.piped.flush()
	}
}
