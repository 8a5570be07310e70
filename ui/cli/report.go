package cli

import (
	"errors"
	"io"

	"redan/conn"
	"redan/ui/format"
)

// Exit codes.
const (
	exitOK    = 0
	exitError = 1
)

// errReported ends a run whose failure has been told.
var errReported = errors.New("failed, and said so")

// warn writes one line to standard error.
func (a *app) warn(line string) {
	a.yieldToSignal()
	a.beside(func() { _, _ = io.WriteString(a.sys.Stderr, line+"\n") })
}

// fail reports err on standard error and returns the exit code. For a failed
// connection, redis-cli's line comes first, where scripts look for it; cause
// and remedy follow.
func (a *app) fail(err error) int {
	a.flush()
	if errors.Is(err, errReported) {
		return exitError
	}
	a.warn(a.errorText(err, true))
	return exitError
}

// errorText is the text of an error for people, with the key of the profile that led to it.
func (a *app) errorText(err error, whole bool) string {
	if !whole {
		return errorText(err, whole)
	}
	return errorText(err, whole) + a.origin(err)
}

func errorText(err error, whole bool) string {
	failed, ok := errors.AsType[*conn.Error](err)
	if !ok {
		return printable(err.Error())
	}
	text := printable(failed.Line)
	if !whole {
		return text
	}
	if failed.Cause != "" {
		text += "\n  cause: " + printable(failed.Cause)
	}
	if failed.Fix != "" {
		text += "\n  fix:   " + printable(failed.Fix)
	}
	return text
}

// printable keeps what a server or a certificate says from acting on the terminal.
func printable(s string) string { return string(format.AppendTerminal(nil, []byte(s))) }
