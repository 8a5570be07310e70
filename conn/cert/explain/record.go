package explain

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Bounds of what is held of a text.
const (
	longestLine   = 64 << 10 // longer lines are read in parts
	longestRecord = 4 * longestLine
	headSize      = 8 << 10 // kept to find what an unknown text resembles
	unwrapSize    = 64 << 10
)

// record is a line, or several that a phrase holds together: a text that was wrapped goes on in the next line.
type record struct {
	text []byte // as appendPlain leaves it
	hits []hit
	line int // number of its first line
}

func (r *record) reset(line int) { r.text, r.hits, r.line = r.text[:0], r.hits[:0], line }

// join appends a record that goes on with this one.
func (r *record) join(more *record) {
	shift := len(r.text)
	r.text = append(r.text, more.text...)
	for _, h := range more.hits {
		h.end += shift
		r.hits = append(r.hits, h)
	}
}

// recorder divides a text into records and hands on those with a phrase in them, or the beginning of an error number.
type recorder struct {
	table    *table
	take     func(*record)
	at       cursor
	held     record // the last one, which the next line may go on with
	fresh    record
	lines    int
	inLine   bool // a part of the line has been read
	head     []byte
	seen     []int // by phrase: the record it was found in last
	record   int   // counts them
	anything bool  // the text is more than blanks
}

// line reads a line, or with part set one that has not ended yet.
func (r *recorder) line(raw []byte, part bool) {
	if !r.inLine {
		r.lines++
	}
	r.keepHead(raw)
	fresh := &r.fresh
	fresh.reset(r.lines)
	fresh.text = appendPlain(fresh.text, raw)
	finder := r.table.finder
	fresh.hits = finder.scan(&r.at, fresh.text, fresh.hits)
	if !part {
		fresh.hits = finder.endLine(&r.at, len(fresh.text), fresh.hits)
		fresh.text = append(fresh.text, ' ')
	}
	goesOn := r.inLine && len(fresh.hits) > 0 || slices.ContainsFunc(fresh.hits, finder.beganBefore)
	goesOn = goesOn && len(r.held.text)+len(fresh.text) <= longestRecord
	r.inLine = part
	if !goesOn {
		r.record++
	}
	fresh.hits = r.firsts(fresh.hits)
	if goesOn {
		r.held.join(fresh)
		return
	}
	r.flush()
	r.held, r.fresh = r.fresh, r.held
}

// firsts leaves out the phrases that the record already has: a line of many kilobytes may have them thousands of times.
func (r *recorder) firsts(hits []hit) []hit {
	if len(hits) > 0 && r.seen == nil {
		r.seen = make([]int, len(r.table.phrases))
	}
	return slices.DeleteFunc(hits, func(h hit) bool {
		isKnown := r.seen[h.phrase] == r.record
		r.seen[h.phrase] = r.record
		return isKnown
	})
}

func (r *recorder) keepHead(raw []byte) {
	if room := headSize - len(r.head); room > 0 {
		r.head = append(append(r.head, raw[:min(room, len(raw))]...), '\n')
	}
	r.anything = r.anything || len(raw) > 0
}

// flush hands on what is held.
func (r *recorder) flush() {
	if len(r.held.hits) > 0 || mayHoldNumber(r.held.text) {
		r.take(&r.held)
	}
	r.held.reset(0)
}

// readFrom reads all of in.
func (r *recorder) readFrom(in io.Reader) error {
	lines := bufio.NewReaderSize(in, longestLine)
	for {
		line, err := lines.ReadSlice('\n')
		switch {
		case err == nil:
			r.line(line[:len(line)-1], false)
		case errors.Is(err, bufio.ErrBufferFull):
			r.line(line, true)
		case errors.Is(err, io.EOF):
			if len(line) > 0 || r.inLine {
				r.line(line, false)
			}
			r.flush()
			return nil
		default:
			r.flush()
			return fmt.Errorf("cannot read the text to explain: %w", err)
		}
	}
}
