// Package sweep reads all keys of a server, or of all masters of a cluster, as fast as they are given, and asks about each of them.
//
// It is the engine of --scan, --bigkeys, --memkeys, --keystats and --hotkeys. Package keyspace reads so that the server does not feel it; a
// sweep is asked for by a person who waits for its end, or by a script, and keeps several SCAN pages and the questions about their keys
// in flight on one connection for each node. Between that connection's ends nothing is held but what is in flight.
package sweep

import (
	"context"
	"iter"
	"time"

	"redan/conn"
)

// Questions say what is asked about every key besides its name.
type Questions struct {
	Type bool
	// Length asks for bytes of a string, elements of a list, members of a set or sorted set, fields of a hash, entries of a
	// stream, by the command for its type; it implies Type.
	Length bool
	// Memory asks for MEMORY USAGE, in bytes.
	Memory bool
	// MemorySamples is the SAMPLES that MEMORY USAGE is told; nil tells nothing, and the server takes 5. 0 is all elements.
	MemorySamples *int64
	// Frequency asks for OBJECT FREQ.
	Frequency bool
}

// Options say what is looked for, and how.
type Options struct {
	// Match is a glob that the server compares names with; nil for all. The empty one matches the key without a name.
	Match *string
	// Type limits the keys to those of one type, as TYPE words it; empty for all.
	Type string
	// Count is the COUNT of SCAN; 0 lets the sweep choose. The order of the keys is the same with any.
	Count int
	// Now is the clock by which it chooses; nil takes every server for near.
	Now func() time.Time
	// Cursor is where to begin, as SCAN returned it; "" and "0" are the beginning. There must be one node then.
	Cursor string
	// Interval is how long to rest after every Every SCANs; 0 is no rest. Nothing is in flight during a rest.
	Interval time.Duration
	Every    int
	// Beat is how long nothing is yielded at the most: then a page without keys and cursor is, so that who draws what there is does not wait
	// for a node that hangs. 0 is for ever.
	Beat time.Duration
	// Size asks each node how many keys it has, for [Progress]. A node that does not tell is read all the same.
	Size bool
	Ask  Questions
}

// Node is one server and what opens a connection to it.
type Node struct {
	Addr conn.Addr
	Open func(ctx context.Context) (*conn.Session, error)
}

// Key is one key and the answers about it.
type Key struct {
	// Name is a part of one string for its page; who keeps single names for long clones them.
	Name string
	// Type is as TYPE words it; "" when it was not asked or not told, "none" when there is no such key any more.
	Type string
	// Length, Memory and Frequency are -1 when they were not asked, not told, or there is no such key any more. The Length of a type that
	// redan does not know (of a module) is -1.
	Length, Memory, Frequency int64
}

// Gone is the type of a key that no longer exists.
const Gone = "none"

// Page is what came of one SCAN, or a part of it when that was very much.
type Page struct {
	Keys []Key
	// Node is the number of the node it is from.
	Node int
	// Cursor is where that node is to be asked next, "0" at its end. All keys before it are in this page and the earlier ones.
	Cursor string
}

// Refusal is a command that the server does not answer: the sweep says so once and goes on without.
type Refusal struct {
	Command string // such as "MEMORY USAGE"
	Node    int
	Err     error // the first error reply
	Count   int64 // how often it came
}

// Sweep is one reading of the keys. Its methods may be called while Pages runs.
type Sweep struct {
	nodes   []Node
	options Options
	tally   tally
	used    pages
}

// New returns a sweep that has not begun.
func New(nodes []Node, o Options) *Sweep { return &Sweep{nodes: nodes, options: o} }

// Nodes is how many nodes are read.
func (s *Sweep) Nodes() int { return len(s.nodes) }

// Addrs are the addresses of the nodes, by their numbers.
func (s *Sweep) Addrs() []conn.Addr {
	addrs := make([]conn.Addr, len(s.nodes))
	for i, n := range s.nodes {
		addrs[i] = n.Addr
	}
	return addrs
}

// Pages connects to the nodes and yields their pages as they come, those of a node in order. A node that cannot be read (further) yields
// a *[NodeError] then, and the others go on; who does not want them stops. Any other error is ctx's and the last: ending ctx ends what is in
// flight at once, and the pages yielded until then stand.
//
// A page is valid until the next one; the names in it stay.
func (s *Sweep) Pages(ctx context.Context) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) { s.run(ctx, yield) }
}

// Progress is how far a sweep has come.
type Progress struct {
	// Seen is how many keys were yielded, or are about to be.
	Seen int64
	// Expected is how many keys the nodes had when it began, -1 until that is known. With Match or Type fewer will be seen.
	Expected int64
	// Scanned is the part of the keyspace that was read, 0 to 1, by what the cursors tell; it holds with Match and Type too.
	Scanned float64
}

// Progress tells how far the sweep has come.
func (s *Sweep) Progress() Progress { return s.tally.progress() }

// Refusals are the questions that were not answered.
func (s *Sweep) Refusals() []Refusal { return s.tally.all() }
