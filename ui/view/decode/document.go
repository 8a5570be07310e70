package decode

// Kind is what a span of text is, for its colour.
type Kind uint8

// The kinds of spans.
const (
	Plain  Kind = iota // text as it is
	Key                // the name of a member
	String             // a string, with its quotes
	Number             // a number
	Bool               // true or false
	Null               // null
	Punct              // brackets, commas, colons
	Dim                // context: the ASCII column of a dump, a count
	Offset             // where a line of a dump begins
	Escape             // stands for bytes that a terminal must not get
	Type               // a word that says what follows: "bin", "timestamp"
)

// Span is text of one kind, fit for a terminal.
type Span struct {
	Text string
	Kind Kind
}

// Line is a line of a document.
type Line struct {
	Indent int // in levels; hostile values have hundreds of thousands
	Spans  []Span
	Fold   int  // the line that closes what this line opens, or -1
	Items  int  // how many elements are between the two
	More   bool // the next line goes on with this one's text: there is no line break in the value
}

// Text returns the line's text without its indent.
func (l Line) Text() string {
	n := 0
	for _, s := range l.Spans {
		n += len(s.Text)
	}
	text := make([]byte, 0, n)
	for _, s := range l.Spans {
		text = append(text, s.Text...)
	}
	return string(text)
}

// Document is a value laid out in lines, none of which is long. Lines are made when they are asked for, from the value's own bytes: a
// document of a million lines costs some 20 bytes a line, a dump nothing at all.
type Document struct{ rows rows }

// rows is what makes a document's lines.
type rows interface {
	count() int
	line(i int) Line
	fold(i int) int
}

// Len returns the number of lines.
func (d Document) Len() int {
	if d.rows == nil {
		return 0
	}
	return d.rows.count()
}

// Line returns a line, counted from 0. It panics where there is none, as a slice does.
func (d Document) Line(i int) Line { return d.rows.line(i) }

// Fold returns the same as Line(i).Fold, without making the line.
func (d Document) Fold(i int) int { return d.rows.fold(i) }

// Lines returns the lines from one up to, but not including, another; fewer where the document ends.
func (d Document) Lines(from, to int) []Line {
	from, to = max(0, from), min(to, d.Len())
	lines := make([]Line, 0, max(0, to-from))
	for i := from; i < to; i++ {
		lines = append(lines, d.Line(i))
	}
	return lines
}

// longestLine is how many bytes of a value a line shows at most. What is longer goes on in the next line.
const longestLine = 1024
