package tomlfile

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// Document is a TOML text that was understood. It does not change: editing returns another one.
type Document struct {
	file    string
	text    []byte
	tree    map[string]any
	entries []entry
	headers []header
}

// entry is one key with its value, at the outside or within an inline table.
type entry struct {
	path       []string
	start, end int // of key and value, without the comment behind
	value      int // where the value begins; it ends at end
	within     int // the entry of the inline table it is in, or outside
	// header is the table it stands under: an index of headers, or outside.
	header  int
	isTable bool // the value is an inline table
	listed  bool // it stands under a [[header]], where nothing is edited
}

// header is a [table] line.
type header struct {
	path       []string
	start, end int // of the whole line, with its line break
	key        int // where its name begins
	list       bool
}

// outside tells that an entry is in no inline table, or under no header.
const outside = -1

// Leaf is a key with its value. Tables are no leaves, except empty ones, whose value is an empty map.
type Leaf struct {
	Path  []string
	Value any // string, int64, float64, bool, a time, []any, or an empty map
	At    Position
}

// Key returns the path in its dotted form, as a TOML file has it.
func (l Leaf) Key() string { return Dotted(l.Path) }

// Dotted returns a path as a dotted key, with quotes where TOML needs them.
func Dotted(path []string) string {
	parts := make([]string, len(path))
	for i, part := range path {
		parts[i] = encodeKey(part)
	}
	return strings.Join(parts, ".")
}

// Parse reads a TOML text. The name of the file is for positions only. Its error is a [Fault].
func Parse(file string, text []byte) (Document, error) {
	d := Document{file: file, text: bytes.Clone(text), tree: map[string]any{}}
	if at := invalidUTF8(text); at >= 0 {
		return Document{}, Fault{At: d.position(at), Text: "this is no UTF-8 text"}
	}
	if err := toml.Unmarshal(d.text, &d.tree); err != nil {
		fault := Fault{At: Position{File: file}, Text: strings.TrimPrefix(err.Error(), "toml: ")}
		if decoding, ok := errors.AsType[*toml.DecodeError](err); ok {
			fault.At.Line, fault.At.Column = decoding.Position()
		}
		return Document{}, fault
	}
	d.locate()
	return d, nil
}

func invalidUTF8(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// Bytes returns the text.
func (d Document) Bytes() []byte { return bytes.Clone(d.text) }

// locate finds where the keys are in a text that is known to be valid.
func (d *Document) locate() {
	p := unstable.Parser{}
	p.Reset(d.text)
	under, list := []string(nil), false
	for p.NextExpression() {
		switch node := p.Expression(); node.Kind {
		case unstable.Table, unstable.ArrayTable:
			path, key, _ := keyOf(node)
			under = path
			list = node.Kind == unstable.ArrayTable || list && d.isListed(path)
			d.headers = append(d.headers, header{
				path: path, key: key, list: list, start: d.lineStart(key), end: d.lineEnd(key),
			})
		case unstable.KeyValue:
			d.addEntry(node, under, outside, list)
		default:
		}
	}
}

// isListed reports whether a table is below one of a list of tables.
func (d *Document) isListed(path []string) bool {
	return slices.ContainsFunc(d.headers, func(h header) bool { return h.list && isBelow(path, h.path) })
}

// addEntry adds a key, and those of the inline table that is its value.
func (d *Document) addEntry(node *unstable.Node, under []string, within int, listed bool) {
	key, _, keyEnd := keyOf(node)
	path := slices.Concat(under, key)
	start := int(node.Raw.Offset)
	value := keyEnd + bytes.IndexByte(d.text[keyEnd:], '=') + 1
	for d.text[value] == ' ' || d.text[value] == '\t' {
		value++
	}
	e := entry{
		path: path, start: start, end: start + int(node.Raw.Length), value: value,
		within: within, header: len(d.headers) - 1, isTable: node.Value().Kind == unstable.InlineTable, listed: listed,
	}
	d.entries = append(d.entries, e)
	if !e.isTable {
		return
	}
	at := len(d.entries) - 1
	for children := node.Value().Children(); children.Next(); {
		if child := children.Node(); child.Kind == unstable.KeyValue {
			d.addEntry(child, path, at, listed)
		}
	}
}

// keyOf returns the key of a node, decoded, and where it begins and ends.
func keyOf(node *unstable.Node) (path []string, start, end int) {
	start = -1
	for it := node.Key(); it.Next(); {
		part := it.Node()
		if start < 0 {
			start = int(part.Raw.Offset)
		}
		end = int(part.Raw.Offset + part.Raw.Length)
		path = append(path, string(part.Data))
	}
	return path, start, end
}

// Leaves returns all values with their keys, in the order of the file. A list of tables is one leaf.
func (d Document) Leaves() []Leaf {
	var leaves []Leaf
	for i, h := range d.headers {
		switch below := d.below(h.path); {
		case h.list && !slices.ContainsFunc(d.headers[:i], func(earlier header) bool { return isBelow(h.path, earlier.path) && earlier.list }),
			!h.list && !below:
			leaves = append(leaves, Leaf{Path: h.path, Value: d.at(h.path), At: d.position(h.key)})
		}
	}
	for i, e := range d.entries {
		hasEntries := slices.ContainsFunc(d.entries[i+1:], func(inner entry) bool { return inner.within == i })
		if !e.listed && !hasEntries {
			leaves = append(leaves, Leaf{Path: e.path, Value: d.at(e.path), At: d.position(e.start)})
		}
	}
	slices.SortStableFunc(leaves, func(a, b Leaf) int { return a.At.compare(b.At) })
	return leaves
}

// below reports whether anything stands under a table.
func (d Document) below(table []string) bool {
	table2 := func(path []string) bool { return len(path) > len(table) && isBelow(path, table) }
	return slices.ContainsFunc(d.entries, func(e entry) bool { return table2(e.path) }) ||
		slices.ContainsFunc(d.headers, func(h header) bool { return table2(h.path) })
}

func (p Position) compare(other Position) int {
	if p.Line != other.Line {
		return p.Line - other.Line
	}
	return p.Column - other.Column
}

// At returns the place of a key or table, and whether there is one.
func (d Document) At(path ...string) (Position, bool) {
	for _, e := range d.entries {
		if slices.Equal(e.path, path) {
			return d.position(e.start), true
		}
	}
	for _, h := range d.headers {
		if slices.Equal(h.path, path) {
			return d.position(h.key), true
		}
	}
	return Position{File: d.file}, false
}

// Value returns the value of a key, and whether there is one. A table is a map[string]any.
func (d Document) Value(path ...string) (any, bool) {
	value := d.at(path)
	return value, value != nil
}

// at returns the value at a path; nil when there is none.
func (d Document) at(path []string) any {
	var value any = d.tree
	for _, part := range path {
		table, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = table[part]
	}
	return value
}

// isBelow reports whether path is table or below it.
func isBelow(path, table []string) bool {
	return len(path) >= len(table) && slices.Equal(path[:len(table)], table)
}

// position turns an offset into line and column.
func (d Document) position(offset int) Position {
	before := d.text[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return Position{File: d.file, Line: 1 + bytes.Count(before, []byte{'\n'}), Column: 1 + utf8.RuneCount(before[start:])}
}

func (d Document) lineStart(offset int) int { return bytes.LastIndexByte(d.text[:offset], '\n') + 1 }

// lineEnd returns where the line of an offset ends, its line break included.
func (d Document) lineEnd(offset int) int {
	if i := bytes.IndexByte(d.text[offset:], '\n'); i >= 0 {
		return offset + i + 1
	}
	return len(d.text)
}

// copyTree returns a tree that shares no table with the one it is made of.
func copyTree(tree map[string]any) map[string]any {
	copied := maps.Clone(tree)
	for key, value := range copied {
		if table, ok := value.(map[string]any); ok {
			copied[key] = copyTree(table)
		}
	}
	return copied
}
