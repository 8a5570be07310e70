package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"redan/commands/transfer"
	"redan/conn"
	"redan/conn/resp"
	"redan/ui/modes"
)

// replica is --replica: the commands that a master sends to its replicas, one a line.
func (a *app) replica(ctx context.Context) int {
	if a.demo != nil {
		return a.fail(noReplication("--replica"))
	}
	session, err := a.open(ctx)
	if err != nil {
		return a.fail(err)
	}
	defer func() { _ = session.Close() }()
	if err := a.followMaster(ctx, session); err != nil {
		return a.failReplication(err)
	}
	return exitOK
}

func (a *app) followMaster(ctx context.Context, session *conn.Session) error {
	if err := a.negotiate(ctx, session, transfer.FollowOptions()); err != nil {
		return err
	}
	payload, err := a.sync(ctx, session)
	if err != nil {
		return err
	}
	if err := a.discard(payload); err != nil {
		return err
	}
	_, lengthKnown := payload.Size()
	if !lengthKnown {
		a.warn(modes.OptionSent(transfer.Acknowledgement()))
	}
	follower := transfer.Follow(ctx, payload, !lengthKnown)
	defer follower.Close()
	return a.printCommands(follower)
}

// discard reads past the snapshot.
func (a *app) discard(payload *transfer.Payload) error {
	a.warn(modes.Discarding(payload))
	stopMeter := a.payloadMeter(payload)
	defer stopMeter()
	if _, err := payload.WriteTo(io.Discard); err != nil {
		if failed, ok := errors.AsType[*transfer.ReplicationError](err); ok {
			failed.Line = "Error reading RDB payload while SYNCing"
		}
		return err
	}
	stopMeter()
	a.warn(modes.Discarded(payload))
	return nil
}

// sluggish is how long a write to standard output may take before the reader is suspected of being too slow for the server.
const sluggish = time.Second

// printCommands prints commands as they come, until the connection ends or nobody reads any more.
func (a *app) printCommands(follower *transfer.Follower) error {
	lines := modes.ReplicatedCommands{Mode: a.printer.Mode, Terminal: a.sys.OutTTY}
	reader := &pacedReader{to: &a.stdout, now: a.sys.Now}
	out := bufio.NewWriterSize(reader, outBuffer)
	for a.stdout.err == nil {
		err := follower.Next(func(src resp.Source) error { return lines.Print(out, src) })
		if err != nil && a.stdout.err == nil {
			return reader.blamed(err)
		}
		_ = out.Flush() // its error is kept
	}
	if a.stdout.readerLeft() {
		return nil
	}
	return a.stdout.err
}

// pacedReader is what reads standard output, and how long it took to take what it was given.
type pacedReader struct {
	to      io.Writer
	now     func() time.Time
	slowest time.Duration
}

// Write implements io.Writer.
func (r *pacedReader) Write(b []byte) (int, error) {
	before := r.now()
	n, err := r.to.Write(b)
	r.slowest = max(r.slowest, r.now().Sub(before))
	return n, err
}

// blamed says of a lost connection that a slow reader is the likely cause.
func (r *pacedReader) blamed(err error) error {
	failed, ok := errors.AsType[*transfer.ReplicationError](err)
	if ok && r.slowest > sluggish {
		failed.Cause += fmt.Sprintf("; what reads this output was slow (once it waited for %.1f s), and a master drops replicas that lag", r.slowest.Seconds())
		failed.Fix = "write to a file, or raise client-output-buffer-limit replica on the server"
	}
	return err
}
