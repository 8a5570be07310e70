package tomlfile

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Set returns the document with a value at a path: a string, bool, int, int64 or []string. Where the key is there, only its value
// changes; a new one goes behind the last of its table, and a new table to the end of the file. All other lines stay as they are.
// When the result would not say exactly what the document says plus this value, it is an error, and nothing has happened.
func (d Document) Set(value any, path ...string) (Document, error) {
	if len(path) == 0 {
		return d, errors.New("a value needs a key")
	}
	text, err := d.splice(value, path)
	if err != nil {
		return d, err
	}
	want := copyTree(d.tree)
	if !plant(want, path, plain(value)) {
		return d, d.cannot("set", path, errors.New("part of it is a value, not a table"))
	}
	return d.changed("set", path, text, want)
}

// Unset returns the document without a key, or without a table and all that is in it. A document that does not have it is returned as
// it is. Comments above the key stay.
func (d Document) Unset(path ...string) (Document, error) {
	if d.at(path) == nil || len(path) == 0 {
		return d, nil
	}
	want := copyTree(d.tree)
	uproot(want, path)
	return d.changed("remove", path, d.without(path), want)
}

// changed parses the changed text and holds it against what it is to say.
func (d Document) changed(what string, path []string, text []byte, want map[string]any) (Document, error) {
	after, err := Parse(d.file, text)
	if err != nil {
		return d, d.cannot(what, path, errors.New("this file is written in a way that it cannot be added to"))
	}
	if !reflect.DeepEqual(pruned(after.tree), pruned(want)) {
		return d, d.cannot(what, path, errors.New("other keys would change with it"))
	}
	return after, nil
}

func (d Document) cannot(what string, path []string, err error) error {
	return fmt.Errorf("%s: cannot %s %s: %w; edit the file by hand", d.file, what, Dotted(path), err)
}

// splice returns the text with a value put in.
func (d Document) splice(value any, path []string) ([]byte, error) {
	if i := slices.IndexFunc(d.entries, func(e entry) bool { return slices.Equal(e.path, path) && !e.listed }); i >= 0 {
		e := d.entries[i]
		encoded, err := encodeValue(value, e.within == outside && !d.hasCRLF())
		if err != nil {
			return nil, err
		}
		return d.replaced(e.value, e.end, encoded), nil
	}
	container, table := d.inlineTable(path)
	encoded, err := encodeValue(value, container == outside && !d.hasCRLF())
	if err != nil {
		return nil, err
	}
	if container != outside {
		return d.intoInline(container, Dotted(path[len(table):])+" = "+encoded), nil
	}
	at, under, found := d.place(path)
	line := d.lineBreaks(Dotted(path[len(under):]) + " = " + encoded + "\n")
	if !found {
		name, key := path[:len(path)-1], path[len(path)-1:]
		line = d.lineBreaks("[" + Dotted(name) + "]\n" + Dotted(key) + " = " + encoded + "\n")
		if len(bytes.TrimSpace(d.text)) > 0 {
			line = d.lineBreaks("\n") + line
		}
	}
	if at > 0 && d.text[at-1] != '\n' {
		line = d.lineBreaks("\n") + line
	}
	return d.replaced(at, at, line), nil
}

// place returns where a new key goes, under which table that is, and whether there is that table.
func (d Document) place(path []string) (at int, under []string, found bool) {
	table := path[:len(path)-1]
	if h := slices.IndexFunc(d.headers, func(h header) bool { return slices.Equal(h.path, table) && !h.list }); h >= 0 {
		return d.endOf(h), table, true
	}
	// Beside keys that make the same table by dots: tls.ca = ...
	for i := len(d.entries) - 1; len(table) > 0 && i >= 0; i-- {
		if e := d.entries[i]; e.within == outside && !e.listed && isBelow(e.path, table) {
			if e.header == outside {
				return d.lineEnd(e.end), nil, true
			}
			if h := d.headers[e.header]; len(h.path) < len(table) {
				return d.lineEnd(e.end), h.path, true
			}
		}
	}
	if len(table) == 0 {
		return d.endOfRoot(), nil, true
	}
	return len(d.text), nil, false
}

// endOf returns the end of the last key under a header.
func (d Document) endOf(h int) int {
	end := d.headers[h].end
	for _, e := range d.entries {
		if e.header == h && e.within == outside {
			end = max(end, d.lineEnd(e.end))
		}
	}
	return end
}

// endOfRoot returns the end of the last key before any table. Without one it is the place behind the comment that opens the file.
func (d Document) endOfRoot() int {
	end := 0
	for _, e := range d.entries {
		if e.header == outside && e.within == outside {
			end = max(end, d.lineEnd(e.end))
		}
	}
	if end > 0 {
		return end
	}
	limit := len(d.text)
	if len(d.headers) > 0 {
		limit = d.headers[0].start
	}
	// A comment that a blank line parts from the first table is the file's; one that does not is the table's.
	for at := 0; at < limit; at = d.lineEnd(at) {
		if len(bytes.TrimSpace(d.text[at:d.lineEnd(at)])) == 0 {
			return at
		}
	}
	if len(d.headers) == 0 {
		return limit
	}
	return 0
}

// inlineTable returns the innermost inline table that a new key belongs to, or outside.
func (d Document) inlineTable(path []string) (container int, table []string) {
	container = outside
	for i, e := range d.entries {
		if e.isTable && !e.listed && len(e.path) < len(path) && isBelow(path, e.path) && len(e.path) > len(table) {
			container, table = i, e.path
		}
	}
	return container, table
}

// intoInline returns the text with a key added to an inline table.
func (d Document) intoInline(container int, pair string) []byte {
	e := d.entries[container]
	closing := e.end - 1
	last := bytes.TrimRight(d.text[e.value+1:closing], " \t")
	at := e.value + 1 + len(last)
	switch {
	case len(last) == 0:
		return d.replaced(e.value+1, closing, " "+pair+" ")
	case last[len(last)-1] == ',':
		return d.replaced(at, at, " "+pair)
	}
	return d.replaced(at, at, ", "+pair)
}

// span is a part of the text.
type span struct{ start, end int }

// without returns the text without a key or table.
func (d Document) without(path []string) []byte {
	var gone []span
	for _, h := range d.headers {
		if isBelow(h.path, path) {
			gone = append(gone, span{h.start, h.end})
		}
	}
	for _, e := range d.entries {
		switch {
		case !isBelow(e.path, path):
		case e.within == outside:
			gone = append(gone, span{d.lineStart(e.start), d.lineEnd(e.end)})
		case !isBelow(d.entries[e.within].path, path): // else it goes with its table
			gone = append(gone, d.inlineSpan(e))
		}
	}
	slices.SortFunc(gone, func(a, b span) int { return b.start - a.start })
	text := bytes.Clone(d.text)
	for _, s := range gone {
		text = slices.Delete(text, s.start, s.end)
	}
	return text
}

// inlineSpan returns what goes with a key of an inline table: one comma, too.
func (d Document) inlineSpan(e entry) span {
	closing := d.entries[e.within].end - 1
	after := e.end + countBlank(d.text[e.end:closing])
	if after < closing && d.text[after] == ',' {
		after++
		return span{e.start, after + countBlank(d.text[after:closing])}
	}
	before := len(bytes.TrimRight(d.text[:e.start], " \t"))
	if d.text[before-1] == ',' {
		return span{before - 1, e.end}
	}
	return span{e.start, e.end}
}

func countBlank(text []byte) int { return len(text) - len(bytes.TrimLeft(text, " \t")) }

func (d Document) replaced(start, end int, with string) []byte {
	return slices.Concat(d.text[:start], []byte(with), d.text[end:])
}

// hasCRLF reports whether lines end as on Windows. A text of several lines would get its line breaks, too.
func (d Document) hasCRLF() bool {
	i := bytes.IndexByte(d.text, '\n')
	return i > 0 && d.text[i-1] == '\r'
}

// lineBreaks gives text the line breaks that the document has.
func (d Document) lineBreaks(text string) string {
	if d.hasCRLF() {
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

// plain returns a value as the parser returns it.
func plain(value any) any {
	switch v := value.(type) {
	case int:
		return int64(v)
	case []string:
		list := make([]any, len(v))
		for i, text := range v {
			list[i] = text
		}
		return list
	}
	return value
}

// plant puts a value into a tree, unless a value is in the way.
func plant(tree map[string]any, path []string, value any) bool {
	for _, part := range path[:len(path)-1] {
		if tree[part] == nil {
			tree[part] = map[string]any{}
		}
		table, ok := tree[part].(map[string]any)
		if !ok {
			return false
		}
		tree = table
	}
	last := path[len(path)-1]
	if _, ok := tree[last].(map[string]any); ok {
		return false
	}
	tree[last] = value
	return true
}

// uproot takes a value or table out of a tree.
func uproot(tree map[string]any, path []string) {
	for _, part := range path[:len(path)-1] {
		table, ok := tree[part].(map[string]any)
		if !ok {
			return
		}
		tree = table
	}
	delete(tree, path[len(path)-1])
}

// pruned returns a tree without the tables that hold nothing: they say nothing, and dots make and unmake them.
func pruned(tree map[string]any) map[string]any {
	kept := map[string]any{}
	for key, value := range tree {
		table, ok := value.(map[string]any)
		if ok {
			table = pruned(table)
			value = table
		}
		if !ok || len(table) > 0 {
			kept[key] = value
		}
	}
	return kept
}
