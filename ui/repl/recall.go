package repl

// recall goes through the lines of before with Up and Down. What is changed on
// the way stays changed until a line is entered.
type recall struct {
	lines  []string // oldest first
	at     int      // len(lines): the new line
	edited map[int]string
}

const (
	// maxRecall is how many lines the history file keeps, unless the user says otherwise.
	maxRecall = 1000
	// maxInMemory bounds the lines in memory, whatever the file has.
	maxInMemory = 100_000
)

// add remembers a line unless it repeats the one before.
func (r *recall) add(line string) {
	if n := len(r.lines); n > 0 && r.lines[n-1] == line {
		return
	}
	r.lines = append(r.lines, line)
	if surplus := len(r.lines) - maxInMemory; surplus > 0 {
		r.lines = r.lines[surplus:]
	}
}

// begin is called for each new line.
func (r *recall) begin() {
	r.at = len(r.lines)
	r.edited = map[int]string{}
}

// move goes by steps, down when positive, and returns the line there. It
// reports false at either end.
func (r *recall) move(current string, steps int) (string, bool) {
	to := r.at + steps
	if to < 0 || to > len(r.lines) {
		return current, false
	}
	r.edited[r.at] = current
	r.at = to
	if line, ok := r.edited[to]; ok {
		return line, true
	}
	return r.lines[to], true
}
