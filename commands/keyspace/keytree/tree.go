package keytree

import "strings"

// Options say how a tree begins; each has a setter too, except FoldersFirst.
type Options struct {
	// Delimiter parts the segments of a key; it may have several bytes. Without one there are no branches.
	Delimiter string
	// Flat shows keys only.
	Flat bool
	// FoldersFirst puts the branches before the keys beside them. Otherwise both are ordered together by name, which costs less when
	// switching to a flat list: the order of the tree serves both.
	FoldersFirst bool
}

// Tree is the keys loaded so far and what is shown of them. Make one with [New].
type Tree struct {
	options Options
	flat    bool
	keys    *store
	tags    uint32
	fanout  fanout

	names  *index // by name: tells duplicates, and serves the rows when view is nil
	view   *index // for rows in another order
	next   *index // the successor of names or view; Step has filled it with the keys that arrived before nextAt
	nextAt uint32

	match    func(key string) bool
	filterAt int // Step goes on judging the keys loaded before filterTo from here; Add judges its keys itself
	filterTo int
	sweepAt  int // Sweep goes on with this key

	value   func(number int, key string) (value int64, known bool)
	ranking int // counts SortBy; zero is by name
	rankers int
}

// New returns an empty tree.
func New(options Options) *Tree {
	return newTree(options, fanout{entries: pageEntries, kids: pageKids})
}

func newTree(options Options, size fanout) *Tree {
	t := &Tree{options: options, flat: options.Flat, fanout: size}
	t.names = newIndex(&store{}, t.nameShape(), size, t.tag())
	t.Reset()
	return t
}

// Reset forgets all keys and marks, for loading them anew. Delimiter, order and filter stay, branches that were open are open when they
// come again; all IDs end.
func (t *Tree) Reset() {
	old := t.names
	t.dropView()
	t.keys = &store{tag: t.tag()}
	t.names = newIndex(t.keys, t.nameShape(), t.fanout, t.tag())
	if old.delimiter == t.names.delimiter {
		t.names.openAll, t.names.reopen = old.openAll, old.reopen
		if !old.openAll {
			for b := range old.unlike(false) {
				t.names.reopen[strings.Clone(old.prefix(b))] = true // not the text, which would keep all others in memory
			}
		}
	}
	t.view, t.next, t.filterAt, t.filterTo, t.sweepAt = nil, nil, 0, 0, 0
	t.plan()
	t.Step(0)
}

func (t *Tree) tag() uint32 {
	t.tags++
	return t.tags
}

// Add takes in keys that SCAN returned from a master, node, which may be any small number; of those already loaded it notes where
// they are now. It returns how many were new. The keys are copied. Once 2^31 keys or 16 GiB of names are loaded, no more are taken.
func (t *Tree) Add(keys []string, node int) int {
	added := 0
	for _, key := range keys {
		a := t.names.walk(key, 0, nowhere)
		if a.found {
			t.keys.meet(a.entry.ref, node)
			continue
		}
		id, ok := t.keys.add(key, node)
		if !ok {
			break
		}
		added++
		if t.match != nil && !t.match(key) {
			t.keys.set(id, hidden, true)
		}
		t.names.place(id, a)
		if t.view != nil {
			t.include(t.view, id)
		}
	}
	return added
}

// include puts a loaded key into an index that does not have it.
func (t *Tree) include(ix *index, id uint32) {
	if ix.ranking != 0 && ix.ranking == t.ranking && t.value != nil {
		if v, known := t.value(int(id), t.keys.key(id)); known {
			ix.setRank(id, v)
		}
	}
	ix.place(id, ix.toLeaf(id))
}

// Remove takes out a key that exists no more. It reports whether the key was loaded. Its number and text stay taken until [Tree.Reset].
func (t *Tree) Remove(key string) bool {
	a := t.names.walk(key, 0, nowhere)
	if !a.found {
		return false
	}
	id := a.entry.ref
	t.names.drop(a)
	for _, ix := range [2]*index{t.view, t.next} {
		if t.has(ix, id) {
			ix.drop(ix.toLeaf(id))
		}
	}
	t.keys.set(id, marked, false)
	t.keys.set(id, hidden, false)
	t.keys.set(id, gone, true)
	return true
}

// has tells whether an index holds a key that is loaded: the one being filled holds only the first ones.
func (t *Tree) has(ix *index, id uint32) bool {
	return ix != nil && (ix != t.next || id < t.nextAt)
}

// Contains tells whether a key is loaded.
func (t *Tree) Contains(key string) bool { return t.names.walk(key, 0, nowhere).found }

// Len is how many keys are loaded, those that the filter hides included.
func (t *Tree) Len() int { return t.keys.live }

// Flat tells whether the rows are a flat list.
func (t *Tree) Flat() bool { return t.flat }

// Delimiter is what parts the segments of a key.
func (t *Tree) Delimiter() string { return t.options.Delimiter }

// shown is the index that the rows come from.
func (t *Tree) shown() *index {
	if t.view != nil {
		return t.view
	}
	return t.names
}

// resolve returns the reference of a row in the index shown, if it still exists.
func (t *Tree) resolve(id ID) (ref uint32, ok bool) {
	ref = id.ref()
	if ref&branchBit == 0 {
		return ref, id.tag() == t.keys.tag && int(ref) < t.keys.made && !t.keys.is(ref, gone)
	}
	ix := t.shown()
	b := ref &^ branchBit
	return ref, id.tag() == ix.tag && int(b) < ix.made && !ix.at(b).merged
}
