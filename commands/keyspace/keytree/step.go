package keytree

// atOnce is how many keys a setter deals with itself, so that small trees need no steps.
const atOnce = 2000

// SetDelimiter changes what parts the segments of a key. The rows change when [Tree.Step] has dealt with all keys; all branches are
// closed then.
func (t *Tree) SetDelimiter(delimiter string) {
	t.options.Delimiter = delimiter
	t.plan()
	t.Step(atOnce)
}

// SetFlat changes between the tree and the flat list. That is at once in the order by name; a tree with folders first, or an order by
// attribute, first needs [Tree.Step], and shows the list in the order of the tree meanwhile.
func (t *Tree) SetFlat(flat bool) {
	t.flat = flat
	t.plan()
	t.Step(atOnce)
}

// SortBy orders the keys by an attribute, those it is not known of last; nil orders by name again. In the tree it orders the keys
// beside each other, after the branches. A larger value comes later; for the other direction negate it. The tree asks once for each
// key, by its number (see [ID.Number]) and name, in [Tree.Step] and [Tree.Add]: what becomes known later moves no row until SortBy is
// called again. The rows change when [Tree.Step] has dealt with all keys.
func (t *Tree) SortBy(value func(number int, key string) (value int64, known bool)) {
	t.value, t.ranking = value, 0
	if value != nil {
		t.rankers++
		t.ranking = t.rankers
	}
	t.plan()
	t.Step(atOnce)
}

// SetFilter shows only the keys that match, and those branches that hold any; nil shows all. Keys not yet looked at by [Tree.Step]
// stay as they were, keys that are added are looked at. match must not call the tree.
func (t *Tree) SetFilter(match func(key string) bool) {
	t.match, t.filterAt, t.filterTo = match, 0, t.keys.made
	t.Step(atOnce)
}

// Step goes on with what the setters left to do, for about n keys at some two microseconds each. It reports whether all is done.
func (t *Tree) Step(n int) (done bool) {
	n = t.judge(n)
	t.fill(n)
	return t.next == nil && t.filterAt >= t.filterTo
}

// Progress tells how far [Tree.Step] is with its keys, from 0 to 1.
func (t *Tree) Progress() float64 {
	done, all := t.filterAt, t.filterTo
	if t.next != nil {
		done, all = done+int(t.nextAt), all+t.keys.made
	}
	if all == 0 {
		return 1
	}
	return float64(done) / float64(all)
}

// judge asks the filter about up to n keys and returns what is left of n.
func (t *Tree) judge(n int) int {
	if t.match == nil && t.keys.hidden == 0 {
		t.filterAt = t.filterTo
	}
	for ; n > 0 && t.filterAt < t.filterTo; n-- {
		id := small(t.filterAt)
		t.filterAt++
		if !t.keys.is(id, gone) {
			key := t.keys.key(id)
			n -= len(key) / longName
			t.hide(id, t.match != nil && !t.match(key))
		}
	}
	return max(n, 0)
}

// longName is how many bytes of a name take about as long as a key does beside them.
const longName = 256

func (t *Tree) hide(id uint32, on bool) {
	if !t.keys.set(id, hidden, on) {
		return
	}
	change := weight{1, 1}
	if on {
		change = weight{}.minus(change)
	}
	for _, ix := range [3]*index{t.names, t.view, t.next} {
		if t.has(ix, id) {
			ix.toLeaf(id)
			ix.add(len(ix.hops), change, 0)
		}
	}
}

// fill puts up to n keys into the next index, and into its successor when it is complete.
func (t *Tree) fill(n int) {
	for t.next != nil {
		if int(t.nextAt) >= t.keys.made {
			t.install()
			continue
		}
		if n <= 0 {
			return
		}
		n--
		if !t.keys.is(t.nextAt, gone) {
			t.include(t.next, t.nextAt)
		}
		t.nextAt++
	}
}

func (t *Tree) install() {
	if t.next.shape == t.nameShape() {
		t.names = t.next
	} else {
		t.dropView()
		t.view = t.next
		t.view.foldLike(t.names)
	}
	t.next = nil
	t.plan()
}

// plan finds out which index is missing for what is wanted now, and begins it. One that is not wanted any more goes at once.
func (t *Tree) plan() {
	target := t.nameShape()
	if t.names.shape == target {
		want, needed := t.viewShape()
		if !needed {
			t.dropView()
		}
		if !needed || t.view != nil && t.view.shape == want {
			t.next = nil
			return
		}
		target = want
	}
	if t.next == nil || t.next.shape != target {
		t.next, t.nextAt = newIndex(t.keys, target, t.fanout, t.tag()), 0
		if target.delimiter == t.names.delimiter {
			t.next.openAll, t.next.reopen = t.names.openAll, t.names.reopen
		}
	}
}

// dropView makes the order by name remember which branches are open.
func (t *Tree) dropView() {
	if t.view != nil {
		t.names.foldLike(t.view)
	}
	t.view = nil
}

func (t *Tree) nameShape() shape {
	return shape{delimiter: t.options.Delimiter, foldersFirst: t.options.FoldersFirst && t.options.Delimiter != ""}
}

// viewShape is the order of the rows; it needs an index of its own unless the order by name shows the same.
func (t *Tree) viewShape() (want shape, needed bool) {
	want = shape{ranking: t.ranking}
	if !t.flat {
		want.delimiter = t.options.Delimiter
	}
	return want, t.ranking != 0 || t.flat && t.nameShape().foldersFirst
}
