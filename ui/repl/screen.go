package repl

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"redan/ui/theme"
)

// frame is what the line editor shows.
type frame struct {
	prompt string
	alarm  bool // the prompt is red
	text   []rune
	pos    int    // the cursor stands before text[pos]
	hint   string // dim text behind the line
}

// screen draws frames, each over the one before. It counts columns itself, wide
// and combining characters included, and lets the terminal wrap long lines, so
// that they can be selected and reflowed as lines.
type screen struct {
	out   io.Writer
	size  func() (width, height int)
	theme theme.Theme

	last frame
	row  int // where the cursor is, in rows below the first one drawn
}

// draw shows f.
func (s *screen) draw(f frame) {
	width, height := s.size()
	l := s.layout(f, width)
	first, end := l.window(height)
	out := s.over(l.rows[first:end])
	if end == len(l.rows) { // else nothing is below, and the line goes on
		if l.wrapped {
			out = append(out, " \r"...) // a terminal wraps only when a character follows
		}
		out = append(out, eraseBelow...)
		out = append(out, s.theme.Hint(cut(f.hint, width-l.endColumn-1))...)
	}
	out = moveUp(out, end-1-l.cursorRow)
	out = append(out, '\r')
	out = moveRight(out, l.cursorColumn)
	s.last, s.row = f, l.cursorRow-first
	_, _ = s.out.Write(out)
}

// finish shows f for the last time and leaves the cursor on the line below.
func (s *screen) finish(f frame) {
	width, height := s.size()
	f.pos, f.hint = len(f.text), ""
	l := s.layout(f, width)
	if l.wrapped {
		l.rows = l.rows[:len(l.rows)-1]
		l.cursorRow--
	}
	first, end := l.window(height)
	out := s.over(l.rows[first:end])
	if !l.wrapped {
		out = append(out, eraseBelow...) // behind a full row it would erase the row's end
	}
	_, _ = s.out.Write(append(out, "\r\n"+eraseBelow...))
	s.row = 0
}

// over writes rows over those of the frame before. They are not erased first:
// to some terminals, erasing from the top left corner means that the screen is
// to be kept in the scrollback.
func (s *screen) over(rows [][]byte) []byte {
	out := append(moveUp(nil, s.row), '\r')
	for _, row := range rows {
		out = append(out, row...)
	}
	return out
}

// resized draws again after the terminal changed its width and, as most do,
// wrapped what was on it anew.
func (s *screen) resized() {
	width, height := s.size()
	l := layout(s.last, width)
	first, _ := l.window(height)
	s.row = l.cursorRow - first
	s.draw(s.last)
}

// freshLine moves the cursor to the start of a line after another program has
// written who knows what. If it stands behind a text without a line end, a
// mark shows that, and the blanks behind the mark reach into the next line;
// if not, the blanks end in the line itself, and the next frame covers them.
func (s *screen) freshLine() {
	width, _ := s.size()
	_, _ = io.WriteString(s.out, s.theme.Hint("%")+strings.Repeat(" ", max(0, width-1))+"\r")
	s.row = 0
}

// clear empties the terminal.
func (s *screen) clear() {
	s.row = 0
	_, _ = io.WriteString(s.out, clearScreen)
}

// Escape sequences that every terminal of the last forty years obeys.
const (
	eraseBelow  = "\x1b[J"
	eraseRight  = "\x1b[K"
	clearScreen = "\x1b[H\x1b[2J"
	pasteOn     = "\x1b[?2004h" // the terminal is to mark what is pasted
	pasteOff    = "\x1b[?2004l"
)

func moveUp(dst []byte, rows int) []byte {
	if rows <= 0 {
		return dst
	}
	return append(strconv.AppendInt(append(dst, "\x1b["...), int64(rows), 10), 'A')
}

func moveRight(dst []byte, columns int) []byte {
	if columns <= 0 {
		return dst
	}
	return append(strconv.AppendInt(append(dst, "\x1b["...), int64(columns), 10), 'C')
}

// cells is a frame laid out in rows of the terminal's width.
type cells struct {
	rows      [][]byte
	endColumn int  // the column behind the text, in the last row
	wrapped   bool // the text fills its last row: an empty one was added for the cursor

	cursorRow, cursorColumn int
}

// layout is [layout] with the prompt in its colour: each row for itself, since not all may be shown.
func (s *screen) layout(f frame, width int) cells {
	l := layout(f, width)
	if !f.alarm {
		return l
	}
	prompt := layout(frame{prompt: f.prompt}, width)
	for i, row := range prompt.rows {
		if prompt.wrapped && i == len(prompt.rows)-1 {
			break
		}
		if rest, ok := bytes.CutPrefix(l.rows[i], row); ok {
			l.rows[i] = append([]byte(s.theme.Error(string(row))), rest...)
		}
	}
	return l
}

// layout arranges prompt and text in rows of at most width columns.
func layout(f frame, width int) cells {
	l := cells{rows: make([][]byte, 1)}
	width = max(width, 1)
	for _, r := range f.prompt {
		l.add(r, width)
	}
	for i, r := range f.text {
		row, column := l.add(r, width)
		if i == f.pos {
			l.cursorRow, l.cursorColumn = row, column
		}
	}
	if l.endColumn >= width {
		l.wrapped, l.endColumn = true, 0
		l.rows = append(l.rows, nil)
	}
	if f.pos >= len(f.text) {
		l.cursorRow, l.cursorColumn = len(l.rows)-1, l.endColumn
	}
	return l
}

// add appends a character in the form in which it is shown, and returns where
// that begins.
func (l *cells) add(r rune, width int) (row, column int) {
	for i, r := range shown(r) {
		w := runeWidth(r)
		if l.endColumn+w > width && l.endColumn > 0 {
			if last := len(l.rows) - 1; l.endColumn < width { // no room for a wide character
				l.rows[last] = append(l.rows[last], eraseRight...)
			}
			l.rows = append(l.rows, nil)
			l.endColumn = 0
		}
		last := len(l.rows) - 1
		if i == 0 {
			row, column = last, l.endColumn
		}
		l.rows[last] = append(l.rows[last], string(r)...)
		l.endColumn += w
	}
	return row, column
}

// window returns which rows to show when not all fit: those around the cursor.
func (l *cells) window(height int) (first, end int) {
	height = max(height, 1)
	if len(l.rows) <= height {
		return 0, len(l.rows)
	}
	first = min(max(0, l.cursorRow-height/2), len(l.rows)-height)
	return first, first + height
}

// displayWidth returns how many columns s takes.
func displayWidth(s string) int {
	width := 0
	for _, r := range s {
		width += runeWidth(r)
	}
	return width
}

// cut returns as much of s as fits into so many columns, without what a
// terminal could obey.
func cut(s string, width int) string {
	var out []byte
	for _, r := range s {
		cell := shown(r)
		if width -= displayWidth(cell); width < 0 {
			break
		}
		out = append(out, cell...)
	}
	return string(out)
}
