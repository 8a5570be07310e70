package edit

// StringSet replaces the whole value of a string. The time to live stays.
type StringSet struct{ Value string }

// StringAppend adds to the end of a string. Who else appended meanwhile is a conflict, if the end is no
// longer the one that was seen.
type StringAppend struct{ Value string }

// StringPatch overwrites bytes in the middle of a string, as many as Value has, and leaves the others alone: for strings too large to be
// read whole. Beyond the end it is [*Absent].
type StringPatch struct {
	Offset int64
	Value  string
}

// SketchAdd counts an element into a HyperLogLog. It depends on nothing but that the key is still there; the server refuses strings that
// are none.
type SketchAdd struct{ Element string }

func (SketchAdd) keyType() string    { return typeString }
func (StringSet) keyType() string    { return typeString }
func (StringAppend) keyType() string { return typeString }
func (StringPatch) keyType() string  { return typeString }

func (StringSet) lookups(st State) []lookup {
	if st.Server.Digest && st.Count > MaxText {
		return []lookup{{args: []string{"DIGEST", st.Key}, shape: digest}}
	}
	return []lookup{{args: []string{"GET", st.Key}}}
}

func (StringAppend) lookups(st State) []lookup {
	return []lookup{{args: []string{"GETRANGE", st.Key, decimal(max(0, st.Count-tail)), "-1"}}}
}

func (SketchAdd) lookups(State) []lookup { return nil }

func (c SketchAdd) after(State) Part { return textPart(c.Element) }

func (c SketchAdd) script(now State) [][]string { return one("PFADD", now.Key, c.Element) }

// tail is how much of a string's end is shown, and compared, before something is appended.
const tail = 4096

func (c StringPatch) lookups(st State) []lookup {
	if c.Value == "" {
		return nil
	}
	return []lookup{{args: []string{"GETRANGE", st.Key, decimal(c.Offset), decimal(c.Offset + int64(len(c.Value)) - 1)}}}
}

func (c StringSet) after(State) Part   { return textPart(c.Value) }
func (c StringPatch) after(State) Part { return textPart(c.Value) }

func (c StringAppend) after(read State) Part { return textPart(read.Old.Text + c.Value) }

func (c StringSet) script(now State) [][]string {
	switch {
	case now.Server.KeepTTL:
		return one("SET", now.Key, c.Value, "KEEPTTL")
	case !now.Expires:
		return one("SET", now.Key, c.Value)
	}
	return [][]string{{"SET", now.Key, c.Value}, {"PEXPIREAT", now.Key, decimal(now.At.UnixMilli())}}
}

// ifEqual is the one command that compares and writes, where the server has it.
func (c StringSet) ifEqual(read State) ([]string, bool) {
	if text, held := read.Old.held(); held && read.Server.IfEqual {
		return []string{"SET", read.Key, c.Value, "IFEQ", text, "KEEPTTL"}, true
	}
	if sum := read.Old.Sum; read.Server.Digest && len(sum) > len(digestPrefix) && sum[:len(digestPrefix)] == digestPrefix {
		return []string{"SET", read.Key, c.Value, "IFDEQ", sum[len(digestPrefix):], "KEEPTTL"}, true
	}
	return nil, false
}

func (c StringAppend) script(now State) [][]string { return one("APPEND", now.Key, c.Value) }

func (c StringPatch) possible(now State) error {
	if now.Old.Size != int64(len(c.Value)) {
		return &Absent{now.Key, "byte " + decimal(c.Offset+now.Old.Size)}
	}
	return nil
}

func (c StringPatch) script(now State) [][]string {
	return one("SETRANGE", now.Key, decimal(c.Offset), c.Value)
}
