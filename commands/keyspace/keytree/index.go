package keytree

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

const (
	branchBits  = 8
	branchChunk = 1 << branchBits
	branchMask  = branchChunk - 1
	root        = 0
	nowhere     = math.MaxUint32 // the reference of no entry
)

// branch is a prefix that two keys or more share up to a delimiter. Its label is what the prefix adds to that of the branch above.
type branch struct {
	page                // its children
	text         uint32 // a text in the store that begins with the prefix; its key may be gone
	end          uint32 // length of the prefix, delimiter included
	parent       uint32
	below        weight // of its children
	marked       uint32 // keys marked below
	open, merged bool   // merged: with one child left, it is no more
}

// shape says which order an index keeps: only indexes of the same shape show the same rows.
type shape struct {
	delimiter    string
	foldersFirst bool
	ranking      int // which SortBy ranked the leaves; zero is by name
}

// index orders the keys of a store in branches. Children are ordered by their first segment, a key before the branch of the same name.
type index struct {
	shape
	fanout
	keys     *store
	ranks    []int64 // by key, as far as an attribute is known; empty by name
	branches [][]branch
	made     int
	tag      uint32          // sets the branches of this index apart from those of others
	openAll  bool            // new branches are open
	reopen   map[string]bool // prefixes of branches that are open when they come, since they were before a Reset

	steps []step // the way of the last walk, through all branches
	hops  []hop
}

// hop is one branch on the way of a walk; its pages are the steps from first on.
type hop struct {
	branch uint32
	first  int
}

func newIndex(keys *store, as shape, size fanout, tag uint32) *index {
	ix := &index{shape: as, fanout: size, keys: keys, tag: tag, reopen: map[string]bool{}}
	ix.grow(branch{open: true})
	return ix
}

func (ix *index) at(b uint32) *branch { return &ix.branches[b>>branchBits][b&branchMask] }

func (ix *index) grow(b branch) uint32 {
	if ix.made&branchMask == 0 {
		ix.branches = append(ix.branches, make([]branch, branchChunk))
	}
	n := small(ix.made)
	ix.made++
	*ix.at(n) = b
	return n
}

// prefix is what all keys of a branch begin with, the delimiter included.
func (ix *index) prefix(b uint32) string {
	br := ix.at(b)
	if b == root {
		return ""
	}
	return ix.keys.text(br.text)[:br.end]
}

// text is the key of a leaf or the prefix of a branch.
func (ix *index) text(e entry) string {
	if e.isBranch() {
		return ix.prefix(e.branch())
	}
	return ix.keys.key(e.ref)
}

func (ix *index) rank(id uint32) int64 {
	if int(id) < len(ix.ranks) {
		return ix.ranks[id]
	}
	return math.MaxInt64
}

// setRank notes the attribute of a key.
func (ix *index) setRank(id uint32, v int64) {
	if grown := int(id) + 1; grown > cap(ix.ranks) {
		ix.ranks = slices.Grow(ix.ranks, grown+grown/4-len(ix.ranks))
	}
	for len(ix.ranks) <= int(id) {
		ix.ranks = append(ix.ranks, math.MaxInt64)
	}
	ix.ranks[id] = v
}

// segment cuts the first segment off rest; ended says that there is no more after it, not even a delimiter.
func (ix *index) segment(rest string) (name string, ended bool) {
	if ix.delimiter == "" {
		return rest, true
	}
	name, _, more := strings.Cut(rest, ix.delimiter)
	return name, !more
}

// probe is what a walk looks for in one branch: a child by its first segment.
type probe struct {
	head  uint64
	name  string
	base  int // length of the branch's prefix
	ended bool
	rank  int64
}

// probe makes the probe for a key in a branch whose prefix has length base. A branch, and a key on its way to become one, is ordered
// by name; rank orders the keys that end in this branch.
func (ix *index) probe(key string, base int, rank int64) probe {
	p := probe{base: base, rank: rank}
	p.name, p.ended = ix.segment(key[base:])
	p.head = ix.head(p.name, p.ended, rank)
	return p
}

// head is what entries of this index are compared by first: see [head]. Where branches come first, its top bit tells keys from them.
func (ix *index) head(name string, ended bool, rank int64) uint64 {
	ranked := ix.ranking != 0
	if !ranked && !ix.foldersFirst {
		return head(name)
	}
	if !ended {
		return head(name) >> 1
	}
	h := uint64(rank) ^ 1<<63 //nolint:gosec // keeps the order: the sign becomes the top bit
	if !ranked {
		h = head(name)
	}
	return h>>1 | 1<<63
}

// tie compares the probe with an entry by everything but their heads.
func (ix *index) tie(p *probe, e entry) int {
	name, ended := ix.name(e, p.base)
	if ix.foldersFirst || ix.ranking != 0 {
		if p.ended != ended {
			return order(p.ended)
		}
		if ended && ix.ranking != 0 && p.rank != ix.rank(e.ref) {
			return cmp.Compare(p.rank, ix.rank(e.ref))
		}
	}
	if c := natural(p.name, name); c != 0 || p.ended == ended {
		return c
	}
	return -order(p.ended)
}

// order is what a comparison says of something that comes last, or else first.
func order(last bool) int {
	if last {
		return 1
	}
	return -1
}

// compare compares the probe with an entry of a page that skips nothing.
func (ix *index) compare(p *probe, e entry) int {
	if c := cmp.Compare(p.head, e.head()); c != 0 {
		return c
	}
	return ix.tie(p, e)
}

// seek walks the pages of one branch to the first entry at or after the probe, and reports whether it is the one looked for.
func (ix *index) seek(top *page, p *probe) bool {
	pg := top
	for len(pg.kids) > 0 {
		at := ix.seekKid(pg, p)
		ix.steps = append(ix.steps, step{pg, at})
		pg = pg.kids[at].page
	}
	at, found := ix.seekEntry(pg, p)
	ix.steps = append(ix.steps, step{pg, at})
	return found
}

// seekKid finds the last kid that begins at or before the probe, else the first.
func (ix *index) seekKid(pg *page, p *probe) int {
	kids := pg.kids
	head, sure := ix.headIn(pg, p)
	low, high := 0, len(kids)
	for high-low > 1 {
		middle := (low + high) / 2
		h := kids[middle].low.head()
		before := head < h
		if head == h || !sure {
			before = ix.tie(p, kids[middle].low) < 0
		}
		if before {
			high = middle
		} else {
			low = middle
		}
	}
	return low
}

// seekEntry finds the first entry at or after the probe, and reports whether it is the one looked for.
func (ix *index) seekEntry(pg *page, p *probe) (at int, found bool) {
	entries := pg.entries
	head, sure := ix.headIn(pg, p)
	low, high := 0, len(entries)
	for low < high {
		middle := (low + high) / 2
		h := entries[middle].head()
		before := head < h
		if head == h || !sure {
			c := ix.tie(p, entries[middle])
			if c == 0 {
				return middle, true
			}
			before = c < 0
		}
		if before {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low, false
}

// arrival is where a walk ended.
type arrival struct {
	branch uint32 // the last one entered
	probe  probe  // what was looked for in it
	entry  entry  // the child with the same first segment
	met    bool   // there is one
	found  bool   // and it is what the walk was for
}

// walk goes from the root towards a key as far as there are branches, or to the entry until, whose text or key must be key.
// It leaves its way in hops and steps.
func (ix *index) walk(key string, rank int64, until uint32) arrival {
	ix.hops, ix.steps = ix.hops[:0], ix.steps[:0]
	for b := uint32(root); ; {
		br := ix.at(b)
		ix.hops = append(ix.hops, hop{b, len(ix.steps)})
		a := arrival{branch: b, probe: ix.probe(key, int(br.end), rank)}
		if a.met = ix.seek(&br.page, &a.probe); !a.met {
			return a
		}
		last := ix.steps[len(ix.steps)-1]
		a.entry = last.page.entries[last.at]
		if !a.entry.isBranch() {
			a.found = ix.keys.key(a.entry.ref) == key
			return a
		}
		if a.found = a.entry.ref == until; a.found {
			return a
		}
		next := a.entry.branch()
		if !strings.HasPrefix(key[br.end:], ix.prefix(next)[br.end:]) {
			return a
		}
		b = next
	}
}

// toLeaf walks to a key by its number.
func (ix *index) toLeaf(id uint32) arrival { return ix.walk(ix.keys.key(id), ix.rank(id), nowhere) }

// toBranch walks to the entry of a branch in the branch above it.
func (ix *index) toBranch(b uint32) { ix.walk(ix.prefix(b), 0, b|branchBit) }

// around is the branch that a leaf or branch is in.
func (ix *index) around(ref uint32) uint32 {
	if ref&branchBit == 0 {
		return ix.toLeaf(ref).branch
	}
	return ix.at(ref &^ branchBit).parent
}

// way is the part of the walk inside the branch of hop i.
func (ix *index) way(i int) []step {
	end := len(ix.steps)
	if i+1 < len(ix.hops) {
		end = ix.hops[i+1].first
	}
	return ix.steps[ix.hops[i].first:end]
}
