package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"redan/commands"
	"redan/commands/keyspace"
	"redan/commands/keyspace/sweep"
	"redan/conn"
	"redan/ui/modes"
)

// newSweep returns a sweep over the keys that the command line means: of its server, or with -c of all masters of the cluster. The caller says
// in o what is asked about each key and after how many SCANs -i rests; the rest is --pattern, --quoted-pattern, --type, --count, --cursor and
// -i. Nothing but the masters' addresses is asked for yet.
func (a *app) newSweep(ctx context.Context, o sweep.Options) (*sweep.Sweep, error) {
	if err := a.sweepOptions(&o); err != nil {
		return nil, err
	}
	addrs, err := a.sweepAddrs(ctx)
	if err != nil {
		return nil, err
	}
	if len(addrs) > 1 && o.Cursor != "" {
		return nil, &usageError{
			text: fmt.Sprintf("--cursor is a place on one server, and with -c %d masters are read.", len(addrs)),
			hint: "Leave out -c, and name the one that the cursor is from with -h and -p.",
		}
	}
	open, nodes := a.openNodes(), make([]sweep.Node, len(addrs))
	for i, at := range addrs {
		nodes[i] = sweep.Node{Addr: at, Open: func(ctx context.Context) (*conn.Session, error) { return open(ctx, at) }}
	}
	return sweep.New(nodes, o), nil
}

// sweepOptions reads what the command line says of a sweep.
func (a *app) sweepOptions(o *sweep.Options) (err error) {
	flags := &a.inv.options
	switch a.inv.last("pattern", "quoted-pattern") {
	case "pattern":
		o.Match = flags.Pattern
	case "quoted-pattern":
		pattern, err := commands.Unquote(*flags.QuotedPattern)
		if err != nil {
			return &usageError{text: "Invalid quoted string specified for --quoted-pattern."}
		}
		o.Match = &pattern
	}
	if a.inv.given("count") {
		if o.Count, err = strconv.Atoi(flags.Count); err != nil || o.Count < 1 {
			return &usageError{text: "--count takes a number from 1 on, not '" + flags.Count + "'."}
		}
	}
	if a.inv.given("cursor") {
		if o.Cursor, err = cursorOf(flags.Cursor); err != nil {
			return err
		}
	}
	o.Type, o.Now = flags.Type, a.sys.Now
	o.Interval, err = a.interval()
	return err
}

// cursorOf checks a cursor. The sentences are redis-cli's.
func cursorOf(text string) (string, error) {
	hint := "--cursor takes what SCAN returned as the next cursor, not '" + text + "'."
	if _, err := strconv.ParseUint(text, 10, 64); err == nil {
		return text, nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n < 0 {
		return "", &usageError{text: "--cursor should be followed by a positive integer.", hint: hint}
	}
	return "", &usageError{text: "--cursor conversion error.", hint: hint}
}

// sweepAddrs returns the servers that a sweep reads. A cursor is a place on one of them, so with it a profile of a cluster stands for its
// server alone, as it does in the commands that Ctrl-C tells.
func (a *app) sweepAddrs(ctx context.Context) ([]conn.Addr, error) {
	_, o, err := a.dialer(ctx)
	if err != nil {
		return nil, err
	}
	if !a.follows() || a.inv.given("cursor") && !a.inv.options.Cluster {
		return []conn.Addr{o.Addr()}, nil
	}
	masters, err := a.masters(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = masters.Close() }()
	return masters.Serving(), nil
}

// masters finds the servers of a cluster that hold keys, and says when only the one that was asked is known.
func (a *app) masters(ctx context.Context) (*keyspace.Masters, error) {
	d, o, err := a.dialer(ctx)
	if err != nil {
		return nil, err
	}
	masters, err := keyspace.Discover(ctx, keyspace.Config{Seed: o.Addr(), Secured: o.TLS != nil, Open: keyspace.Pools(d, o)})
	if err != nil {
		return nil, a.explained(ctx, o.Addr(), err)
	}
	if refused := masters.Refused(); refused != nil {
		a.warn(printable("The other masters cannot be found (" + refused.Error() + "); only " + o.Addr().String() + " is used."))
	}
	return masters, nil
}

// explained returns what a session says of a server that a pool could not use: causes and remedies, as without -c.
func (a *app) explained(ctx context.Context, at conn.Addr, err error) error {
	if _, told := errors.AsType[*conn.Error](err); told || ctx.Err() != nil {
		return err
	}
	session, why := a.openNode(at)(ctx)
	if why != nil {
		return why
	}
	_ = session.Close()
	return err
}

// eachPage hands the pages of a sweep to take until it returns false, and returns the exit code. What cannot be read is said when it
// happens; the other nodes go on. That ctx ended is no failure: the person wants what was found until then.
func (a *app) eachPage(ctx context.Context, s *sweep.Sweep, take func(sweep.Page) bool) int {
	var failed []string
	for page, err := range s.Pages(ctx) {
		switch node, isNode := errors.AsType[*sweep.NodeError](err); {
		case err == nil:
			if !take(page) {
				return a.sweepEnded(s, failed)
			}
		case ctx.Err() != nil:
			return a.sweepEnded(s, failed)
		case isNode:
			failed = append(failed, node.Addr.String())
			a.flush()
			a.warn(a.nodeErrorText(node, s.Nodes() > 1))
		default:
			return a.fail(err)
		}
	}
	return a.sweepEnded(s, failed)
}

// sweepEnded says whose keys are missing.
func (a *app) sweepEnded(s *sweep.Sweep, failed []string) int {
	switch {
	case len(failed) == 0:
		return exitOK
	case s.Nodes() > 1:
		a.flush()
		slices.Sort(failed)
		a.warn(fmt.Sprintf("This is not all: of %d masters, %s could not be read to the end.", s.Nodes(), strings.Join(failed, ", ")))
	}
	return exitError
}

// nodeErrorText is what happened to a node, in redis-cli's words where it has them.
func (a *app) nodeErrorText(e *sweep.NodeError, several bool) string {
	var text string
	switch e.Command {
	case "":
		text = a.errorText(e.Err, true)
	case "DBSIZE":
		text = printable("Couldn't determine DBSIZE: " + e.Err.Error())
	default:
		text = printable(e.Command + " error: " + e.Err.Error())
	}
	if at := e.Addr.String(); several && !strings.Contains(text, at) {
		return at + ": " + text
	}
	return text
}

// sweepMeter draws how far a sweep has come.
func (a *app) sweepMeter(s *sweep.Sweep) (stop func()) {
	meter := a.meter
	if a.intoPipe() {
		meter = a.meterBeside
	}
	return meter(modes.Counted("keys"), func() modes.Work { return sweepWork(s) })
}

// intoPipe reports whether another program reads what we print.
func (a *app) intoPipe() bool {
	out, ok := a.sys.Stdout.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return false
	}
	info, err := out.Stat()
	return err == nil && info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) != 0
}

// sweepWork is how far a sweep has come.
func sweepWork(s *sweep.Sweep) modes.Work {
	p := s.Progress()
	return modes.Work{Done: p.Seen, Total: p.Expected, Fraction: p.Scanned}
}
