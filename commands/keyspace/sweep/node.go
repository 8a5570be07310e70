package sweep

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"redan/conn"
	"redan/conn/resp"
)

// node reads one server. A page goes through it like this: SCAN names the keys, TYPE, MEMORY USAGE and OBJECT FREQ are asked about them,
// and when the types are known, their lengths. The steps of several pages are in flight together, and each reply that is read lets the next
// commands be sent: a cursor stands before its keys, so that even the next SCAN is sent before this one's keys are read.
//
// Everything happens on one goroutine but the writing, which must not keep it from reading.
type node struct {
	sweep  *Sweep
	index  int
	emit   func(*page) error
	pace   pace
	forms  [questions]form
	about  []question
	in     *resp.Reader
	out    *outbox
	outgo  []byte // commands that are not sent yet
	steps  []step // what the replies to come are to, in order
	names  []byte // of the page that is being read
	ends   []int  // where each of them ends
	held   []*page
	asking int // how many of held are being asked about

	from      string // the cursor of the SCAN that is read
	next      string // where to go on; "" at the end
	scanning  bool   // a SCAN is in flight
	noType    bool   // SCAN does not know TYPE there
	untilRest int    // SCANs
	circle    circle
	// lone is the error that was the only reply: a server that has as many clients as it takes says so and hangs up.
	lone error

	told    [questions]bool   // was answered once
	refused [questions]int    // how often it was not
	stopped [questions]bool   // is not asked any more
	types   map[string]string // of modules
}

// step is a number of replies that come one after the other.
type step struct {
	kind stepKind
	page *page    // for about and lengths
	ask  question // for about
}

type stepKind int

const (
	stepReadOnly stepKind = iota
	stepNoTouch
	stepSize
	stepScan
	stepAbout
	stepLengths
)

const (
	// maxHeld is how many pages are on their way at most before the next SCAN is sent.
	maxHeld = 4
	// maxPage and maxNames are how many keys, and bytes of names, a page has at most: some servers return all keys at once.
	maxPage  = 4096
	maxNames = 1 << 20
)

func newNode(s *Sweep, index int, emit func(*page) error) *node {
	n := &node{
		sweep: s, index: index, emit: emit, pace: newPace(s.options),
		forms: s.options.Ask.forms(), about: s.options.Ask.about(),
		next: s.options.Cursor, untilRest: max(1, s.options.Every),
	}
	if n.next == "" {
		n.next = "0"
	}
	return n
}

// talk reads the node to its end over a connection, and closes that.
func (n *node) talk(ctx context.Context, session *conn.Session) error {
	defer func() { _ = session.Close() }()
	n.begin()
	if err := n.open(ctx, session); err != nil {
		return n.sweep.failed(ctx, n.index, "", err)
	}
	r, c := session.Detach()
	n.in, n.out = resp.NewReader(r), newOutbox(c)
	interrupt := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer interrupt()
	err := n.read(ctx)
	if err == nil {
		_ = c.Close() // with TLS' farewell
	}
	_ = session.Close() // or a write might still wait
	n.out.close()
	failure, broken := errors.AsType[*readError](err)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case !broken:
		return err
	case n.lone != nil && !failure.midway:
		return n.lone
	}
	return n.sweep.failed(ctx, n.index, "", session.Explain(ctx, failure.err, failure.midway))
}

// open sends the first commands through the session and waits for the first byte of a reply: what makes a server unusable shows then, and
// the session can say what it is.
func (n *node) open(ctx context.Context, session *conn.Session) error {
	for _, s := range n.steps {
		session.Send(n.words(s.kind)...)
	}
	n.outgo = n.outgo[:0]
	if err := session.Flush(ctx); err != nil {
		return err
	}
	return session.Next(ctx, func(resp.Source) error { return nil })
}

// begin sends the first commands.
func (n *node) begin() {
	if len(n.about) > 0 {
		// A replica of a cluster answers about keys only after this. Any other server refuses it, which changes nothing.
		n.steps = append(n.steps, step{kind: stepReadOnly})
	}
	if n.sweep.options.Ask.Length {
		// Or all keys would look as if they had just been used. Servers before 7.2 cannot do that.
		n.steps = append(n.steps, step{kind: stepNoTouch})
	}
	if n.sweep.options.Size {
		n.steps = append(n.steps, step{kind: stepSize})
	}
	n.scan()
}

// words are the command of a step that has one.
func (n *node) words(kind stepKind) []string {
	switch kind {
	case stepReadOnly:
		return []string{"READONLY"}
	case stepNoTouch:
		return []string{"CLIENT", "NO-TOUCH", "ON"}
	case stepSize:
		return []string{"DBSIZE"}
	default:
		words := []string{"SCAN", n.from, "COUNT", strconv.Itoa(n.pace.count)}
		if match := n.sweep.options.Match; match != nil {
			words = append(words, "MATCH", *match)
		}
		if only := n.sweep.options.Type; only != "" && !n.noType {
			words = append(words, "TYPE", only)
		}
		return words
	}
}

// scan sends the next SCAN.
func (n *node) scan() {
	n.from, n.next, n.scanning = n.next, "", true
	n.untilRest--
	n.pace.asked()
	n.steps = append(n.steps, step{kind: stepScan})
	n.outgo = resp.AppendCommand(n.outgo, n.words(stepScan)...)
}

// mayScan reports whether the next SCAN can be sent.
func (n *node) mayScan() bool {
	return !n.scanning && n.next != "" && len(n.held) < maxHeld && !n.wantsRest()
}

func (n *node) wantsRest() bool { return n.sweep.options.Interval > 0 && n.untilRest <= 0 }

// flush sends the commands.
func (n *node) flush() {
	if len(n.outgo) == 0 {
		return
	}
	if len(n.about) == 0 {
		n.out.sendAlone(n.outgo)
	} else {
		n.out.send(n.outgo)
	}
	n.outgo = n.outgo[:0]
	if cap(n.outgo) > maxKept {
		n.outgo = nil
	}
}

// read reads replies, and sends what they allow, until there is no more to come.
func (n *node) read(ctx context.Context) error {
	for {
		for len(n.steps) > 0 {
			s := n.steps[0]
			n.steps = n.steps[1:]
			if err := n.take(s); err != nil {
				return err
			}
			if s.kind != stepReadOnly {
				n.lone = nil
			}
			if err := n.goOn(); err != nil {
				return err
			}
		}
		if n.next == "" {
			return nil
		}
		if err := pause(ctx, n.sweep.options.Interval); err != nil {
			return err
		}
		n.untilRest = max(1, n.sweep.options.Every)
		n.scan()
		n.flush()
	}
}

// take reads the replies of a step.
func (n *node) take(s step) error {
	switch s.kind {
	case stepReadOnly:
		r, err := n.whole()
		if err == nil && r.kind.IsError() {
			n.lone = n.failure("READONLY", r.err())
		}
		return err
	case stepNoTouch:
		_, err := n.whole()
		return err
	case stepSize:
		return n.takeSize()
	case stepScan:
		return n.takeScan()
	case stepAbout:
		return n.takeAnswers(s.ask, s.page)
	default:
		return n.takeLengths(s.page)
	}
}

// goOn sends the commands that have become possible, and hands on the pages that are complete.
func (n *node) goOn() error {
	for changed := true; changed; {
		changed = false
		if n.mayScan() {
			n.scan()
		}
		for _, p := range n.held {
			if !p.asked && n.asking < maxHeld {
				n.ask(p)
				changed = true
			}
		}
		n.flush()
		for len(n.held) > 0 && n.held[0].asked && n.held[0].open == 0 {
			p := n.held[0]
			n.held = n.held[1:]
			n.asking--
			if n.noType {
				n.ofType(p)
			}
			n.sweep.tally.yielded(len(p.keys))
			if err := n.emit(p); err != nil {
				return err
			}
			changed = true
		}
	}
	return nil
}

// pause waits, or ends with ctx.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// code is the first word of an error reply, which is its stable part.
func code(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}
