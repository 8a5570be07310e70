package decode

import (
	"bytes"
	"unicode/utf8"
)

// text shows UTF-8, and what is nearly that.
type text struct{}

func (text) Name() Name  { return Text }
func (text) Wraps() bool { return false }

// Sniff takes for text what has few enough bytes that are none: text in an old character set is easier to read with escapes than in
// a dump.
func (text) Sniff(in Input) Confidence {
	head := in.head(sniffBytes)
	if isText(head.Bytes, head.More) {
		return Likely
	}
	return Possible
}

// isText reports whether at most one byte in five is none of a text's.
func isText(data []byte, more bool) bool { return unprintable(data, more)*5 <= len(data) }

// isCleanText reports whether all bytes are a text's.
func isCleanText(data []byte, more bool) bool { return unprintable(data, more) == 0 }

func (text) Decode(in Input, limit int) (Result, error) {
	data := in.Bytes
	cut := in.More
	if limit = bounded(limit); len(data) > limit {
		data, cut = data[:limit], true
	}
	if cut {
		data = withoutPartialRune(data)
	}
	return Result{Document: Document{rows: textRows{data: data, starts: lineStarts(data)}}, Cut: cut}, nil
}

// withoutPartialRune returns data without the beginning of a character that goes on after it.
func withoutPartialRune(data []byte) []byte {
	for i := len(data) - 1; i >= max(0, len(data)-utf8.UTFMax+1); i-- {
		if utf8.RuneStart(data[i]) {
			if utf8.FullRune(data[i:]) {
				return data
			}
			return data[:i]
		}
	}
	return data
}

func (text) Draft(data []byte, limit int) ([]byte, error) { return textDraft(data, limit) }

func (text) Encode(_, draft []byte) ([]byte, error) { return draft, nil }

// textDraft returns data if it can be edited as text.
func textDraft(data []byte, limit int) ([]byte, error) {
	if len(data) > bounded(limit) {
		return nil, ErrTooLong
	}
	if !utf8.Valid(data) {
		return nil, ErrBinary
	}
	return data, nil
}

// textRows are lines that begin at starts. One ends with a line break, or because it is long enough.
type textRows struct {
	data   []byte
	starts []uint32
}

// lineStarts returns where the lines of data begin.
func lineStarts(data []byte) []uint32 {
	if len(data) == 0 {
		return nil
	}
	starts := make([]uint32, 1, 1+bytes.Count(data, []byte{'\n'})+len(data)/longestLine)
	for at := 0; at < len(data); {
		rest := data[at:]
		if end := bytes.IndexByte(rest[:min(len(rest), longestLine+1)], '\n'); end >= 0 {
			at += end + 1
		} else if at += lineCut(rest); at == len(data) {
			break
		}
		starts = append(starts, uint32(at)) //nolint:gosec // at most the limit, which fits
	}
	return starts
}

func (r textRows) count() int   { return len(r.starts) }
func (r textRows) fold(int) int { return -1 }

func (r textRows) line(i int) Line {
	end := len(r.data)
	if i+1 < len(r.starts) {
		end = int(r.starts[i+1])
	}
	content := r.data[r.starts[i]:end]
	line := Line{Fold: -1, More: i+1 < len(r.starts)}
	if line.More && content[len(content)-1] == '\n' {
		content, line.More = content[:len(content)-1], false
	}
	line.Spans = appendEscaped(nil, content, Plain, raw)
	return line
}
