package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"

	"redan/commands/guard"
	"redan/commands/transfer"
	"redan/ui/modes"
)

// pipe is --pipe: standard input goes to the server as it is.
func (a *app) pipe(ctx context.Context) int {
	patience, err := a.pipePatience()
	if err != nil {
		return a.fail(err)
	}
	if err := a.permitPipe(); err != nil {
		return a.fail(err)
	}
	a.sys.IgnoreBrokenPipe() // all is sent, whether somebody reads the closing lines or not
	a.stdout.goOn = true
	ctx, release := a.untilInterrupted(ctx)
	defer release()
	l := &pipeRun{app: a, patience: patience, errs: bufio.NewWriterSize(a.sys.Stderr, errBuffer)}
	masters, err := a.pipeMasters(ctx)
	switch {
	case err != nil:
		return a.pipeFailed(ctx, err)
	case masters != nil:
		return l.toCluster(ctx, masters)
	}
	return l.toServer(ctx)
}

var errPipeReadOnly = errors.New("--pipe was not sent: nobody judges what it sends command by command, and this connection is read-only. " +
	"Pipe the commands as lines into redan, without --pipe")

// defaultPatience is redis-cli's.
const defaultPatience = 30 * time.Second

// pipePatience reads --pipe-timeout.
func (a *app) pipePatience() (time.Duration, error) {
	if !a.inv.given("pipe-timeout") {
		return defaultPatience, nil
	}
	patience, ok := parseSeconds(a.inv.options.PipeTimeout)
	if !ok {
		return 0, &usageError{text: "--pipe-timeout takes seconds, 0 for no limit, not '" + a.inv.options.PipeTimeout + "'."}
	}
	return patience, nil
}

// permitPipe asks the guard about a load as a whole: its commands are not looked at.
func (a *app) permitPipe() error {
	switch policy := a.policy(); {
	case policy.ReadOnly:
		return errPipeReadOnly
	case policy.Production:
		return a.secondLook(&guard.NotSentError{
			Verdict: guard.Verdict{Decision: guard.Confirm, Reason: "sends commands that nobody looks at"},
			Command: "--pipe", Profile: a.profileName(),
		})
	}
	return nil
}

// errBuffer is how much of error replies is written at once.
const errBuffer = 32 << 10

// pipeRun is one bulk load and what is seen of it.
type pipeRun struct {
	*app
	patience time.Duration

	mu   sync.Mutex
	errs *bufio.Writer // on standard error
}

// toServer loads everything into one server.
func (l *pipeRun) toServer(ctx context.Context) int {
	session, err := l.open(ctx)
	if err != nil {
		return l.pipeFailed(ctx, err)
	}
	defer func() { _ = session.Close() }()
	load := transfer.Pipe{Patience: l.patience, Now: l.sys.Now, OnError: l.refused, OnSent: l.sent, BeforeRead: l.flushErrors}
	replies, wire := session.Detach()
	report := l.watched(load.Progress, func() transfer.PipeReport { return load.Run(ctx, replies, wire, l.stdin) })
	if report.Ending == transfer.Lost {
		report.Err = session.Failed(context.WithoutCancel(ctx), report.Err, report.Unread)
	}
	return l.conclude(ctx, &report)
}

// watched runs a load, with a meter.
func (l *pipeRun) watched(progress func() transfer.PipeProgress, run func() transfer.PipeReport) transfer.PipeReport {
	stopMeter := l.meter(modes.Bytes, l.work(progress))
	if l.sys.InTTY {
		stopMeter() // somebody types where it would be
		l.warn("Type commands, one a line; Ctrl-D ends the input.")
	}
	report := run()
	stopMeter()
	l.flushErrors()
	return report
}

// refused prints an error reply as redis-cli does: its text, and nothing else but under --verbose.
func (l *pipeRun) refused(e transfer.PipeError) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inv.options.Verbose {
		_, _ = fmt.Fprintf(l.errs, "command %d: ", e.Number)
	}
	if l.sys.ErrTTY {
		_, _ = l.errs.WriteString(printable(string(e.Text)))
	} else {
		_, _ = l.errs.Write(e.Text)
	}
	if e.Cut {
		_, _ = l.errs.WriteString("...")
	}
	_ = l.errs.WriteByte('\n')
}

// flushErrors writes the errors that have come in so far.
func (l *pipeRun) flushErrors() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.errs.Buffered() > 0 {
		l.beside(func() { _ = l.errs.Flush() })
	}
}

// sent says that all of the input is.
func (l *pipeRun) sent() {
	if l.asJSON() {
		return
	}
	l.beside(func() {
		l.print(modes.PipeSent)
		l.flush()
	})
}

// work tells the meter how far a load is.
func (l *pipeRun) work(progress func() transfer.PipeProgress) func() modes.Work {
	total := unreadSize(l.sys.Stdin) // asked before anything is read
	return func() modes.Work {
		p := progress()
		note := modes.Thousands(p.Replies) + " replies"
		switch {
		case p.Errors == 1:
			note += ", 1 error"
		case p.Errors > 1:
			note += ", " + modes.Thousands(p.Errors) + " errors"
		}
		return modes.Work{Done: p.Bytes, Total: total, Fraction: -1, Note: note}
	}
}

// unreadSize is how much a file still has to give; 0 when it is none and nobody can know.
func unreadSize(stdin io.Reader) int64 {
	file, ok := stdin.(interface {
		io.Seeker
		Stat() (fs.FileInfo, error)
	})
	if !ok {
		return 0
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	at, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	return max(info.Size()-at, 0)
}

// conclude says how the load ended and returns the exit code.
func (l *pipeRun) conclude(ctx context.Context, r *transfer.PipeReport) int {
	if l.asJSON() {
		if err := l.printJSON(modes.PipeJSON(r, printable)); err != nil {
			return l.fail(err)
		}
	} else {
		l.print(modes.PipeClosing(r))
	}
	l.flush()
	if r.Ending == transfer.Lost {
		l.fail(r.Err)
	}
	thorough := l.sys.ErrTTY || l.inv.options.Verbose
	for _, line := range modes.PipeTrouble(r, thorough) {
		l.warn(printable(line))
	}
	if thorough {
		for _, line := range modes.PipeKinds(r.Kinds) {
			l.warn(printable(line))
		}
	}
	if r.Ending == transfer.Stopped {
		return l.pipeFailed(ctx, nil)
	}
	if r.Ending != transfer.Complete || r.Errors > 0 {
		return exitError
	}
	return exitOK
}

// pipeFailed ends a load that could not be made or was stopped. Ctrl-C ends the program as it does any other.
func (a *app) pipeFailed(ctx context.Context, err error) int {
	if code, ok := a.interrupted(ctx); ok {
		return code
	}
	if err != nil {
		return a.fail(err)
	}
	return exitError
}
