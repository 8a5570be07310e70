package keytree

import "slices"

const (
	pageEntries = 127 // in arrays with room for one more: a page is split after it overflows
	pageKids    = 31
	branchBit   = 1 << 31
)

// fanout is how many entries or kids a page holds at most.
type fanout struct{ entries, kids int }

// entry is one child of a branch: a leaf or, with the top bit of ref set, a branch. The head is kept in halves so that an entry takes
// twelve bytes.
type entry struct{ hi, lo, ref uint32 }

func newEntry(head uint64, ref uint32) entry {
	return entry{hi: uint32(head >> 32), lo: uint32(head & 0xffffffff), ref: ref}
}

func (e entry) head() uint64 { return uint64(e.hi)<<32 | uint64(e.lo) }

func (e entry) isBranch() bool { return e.ref&branchBit != 0 }

// branch is the number of the branch that e stands for.
func (e entry) branch() uint32 { return e.ref &^ branchBit }

// weight is what lies below something: rows of the tree as it is opened now, and keys that pass the filter. Differences are weights
// too: unsigned numbers wrap.
type weight struct{ rows, keys uint32 }

func (w weight) plus(v weight) weight { return weight{w.rows + v.rows, w.keys + v.keys} }

func (w weight) minus(v weight) weight { return weight{w.rows - v.rows, w.keys - v.keys} }

// page is a node of a B+ tree: either entries or kids, in order. The zero page is an empty tree.
type page struct {
	entries []entry
	kids    []kid
	skip    uint32 // how many bytes the names in it have in common, which the heads leave out
}

// kid is a page below another. Everything in it is at or after low, except in the first kid, which takes all that comes earlier too. The
// key of low may be long gone.
type kid struct {
	weight
	low  entry
	page *page
}

// step is one page on the way to an entry, and the place in it.
type step struct {
	page *page
	at   int
}

func (p *page) overflows(f fanout) bool { return len(p.entries) > f.entries || len(p.kids) > f.kids }

func (p *page) insert(at int, e entry) {
	if n := len(p.entries); n == cap(p.entries) { // doubles exactly: append would round up by its own classes
		grown := make([]entry, n, max(2, 2*n))
		copy(grown, p.entries)
		p.entries = grown
	}
	p.entries = slices.Insert(p.entries, at, e)
}

// split moves the end of an overflowing page to a new one. Keys that arrive in order leave full pages behind.
func (p *page) split(at int) *page {
	right := &page{skip: p.skip}
	if len(p.kids) > 0 {
		half := len(p.kids) / 2
		right.kids = append(make([]kid, 0, pageKids+1), p.kids[half:]...)
		clear(p.kids[half:])
		p.kids = p.kids[:half]
		return right
	}
	half := len(p.entries) / 2
	if at == len(p.entries)-1 {
		half = len(p.entries) * 7 / 8
	}
	right.entries = append(make([]entry, 0, pageEntries+1), p.entries[half:]...)
	p.entries = p.entries[:half]
	return right
}

func (p *page) low() entry {
	if len(p.kids) > 0 {
		return p.kids[0].low
	}
	return p.entries[0]
}

func (p *page) high() entry {
	if len(p.kids) > 0 {
		return p.kids[len(p.kids)-1].low
	}
	return p.entries[len(p.entries)-1]
}

// settle splits the pages on the way to the entry last inserted, from below.
func (ix *index) settle(way []step, base int) {
	for i := len(way) - 1; i >= 0 && way[i].page.overflows(ix.fanout); i-- {
		left := way[i].page
		right := left.split(way[i].at)
		ix.tune(right, base)
		ix.tune(left, base)
		if i == 0 {
			moved := *left
			*left = page{kids: make([]kid, 2)}
			left.kids[0] = ix.kidOf(left, &moved, base)
			left.kids[1] = ix.kidOf(left, right, base)
			ix.tune(left, base)
			return
		}
		above := way[i-1]
		beside := ix.kidOf(above.page, right, base)
		shrunk := &above.page.kids[above.at]
		shrunk.weight = shrunk.minus(beside.weight)
		above.page.kids = slices.Insert(above.page.kids, above.at+1, beside)
	}
}

func (ix *index) kidOf(above, p *page, base int) kid {
	return kid{weight: ix.weighPage(p), low: ix.fit(above, p.low(), base), page: p}
}

// shrink removes what the removal of an entry left empty and joins a small page with its neighbour.
func (ix *index) shrink(way []step, base int) {
	for i := len(way) - 1; i > 0; i-- {
		p, above := way[i].page, way[i-1]
		switch {
		case len(p.entries) == 0 && len(p.kids) == 0:
			above.page.kids = slices.Delete(above.page.kids, above.at, above.at+1)
		case len(p.entries) > 0 && len(p.entries) < ix.entries/4:
			ix.joinNeighbour(above.page, above.at, base)
		}
	}
	top := way[0].page
	for len(top.kids) == 1 {
		*top = *top.kids[0].page
	}
	if len(top.kids) == 0 && len(top.entries) == 0 {
		*top = page{}
	}
}

// joinNeighbour puts the entries of kid i and of a neighbour with room into one page.
func (ix *index) joinNeighbour(above *page, i, base int) {
	for _, left := range [2]int{i - 1, i} {
		if left < 0 || left+1 >= len(above.kids) {
			continue
		}
		a, b := &above.kids[left], &above.kids[left+1]
		if len(a.page.entries)+len(b.page.entries) > ix.entries*3/4 {
			continue
		}
		ix.rehead(a.page, base, 0)
		ix.rehead(b.page, base, 0)
		a.page.entries = append(a.page.entries, b.page.entries...)
		ix.tune(a.page, base)
		a.weight = a.plus(b.weight)
		above.kids = slices.Delete(above.kids, left+1, left+2)
		return
	}
}
