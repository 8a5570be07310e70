package repl

import (
	"io"
	"strings"
	"sync"
	"testing"
	"time"
)

// vt is a terminal as far as the screen uses one: it wraps as real ones do,
// only when a character follows the last column.
type vt struct {
	width, height int
	rows          [][]string // one string a column; "" is the right half of a wide character
	row, column   int
	wrapping      bool // the last column was written, and nothing since
	bells         int
	paste         bool // marks what is pasted
	cornered      bool // all was erased, from the top left corner on
}

func newVT(width, height int) *vt {
	v := &vt{width: width, height: height}
	for range height {
		v.rows = append(v.rows, v.blank())
	}
	return v
}

func (v *vt) blank() []string {
	row := make([]string, v.width)
	for i := range row {
		row[i] = " "
	}
	return row
}

func (v *vt) down() {
	if v.row++; v.row == v.height {
		v.rows = append(v.rows[1:], v.blank())
		v.row--
	}
}

func (v *vt) Write(p []byte) (int, error) {
	text := []rune(string(p))
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '\r':
			v.column, v.wrapping = 0, false
		case '\n':
			v.down()
			v.wrapping = false
		case '\a':
			v.bells++
		case 0x1b:
			end := i + 2
			for text[end] < 0x40 {
				end++
			}
			v.sequence(string(text[i+2:end]), text[end])
			i = end
		default:
			v.put(c)
		}
	}
	return len(p), nil
}

func (v *vt) put(c rune) {
	w := runeWidth(c)
	if w == 0 {
		if v.column > 0 {
			v.rows[v.row][v.column-1] += string(c)
		}
		return
	}
	if v.wrapping || v.column+w > v.width {
		v.down()
		v.column, v.wrapping = 0, false
	}
	v.rows[v.row][v.column] = string(c)
	if w == 2 {
		v.rows[v.row][v.column+1] = ""
	}
	if v.column += w; v.column == v.width {
		v.column, v.wrapping = v.width-1, true
	}
}

func (v *vt) sequence(parameters string, final rune) {
	n := 1
	if parameters != "" && parameters[0] != '?' {
		n = 0
		for _, d := range parameters {
			n = n*10 + int(d-'0')
		}
	}
	v.wrapping = v.wrapping && final == 'm'
	switch final {
	case 'A':
		v.row = max(0, v.row-n)
	case 'C':
		v.column = min(v.width-1, v.column+n)
	case 'H':
		v.row, v.column = 0, 0
	case 'K':
		copy(v.rows[v.row][v.column:], v.blank())
	case 'J':
		v.cornered = v.cornered || parameters == "" && v.row == 0 && v.column == 0
		if parameters == "" {
			copy(v.rows[v.row][v.column:], v.blank())
			for i := v.row + 1; i < v.height; i++ {
				v.rows[i] = v.blank()
			}
			return
		}
		for i := range v.rows {
			v.rows[i] = v.blank()
		}
	case 'h', 'l':
		v.paste = final == 'h'
	}
}

// text is what is on the terminal, without blanks at the ends.
func (v *vt) text() string {
	lines := make([]string, len(v.rows))
	for i, row := range v.rows {
		lines[i] = strings.TrimRight(strings.Join(row, ""), " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// fakeTTY is a terminal whose keys the test presses.
type fakeTTY struct {
	t    *testing.T
	keys *io.PipeReader
	hand *io.PipeWriter

	mu        sync.Mutex
	vt        *vt
	raw       bool
	suspended int
	changed   func()
}

func newFakeTTY(t *testing.T, width, height int) *fakeTTY {
	t.Helper()
	f := &fakeTTY{t: t, vt: newVT(width, height), changed: func() {}}
	f.keys, f.hand = io.Pipe()
	t.Cleanup(func() { _ = f.hand.Close() })
	return f
}

func (f *fakeTTY) Read(p []byte) (int, error) { return f.keys.Read(p) }

func (f *fakeTTY) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.vt.Write(p)
}

func (f *fakeTTY) Raw() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.raw = true
	return nil
}

func (f *fakeTTY) Restore() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.raw = false
	return nil
}

func (f *fakeTTY) Size() (int, int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.vt.width, f.vt.height
}

func (f *fakeTTY) Resized(changed func()) { f.changed = changed }

func (f *fakeTTY) Suspend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.suspended++
	f.raw = false
}

func (f *fakeTTY) isRaw() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.raw
}

func (f *fakeTTY) text() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.vt.text()
}

// press sends keys; it returns once they have been read.
func (f *fakeTTY) press(keys string) {
	f.t.Helper()
	if _, err := io.WriteString(f.hand, keys); err != nil {
		f.t.Errorf("press %q: %v", keys, err)
	}
}

// shows waits until the terminal shows want.
func (f *fakeTTY) shows(want string) {
	f.t.Helper()
	eventually(f.t, func() bool { return strings.Contains(f.text(), want) }, func() string {
		return "the terminal does not show " + want + " but:\n" + f.text()
	})
}

// eventually waits for a condition.
func eventually(t *testing.T, condition func() bool, complaint func() string) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal(complaint())
		}
	}
}
