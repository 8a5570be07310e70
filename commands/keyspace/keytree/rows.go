package keytree

// ID names a row as long as its key or branch exists, wherever it moves. IDs of keys survive every change of delimiter, order and
// filter; IDs of branches end with the delimiter or order they belong to. The zero ID names nothing.
type ID uint64

const tagBits = 32

func newID(tag, ref uint32) ID { return ID(tag)<<tagBits | ID(ref) }

func (id ID) tag() uint32 { return uint32(id >> tagBits) }

func (id ID) ref() uint32 { return uint32(id & (1<<tagBits - 1)) }

// Number is the number of a key: keys are counted from 0 in the order of their arrival, those removed since included. Branches have none.
func (id ID) Number() (number int, ok bool) {
	return int(id.ref()), id != 0 && id.ref()&branchBit == 0
}

// Row is one line of the tree or list.
type Row struct {
	ID    ID
	Depth int // branches above it; 0 in a flat list
	// Label is what the row adds to the branch above: one segment, or several when there is nothing else to choose between. It is empty
	// for the key a: in the branch a. In a flat list it is the whole key.
	Label string
	// Key is the whole key of a leaf. For a branch it is what all keys below begin with, the delimiter included.
	Key         string
	Branch      bool
	Open        bool
	Count       int // keys below that pass the filter; 1 for a key
	Node        int // the master that a key came from
	Marked      bool
	MarkedBelow int // marked keys below a branch, those that the filter hides included
}

// window collects rows from the first ones wanted until it has enough.
type window struct {
	*index
	flat bool
	skip int
	left int
	rows []Row
}

// size is how many rows w stands for.
func (w *window) size(of weight) int {
	if w.flat {
		return int(of.keys)
	}
	return int(of.rows)
}

func (w *window) page(p *page, base, depth int) {
	for i := range p.kids {
		if w.left == 0 {
			return
		}
		if n := w.size(p.kids[i].weight); n <= w.skip {
			w.skip -= n
			continue
		}
		w.page(p.kids[i].page, base, depth)
	}
	for _, e := range p.entries {
		if w.left == 0 {
			return
		}
		if n := w.size(w.weigh(e)); n <= w.skip {
			w.skip -= n
			continue
		}
		w.child(e, base, depth)
	}
}

func (w *window) child(e entry, base, depth int) {
	if !e.isBranch() {
		w.put(w.leaf(e.ref, base, depth))
		return
	}
	br := w.at(e.branch())
	if w.flat {
		w.page(&br.page, 0, 0)
		return
	}
	if w.skip > 0 {
		w.skip--
	} else {
		w.put(w.branch(e.branch(), base, depth))
	}
	if br.open {
		w.page(&br.page, int(br.end), depth+1)
	}
}

func (w *window) put(r Row) {
	w.rows = append(w.rows, r)
	w.left--
}

func (w *window) leaf(id uint32, base, depth int) Row {
	key, r := w.keys.key(id), w.keys.at(id)
	return Row{
		ID: newID(w.keys.tag, id), Depth: depth, Label: key[base:], Key: key,
		Count: 1, Node: int(r.node), Marked: r.state&marked != 0,
	}
}

func (w *window) branch(b uint32, base, depth int) Row {
	br, prefix := w.at(b), w.prefix(b)
	return Row{
		ID: newID(w.tag, b|branchBit), Depth: depth, Label: prefix[base : len(prefix)-len(w.delimiter)], Key: prefix,
		Branch: true, Open: br.open, Count: int(br.below.keys), MarkedBelow: int(br.marked),
	}
}

// position is the row where the last walk ended; false says that a closed branch hides it, whose row is told instead.
func (ix *index) position(flat bool) (row int, visible bool) {
	var sum weight
	for i, h := range ix.hops {
		if i > 0 && !flat {
			br := ix.at(h.branch)
			if !br.open {
				return int(sum.rows), false
			}
			if br.below.keys > 0 {
				sum.rows++
			}
		}
		way := ix.way(i)
		for _, s := range way {
			for k := range s.page.kids[:min(s.at, len(s.page.kids))] {
				sum = sum.plus(s.page.kids[k].weight)
			}
		}
		leaf := way[len(way)-1]
		for _, e := range leaf.page.entries[:leaf.at] {
			sum = sum.plus(ix.weigh(e))
		}
	}
	if flat {
		return int(sum.keys), true
	}
	return int(sum.rows), true
}

// RowCount is how many rows there are to show.
func (t *Tree) RowCount() int {
	if t.flat {
		return int(t.shown().at(root).below.keys)
	}
	return int(t.shown().at(root).below.rows)
}

// Rows returns up to n rows from the given one on. Labels and keys share memory with the tree and stay valid.
func (t *Tree) Rows(from, n int) []Row {
	n = min(n, t.RowCount()-max(from, 0))
	if n <= 0 {
		return nil
	}
	w := window{index: t.shown(), flat: t.flat, skip: max(from, 0), left: n, rows: make([]Row, 0, n)}
	w.page(&w.at(root).page, 0, 0)
	return w.rows
}

// IndexOf returns the row of an ID. When the row is not on show, visible is false and row is where it would be: the closed branch
// around it, or the place that the filter took it from. For an ID whose key or branch is no more, row is -1.
func (t *Tree) IndexOf(id ID) (row int, visible bool) {
	ix := t.shown()
	ref, ok := t.resolve(id)
	if !ok {
		return -1, false
	}
	if ref&branchBit == 0 {
		ix.toLeaf(ref)
		row, visible = ix.position(t.flat)
		return row, visible && !t.keys.is(ref, hidden)
	}
	ix.toBranch(ref &^ branchBit)
	row, visible = ix.position(t.flat)
	return row, visible && !t.flat && ix.at(ref&^branchBit).below.keys > 0
}

// Find returns the row of a key, as [Tree.IndexOf] does; ok says whether the key is loaded.
func (t *Tree) Find(key string) (id ID, row int, ok bool) {
	a := t.names.walk(key, 0, nowhere)
	if !a.found {
		return 0, -1, false
	}
	id = newID(t.keys.tag, a.entry.ref)
	row, _ = t.IndexOf(id)
	return id, row, true
}

// FindBranch returns the first branch whose keys all begin with prefix, which ends with the delimiter.
func (t *Tree) FindBranch(prefix string) (id ID, ok bool) {
	ix := t.shown()
	if prefix == "" || t.flat {
		return 0, false
	}
	a := ix.walk(prefix, 0, nowhere)
	if a.branch != root && int(ix.at(a.branch).end) == len(prefix) {
		return newID(ix.tag, a.branch|branchBit), true
	}
	if a.met && a.entry.isBranch() && len(ix.text(a.entry)) > len(prefix) && ix.text(a.entry)[:len(prefix)] == prefix {
		return newID(ix.tag, a.entry.ref), true
	}
	return 0, false
}

// Parent returns the branch around a row; false for rows at the top and in a flat list.
func (t *Tree) Parent(id ID) (parent ID, ok bool) {
	ref, ok := t.resolve(id)
	if !ok || t.flat {
		return 0, false
	}
	ix := t.shown()
	b := ix.around(ref)
	if b == root {
		return 0, false
	}
	return newID(ix.tag, b|branchBit), true
}
