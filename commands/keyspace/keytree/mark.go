package keytree

import "iter"

// fewMarks is up to how many keys their branches are counted one by one; above it all branches are counted anew.
const fewMarks = 1000

// Mark marks a key, or all keys below a branch that pass the filter, or takes the marks away. Keys that arrive later are not marked.
// It returns for how many keys that changed anything. A million keys take some 80 ms.
func (t *Tree) Mark(id ID, on bool) int {
	ref, ok := t.resolve(id)
	switch {
	case !ok:
		return 0
	case ref&branchBit == 0:
		return t.setMarks([]uint32{ref}, on)
	default:
		return t.markBranch(ref&^branchBit, on)
	}
}

// markBranch does for the keys below a branch what setMarks does, in one pass over the index shown.
func (t *Tree) markBranch(b uint32, on bool) int {
	ix, was := t.shown(), t.keys.marked
	br := ix.at(b)
	difference := ix.markIn(&br.page, on)
	if difference == 0 {
		return 0
	}
	br.marked += difference
	ix.toBranch(b)
	ix.add(len(ix.hops), weight{}, difference)
	for _, other := range [3]*index{t.names, t.view, t.next} {
		if other != nil && other != ix {
			other.countMarks(root)
		}
	}
	return max(t.keys.marked-was, was-t.keys.marked)
}

// markIn marks the keys in and below a page that pass the filter, or takes their marks away, and returns by how many keys there are
// more marked now; the difference may be negative.
func (ix *index) markIn(p *page, on bool) (difference uint32) {
	for i := range p.kids {
		difference += ix.markIn(p.kids[i].page, on)
	}
	for _, e := range p.entries {
		switch {
		case e.isBranch():
			br := ix.at(e.branch())
			d := ix.markIn(&br.page, on)
			br.marked += d
			difference += d
		case ix.keys.is(e.ref, hidden) || !ix.keys.set(e.ref, marked, on):
		case on:
			difference++
		default:
			difference--
		}
	}
	return difference
}

// ToggleMark marks a key that is not marked, or a branch with keys that are not, and takes the marks away otherwise. It returns how
// many keys changed.
func (t *Tree) ToggleMark(id ID) int {
	if n := t.Mark(id, true); n > 0 {
		return n
	}
	return t.Mark(id, false)
}

// MarkRange does what [Tree.Mark] does for the rows from one to another, both included, in either direction. Of an open branch it takes
// only the rows that are in the range.
func (t *Tree) MarkRange(from, to int, on bool) int {
	if from > to {
		from, to = to, from
	}
	from, to = max(from, 0), min(to, t.RowCount()-1)
	var ids []uint32
	for ; from <= to; from += rowsAtOnce {
		for _, row := range t.Rows(from, min(rowsAtOnce, to-from+1)) {
			switch {
			case !row.Branch:
				ids = append(ids, row.ID.ref())
			case !row.Open:
				ids = t.branchKeys(row.ID.ref()&^branchBit, ids)
			}
		}
	}
	return t.setMarks(ids, on)
}

// rowsAtOnce bounds the rows that are made at a time: a range may have millions.
const rowsAtOnce = 4096

// InRange is how many keys [Tree.MarkRange] is about.
func (t *Tree) InRange(from, to int) int {
	if from > to {
		from, to = to, from
	}
	return t.keysBefore(to+1) - t.keysBefore(from)
}

// keysBefore is how many keys the rows before one stand for: closed branches for all keys in them, open ones for none.
func (t *Tree) keysBefore(row int) int {
	count := t.RowCount()
	if t.flat || row <= 0 {
		return max(0, min(row, count))
	}
	return t.shown().keysInRows(&t.shown().at(root).page, min(row, count))
}

// keysInRows is keysBefore for the first rows in and below a page.
func (ix *index) keysInRows(p *page, rows int) (keys int) {
	for i := range p.kids {
		kid := &p.kids[i]
		if rows < int(kid.rows) {
			return keys + ix.keysInRows(kid.page, rows)
		}
		rows, keys = rows-int(kid.rows), keys+int(kid.keys)
	}
	for _, e := range p.entries {
		if rows == 0 {
			break
		}
		w := ix.weigh(e)
		if rows < int(w.rows) { // it ends inside an open branch, whose own row is one of them
			return keys + ix.keysInRows(&ix.at(e.branch()).page, rows-1)
		}
		rows, keys = rows-int(w.rows), keys+int(w.keys)
	}
	return keys
}

// MarkInvert marks the keys that pass the filter and are not marked, and takes the marks of the others that pass it away. It returns how
// many keys are marked now.
func (t *Tree) MarkInvert() int {
	for n := range t.keys.made {
		if id := small(n); !t.keys.is(id, gone|hidden) {
			t.keys.set(id, marked, !t.keys.is(id, marked))
		}
	}
	for _, ix := range [3]*index{t.names, t.view, t.next} {
		if ix != nil {
			ix.countMarks(root)
		}
	}
	return t.keys.marked
}

// MarkAll does what [Tree.Mark] does for all keys that pass the filter and match; nil matches all. It asks match for every key in one
// go, and takes some 70 ms more for a million keys.
func (t *Tree) MarkAll(match func(key string) bool, on bool) int {
	var ids []uint32
	for n := range t.keys.made {
		id := small(n)
		if !t.keys.is(id, gone|hidden) && (match == nil || match(t.keys.key(id))) {
			ids = append(ids, id)
		}
	}
	return t.setMarks(ids, on)
}

// UnmarkAll takes all marks away, those of keys that the filter hides too, and returns how many there were.
func (t *Tree) UnmarkAll() int {
	ids := make([]uint32, 0, t.keys.marked)
	t.names.keysIn(&t.names.at(root).page, marked, 0, func(id uint32) bool {
		ids = append(ids, id)
		return true
	})
	return t.setMarks(ids, false)
}

// MarkedCount is how many keys are marked, those that the filter hides included.
func (t *Tree) MarkedCount() int { return t.keys.marked }

// Marked yields the marked keys in the order of the tree, those that the filter hides included, each with its master. The tree must
// not be changed meanwhile.
func (t *Tree) Marked() iter.Seq2[string, int] {
	return t.yield(t.names, root, marked, 0)
}

// Below yields the key of a row, or the keys below a branch that pass the filter, each with its master. The tree must not be changed
// meanwhile.
func (t *Tree) Below(id ID) iter.Seq2[string, int] {
	ref, ok := t.resolve(id)
	switch {
	case !ok:
		return func(func(string, int) bool) {}
	case ref&branchBit == 0:
		return func(yield func(string, int) bool) { yield(t.keys.key(ref), int(t.keys.at(ref).node)) }
	default:
		return t.yield(t.shown(), ref&^branchBit, 0, hidden)
	}
}

func (t *Tree) yield(ix *index, b uint32, want, but state) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		ix.keysIn(&ix.at(b).page, want, but, func(id uint32) bool {
			return yield(t.keys.key(id), int(t.keys.at(id).node))
		})
	}
}

// branchKeys appends the keys below a branch that pass the filter.
func (t *Tree) branchKeys(b uint32, ids []uint32) []uint32 {
	ix := t.shown()
	ix.keysIn(&ix.at(b).page, 0, hidden, func(id uint32) bool {
		ids = append(ids, id)
		return true
	})
	return ids
}

// keysIn visits the keys in and below a page in order that are all of want and nothing of but, until visit returns false. It looks into
// no branch without marks when want is marked.
func (ix *index) keysIn(p *page, want, but state, visit func(id uint32) bool) bool {
	for i := range p.kids {
		if !ix.keysIn(p.kids[i].page, want, but, visit) {
			return false
		}
	}
	for _, e := range p.entries {
		if e.isBranch() {
			br := ix.at(e.branch())
			if (want&marked == 0 || br.marked > 0) && !ix.keysIn(&br.page, want, but, visit) {
				return false
			}
			continue
		}
		if s := ix.keys.at(e.ref).state; s&want == want && s&but == 0 && !visit(e.ref) {
			return false
		}
	}
	return true
}

// setMarks marks keys or takes their marks away and returns how many changed; it overwrites ids.
func (t *Tree) setMarks(ids []uint32, on bool) int {
	changed := ids[:0]
	for _, id := range ids {
		if t.keys.set(id, marked, on) {
			changed = append(changed, id)
		}
	}
	difference := uint32(1)
	if !on {
		difference = -difference
	}
	for _, ix := range [3]*index{t.names, t.view, t.next} {
		switch {
		case ix == nil:
		case len(changed) > fewMarks:
			ix.countMarks(root)
		default:
			for _, id := range changed {
				if t.has(ix, id) {
					ix.toLeaf(id)
					ix.add(len(ix.hops), weight{}, difference)
				}
			}
		}
	}
	return len(changed)
}

// countMarks counts the marked keys of a branch and of all below it anew.
func (ix *index) countMarks(b uint32) uint32 {
	br := ix.at(b)
	br.marked = ix.countMarksIn(&br.page)
	return br.marked
}

func (ix *index) countMarksIn(p *page) (n uint32) {
	for i := range p.kids {
		n += ix.countMarksIn(p.kids[i].page)
	}
	for _, e := range p.entries {
		if e.isBranch() {
			n += ix.countMarks(e.branch())
		} else {
			n += ix.marks(e)
		}
	}
	return n
}
