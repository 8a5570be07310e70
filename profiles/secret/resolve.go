package secret

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"
	"time"

	"redan/conn"
	"redan/conn/cert"
)

// Sources are the places that secrets come from. A nil function is a place that is not there.
type Sources struct {
	Getenv   func(name string) (string, bool)
	ReadFile func(path string) ([]byte, fs.FileInfo, error)
	// Start makes a program's command; nil is [exec.Command], which inherits the environment.
	Start func(name string, args ...string) *exec.Cmd
	// Keyring is the operating system's.
	Keyring Keys
	// Ask asks the person without showing what is typed; nil where nobody can be asked.
	Ask func(ctx context.Context, question string) (string, error)
	Now func() time.Time

	// Home is what ~ stands for, Directory what relative paths begin at.
	Home, Directory string
	// Limit is how long a command may take; zero is [DefaultLimit].
	Limit time.Duration
	// WorkFactor is what a passphrase of a new encrypted file costs to try, as a power of two; zero is what age takes. Only tests want less.
	WorkFactor int

	// whole takes all that a place holds for the secret, and not its one line.
	whole bool
}

// DefaultLimit is how long a command may take to print a secret. Some go to a vault in another country, none should need more.
const DefaultLimit = 15 * time.Second

// Resolved is a secret and what came with it.
type Resolved struct {
	Secret conn.Secret
	// User is the name that goes with it; empty when the source did not say one.
	User string
	// Expires is when the secret stops being valid; zero when the source did not say.
	Expires time.Time
}

// Error is a secret that could not be had. It names the place and what to do, and never what was found there.
type Error struct {
	Reference Reference
	// Fix is what to do about it, a sentence without a full stop.
	Fix string
	Err error
}

// Error implements error.
func (e *Error) Error() string {
	text := "the secret " + e.Reference.String() + ": " + e.Err.Error()
	if e.Fix != "" {
		text += "; " + e.Fix
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// ErrNobodyToAsk is a prompt without a terminal.
var ErrNobodyToAsk = errors.New("nobody can be asked here: this is no terminal")

// Resolve gets the secret that a reference leads to. What names it in a question to a person is subject ("password of orders-prod").
// Every error is an [Error].
func (s Sources) Resolve(ctx context.Context, r Reference, subject string) (Resolved, error) {
	found, err := s.resolve(ctx, r, subject)
	if err == nil {
		return found, nil
	}
	if _, ok := errors.AsType[*Error](err); ok {
		return Resolved{}, err
	}
	return Resolved{}, &Error{Reference: r, Err: err}
}

// ResolveText is [Sources.Resolve] for a secret of several lines, such as a private key in PEM.
func (s Sources) ResolveText(ctx context.Context, r Reference, subject string) (Resolved, error) {
	s.whole = true
	return s.Resolve(ctx, r, subject)
}

func (s Sources) resolve(ctx context.Context, r Reference, subject string) (Resolved, error) {
	switch r.Kind {
	case Prompt:
		return s.ask(ctx, subject)
	case Env:
		return s.fromEnvironment(r)
	case File:
		return s.fromFile(r)
	case Command:
		return s.run(ctx, r, r.Words)
	case Shell:
		return s.run(ctx, r, shellWords(r.Name))
	case Keyring:
		return s.fromKeyring(ctx, r)
	case Age:
		return s.decrypt(ctx, r, subject)
	case Text:
		return Resolved{Secret: conn.NewSecret(r.Name)}, nil
	}
	return Resolved{}, fmt.Errorf("%q is no kind of reference", string(r.Kind))
}

func (s Sources) ask(ctx context.Context, subject string) (Resolved, error) {
	if s.Ask == nil {
		return Resolved{}, ErrNobodyToAsk
	}
	text, err := s.Ask(ctx, subject)
	if err != nil {
		return Resolved{}, err
	}
	return Resolved{Secret: conn.NewSecret(text)}, nil
}

func (s Sources) fromEnvironment(r Reference) (Resolved, error) {
	text, ok := "", false
	if s.Getenv != nil {
		text, ok = s.Getenv(r.Name)
	}
	switch {
	case !ok:
		return Resolved{}, &Error{Reference: r, Err: errors.New("the variable is not set"), Fix: "export " + r.Name + " before redan is started"}
	case text == "":
		return Resolved{}, &Error{Reference: r, Err: errors.New("the variable is empty")}
	}
	return Resolved{Secret: conn.NewSecret(text)}, nil
}

func (s Sources) fromFile(r Reference) (Resolved, error) {
	path := s.path(r.Name)
	text, info, err := s.ReadFile(path)
	if err != nil {
		return Resolved{}, err
	}
	if err := checkMode(r, path, info); err != nil {
		return Resolved{}, err
	}
	line, err := s.secretIn(string(text))
	if err != nil {
		return Resolved{}, &Error{Reference: r, Err: err, Fix: "the file is to hold the secret on one line, and nothing else"}
	}
	return Resolved{Secret: conn.NewSecret(line)}, nil
}

// checkMode refuses a file that others may read or change. Where orchestrators put secrets the container is the fence, and the mode 0444
// what everybody gets.
func checkMode(r Reference, path string, info fs.FileInfo) error {
	const others, groupWrites = 0o007, 0o020
	if info == nil || !modesTell || info.Mode().Perm()&(others|groupWrites) == 0 ||
		strings.HasPrefix(path, "/run/secrets/") || strings.HasPrefix(path, "/var/run/secrets/") {
		return nil
	}
	return &Error{
		Reference: r, Err: fmt.Errorf("other users may read or change the file (mode %04o)", info.Mode().Perm()),
		Fix: "run: chmod 600 " + cert.ShellQuote(path),
	}
}

// secretIn is the secret in what a place holds.
func (s Sources) secretIn(text string) (string, error) {
	if !s.whole {
		return oneLine(text)
	}
	if strings.TrimSpace(text) == "" {
		return "", errNothing
	}
	return strings.TrimPrefix(text, "\ufeff"), nil
}

var errNothing = errors.New("there is nothing in it")

// oneLine is the one line of a text, without its end. A byte order mark, as Windows' editors write, is no part of it.
func oneLine(text string) (string, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.TrimSuffix(text, "\n")
	text = strings.TrimSuffix(text, "\r")
	switch n := strings.Count(text, "\n"); {
	case text == "":
		return "", errNothing
	case n > 0:
		return "", fmt.Errorf("there are %d lines, and it is not said which is the secret", n+1)
	}
	return text, nil
}
