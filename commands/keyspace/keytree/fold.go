package keytree

import "iter"

// Open shows what is in a branch. It reports whether that changed anything; keys cannot be opened.
func (t *Tree) Open(id ID) bool { return t.fold(id, true) }

// Close hides what is in a branch. It reports whether that changed anything. Branches inside keep their state.
func (t *Tree) Close(id ID) bool { return t.fold(id, false) }

// Toggle opens a closed branch and closes an open one. It reports whether id is a branch.
func (t *Tree) Toggle(id ID) bool {
	return t.fold(id, true) || t.fold(id, false)
}

func (t *Tree) fold(id ID, open bool) bool {
	ref, ok := t.resolve(id)
	if !ok || ref&branchBit == 0 {
		return false
	}
	ix, b := t.shown(), ref&^branchBit
	if !open {
		delete(ix.reopen, ix.prefix(b))
	}
	return ix.fold(b, open)
}

func (ix *index) fold(b uint32, open bool) bool {
	br := ix.at(b)
	if br.open == open || b == root {
		return false
	}
	ix.toBranch(b)
	self := entry{ref: b | branchBit}
	was := ix.weigh(self)
	br.open = open
	ix.add(len(ix.hops), ix.weigh(self).minus(was), 0)
	return true
}

// Reveal opens every branch around a row. It reports whether the row is loaded.
func (t *Tree) Reveal(id ID) bool {
	ref, ok := t.resolve(id)
	if !ok {
		return false
	}
	ix := t.shown()
	for b := ix.around(ref); b != root; b = ix.at(b).parent {
		ix.fold(b, true)
	}
	return true
}

// OpenAll opens every branch, and those that arrive later. It visits all branches, some 50 ms
// for a million keys. In a flat list it does nothing.
func (t *Tree) OpenAll() { t.foldAll(true) }

// CloseAll closes every branch, and those that arrive later. It costs as much as [Tree.OpenAll].
func (t *Tree) CloseAll() { t.foldAll(false) }

func (t *Tree) foldAll(open bool) {
	if t.flat {
		return
	}
	ix := t.shown()
	clear(ix.reopen)
	ix.foldAll(open)
}

func (ix *index) foldAll(open bool) {
	ix.openAll = open
	top := ix.at(root)
	top.below = ix.refold(&top.page, open)
}

// refold sets and sums all branches in and below a page.
func (ix *index) refold(p *page, open bool) (w weight) {
	for i := range p.kids {
		kid := &p.kids[i]
		kid.weight = ix.refold(kid.page, open)
		w = w.plus(kid.weight)
	}
	for _, e := range p.entries {
		if e.isBranch() {
			br := ix.at(e.branch())
			br.below, br.open = ix.refold(&br.page, open), open
		}
		w = w.plus(ix.weigh(e))
	}
	return w
}

// foldLike opens and closes branches as they are in another index of the same keys; if that parts them differently, it does nothing.
func (ix *index) foldLike(other *index) {
	if ix.delimiter != other.delimiter {
		return
	}
	if ix.openAll != other.openAll {
		ix.foldAll(other.openAll)
	}
	for b := range ix.unlike(ix.openAll) {
		ix.fold(b, ix.openAll)
	}
	for b := range other.unlike(ix.openAll) {
		if a := ix.walk(other.prefix(b), 0, nowhere); int(ix.at(a.branch).end) == len(other.prefix(b)) {
			ix.fold(a.branch, !ix.openAll)
		}
	}
}

// unlike yields the branches whose state is not open.
func (ix *index) unlike(open bool) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for n := root + 1; n < ix.made; n++ {
			b := small(n)
			if br := ix.at(b); br.open != open && !br.merged && !yield(b) {
				return
			}
		}
	}
}
