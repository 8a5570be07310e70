package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync/atomic"
	"time"

	"redan/commands/transfer"
	"redan/conn"
	"redan/ui/modes"
)

// dumpRDB is --rdb and --functions-rdb: the dataset, or the functions in it, as an RDB file.
func (a *app) dumpRDB(ctx context.Context) int {
	d, err := a.newDump()
	if err != nil {
		return a.fail(err)
	}
	session, err := a.open(ctx)
	if err != nil {
		return a.fail(err)
	}
	defer func() { _ = session.Close() }()
	if a.follows() {
		a.warn("Note: " + d.option + " saves the slots of this one node; a whole cluster takes a run for each master.")
	}
	err = d.open()
	if err == nil {
		defer d.close()
		err = d.save(ctx, session)
	}
	if d.dying.Load() {
		select {} // the signal that removed the file ends the program
	}
	if err != nil {
		return a.failReplication(err)
	}
	return exitOK
}

// dump is one run of --rdb or --functions-rdb.
type dump struct {
	*app
	option, name string
	file         *transfer.SnapshotFile // nil for standard output
	out          io.Writer
	release      func()      // of the signals that end the program
	dying        atomic.Bool // one of them has come
}

const (
	newFileMode   fs.FileMode = 0o600 // what comes out of a database is nobody else's business
	redisFileMode fs.FileMode = 0o644 // as redis-cli
)

func (a *app) newDump() (*dump, error) {
	flags := &a.inv.options
	d := &dump{app: a, option: "--rdb", release: func() {}}
	switch {
	case flags.RDB != nil && flags.FunctionsRDB != nil:
		return nil, &usageError{text: "Option --functions-rdb and --rdb are mutually exclusive."}
	case flags.FunctionsRDB != nil:
		d.option, d.name = "--functions-rdb", *flags.FunctionsRDB
	default:
		d.name = *flags.RDB
	}
	switch {
	case a.demo != nil:
		return nil, noReplication(d.option)
	case d.toStdout() && a.sys.OutTTY:
		return nil, errors.New(d.option + " - writes binary data to standard output, which is a terminal here. Nothing was asked for. " +
			"Name a file, or redirect it: " + a.programName() + " " + d.option + " - > dump.rdb")
	}
	return d, nil
}

func noReplication(option string) error {
	return errors.New("the demo's embedded server does not replicate, so " + option + " has nothing to receive. A redis-server does: leave out the word demo")
}

func (d *dump) toStdout() bool { return d.name == "-" }

// open prepares for the file, before the server is put to work.
func (d *dump) open() (err error) {
	if d.toStdout() {
		d.out = &d.stdout
		return nil
	}
	mode := newFileMode
	if d.asRedisCLI() {
		mode = redisFileMode
	}
	if d.file, err = transfer.CreateSnapshotFile(d.name, mode); err != nil {
		return err
	}
	d.out = d.file
	d.sys.IgnoreBrokenPipe() // the file is made whole, whether somebody reads what is said about it or not
	d.release = onEnd(true, func() {
		d.dying.Store(true)
		d.file.Discard()
	})
	return nil
}

func (d *dump) close() {
	d.release()
	if d.file != nil {
		d.file.Discard()
	}
}

// save receives the snapshot and puts it in its place.
func (d *dump) save(ctx context.Context, session *conn.Session) error {
	began := d.sys.Now()
	if err := d.negotiate(ctx, session, transfer.SnapshotOptions(d.option == "--functions-rdb")); err != nil {
		return err
	}
	payload, err := d.sync(ctx, session)
	if err != nil {
		return err
	}
	d.warn(printable(modes.SnapshotBegins(payload, d.name)))
	stopMeter := d.payloadMeter(payload)
	saved, err := transfer.Save(payload, d.out)
	stopMeter()
	if err != nil {
		return d.explain(err, payload)
	}
	_ = session.Close() // before the file is written out, which may take long
	if d.file != nil {
		err = d.file.Commit()
	}
	if err != nil || d.dying.Load() {
		return err
	}
	d.conclude(saved, d.sys.Now().Sub(began))
	return nil
}

func (d *dump) conclude(saved transfer.Snapshot, took time.Duration) {
	if d.inv.options.Verbose {
		d.warn(modes.SnapshotDetails(saved, took))
	}
	d.warn(modes.SnapshotSaved(saved))
	if !d.toStdout() && d.asJSON() {
		_, _ = d.app.out.Write(modes.SnapshotJSON(saved, d.name, took))
	}
}

// explain adds to an error what has become of what was written.
func (d *dump) explain(err error, p *transfer.Payload) error {
	failed, ok := errors.AsType[*transfer.ReplicationError](err)
	switch {
	case d.toStdout() && d.stdout.readerLeft():
		return errReported
	case !ok || p.Received() == 0 || d.file != nil && d.file.Replaces():
		return err
	}
	told := *failed
	if told.Cause != "" {
		told.Cause += "; "
	}
	told.Cause += fmt.Sprintf("the %d bytes written are no whole snapshot", p.Received())
	return &told
}

// negotiate says what kind of replica this is.
func (a *app) negotiate(ctx context.Context, session *conn.Session, options []transfer.Option) error {
	for _, o := range options {
		a.warn(modes.OptionSent(o))
		refusal, err := o.Tell(ctx, session, transfer.Patience)
		if err != nil {
			return err
		}
		if refusal == nil {
			continue
		}
		a.warn(printable(modes.OptionRefused(o, refusal)))
		if o.Needed() {
			a.warn(modes.FunctionsRefused)
			return errReported
		}
	}
	return nil
}

// sync waits for the snapshot to begin, and says for how long.
func (a *app) sync(ctx context.Context, session *conn.Session) (*transfer.Payload, error) {
	began := a.sys.Now()
	defer a.meter(func(int64) string {
		return fmt.Sprintf("waiting for the server's snapshot: %.0f s", a.sys.Now().Sub(began).Seconds())
	}, func() modes.Work { return modes.Work{Fraction: -1} })()
	return transfer.Sync(ctx, session, transfer.Patience)
}

// payloadMeter shows how a snapshot comes.
func (a *app) payloadMeter(p *transfer.Payload) (stop func()) {
	size, _ := p.Size()
	return a.meter(modes.Bytes, func() modes.Work {
		return modes.Work{Done: p.Received(), Total: size, Fraction: -1}
	})
}

// failReplication reports err as fail does: redis-cli's line first, cause and remedy after it.
func (a *app) failReplication(err error) int {
	failed, ok := errors.AsType[*transfer.ReplicationError](err)
	if !ok {
		return a.fail(err)
	}
	return a.fail(&conn.Error{Stage: conn.StageIO, Line: failed.Line, Cause: failed.Cause, Fix: failed.Fix, Err: failed})
}
