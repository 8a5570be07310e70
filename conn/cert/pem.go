package cert

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"
)

// block is one PEM block as it stands in a file.
type block struct {
	label   string
	headers map[string]string
	der     []byte
	line    int   // of BEGIN, counted from 1
	err     error // why der is missing; begins with the line
}

const dashes = "-----"

// scanPEM returns the blocks of text in order, damaged ones included. It is more forgiving than encoding/pem: a block may be indented,
// stand on one line with its marks, have blanks or the two characters \n for line breaks, or lack its padding.
func scanPEM(text []byte) []block {
	var blocks []block
	var open *block
	bodyStart, line := 0, 1
	counted := 0 // up to where line breaks are counted in line
	for pos := 0; ; {
		next, ok := nextMark(text, pos)
		if !ok {
			break
		}
		line += bytes.Count(text[counted:next.start], []byte("\n"))
		counted, pos = next.start, next.after
		if open != nil {
			blocks = append(blocks, finish(*open, next, text[bodyStart:next.start]))
			open = nil
		}
		if next.begin {
			open = &block{label: next.label, line: line}
			bodyStart = next.after
		}
	}
	if open != nil {
		open.err = fmt.Errorf("line %d: BEGIN %s has no END line; the file is cut short", open.line, open.label)
		blocks = append(blocks, *open)
	}
	return blocks
}

// mark is a BEGIN or END line of PEM.
type mark struct {
	begin        bool
	label        string
	start, after int // offsets of its first byte and of the first byte behind it
}

// nextMark finds the first mark at or behind pos.
func nextMark(text []byte, pos int) (mark, bool) {
	for {
		at := bytes.Index(text[pos:], []byte(dashes))
		if at < 0 {
			return mark{}, false
		}
		pos += at
		rest := text[pos+len(dashes):]
		name, begin := bytes.CutPrefix(rest, []byte("BEGIN "))
		name, end := bytes.CutPrefix(name, []byte("END "))
		if begin != end {
			if size := labelSize(name); size > 0 {
				m := mark{begin: begin, label: string(name[:size]), start: pos}
				m.after = len(text) - len(name) + size + len(dashes)
				return m, true
			}
		}
		pos++
	}
}

// labelSize returns how long the label is that text begins with, 0 when there is none that dashes end.
func labelSize(text []byte) int {
	const longest = 64
	size := bytes.Index(text[:min(len(text), longest+len(dashes))], []byte(dashes))
	for _, c := range text[:max(size, 0)] {
		if c < ' ' || c > '~' {
			return 0
		}
	}
	return max(size, 0)
}

// finish completes an open block with its body and the mark that follows it.
func finish(b block, next mark, body []byte) block {
	switch {
	case next.begin:
		b.err = fmt.Errorf("line %d: BEGIN %s has no END line before the next BEGIN", b.line, b.label)
	case next.label != b.label:
		b.err = fmt.Errorf("line %d: BEGIN %s is closed by END %s", b.line, b.label, next.label)
	default:
		headers, rest := splitHeaders(body)
		b.headers = headers
		line := b.line + bytes.Count(body[:len(body)-len(rest)], []byte("\n"))
		b.der, b.err = decodeBase64(rest, line)
		if b.err == nil && len(b.der) == 0 {
			b.err = fmt.Errorf("line %d: nothing stands between BEGIN and END", b.line)
		}
	}
	return b
}

// splitHeaders separates the lines "Name: value" that encrypted keys of the old kind begin with.
func splitHeaders(body []byte) (headers map[string]string, rest []byte) {
	for rest = body; ; {
		line, after, more := bytes.Cut(rest, []byte("\n"))
		name, value, isHeader := strings.Cut(string(bytes.TrimSpace(line)), ":")
		if !more || !isHeader && name != "" {
			return headers, rest
		}
		if isHeader {
			if headers == nil {
				headers = make(map[string]string)
			}
			headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
		rest = after
	}
}

// decodeBase64 decodes body, which begins in the given line of its file.
func decodeBase64(body []byte, line int) ([]byte, error) {
	clean := make([]byte, 0, len(body))
	for i := 0; i < len(body); i++ {
		c := body[i]
		switch {
		case c == '\n':
			line++
		case c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f':
		case c == '\\' && i+1 < len(body) && strings.IndexByte("nrt", body[i+1]) >= 0:
			i++ // a line break that some shell or JSON left as two characters
		case isBase64(c):
			if c != '=' && len(clean) > 0 && clean[len(clean)-1] == '=' {
				return nil, fmt.Errorf("line %d: illegal base64, text goes on behind the padding", line)
			}
			clean = append(clean, c)
		default:
			bad, _ := utf8.DecodeRune(body[i:])
			return nil, fmt.Errorf("line %d: illegal base64 character %q", line, bad)
		}
	}
	clean = bytes.TrimRight(clean, "=")
	der := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, err := base64.RawStdEncoding.Decode(der, clean)
	if err != nil {
		return nil, fmt.Errorf("line %d: base64 is cut short: %w", line, err)
	}
	return der[:n], nil
}

func isBase64(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/' || c == '='
}
