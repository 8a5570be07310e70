package edit

// ListSet replaces the element at an index. As everywhere here, negative indexes count from the end: -1 is the last.
type ListSet struct {
	Index int64
	Value string
}

// ListPush adds an element at the end, or with Head at the beginning. It depends on nothing but that the list is still there.
type ListPush struct {
	Value string
	Head  bool
}

// ListInsert adds an element before the one at an index, or with After behind it. The element there must still be the one that was
// read. Lists can insert only beside a value, which may occur more than once; so the element is replaced by a mark that occurs nowhere
// else, and put back, in one transaction.
type ListInsert struct {
	Index int64
	After bool
	Value string
}

// ListRemove removes the element at an index, and no other one of the same value.
type ListRemove struct{ Index int64 }

func (ListSet) keyType() string    { return typeList }
func (ListPush) keyType() string   { return typeList }
func (ListInsert) keyType() string { return typeList }
func (ListRemove) keyType() string { return typeList }

func elementLookup(st State, index int64, into target) []lookup {
	return []lookup{{args: []string{"LINDEX", st.Key, decimal(index)}, into: into}}
}

func (c ListSet) lookups(st State) []lookup    { return elementLookup(st, c.Index, intoOld) }
func (c ListPush) lookups(State) []lookup      { return nil }
func (c ListInsert) lookups(st State) []lookup { return elementLookup(st, c.Index, intoOther) }
func (c ListRemove) lookups(st State) []lookup { return elementLookup(st, c.Index, intoOld) }

func (c ListSet) after(State) Part    { return textPart(c.Value) }
func (c ListPush) after(State) Part   { return textPart(c.Value) }
func (c ListInsert) after(State) Part { return textPart(c.Value) }

func (c ListSet) possible(now State) error    { return inList(now, now.Old, c.Index) }
func (c ListRemove) possible(now State) error { return inList(now, now.Old, c.Index) }

func (c ListInsert) possible(now State) error {
	if _, held := now.Other.held(); !held {
		return &TooLarge{now.Key, now.Other.Size}
	}
	return inList(now, now.Other, c.Index)
}

func inList(now State, element Part, index int64) error {
	if !element.Present {
		return &Absent{now.Key, "element " + decimal(index)}
	}
	return nil
}

// fromHead turns an index from the end into one from the beginning.
func fromHead(now State, index int64) int64 {
	if index < 0 {
		index += now.Count
	}
	return index
}

func (c ListSet) script(now State) [][]string {
	return one("LSET", now.Key, decimal(c.Index), c.Value)
}

func (c ListPush) script(now State) [][]string {
	if c.Head {
		return one("LPUSH", now.Key, c.Value)
	}
	return one("RPUSH", now.Key, c.Value)
}

func (c ListInsert) script(now State) [][]string {
	index := fromHead(now, c.Index)
	switch {
	case index == 0 && !c.After:
		return one("LPUSH", now.Key, c.Value)
	case index == now.Count-1 && c.After:
		return one("RPUSH", now.Key, c.Value)
	}
	where, at := "BEFORE", index+1
	if c.After {
		where, at = "AFTER", index
	}
	return [][]string{
		{"LSET", now.Key, decimal(index), mark(now)},
		{"LINSERT", now.Key, where, mark(now), c.Value},
		{"LSET", now.Key, decimal(at), now.Other.Text},
	}
}

func (c ListRemove) script(now State) [][]string {
	switch index := fromHead(now, c.Index); index {
	case 0:
		return one("LPOP", now.Key)
	case now.Count - 1:
		return one("RPOP", now.Key)
	default:
		return [][]string{{"LSET", now.Key, decimal(index), mark(now)}, {"LREM", now.Key, "1", mark(now)}}
	}
}

// mark is a value that no element has.
func mark(st State) string { return "redan:" + st.nonce }

func (c ListRemove) ttlEffect(read State) string { return lastGoes(read, "element") }

func (c ListRemove) removes(now State) string { return now.Key }
