package cli

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"redan/commands/guard"
	"redan/conn"
	"redan/conn/cert"
	"redan/profiles"
	"redan/ui/format"
)

// app is one run of the program.
type app struct {
	sys    System
	stdin  *bufio.Reader
	stdout output
	out    *bufio.Writer // on stdout

	inv      *invocation
	printer  format.Printer
	pushes   bool // print RESP3 pushes
	demo     *demoServer
	reach    *reach // where to connect, once that is settled
	chosen   *preferences
	profile  *profiles.Profile // in use; nil for none
	befores  []*forward        // the commands that run for profiles
	catching bool              // signals: see untilInterrupted
	endsBy   os.Signal         // that was caught, and ends the program once all is told; nil for none

	guardian *guard.Warden // once it was asked for; nil when nothing is guarded
	asked    conn.Doer     // the server that it asks

	drawn       atomic.Pointer[drawing] // what is redrawn in place at the moment; nil for nothing
	suspendible sync.Once               // once something was drawn: see obeyCtrlZ
}

// reach is what every connection of a run is made with.
type reach struct {
	dialer  *conn.Dialer
	options conn.Options
	follow  bool          // MOVED and ASK
	network conn.DialFunc // leads to the server, and elsewhere
}

func newApp(sys System) *app {
	a := &app{sys: sys, stdin: newStdin(sys), stdout: output{to: sys.Stdout}}
	a.out = bufio.NewWriterSize(&a.stdout, outBuffer)
	return a
}

// Main runs redan and returns its exit code.
func Main(ctx context.Context, sys System) int {
	a := newApp(sys)
	defer a.stopBefores() // also when we panic
	code := a.run(ctx)
	a.yieldToSignal()
	a.flush()
	if a.demo != nil {
		a.demo.close()
	}
	if a.endsBy != nil && a.sys.Raise != nil {
		a.stopBefores()
		a.sys.Raise(a.endsBy)
	}
	if err := a.stdout.err; err != nil && code == exitOK && !a.stdout.readerLeft() {
		a.warn(err.Error())
		return exitError
	}
	return code
}

// outBuffer is one read of a reply.
const outBuffer = 64 << 10

// flush writes what was printed. An error is kept for the end.
func (a *app) flush() { _ = a.out.Flush() }

func (a *app) run(ctx context.Context) int {
	inv, err := parseArgs(a.sys.Args)
	if err == nil {
		inv, err = a.atName(inv)
	}
	if err == nil && len(inv.command) > 0 {
		if code, done := a.verb(ctx, &inv, &err); done {
			return code
		}
	}
	if err != nil {
		return a.fail(err)
	}
	a.inv = inv
	switch {
	case inv.version:
		a.print(a.programName() + " " + version() + "\n")
		return exitOK
	case inv.help:
		a.print(helpText())
		return exitOK
	}
	if err := inv.exclusive(); err != nil {
		return a.fail(err)
	}
	a.setOutput()
	return a.dispatch(ctx)
}

// dispatch chooses what to do, in redis-cli's order.
func (a *app) dispatch(ctx context.Context) int {
	flags := &a.inv.options
	if flags.Explain {
		return a.explain()
	}
	switch {
	case flags.TestHint != nil || flags.TestHintFile != nil:
		return a.testHints()
	case flags.Serve:
		return a.serveDemo()
	}
	if _, err := a.profileFor(a.inv); err != nil {
		return a.fail(err)
	}
	if m := a.modeAsked(); m != nil {
		return m.run(ctx)
	}
	if len(a.inv.command) == 0 && flags.Eval == "" {
		if a.wantsFullScreen() {
			return a.fullScreen(ctx)
		}
		if a.interactive() {
			return a.prompt(ctx)
		}
		return a.piped(ctx)
	}
	return a.oneShot(ctx)
}

// verb handles redan's own verbs: lower case, matched exactly, never the name
// of a Redis command. It reports whether the run ends here.
func (a *app) verb(ctx context.Context, inv **invocation, err *error) (code int, done bool) {
	word := (*inv).command[0]
	if a.afterDashes(*inv) || (*inv).options.Eval != "" { // behind --eval stands a key
		return 0, false
	}
	switch {
	case word == "demo":
		at := len(a.sys.Args) - len((*inv).command)
		rest := append(append([]string{}, a.sys.Args[:at]...), a.sys.Args[at+1:]...)
		if *inv, *err = parseArgs(rest); *err != nil {
			return 0, false
		}
		if *err = a.startDemo(ctx, &(*inv).options); *err != nil {
			return 0, false
		}
	case word == "cert":
		at := len(a.sys.Args) - len((*inv).command)
		return a.cert(ctx, a.sys.Args[:at], a.sys.Args[at+1:]), true
	case a.isOwnVerb(word):
		at := len(a.sys.Args) - len((*inv).command)
		return a.ownVerb(ctx, word, a.sys.Args[:at], a.sys.Args[at+1:]), true
	case isLaterVerb(word):
		a.warn(fmt.Sprintf("redan %s is not in this version yet. (-- %s sends it to the server.)", word, word))
		return exitError, true
	}
	return 0, false
}

// afterDashes reports whether -- stands before the command, which makes its
// first word a Redis command whatever it is.
func (a *app) afterDashes(inv *invocation) bool {
	at := len(a.sys.Args) - len(inv.command)
	return at > 0 && a.sys.Args[at-1] == "--"
}

func isLaterVerb(word string) bool {
	return word == "tunnel"
}

// asRedisCLI reports whether redan was started under redis-cli's name.
func (a *app) asRedisCLI() bool { return a.sys.Name == "redis-cli" }

func (a *app) programName() string {
	if a.asRedisCLI() {
		return "redis-cli"
	}
	return "redan"
}

// interactive reports whether a person is to type commands.
func (a *app) interactive() bool {
	_, fake := a.sys.Getenv("FAKETTY_WITH_PROMPT")
	return a.sys.InTTY || fake || a.inv.options.REPL
}

// setOutput chooses the format of replies.
func (a *app) setOutput() {
	_, fake := a.sys.Getenv("FAKETTY")
	terminal := a.sys.OutTTY || fake
	mode := format.Raw
	if terminal {
		mode = format.Standard
	}
	switch a.inv.last("raw", "no-raw", "csv", "json", "quoted-json") {
	case "raw":
		mode = format.Raw
	case "no-raw":
		mode = format.Standard
	case "csv":
		mode = format.CSV
	case "json":
		mode = format.JSON
	case "quoted-json":
		mode = format.QuotedJSON
	}
	a.printer = format.New(mode)
	a.printer.Terminal = a.sys.OutTTY
	if d := a.inv.options.ElementDelim; d != nil {
		a.printer.ElementDelimiter = *d
	}
	if d := a.inv.options.ReplyDelim; d != nil {
		a.printer.ReplyDelimiter = *d
	}
	a.pushes = terminal
	if a.inv.given("show-pushes") {
		a.setPushes(a.inv.options.ShowPushes)
	}
}

// asJSON reports whether JSON was asked for, in either form.
func (a *app) asJSON() bool {
	return a.printer.Mode == format.JSON || a.printer.Mode == format.QuotedJSON
}

func (a *app) setPushes(value string) {
	switch {
	case strings.HasPrefix(strings.ToLower(value), "y"):
		a.pushes = true
	case strings.HasPrefix(strings.ToLower(value), "n"):
		a.pushes = false
	default:
		a.warn(fmt.Sprintf("Unknown --show-pushes value '%s' (valid: '[y]es', '[n]o')", value))
	}
}

func (a *app) print(text string) { _, _ = a.out.WriteString(text) }

// dialer returns the dialer and the options that all faces share. The first call
// makes them, with the warnings and questions that belong to it.
func (a *app) dialer(ctx context.Context) (*conn.Dialer, conn.Options, error) {
	if a.reach == nil {
		r, err := a.newReach(ctx, a.inv)
		if err != nil {
			return nil, r.options, err
		}
		a.reach = &r
	}
	return a.reach.dialer, a.reach.options, nil
}

// follows reports whether MOVED and ASK are followed.
func (a *app) follows() bool {
	if a.reach == nil {
		return a.inv.options.Cluster
	}
	return a.reach.follow
}

// newReach settles how the server of a command line is reached: its profile's command is started, and its secrets are resolved.
func (a *app) newReach(ctx context.Context, inv *invocation) (reach, error) {
	c, err := a.server(inv)
	r := reach{options: c.Options, follow: c.Follow}
	if err != nil {
		return r, err
	}
	if a.demo != nil {
		a.demo.pointAt(&c.Options)
		if !a.interactive() || len(inv.command) > 0 {
			a.warn(a.demo.banner())
		}
	}
	if r.network, err = a.network(ctx, inv, c.Options.Addr()); err != nil {
		return r, err
	}
	if r.options, err = a.reveal(ctx, inv, c); err != nil {
		return r, err
	}
	if err = a.settlePassword(inv, &r.options); err != nil {
		return r, err
	}
	if r.dialer, err = conn.NewDialer(r.options, r.network); err != nil {
		return r, err
	}
	if inv.options.Verbose {
		for _, note := range r.dialer.Notes() {
			a.warn(printable(note))
		}
	}
	r.dialer.Notices(func(text string) {
		if a.sys.ErrTTY {
			a.warn(printable(text))
		}
	})
	return r, nil
}

// showsPassword reports whether a password stands on the command line, where others of this host can read it.
func showsPassword(flags *grammar) bool { return flags.Password != nil || holdsPassword(flags.URI) }

// holdsPassword reports whether uri has a user info, in which there is a password.
func holdsPassword(uri string) bool {
	_, rest, isURI := strings.Cut(uri, "://")
	return isURI && strings.Contains(rest, "@")
}

// settlePassword asks for the password of o where that is wanted, and warns of what may not be safe about it.
func (a *app) settlePassword(inv *invocation, o *conn.Options) error {
	flags := &inv.options
	if showsPassword(flags) && !flags.NoAuthWarn {
		a.warn(passwordWarning)
	}
	if flags.Askpass {
		if err := a.askPassword(o); err != nil {
			return err
		}
	}
	if isBlind(*o) && !flags.NoAuthWarn {
		a.warn(blindWarning)
	}
	return nil
}

const blindWarning = "Warning: the server's certificate is not verified, so the password goes to whoever answers."

// isBlind reports whether o has a password and nothing that proves to whom it goes, although TLS is spoken.
func isBlind(o conn.Options) bool {
	return o.TLS != nil && o.TLS.Level == cert.LevelNone && o.Password.IsSet()
}
