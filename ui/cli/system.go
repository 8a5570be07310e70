// Package cli is redan's command line: its grammar, what each invocation does,
// and how it ends.
package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"redan/conn"
	"redan/profiles/secret"
)

// System is the world outside: streams, terminal, environment, clock, network.
// Nothing below package cli reaches for them by itself, so that tests can hand
// in their own.
type System struct {
	Name   string // the name the program was started under, without folders
	Args   []string
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(name string) (value string, set bool)
	// Environ is the whole environment, for what a terminal's capabilities are read from.
	Environ func() []string
	// InTTY, OutTTY and ErrTTY tell which streams are terminals.
	InTTY, OutTTY, ErrTTY bool
	// Columns is the width of the terminal that standard output is, else of the one that standard error is; 0 when there is none.
	Columns func() int
	// Lines is the height of that terminal; 0 when there is none.
	Lines func() int
	// Taken reports whether that terminal is another program's at the moment: the shell's prompt or a pager reads single keys there, or
	// somebody asks for a password; nil is never.
	Taken    func() bool
	Now      func() time.Time
	Dial     conn.DialFunc
	ReadFile func(path string) ([]byte, error)
	// SaveNew writes a file that is not there yet; nil cannot.
	SaveNew func(name string, data []byte) error
	// ReadWithInfo reads a file and says who may read it.
	ReadWithInfo func(path string) ([]byte, fs.FileInfo, error)
	// Keyring is that of the operating system; nil where there is none.
	Keyring secret.Keys
	// WorkFactor is what encrypted files cost to open, as secret.Sources has it; zero is the usual.
	WorkFactor int
	// FreePort finds a port on loopback that nobody listens on.
	FreePort func(ctx context.Context) (int, error)
	// Attend runs a program at the terminal, such as the person's editor.
	Attend func(program *exec.Cmd) error
	// TempDir makes a directory whose name begins with prefix; remove takes it away with all in it.
	TempDir func(prefix string) (path string, remove func(), err error)
	// LookPath finds a program by its name.
	LookPath func(name string) (string, error)
	// ReadPassword reads a line from the terminal, showing prompt and one * a character.
	ReadPassword func(prompt string) (string, error)
	// Interrupts makes Ctrl-C and a request to terminate arrive on the returned channel instead of ending
	// the program, until stop is called.
	Interrupts func() (interrupts <-chan os.Signal, stop func())
	// OnSuspend calls asked at each Ctrl-Z, for who must leave the terminal first and then calls halt, which stops the program until it is
	// continued. nil leaves Ctrl-Z to the system.
	OnSuspend func(asked func(halt func()))
	// Raise ends the program by a signal, as if it had not been caught.
	Raise func(os.Signal)
	// Elapsed is a clock that costs as little as a clock can; nil makes one of Now.
	Elapsed func() time.Duration
	// IgnoreBrokenPipe makes writes to a closed pipe fail instead of ending the program.
	IgnoreBrokenPipe func()
}

// RealSystem returns the process' own world.
func RealSystem() System {
	return System{
		Name:    strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe"),
		Args:    os.Args[1:],
		Stdin:   os.Stdin,
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Getenv:  os.LookupEnv,
		Environ: os.Environ,
		InTTY:   term.IsTerminal(int(os.Stdin.Fd())),
		OutTTY:  term.IsTerminal(int(os.Stdout.Fd())),
		ErrTTY:  term.IsTerminal(int(os.Stderr.Fd())),
		Columns: columns,
		Lines:   terminalLines,
		Taken:   terminalTaken,
		Now:     time.Now,
		Dial:    conn.System(),

		ReadFile:         os.ReadFile,
		SaveNew:          saveNew,
		ReadWithInfo:     readWithInfo,
		Keyring:          secret.SystemKeys{},
		FreePort:         unusedPort,
		Attend:           attend,
		TempDir:          tempDir,
		LookPath:         exec.LookPath,
		ReadPassword:     readPassword,
		Interrupts:       interrupts,
		OnSuspend:        onSuspend,
		Raise:            raise,
		Elapsed:          elapsedClock(),
		IgnoreBrokenPipe: ignoreBrokenPipe,
	}
}

func attend(program *exec.Cmd) error {
	program.Stdin, program.Stdout, program.Stderr = os.Stdin, os.Stdout, os.Stderr
	return program.Run()
}

func columns() int {
	width, _ := terminalSize()
	return width
}

func terminalLines() int {
	_, height := terminalSize()
	return height
}

func terminalSize() (width, height int) {
	for _, stream := range []*os.File{os.Stdout, os.Stderr} {
		if width, height, err := term.GetSize(int(stream.Fd())); err == nil {
			return width, height
		}
	}
	return 0, 0
}

func readWithInfo(path string) ([]byte, fs.FileInfo, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat() // of the file that is read, whatever takes its place meanwhile
	if err != nil {
		return nil, nil, err
	}
	text, err := io.ReadAll(file)
	return text, info, err
}

func unusedPort(ctx context.Context) (int, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(conn.DefaultHost, "0"))
	if err != nil {
		return 0, err
	}
	port := listener.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // a TCP listener has such an address
	return port, listener.Close()
}

func tempDir(prefix string) (string, func(), error) {
	path, err := os.MkdirTemp("", prefix)
	return path, func() { _ = os.RemoveAll(path) }, err
}

// readPassword asks on the terminal, showing one * a character as redis-cli
// does: on the streams that are one, else on the terminal that the program was started from, so that commands can come from a pipe. The
// question must not end up in a file that standard output goes to. Without a terminal the error is [secret.ErrNobodyToAsk].
func readPassword(prompt string) (string, error) {
	in, out := os.Stdin, os.Stdout
	if !term.IsTerminal(int(out.Fd())) {
		out = os.Stderr
	}
	if !term.IsTerminal(int(in.Fd())) {
		tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
		if err != nil {
			return "", secret.ErrNobodyToAsk
		}
		defer func() { _ = tty.Close() }()
		in, out = tty, tty
	}
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return "", err
	}
	defer func() { _ = term.Restore(int(in.Fd()), before) }()
	_, _ = out.WriteString(prompt)
	defer func() { _, _ = out.WriteString("\r\n") }()
	return readMasked(in, out)
}

// interrupts leaves signals alone that whoever started the program has it ignore: a script's jobs in the background are not to be ended by
// the Ctrl-C that ends what is in front.
func interrupts() (<-chan os.Signal, func()) {
	c := make(chan os.Signal, 1)
	if heeded := slices.DeleteFunc([]os.Signal{os.Interrupt, syscall.SIGTERM}, signal.Ignored); len(heeded) > 0 { // none would mean all
		signal.Notify(c, heeded...)
	}
	return c, func() { signal.Stop(c) }
}

// saveNew writes a file that the user named, for the user alone: what comes out of a database is nobody else's business. A file that is
// there already stays.
func saveNew(name string, data []byte) error {
	file, err := os.OpenFile(filepath.Clean(name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err != nil {
		_ = os.Remove(name) // half a file helps nobody
	}
	return err
}

// elapsedClock counts from now on. With a time to count from, only the monotonic clock is read.
func elapsedClock() func() time.Duration {
	base := time.Now()
	return func() time.Duration { return time.Since(base) }
}
