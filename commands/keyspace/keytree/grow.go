package keytree

import "strings"

// place puts a key where a walk for it did not find it.
func (ix *index) place(id uint32, a arrival) {
	if a.met {
		ix.fork(id, a)
		return
	}
	way := ix.way(len(ix.hops) - 1)
	leaf := way[len(way)-1]
	e := ix.fit(leaf.page, newEntry(a.probe.head, id), a.probe.base)
	leaf.page.insert(leaf.at, e)
	ix.add(len(ix.hops), ix.weigh(e), ix.marks(e))
	ix.settle(way, a.probe.base)
}

// fork makes a branch of the child that shares its first segment with a new key, and puts both below it.
func (ix *index) fork(id uint32, a arrival) {
	key, old := ix.keys.key(id), a.entry
	end := ix.shared(key, ix.text(old), a.probe.base)
	was := ix.weigh(old)
	fresh := branch{end: small(end), parent: a.branch, open: ix.openAll || ix.reopen[key[:end]]}
	if old.isBranch() {
		child := ix.at(old.branch())
		fresh.text, fresh.open = child.text, child.open || fresh.open // what was visible stays visible
	} else {
		fresh.text = ix.keys.at(old.ref).text
	}
	first := newEntry(ix.probe(ix.text(old), end, ix.rank(old.ref)).head, old.ref)
	p := ix.probe(key, end, ix.rank(id))
	second := newEntry(p.head, id)
	if ix.compare(&p, first) < 0 {
		first, second = second, first
	}
	fresh.entries = []entry{first, second}
	fresh.below = ix.weigh(first).plus(ix.weigh(second))
	fresh.marked = ix.marks(first) + ix.marks(second)

	b := ix.grow(fresh)
	if old.isBranch() {
		ix.at(old.branch()).parent = b
	}
	spot := ix.steps[len(ix.steps)-1]
	spot.page.entries[spot.at].ref = b | branchBit
	now := entry{ref: b | branchBit}
	ix.add(len(ix.hops), ix.weigh(now).minus(was), fresh.marked-ix.marks(old))
}

// shared is the length of the longest beginning of key that ends with a delimiter and begins other too; base is known to.
func (ix *index) shared(key, other string, base int) int {
	for {
		i := strings.Index(key[base:], ix.delimiter)
		if i < 0 {
			return base
		}
		next := base + i + len(ix.delimiter)
		if next > len(other) || other[base:next] != key[base:next] {
			return base
		}
		base = next
	}
}

// drop takes out the key that a walk has just found. A branch with one child left becomes that child.
func (ix *index) drop(a arrival) {
	last := len(ix.hops) - 1
	way := ix.way(last)
	leaf := way[len(way)-1]
	w, m := ix.weigh(a.entry), ix.marks(a.entry)
	leaf.page.entries = append(leaf.page.entries[:leaf.at], leaf.page.entries[leaf.at+1:]...)
	ix.add(len(ix.hops), weight{}.minus(w), -m)
	ix.shrink(way, a.probe.base)

	br := ix.at(a.branch)
	if a.branch == root || len(br.kids) > 0 || len(br.entries) > 1 {
		return
	}
	only := br.entries[0]
	was := ix.weigh(entry{ref: a.branch | branchBit})
	if only.isBranch() {
		ix.at(only.branch()).parent = br.parent
	}
	br.merged = true
	br.page = page{}
	above := ix.way(last - 1)
	spot := above[len(above)-1]
	spot.page.entries[spot.at].ref = only.ref
	ix.add(last, ix.weigh(only).minus(was), 0)
}

// add brings a change below the last of the first n hops to every sum above it.
func (ix *index) add(n int, w weight, marks uint32) {
	for i := n - 1; i >= 0; i-- {
		if w == (weight{}) && marks == 0 {
			return
		}
		way := ix.way(i)
		for _, s := range way[:len(way)-1] {
			kid := &s.page.kids[s.at]
			kid.weight = kid.plus(w)
		}
		b := ix.hops[i].branch
		br, self := ix.at(b), entry{ref: b | branchBit}
		was := ix.weigh(self)
		br.below = br.below.plus(w)
		br.marked += marks
		w = ix.weigh(self).minus(was)
	}
}

// weigh is the weight of one child of a branch: of a closed branch one row, of one whose keys are all hidden nothing.
func (ix *index) weigh(e entry) weight {
	if !e.isBranch() {
		if ix.keys.hidden > 0 && ix.keys.is(e.ref, hidden) {
			return weight{}
		}
		return weight{1, 1}
	}
	br := ix.at(e.branch())
	switch {
	case br.below.keys == 0:
		return weight{}
	case br.open:
		return weight{1 + br.below.rows, br.below.keys}
	default:
		return weight{1, br.below.keys}
	}
}

func (ix *index) weighPage(p *page) (w weight) {
	for i := range p.kids {
		w = w.plus(p.kids[i].weight)
	}
	for _, e := range p.entries {
		w = w.plus(ix.weigh(e))
	}
	return w
}

// marks is how many keys are marked in one child of a branch.
func (ix *index) marks(e entry) uint32 {
	switch {
	case e.isBranch():
		return ix.at(e.branch()).marked
	case ix.keys.marked > 0 && ix.keys.is(e.ref, marked):
		return 1
	default:
		return 0
	}
}
