package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"redan/conn"
	"redan/conn/cert"
	"redan/ui/repl"
	"redan/ui/theme"
)

// prompt runs the prompt until the person leaves.
func (a *app) prompt(ctx context.Context) int {
	a.sys.IgnoreBrokenPipe() // as redis-cli: a pager that ends does not end the prompt
	interval, err := a.interval()
	if err != nil {
		return a.fail(err)
	}
	if _, _, err = a.dialer(ctx); err != nil {
		return a.fail(err)
	}
	a.flush()
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGHUP) // the terminal must be put back
	defer stop()
	editing := a.editing()
	chosen := a.preferences()
	if chosen.complaint != "" {
		a.warn(chosen.complaint)
	}
	config := repl.Config{
		Program: a.programName(), Version: version(),
		Place: a.place(), Warden: newWarden,
		Interval: interval, Printer: a.printer, Pushes: a.pushes,
		Theme: theme.New(editing && !a.noColor()),
		Stdin: a.stdin, Stdout: a.sys.Stdout, Stderr: a.sys.Stderr,
		Person: a.sys.InTTY, Editing: editing,
		HistoryPath: a.historyPath(), HistorySize: int(chosen.History.Size),
		RCPath:     a.homeFile("REDISCLI_RCFILE", ".redisclirc"),
		ReadFile:   a.sys.ReadFile,
		Interrupts: a.onlyInterrupts, Now: a.sys.Now, Shell: a.shell,
		Banner:    func(session *conn.Session) string { return a.banner(session, a.reach.options, editing) },
		ErrorText: a.errorText,
	}
	if !a.asRedisCLI() {
		config.Switch, config.Profiles = a.switchTo, a.profileLines
		config.Names = func() []string { return a.profileNames(a.inv.options.Config) }
	}
	return repl.Run(ctx, config)
}

// onlyInterrupts is the system's Interrupts without the signals that end the
// program: those end the context.
func (a *app) onlyInterrupts() (<-chan os.Signal, func()) {
	all, stopAll := a.sys.Interrupts()
	interrupts, done := make(chan os.Signal, 1), make(chan struct{})
	go func() {
		for {
			select {
			case s := <-all:
				if s != os.Interrupt {
					continue
				}
				select {
				case interrupts <- s:
				default: // one is waiting already
				}
			case <-done:
				return
			}
		}
	}()
	return interrupts, func() {
		stopAll()
		close(done)
	}
}

// editing reports whether lines can be edited on the terminal.
func (a *app) editing() bool {
	name, _ := a.sys.Getenv("TERM")
	dumb := slices.Contains([]string{"dumb", "cons25", "emacs"}, name) // redis-cli's list
	return a.sys.InTTY && a.sys.OutTTY && !dumb
}

func (a *app) noColor() bool {
	value, _ := a.sys.Getenv("NO_COLOR")
	return value != ""
}

// homeFile returns the path that a variable names, or that of a file in the
// home directory; empty when there is to be none.
func (a *app) homeFile(variable, name string) string {
	path, _ := a.sys.Getenv(variable)
	if path == os.DevNull {
		return ""
	}
	if path != "" {
		return path
	}
	home, _ := a.sys.Getenv("HOME")
	if home == "" && runtime.GOOS == "windows" {
		home, _ = a.sys.Getenv("USERPROFILE")
	}
	if home == "" {
		return ""
	}
	return filepath.Join(home, name)
}

// banner is the line shown first. It says what is known without asking the
// server anything.
func (a *app) banner(session *conn.Session, o conn.Options, editing bool) string {
	if a.demo != nil {
		return a.demo.banner()
	}
	if !editing || a.asRedisCLI() || session == nil {
		return ""
	}
	facts := []string{"redan " + version(), printable(session.Addr().String())}
	if state, ok := session.Conn().TLS(); ok {
		text := tls.VersionName(state.Version)
		if o.TLS != nil && o.TLS.Level == cert.LevelNone {
			text += ", server not verified"
		}
		facts = append(facts, text)
	}
	return strings.Join(facts, " · ") + " · help, Tab, Ctrl-R; Ctrl-D leaves"
}

// shellCommand is a command of the system's shell that reads a reply.
type shellCommand struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
}

// shell starts a command of the system's shell on the terminal. The password
// that we were given is not its business.
func (a *app) shell(ctx context.Context, command string) (repl.ShellCommand, error) {
	name, flag := "sh", "-c"
	if runtime.GOOS == "windows" {
		name, flag = "cmd", "/C"
	}
	cmd := exec.CommandContext(ctx, name, flag, command)
	cmd.Stdout, cmd.Stderr = a.sys.Stdout, a.sys.Stderr
	cmd.Env = withoutSecrets(os.Environ()) //nolint:forbidigo // handed on whole to the person's own command
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &shellCommand{cmd, stdin}, nil
}

// withoutSecrets leaves out the variables that hold our secrets.
func withoutSecrets(environment []string) []string {
	return slices.DeleteFunc(environment, func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return name == "REDISCLI_AUTH" || name == "REDAN_KEY_PASS"
	})
}

// Stdin implements [repl.ShellCommand].
func (c *shellCommand) Stdin() io.WriteCloser { return c.stdin }

// Wait implements [repl.ShellCommand].
func (c *shellCommand) Wait() (int, error) {
	err := c.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		return exit.ExitCode(), nil
	}
	return 0, err
}
