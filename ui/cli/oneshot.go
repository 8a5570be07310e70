package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"redan/commands"
	"redan/conn"
	"redan/conn/resp"
	"redan/ui/format"
	"redan/ui/repl"
)

// oneShot runs the command of the command line, as often as -r says.
func (a *app) oneShot(ctx context.Context) int {
	if code, done := a.localHelp(a.inv.command); done {
		return code
	}
	args, err := a.commandWords()
	if err != nil {
		return a.fail(err)
	}
	repeat, interval, err := a.repetition()
	if err != nil {
		return a.fail(err)
	}
	if commands.EffectOf(args) == commands.Syncs {
		a.warn(syncRefusal)
		return exitError
	}
	session, err := a.open(ctx)
	if err != nil {
		return a.fail(err)
	}
	defer func() { _ = session.Close() }()
	if err := a.permit(ctx, args); err != nil {
		return a.fail(err)
	}
	for n := 0; repeat < 0 || n < repeat; n++ {
		if code := a.runOnce(ctx, session, args); code != exitOK {
			return code
		}
		a.flush()
		repl.Pause(ctx, interval)
	}
	return exitOK
}

// open connects as the options say and prints what the server did not grant.
func (a *app) open(ctx context.Context) (*conn.Session, error) { return a.openAt(ctx, nil) }

// openAt is open with another address than the options have, if at is not nil.
func (a *app) openAt(ctx context.Context, at *conn.Addr) (*conn.Session, error) {
	d, o, err := a.dialer(ctx)
	if err != nil {
		return nil, err
	}
	if at != nil {
		o.Host, o.Port, o.Socket = at.Host, at.Port, ""
	}
	session, err := conn.Open(ctx, d, o)
	if err != nil {
		return nil, err
	}
	a.warnings(session)
	session.Follow = a.follows()
	session.BeforeRead = a.flush
	session.OnPush = a.printPush
	return session, nil
}

// warnings prints what the server did not grant.
func (a *app) warnings(session *conn.Session) {
	for _, warning := range session.Warnings() {
		a.warn(printable(warning))
	}
}

func (a *app) printPush(push resp.Value) {
	if a.pushes {
		_, _ = a.printer.Print(a.out, push.Source())
	}
}

// runOnce runs args once and prints the reply.
func (a *app) runOnce(ctx context.Context, session *conn.Session, args []string) int {
	if streams(args) {
		return a.stream(ctx, session, args)
	}
	failed := false
	err := session.Stream(ctx, args, func(src resp.Source) error {
		if a.inv.options.ErrorExit {
			var err error
			if src, failed, err = a.errorToStderr(src); err != nil || failed {
				return err
			}
		}
		_, err := a.printReply(args, src)
		return err
	})
	switch {
	case err != nil && isShutdown(args):
		return exitOK
	case err != nil:
		return a.fail(err)
	case failed:
		return exitError
	}
	return exitOK
}

// printReply prints one reply in the chosen format, or as plain text for the
// commands whose reply is one.
func (a *app) printReply(args []string, src resp.Source) (format.Summary, error) {
	if commands.AlwaysRaw(args) {
		return a.printer.PrintPlain(a.out, src)
	}
	return a.printer.Print(a.out, src)
}

// errorToStderr is -e: a reply that is an error goes to standard error, bare.
func (a *app) errorToStderr(src resp.Source) (rest resp.Source, failed bool, err error) {
	first, err := src.Next()
	if err != nil {
		return nil, false, err
	}
	if !first.Kind.IsError() {
		return resp.Prepend(first, src), false, nil
	}
	reply, err := resp.CollectFrom(src, first)
	if err != nil {
		return nil, false, err
	}
	a.flush()
	text := string(reply.Text)
	if a.sys.ErrTTY {
		text = printable(text)
	}
	a.warn(text)
	return nil, true, nil
}

// syncRefusal is for SYNC and PSYNC: what follows them is not made of replies.
const syncRefusal = "SYNC and PSYNC turn the connection into a replication stream, which cannot be shown here. Nothing was sent. (redan --replica shows it.)"

// stream runs a command whose replies do not end: it prints until the server
// goes away or the user interrupts.
func (a *app) stream(ctx context.Context, session *conn.Session, args []string) int {
	a.announceStream(args)
	var summary format.Summary
	err := session.Stream(ctx, args, func(src resp.Source) (err error) {
		summary, err = a.printReply(args, src)
		return err
	})
	for err == nil && summary.Err == nil {
		err = session.Next(ctx, func(src resp.Source) error {
			_, err := a.printer.Print(a.out, src)
			return err
		})
	}
	if err != nil {
		return a.fail(err)
	}
	return exitOK
}

// streams reports whether a command's replies do not end.
func streams(args []string) bool {
	effect := commands.EffectOf(args)
	return effect == commands.Subscribes || effect == commands.Monitors
}

func isShutdown(args []string) bool { return commands.EffectOf(args) == commands.ShutsDown }

// commandWords returns the command to send: quoted input decoded, standard
// input put in, a script read.
func (a *app) commandWords() ([]string, error) {
	flags := &a.inv.options
	words := append([]string{}, a.inv.command...)
	if flags.Eval != "" {
		return a.evalWords(flags.Eval, words)
	}
	if flags.QuotedInput {
		for i, word := range words {
			plain, err := commands.Unquote(word)
			if err != nil {
				a.print("Invalid quoted string\n") // on standard output, as redis-cli
				return nil, errReported
			}
			words[i] = plain
		}
	}
	if !flags.StdinArg && flags.StdinTag == nil {
		return words, nil
	}
	tag := -1
	if flags.StdinTag != nil {
		if tag = indexOf(words, *flags.StdinTag); tag < 0 {
			return nil, &usageError{text: "Using -X option but stdin tag not match."}
		}
	}
	var data strings.Builder // a string in the end, without one more copy
	if file, ok := a.sys.Stdin.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			data.Grow(int(info.Size())) // or growing would hold a large value twice
		}
	}
	if _, err := io.Copy(&data, a.stdin); err != nil {
		return nil, fmt.Errorf("cannot read standard input for -x or -X: %w; nothing was sent", rootCause(err))
	}
	if tag < 0 {
		return append(words, data.String()), nil
	}
	words[tag] = data.String()
	return words, nil
}

// evalWords makes EVAL of a script file, keys, a comma and arguments.
func (a *app) evalWords(file string, words []string) ([]string, error) {
	script, err := a.sys.ReadFile(file)
	if err != nil {
		reason := rootCause(err).Error()
		return nil, fmt.Errorf("Can't open file '%s': %s", file, strings.ToUpper(reason[:1])+reason[1:]) //nolint:staticcheck // redis-cli's sentence
	}
	keys, rest := words, []string(nil)
	if comma := indexOf(words, ","); comma >= 0 {
		keys, rest = words[:comma], words[comma+1:]
	}
	args := append([]string{"EVAL", string(script), strconv.Itoa(len(keys))}, keys...)
	return append(args, rest...), nil
}

// repetition reads -r and -i.
func (a *app) repetition() (times int, interval time.Duration, err error) {
	times = 1
	if a.inv.given("repeat") {
		if times, err = strconv.Atoi(a.inv.options.Repeat); err != nil {
			return 0, 0, &usageError{text: "-r takes a number, negative for ever, not '" + a.inv.options.Repeat + "'."}
		}
	}
	interval, err = a.interval()
	return times, interval, err
}

func (a *app) interval() (time.Duration, error) {
	if !a.inv.given("interval") {
		return 0, nil
	}
	length, ok := parseSeconds(a.inv.options.Interval)
	if !ok {
		return 0, &usageError{text: "-i takes seconds, such as 0.5, not '" + a.inv.options.Interval + "'."}
	}
	return length, nil
}

func indexOf(words []string, word string) int {
	for i, w := range words {
		if w == word {
			return i
		}
	}
	return -1
}

// rootCause strips operation and path from a file error.
func rootCause(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}
