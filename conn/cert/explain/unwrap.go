package explain

import (
	"bytes"
	"io"
	"regexp"
)

// prefix keeps what passes while that is short.
type prefix struct {
	in    io.Reader
	data  []byte
	whole bool // all has passed, and was kept
	long  bool
}

// Read implements io.Reader.
func (p *prefix) Read(buffer []byte) (int, error) {
	n, err := p.in.Read(buffer)
	if p.long = p.long || len(p.data)+n > unwrapSize; p.long {
		p.data = nil
	} else {
		p.data = append(p.data, buffer[:n]...)
	}
	p.whole = err == io.EOF && !p.long
	return n, err
}

// unwrapped reads text once more when its lines look like one long line that a terminal or a mail program wrapped, and returns what was
// found then if that says more than what the lines said by themselves.
func (x *Explainer) unwrapped(text []byte, byLines *tally) *tally {
	lines := bytes.Split(bytes.Trim(text, "\r\n"), []byte("\n"))
	const most = 64
	if len(lines) < 2 || len(lines) > most {
		return byLines
	}
	best := byLines
	for _, joined := range [][]byte{joinWords(lines), joinPieces(lines)} {
		if joined == nil || x.startsRecord(lines) {
			continue
		}
		_, found, err := x.read(bytes.NewReader(joined))
		isBetter := found.best() > best.best() || found.best() == best.best() && best == byLines && byLines.losesNothing(found)
		if err == nil && isBetter {
			best = found
		}
	}
	return best
}

// losesNothing reports whether all that t found and joined did not is vague: a part of a text says less than all of it.
func (t *tally) losesNothing(joined *tally) bool {
	for _, e := range t.order {
		isExact := len(e.codes) == 1 && t.explainer.table.rules[e.rule].rank != rankFallback
		if isExact && joined.latest[e.rule] == nil && len(joined.order) < len(t.order) {
			return false
		}
	}
	return true
}

// joinWords joins lines that were broken at blanks: none but the last has room for the first word of the next. Otherwise it returns nil.
func joinWords(lines [][]byte) []byte {
	trimmed := make([][]byte, len(lines))
	width := 0
	for i, line := range lines {
		trimmed[i] = bytes.Trim(line, " \t\r>|")
		if bytes.IndexByte(trimmed[i], ' ') >= 0 { // a word alone may be wider than the rest
			width = max(width, len(trimmed[i]))
		}
	}
	for i, line := range trimmed[1:] {
		word, _, _ := bytes.Cut(line, []byte(" "))
		if len(trimmed[i])+1+len(word) <= width {
			return nil
		}
	}
	return bytes.Join(trimmed, []byte(" "))
}

// joinPieces joins lines that were broken anywhere, in the middle of words too: all but the last are of one length, save for a blank lost at
// the end. Otherwise it returns nil.
func joinPieces(lines [][]byte) []byte {
	pieces := make([][]byte, len(lines))
	width := 0
	for i, line := range lines {
		pieces[i] = bytes.TrimRight(line, "\r")
		width = max(width, len(pieces[i]))
	}
	for i, piece := range pieces[:len(pieces)-1] {
		switch len(piece) {
		case width:
		case width - 1:
			pieces[i] = append(bytes.Clone(piece), ' ')
		default:
			return nil
		}
	}
	return bytes.Join(pieces, nil)
}

// startsRecord reports whether a line behind the first begins as lines of logs and error messages do, so that it does not go on with the one before.
func (x *Explainer) startsRecord(lines [][]byte) bool {
	isLog := x.openings.stamp.Match(lines[0])
	for _, line := range lines[1:] {
		if x.openings.message.Match(line) || isLog && x.openings.stamp.Match(line) {
			return true
		}
	}
	return false
}

// linePatterns are the beginnings of lines that go on with none.
type linePatterns struct {
	stamp   *regexp.Regexp // of logs
	message *regexp.Regexp
}

func newLinePatterns() linePatterns {
	return linePatterns{
		stamp: regexp.MustCompile(`^(?:\d+:[A-Z] \d|\d{4}[-./]\d\d[-./]\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:|\[[\w!.: -]+\] |[{<])`),
		message: regexp.MustCompile(`^\s*(?i:caused by|cause: |fix: |at [\w.$]+\(|depth=|verify (?:error|return)|error \d+ at|error: |could not connect to|` +
			`traceback|file "|[0-9a-f]{12,16}:error)`),
	}
}
