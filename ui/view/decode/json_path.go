package decode

import (
	"slices"
	"strconv"
	"strings"
)

// Path returns the path to what a line of a JSON document shows, as the JSON module of servers takes it: $.orders[0]["a b"]. It is "$" for
// what is the document as a whole, and empty where the document is no JSON.
func (d Document) Path(i int) string {
	rows, ok := d.rows.(*jsonRows)
	if !ok || i < 0 || i >= len(rows.rows) {
		return ""
	}
	var steps []string
	for i = rows.head(i); i >= 0 && rows.rows[i].indent > 0; {
		step, opener := rows.step(i)
		steps = append(steps, step)
		i = opener
	}
	slices.Reverse(steps)
	return "$" + strings.Join(steps, "")
}

// head is the row that begins what a row ends or goes on with.
func (r *jsonRows) head(i int) int {
	for i > 0 && r.rows[i].inside != markEnd {
		i--
	}
	if !r.closes(i) {
		return i
	}
	for j := i - 1; j >= 0; j-- {
		if int(r.rows[j].fold) == i {
			return j
		}
	}
	return i
}

// closes reports whether a row is a bracket that closes what another row opened.
func (r *jsonRows) closes(i int) bool {
	c := r.data[r.rows[i].start]
	return r.rows[i].inside == markEnd && (c == '}' || c == ']')
}

// step is how a member or an element is found in what it is in, and the row that opens that.
func (r *jsonRows) step(i int) (step string, opener int) {
	row := r.rows[i]
	before := 0
	for opener = i - 1; opener >= 0 && r.rows[opener].indent >= row.indent; opener-- {
		if r.rows[opener].indent == row.indent && r.rows[opener].inside == markEnd && !r.closes(opener) {
			before++
		}
	}
	if !row.named {
		return "[" + strconv.Itoa(before) + "]", opener
	}
	return nameStep(r.data[row.start:row.end]), opener
}

// nameStep is the step to a member, from the row that begins with its name.
func nameStep(row []byte) string {
	end := 1
	for end < len(row) && row[end] != '"' {
		n := 1
		if row[end] == '\\' {
			n, _ = escapeLength(row[end:])
		}
		end += n
	}
	name := string(row[1:min(end, len(row))])
	plain := name != "" && (name[0] < '0' || name[0] > '9') && strings.IndexFunc(name, func(c rune) bool {
		return c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	}) < 0
	if plain {
		return "." + name
	}
	return `["` + name + `"]`
}
