package keyspace

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"redan/conn"
	"redan/conn/resp"
)

// NodeError says that one master could not be read.
type NodeError struct {
	Node int // its number, see [Masters.Nodes]
	Addr conn.Addr
	// Final tells that it will not be asked again, so that the scan ends without its keys.
	Final bool
	// Retry is the pause before it is asked again.
	Retry time.Duration
	Err   error
}

// Error names the node and what happened.
func (e *NodeError) Error() string { return e.Addr.String() + ": " + e.Err.Error() }

// Unwrap returns what happened: an error of the connection, a [resp.ServerError], [ErrMasterGone] or [ErrBadScan].
func (e *NodeError) Unwrap() error { return e.Err }

var (
	// ErrMasterGone says that a node is no longer a master with slots: another has taken over, and its keys are read there.
	ErrMasterGone = errors.New("it is no longer a master of this cluster; its keys are read where they are now")
	// ErrBadScan says that what answers to SCAN does not do it as Redis does.
	ErrBadScan = errors.New("it does not answer SCAN as Redis does")
)

// scanNode is the place of a scan on one master. Fields that [Scanner.Progress] and others read are written with its lock held.
type scanNode struct {
	index int
	begun []slotRange // the slots it served when its reading began

	cursor   string
	repeated int    // how often the same cursor came back
	runID    string // of the process that made the cursor
	calls    int
	pace     pace
	due      time.Time
	noType   bool // SCAN has no TYPE there (before Redis 6)

	progress Walk
	done     bool
	dropped  bool // not read any more: it serves nothing, or refuses
	told     bool // its going was told
	restart  bool // the next batch tells so
	doubted  bool // a failure came since: another process may answer
	failures int
	failure  *NodeError
}

func newScanNode(index int, slots []slotRange) *scanNode {
	return &scanNode{index: index, begun: slots, cursor: "0", pace: newPace(firstCount, maxCount), progress: NewWalk()}
}

// over reports whether there is nothing left to ask it.
func (n *scanNode) over() bool { return n.done || n.dropped && n.told }

// again begins at the first key.
func (n *scanNode) again() {
	n.cursor, n.repeated, n.done, n.restart = "0", 0, false, true
	n.progress.restart()
}

// serves notes which slots a node serves now. If it was read and has got more, it is read again.
func (n *scanNode) serves(slots []slotRange) {
	if n.dropped && n.failure != nil && !errors.Is(n.failure, ErrMasterGone) {
		return // it refuses
	}
	back := n.dropped
	n.dropped, n.told = false, false
	more := slices.ContainsFunc(slots, func(r slotRange) bool { return !covered(r, n.begun) })
	if more && n.done || back {
		n.again()
		n.begun = slots
	}
}

// covered reports whether ranges hold all of r.
func covered(r slotRange, ranges []slotRange) bool {
	next := r.First
	for moved := true; moved && next <= r.Last; {
		moved = false
		for _, have := range ranges {
			if have.First <= next && next <= have.Last {
				next, moved = have.Last+1, true
			}
		}
	}
	return next > r.Last
}

// refresh is after how many pages DBSIZE is asked again.
const refresh = 64

// commands are what is asked in one round trip.
func (n *scanNode) commands(o ScanOptions) [][]string {
	scan := []string{"SCAN", n.cursor, "COUNT", strconv.Itoa(n.pace.count)}
	if o.Match != "" && o.Match != "*" {
		scan = append(scan, "MATCH", o.Match)
	}
	if o.Type != "" && !n.noType {
		scan = append(scan, "TYPE", o.Type)
	}
	all := [][]string{scan}
	if n.calls%refresh == 0 || n.doubted {
		all = append(all, []string{"DBSIZE"})
	}
	if n.calls == 0 || n.doubted {
		// A cursor means something to the process that made it, and to no other.
		all = append(all, []string{"INFO", "server"})
	}
	return all
}

// page asks one node for its next page.
func (s *Scanner) page(ctx context.Context, n *scanNode) (Batch, error) {
	if n.dropped {
		return Batch{}, s.tell(n, &NodeError{Final: true, Err: ErrMasterGone})
	}
	s.mu.Lock()
	commands := n.commands(s.filter)
	s.mu.Unlock()
	began := s.filter.Now()
	replies, err := s.call(ctx, n, commands)
	took := s.filter.Now().Sub(began)
	if ctx.Err() != nil {
		return Batch{}, ctx.Err()
	}
	if err != nil {
		return Batch{}, s.failed(ctx, n, err)
	}
	reply := replyAt(replies, 0)
	if reply.Kind.IsError() {
		if s.filter.Type != "" && !n.noType && errorCode(reply) == codeGeneric {
			s.withoutType(n)
			return s.page(ctx, n)
		}
		if passes(reply) {
			return Batch{}, s.failed(ctx, n, reply.Err())
		}
		return Batch{}, s.tell(n, &NodeError{Final: true, Err: reply.Err()})
	}
	cursor, keys, bytes, ok := parseScan(reply)
	if !ok {
		return Batch{}, s.tell(n, &NodeError{Final: true, Err: ErrBadScan})
	}
	if n.noType {
		if keys, err = s.ofType(ctx, n, keys); err != nil {
			return Batch{}, err
		}
	}
	return s.advance(n, advance{cursor: cursor, keys: keys, bytes: bytes, took: took, rest: replies[1:], commands: commands[1:]})
}

// nodeTimeout is how long one node of a cluster may let the others wait.
const nodeTimeout = 5 * time.Second

// call runs commands on a node.
func (s *Scanner) call(ctx context.Context, n *scanNode, commands [][]string) ([]resp.Value, error) {
	if s.masters.Cluster() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, nodeTimeout)
		defer cancel()
	}
	return s.masters.client(n.index).Pipeline(ctx, commands...)
}

// advance is what a page brings.
type advance struct {
	cursor   string
	keys     []string
	bytes    int
	took     time.Duration
	rest     []resp.Value // replies to
	commands [][]string
}

// maxRepeated is how often a cursor may lead to itself.
const maxRepeated = 3

// advance moves a node's place behind a page.
func (s *Scanner) advance(n *scanNode, a advance) (Batch, error) {
	s.mu.Lock()
	restarted := false
	for i, words := range a.commands {
		restarted = n.learn(words[0], replyAt(a.rest, i)) || restarted
	}
	switch {
	case restarted:
		// The page was made with the cursor of another process: its keys are keys, its place is none.
		n.again()
		n.progress.seen = int64(len(a.keys))
	default:
		if a.cursor == n.cursor && a.cursor != "0" {
			n.repeated++
		}
		n.progress.Page(a.cursor, n.pace.count, len(a.keys))
		n.cursor, n.done = a.cursor, a.cursor == "0"
	}
	stuck := n.repeated >= maxRepeated
	n.calls++
	n.failures, n.failure, n.doubted = 0, nil, false
	busy := n.pace.observe(a.took, a.bytes)
	n.due = s.filter.Now().Add(rest(busy, s.share))
	batch := Batch{Keys: a.keys, Node: n.index, Restarted: n.restart}
	n.restart = false
	s.mu.Unlock()
	if stuck {
		return Batch{}, s.tell(n, &NodeError{Final: true, Err: fmt.Errorf("%w: cursor %s leads to itself", ErrBadScan, a.cursor)})
	}
	batch.Progress = s.Progress()
	batch.Done = false // a cluster is looked at once more, for slots that moved
	if !s.masters.Cluster() {
		batch.Done = n.done
	}
	return batch, nil
}

// learn takes in what was asked beside the page, and reports whether another process answers than before.
func (n *scanNode) learn(command string, reply resp.Value) (restarted bool) {
	switch {
	case reply.Kind.IsError():
	case command == "DBSIZE" && reply.Kind == resp.Integer:
		n.progress.Measure(reply.Int)
	case command == "INFO":
		id := infoField(reply.String(), "run_id")
		restarted = n.runID != "" && id != "" && id != n.runID
		if id != "" {
			n.runID = id
		}
	}
	return restarted
}

// withoutType makes a node be asked without TYPE, which its SCAN does not know.
func (s *Scanner) withoutType(n *scanNode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n.noType = true
}

// ofType keeps the keys of the wanted type.
func (s *Scanner) ofType(ctx context.Context, n *scanNode, keys []string) ([]string, error) {
	if len(keys) == 0 {
		return keys, nil
	}
	commands := make([][]string, len(keys))
	for i, key := range keys {
		commands[i] = []string{"TYPE", key}
	}
	replies, err := s.call(ctx, n, commands)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, s.failed(ctx, n, err)
	}
	kept := keys[:0]
	for i, key := range keys {
		if strings.EqualFold(replyAt(replies, i).String(), s.filter.Type) {
			kept = append(kept, key)
		}
	}
	return kept, nil
}

const (
	firstRetry = 500 * time.Millisecond
	lastRetry  = 30 * time.Second
)

// failed notes a failure that may pass and returns it. In a cluster the map is asked for again: another may have taken over.
func (s *Scanner) failed(ctx context.Context, n *scanNode, err error) error {
	s.mu.Lock()
	pause := min(firstRetry<<min(n.failures, 10), lastRetry)
	n.failures++
	n.doubted = true
	n.pace.failed()
	n.due = s.filter.Now().Add(pause)
	n.failure = &NodeError{Node: n.index, Addr: s.masters.addr(n.index), Retry: pause, Err: err}
	failure := n.failure
	s.mu.Unlock()
	if s.masters.Cluster() && s.masters.refresh(ctx, n.index) == nil {
		s.reconcile()
		s.mu.Lock()
		defer s.mu.Unlock()
		if n.dropped {
			failure = &NodeError{Node: n.index, Addr: failure.Addr, Final: true, Err: fmt.Errorf("%w (%w)", ErrMasterGone, err)}
			n.failure, n.told = failure, true
		}
	}
	return failure
}

// tell gives a node up and returns why.
func (s *Scanner) tell(n *scanNode, failure *NodeError) error {
	failure.Node, failure.Addr = n.index, s.masters.addr(n.index)
	s.mu.Lock()
	defer s.mu.Unlock()
	n.dropped, n.told, n.failure = true, true, failure
	return failure
}

// parseScan reads a page: the next cursor and the keys, and how many bytes these are.
func parseScan(v resp.Value) (cursor string, keys []string, bytes int, ok bool) {
	if len(v.Elems) != 2 || !v.Elems[1].Kind.IsAggregate() {
		return "", nil, 0, false
	}
	switch first := v.Elems[0]; first.Kind {
	case resp.BulkString, resp.SimpleString, resp.BigNumber:
		cursor = first.String()
	case resp.Integer:
		cursor = strconv.FormatInt(first.Int, 10)
	default:
		return "", nil, 0, false
	}
	if cursor == "" {
		return "", nil, 0, false
	}
	keys = make([]string, len(v.Elems[1].Elems))
	for i, elem := range v.Elems[1].Elems {
		keys[i] = string(elem.Text)
		bytes += len(elem.Text)
	}
	return cursor, keys, bytes, true
}

// infoField returns a field of INFO, or "".
func infoField(info, name string) string {
	for line := range strings.Lines(info) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
