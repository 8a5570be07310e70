package keytree

import (
	"cmp"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
)

// model says what a tree shows, worked out anew each time from a plain set of keys.
type model struct {
	Options
	keys    map[string]modelKey
	open    map[string]bool // branches, by prefix
	openAll bool
	reopen  map[string]bool // branches open before Reset
	value   func(string) (int64, bool)
	match   func(string) bool
}

type modelKey struct {
	node   int
	marked bool
	unseen bool // since Renew
}

func (m *model) segments(key string) []string {
	if m.Delimiter == "" {
		return []string{key}
	}
	return strings.Split(key, m.Delimiter)
}

// branches is every prefix at which two keys part.
func (m *model) branches() map[string]bool {
	set := map[string]bool{}
	for a := range m.keys {
		for b := range m.keys {
			x, y := m.segments(a), m.segments(b)
			prefix := ""
			for i := 0; i < len(x)-1 && i < len(y)-1 && x[i] == y[i]; i++ {
				prefix += x[i] + m.Delimiter
			}
			if a != b && prefix != "" {
				set[prefix] = true
			}
		}
	}
	return set
}

// settle gives branches that are new since the last time their state.
func (m *model) settle() {
	now := map[string]bool{}
	for prefix := range m.branches() {
		open, known := m.open[prefix]
		if !known {
			open = m.openAll || m.reopen[prefix]
			longest := math.MaxInt
			for old, was := range m.open {
				if strings.HasPrefix(old, prefix) && len(old) < longest {
					longest, open = len(old), was || m.openAll || m.reopen[prefix]
				}
			}
		}
		now[prefix] = open
	}
	m.open = now
}

func (m *model) add(key string, node int) {
	known, ok := m.keys[key]
	m.keys[key] = modelKey{node: node, marked: known.marked}
	if !ok {
		m.settle()
	}
}

func (m *model) remove(key string) {
	delete(m.keys, key)
	m.settle()
}

func (m *model) shows(key string) bool { return m.match == nil || m.match(key) }

func (m *model) rank(key string) int64 {
	if m.value != nil {
		if v, ok := m.value(key); ok {
			return v
		}
	}
	return math.MaxInt64
}

func (m *model) rows() []Row {
	keys := slices.Collect(maps.Keys(m.keys))
	if m.Flat && (m.value != nil || m.FoldersFirst) {
		slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(m.rank(a), m.rank(b)), natural(a, b)) })
	} else {
		slices.SortFunc(keys, m.compare)
	}
	return m.below(keys, "", 0)
}

// compare orders two keys in the tree.
func (m *model) compare(a, b string) int {
	x, y := m.segments(a), m.segments(b)
	i := 0
	for i < len(x)-1 && i < len(y)-1 && x[i] == y[i] {
		i++
	}
	endX, endY := i == len(x)-1, i == len(y)-1
	first := -1
	if m.FoldersFirst || m.value != nil {
		if endX != endY {
			if endX {
				return 1
			}
			return -1
		}
		if endX && m.value != nil {
			if c := cmp.Compare(m.rank(a), m.rank(b)); c != 0 {
				return c
			}
		}
	}
	if c := natural(x[i], y[i]); c != 0 {
		return c
	}
	if endX == endY {
		return 0
	}
	if endX {
		return first
	}
	return 1
}

// below is the rows of sorted keys that share a prefix.
func (m *model) below(keys []string, prefix string, depth int) (rows []Row) {
	for len(keys) > 0 {
		key := keys[0]
		branch := ""
		for p := range m.open {
			if !m.Flat && len(p) > len(prefix) && strings.HasPrefix(key, p) && (branch == "" || len(p) < len(branch)) {
				branch = p
			}
		}
		n := 1
		if branch == "" {
			if m.shows(key) {
				k := m.keys[key]
				rows = append(rows, Row{Depth: depth, Label: key[len(prefix):], Key: key, Count: 1, Node: k.node, Marked: k.marked})
			}
			keys = keys[1:]
			continue
		}
		for n < len(keys) && strings.HasPrefix(keys[n], branch) {
			n++
		}
		row := Row{
			Depth: depth, Label: branch[len(prefix) : len(branch)-len(m.Delimiter)], Key: branch,
			Branch: true, Open: m.open[branch],
		}
		for _, k := range keys[:n] {
			if m.shows(k) {
				row.Count++
			}
			if m.keys[k].marked {
				row.MarkedBelow++
			}
		}
		if row.Count > 0 {
			rows = append(rows, row)
			if row.Open {
				rows = append(rows, m.below(keys[:n], branch, depth+1)...)
			}
		}
		keys = keys[n:]
	}
	return rows
}

// tape makes decisions from the bytes of a fuzzer.
type tape []byte

func (t *tape) next(n int) int {
	if len(*t) == 0 {
		return 0
	}
	b := (*t)[0]
	*t = (*t)[1:]
	return int(b) % n
}

func (t *tape) key() string {
	if t.next(3) > 0 { // deep and narrow
		var key strings.Builder
		for range t.next(6) {
			key.WriteString([...]string{"a:", "b:", "a:"}[t.next(3)])
		}
		return key.String() + [...]string{"", "1", "2"}[t.next(3)]
	}
	parts := [...]string{"a", ":", "b", "::", "7", "07", "10", "-", "/", "a:", "\x00", "\xff", "", "ab", "long_beginning_", ":long_beginning_9"}
	var key strings.Builder
	for range t.next(6) {
		key.WriteString(parts[t.next(len(parts))])
	}
	return key.String()
}

// pair is a tree and the model of it.
type pair struct {
	*testing.T
	tree  *Tree
	model model
	// settled says that the tree has no steps left, so that it must show what the model does.
	settled bool
	parted  string // the delimiter that the branches in the model are of
}

func newPair(t *testing.T, tape *tape) *pair {
	t.Helper()
	options := Options{Delimiter: delimiter(tape), Flat: tape.next(4) == 1, FoldersFirst: tape.next(2) == 1}
	return &pair{
		T: t, tree: newTree(options, fanout{entries: 4 + tape.next(4), kids: 3}), settled: true, parted: options.Delimiter,
		model: model{Options: options, keys: map[string]modelKey{}, open: map[string]bool{}, reopen: map[string]bool{}},
	}
}

func delimiter(tape *tape) string { return [...]string{":", ":", "::", "", "/", "a:"}[tape.next(6)] }

func (p *pair) change(tape *tape) {
	switch tape.next(20) {
	case 0, 1, 2, 3, 4, 5:
		p.add(tape)
	case 6, 7:
		key := tape.key()
		if rows := p.tree.Rows(0, math.MaxInt); len(rows) > 0 && tape.next(4) > 0 {
			keys := p.keysOf(rows[tape.next(len(rows))])
			slices.Sort(keys)
			key = keys[tape.next(len(keys))]
		}
		if _, ok := p.model.keys[key]; p.tree.Remove(key) != ok {
			p.Fatalf("Remove(%q) is not %v", key, ok)
		}
		p.model.remove(key)
	case 8, 9:
		p.fold(tape)
	case 10:
		p.foldAll(tape.next(2) == 0)
	case 11:
		p.model.Delimiter = delimiter(tape)
		p.tree.SetDelimiter(p.model.Delimiter)
	case 12:
		p.model.Flat = !p.model.Flat
		p.tree.SetFlat(p.model.Flat)
	case 13:
		p.sort(tape.next(4))
	case 14:
		p.filter(tape.next(4))
	case 15, 16:
		p.mark(tape)
	case 17:
		switch tape.next(6) {
		case 0, 1:
			p.tree.Reset()
			p.reset()
		case 2:
			kept := maps.Clone(p.model.keys)
			p.tree.ResetUnmarked()
			p.reset()
			for key := range p.tree.Marked() {
				p.model.add(key, kept[key].node)
				p.model.keys[key] = modelKey{node: kept[key].node, marked: kept[key].marked}
			}
			maps.DeleteFunc(kept, func(_ string, k modelKey) bool { return !k.marked })
			if len(kept) != p.tree.Len() {
				p.Fatalf("%d keys stay of %d that are marked", p.tree.Len(), len(kept))
			}
		}
	case 18:
		nodes := [][]int{nil, {1}}[tape.next(2)]
		p.tree.Renew(nodes...)
		for key, k := range p.model.keys {
			k.unseen = k.unseen || nodes == nil || k.node == 1
			p.model.keys[key] = k
		}
	case 19:
		p.sweep()
	}
}

// sweep takes out what did not come again.
func (p *pair) sweep() {
	want, got := 0, 0
	for key, k := range p.model.keys {
		if k.unseen {
			p.model.remove(key)
			want++
		}
	}
	for done := false; !done; {
		var n int
		n, done = p.tree.Sweep(3)
		got += n
	}
	if got != want {
		p.Fatalf("Sweep took out %d keys, not %d", got, want)
	}
}

func (p *pair) reset() {
	if p.parted != p.model.Delimiter {
		p.parted, p.model.openAll, p.model.reopen, p.model.open = p.model.Delimiter, false, map[string]bool{}, nil
	}
	for prefix, open := range p.model.open {
		if open {
			p.model.reopen[prefix] = true
		}
	}
	p.model.keys, p.model.open = map[string]modelKey{}, map[string]bool{}
}

func (p *pair) add(tape *tape) {
	node, added := tape.next(3), 0
	var keys []string
	for range tape.next(4) + 1 {
		key := tape.key()
		keys = append(keys, key)
		if _, ok := p.model.keys[key]; !ok {
			added++
		}
		p.model.add(key, node)
	}
	if got := p.tree.Add(keys, node); got != added {
		p.Fatalf("Add(%q) = %d, want %d", keys, got, added)
	}
}

func (p *pair) fold(tape *tape) {
	rows := p.tree.Rows(0, math.MaxInt)
	if !p.settled || len(rows) == 0 {
		return
	}
	row := rows[tape.next(len(rows))]
	if p.tree.Toggle(row.ID) != row.Branch {
		p.Fatalf("Toggle of %+v is not %v", row, row.Branch)
	}
	if row.Branch {
		p.model.open[row.Key] = !row.Open
		if row.Open {
			delete(p.model.reopen, row.Key)
		}
	}
}

func (p *pair) foldAll(open bool) {
	if !p.settled || p.model.Flat {
		return
	}
	if open {
		p.tree.OpenAll()
	} else {
		p.tree.CloseAll()
	}
	p.model.openAll = open
	clear(p.model.reopen)
	for prefix := range p.model.open {
		p.model.open[prefix] = open
	}
}

func (p *pair) sort(by int) {
	p.model.value = [...]func(string) (int64, bool){
		nil,
		func(key string) (int64, bool) { return int64(len(key)), true },
		func(key string) (int64, bool) { return -int64(len(key)), len(key)%2 == 0 },
		func(key string) (int64, bool) { return math.MinInt64 + int64(len(key)%2), len(key) > 3 },
	}[by]
	value := p.model.value
	if value == nil {
		p.tree.SortBy(nil)
		return
	}
	p.tree.SortBy(func(number int, key string) (int64, bool) {
		if id, _, ok := p.tree.Find(key); ok {
			if n, ok := id.Number(); !ok || n != number {
				p.Fatalf("%q has the number %d, not %d", key, n, number)
			}
		}
		return value(key)
	})
}

func (p *pair) filter(by int) {
	p.model.match = [...]func(string) bool{
		nil,
		func(key string) bool { return strings.Contains(key, "b") },
		func(key string) bool { return len(key)%2 == 0 },
		func(string) bool { return false },
	}[by]
	p.tree.SetFilter(p.model.match)
}

func (p *pair) mark(tape *tape) {
	rows := p.tree.Rows(0, math.MaxInt)
	if !p.settled || len(rows) == 0 {
		return
	}
	on := tape.next(3) > 0
	set := func(keys ...string) {
		for _, key := range keys {
			if k := p.model.keys[key]; p.model.shows(key) {
				k.marked = on
				p.model.keys[key] = k
			}
		}
	}
	from, to := tape.next(len(rows)), tape.next(len(rows))
	switch tape.next(5) {
	case 0:
		p.tree.Mark(rows[from].ID, on)
		set(p.keysOf(rows[from])...)
	case 1:
		p.tree.MarkRange(from, to, on)
		for _, row := range rows[min(from, to) : max(from, to)+1] {
			if !row.Open {
				set(p.keysOf(row)...)
			}
		}
	case 2:
		match := func(key string) bool { return strings.Contains(key, "7") }
		p.tree.MarkAll(match, on)
		for key := range p.model.keys {
			if match(key) {
				set(key)
			}
		}
	case 3:
		p.tree.UnmarkAll()
		for key, k := range p.model.keys {
			k.marked = false
			p.model.keys[key] = k
		}
	case 4:
		n := 0
		for key, k := range p.model.keys {
			k.marked = k.marked != p.model.shows(key)
			if p.model.keys[key] = k; k.marked {
				n++
			}
		}
		if got := p.tree.MarkInvert(); got != n {
			p.Fatalf("MarkInvert leaves %d marked, not %d", got, n)
		}
	}
}

// keysOf is the keys that a row stands for.
func (p *pair) keysOf(row Row) (keys []string) {
	for key := range p.model.keys {
		if key == row.Key && !row.Branch || row.Branch && strings.HasPrefix(key, row.Key) {
			keys = append(keys, key)
		}
	}
	return keys
}

func (p *pair) check() {
	p.Helper()
	tree, rows := p.tree, p.tree.Rows(0, math.MaxInt)
	if tree.RowCount() != len(rows) || tree.Len() != len(p.model.keys) {
		p.Fatalf("%d rows of %d, %d keys of %d", len(rows), tree.RowCount(), tree.Len(), len(p.model.keys))
	}
	var around []ID
	for i, row := range rows {
		if at, visible := tree.IndexOf(row.ID); at != i || !visible {
			p.Fatalf("row %d (%+v) is at %d, visible %v", i, row, at, visible)
		}
		around = append(around[:row.Depth], row.ID)
		parent, ok := tree.Parent(row.ID)
		if ok != (row.Depth > 0) || ok && parent != around[row.Depth-1] {
			p.Fatalf("parent of row %d (%+v) is %x", i, row, parent)
		}
		if row.Branch {
			if id, ok := tree.FindBranch(row.Key); !ok || id != row.ID {
				p.Fatalf("branch %q is %x, want %x", row.Key, id, row.ID)
			}
		}
	}
	if len(rows) > 0 {
		from := len(rows) / 3
		if part := tree.Rows(from, 5); !slices.Equal(part, rows[from:min(from+5, len(rows))]) {
			p.Fatalf("rows from %d: %+v", from, part)
		}
	}
	p.checkKeys(rows)
	p.checkCounts(rows)
	if !p.settled {
		return
	}
	if p.parted != p.model.Delimiter {
		p.parted, p.model.open, p.model.openAll, p.model.reopen = p.model.Delimiter, map[string]bool{}, false, map[string]bool{}
		p.model.settle()
	}
	for i := range rows {
		rows[i].ID = 0
	}
	if want := p.model.rows(); !slices.Equal(rows, want) {
		p.Fatalf("rows\n%s\nwant\n%s", drawing(rows), drawing(want))
	}
}

// checkCounts compares what is counted without looking at the keys with the rows themselves.
func (p *pair) checkCounts(rows []Row) {
	p.Helper()
	from, to := len(rows)/4, len(rows)-1
	want := 0
	for i, row := range rows {
		if i >= from && !row.Open {
			want += row.Count
		}
		if !row.Branch {
			continue
		}
		if under := countPairs(p.tree.Under(row.Key)); p.parted == p.tree.names.delimiter && under != row.Count {
			p.Fatalf("%d keys are under %q, not %d", under, row.Key, row.Count)
		}
		sample := p.tree.Sample(row.ID, 3, func(n int64) int64 { return int64(i) % n })
		slices.Sort(sample)
		if len(sample) != min(3, row.Count) || len(slices.Compact(sample)) != min(3, row.Count) {
			p.Fatalf("a sample of %+v is %q", row, sample)
		}
		for _, key := range sample {
			if !strings.HasPrefix(key, row.Key) {
				p.Fatalf("a sample of %+v is %q", row, sample)
			}
		}
	}
	if got := p.tree.InRange(from, to); len(rows) > 0 && got != want {
		p.Fatalf("rows %d to %d stand for %d keys, not %d:\n%s", from, to, got, want, drawing(rows))
	}
	var all []string
	for at := 0; at < p.tree.Numbers(); {
		var keys []string
		keys, _, at = p.tree.Keys(at, 2)
		all = append(all, keys...)
	}
	if len(all) != p.tree.Shown() || len(all) != int(p.tree.shown().at(root).below.keys) {
		p.Fatalf("%d keys of %d that are shown", len(all), p.tree.Shown())
	}
}

func (p *pair) checkKeys(rows []Row) {
	p.checkIndex("names", p.tree.names)
	if p.tree.view != nil {
		p.checkIndex("view", p.tree.view)
	}
	marks := 0
	for key, k := range p.model.keys {
		id, row, ok := p.tree.Find(key)
		if !ok || !p.tree.Contains(key) || row < 0 || row > len(rows) {
			p.Fatalf("%q is not found: %v, row %d of %d, settled %v %+v", key, ok, row, len(rows), p.settled, p.tree.shown().shape)
		}
		if p.settled && p.model.shows(key) && rows[row].ID != id && !slices.Contains(p.keysOf(rows[row]), key) {
			p.Fatalf("%q is at row %d (%+v)", key, row, rows[row])
		}
		if k.marked {
			marks++
		}
	}
	if p.tree.MarkedCount() != marks {
		p.Fatalf("%d marked, want %d", p.tree.MarkedCount(), marks)
	}
	for key := range p.tree.Marked() {
		if !p.model.keys[key].marked {
			p.Fatalf("%q is marked", key)
		}
		marks--
	}
	if marks != 0 {
		p.Fatalf("%d marked keys are not told", marks)
	}
}

// checkIndex finds every key in an index, in order, and all sums as they are when counted anew.
func (p *pair) checkIndex(name string, ix *index) {
	p.Helper()
	n := 0
	ix.keysIn(&ix.at(root).page, 0, 0, func(id uint32) bool {
		n++
		if !ix.toLeaf(id).found {
			p.Fatalf("%s %+v does not find %q", name, ix.shape, ix.keys.key(id))
		}
		return true
	})
	if n != p.tree.Len() {
		p.Fatalf("%s has %d keys of %d", name, n, p.tree.Len())
	}
	for b := range ix.made {
		if br := ix.at(small(b)); !br.merged && br.below != ix.weighPage(&br.page) {
			p.Fatalf("%s: below branch %d are %v, not %v", name, b, ix.weighPage(&br.page), br.below)
		}
	}
}

func countPairs(pairs iter.Seq2[string, int]) (n int) {
	for range pairs {
		n++
	}
	return n
}

func drawing(rows []Row) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Repeat("  ", r.Depth))
		b.WriteString(strings.Join([]string{r.Label, r.Key}, " = "))
		if r.Branch {
			b.WriteString(" branch")
		}
		b.WriteByte('\n')
	}
	return b.String()
}
