package format

import "unicode/utf8"

// AppendTerminal appends text to dst in a form that is safe to show on a
// terminal: every control character, C1 included, and every byte that is not
// UTF-8 becomes \xNN, except tab, line feed, and a carriage return right before
// a line feed.
func AppendTerminal(dst, text []byte) []byte {
	var e escaper
	dst = e.append(dst, text, plain)
	return e.finish(dst, plain)
}

// escaper makes text safe for a terminal. The text may come in parts that end
// anywhere, so it holds back the bytes whose meaning the next part decides: the
// beginning of a character, or a carriage return. The zero value is ready, and
// is so again after finish.
type escaper struct {
	held [utf8.UTFMax]byte
	n    int
}

// append appends what is decided of text.
func (e *escaper) append(dst, text []byte, enc encoding) []byte {
	for len(text) > 0 {
		if e.n == 0 {
			run := 0
			for run < len(text) && isShown(text[run], enc) {
				run++
			}
			dst = append(dst, text[:run]...)
			if text = text[run:]; len(text) == 0 {
				break
			}
		}
		e.held[e.n] = text[0]
		e.n++
		text = text[1:]
		dst = e.drain(dst, enc, false)
	}
	return dst
}

// finish appends what was held back: nothing follows it.
func (e *escaper) finish(dst []byte, enc encoding) []byte { return e.drain(dst, enc, true) }

// drain appends the characters held back, except one that may be incomplete
// unless final is set.
func (e *escaper) drain(dst []byte, enc encoding, final bool) []byte {
	for e.n > 0 {
		b := e.held[:e.n]
		isReturn := b[0] == '\r' && enc == plain
		if !final && (!utf8.FullRune(b) || isReturn && e.n == 1) {
			return dst
		}
		char, size := utf8.DecodeRune(b)
		invalid := char == utf8.RuneError && size == 1
		switch {
		case isReturn && e.n > 1 && b[1] == '\n':
			size = len("\r\n")
			dst = append(dst, '\r', '\n')
		case isShown(b[0], enc), char > lastC1 && !invalid:
			dst = append(dst, b[:size]...)
		case invalid:
			dst = appendHidden(dst, b[:1], rune(b[0]), enc)
		default:
			dst = appendHidden(dst, b[:size], char, enc)
		}
		e.n = copy(e.held[:], b[size:])
	}
	return dst
}

// lastC1 is the last control character.
const lastC1 = '\u009f'

// isShown reports whether the byte c is a character that stands for itself.
func isShown(c byte, enc encoding) bool {
	if enc == plain {
		return c >= ' ' && c < 0x7f || c == '\n' || c == '\t'
	}
	return c < 0x7f && !enc.escapes(c)
}

// appendHidden appends the escape of a character that must not reach the
// terminal and whose bytes are b.
func appendHidden(dst, b []byte, char rune, enc encoding) []byte {
	if enc != plain {
		return enc.appendEscape(dst, byte(char)) //nolint:gosec // a control character, a quote or a single byte
	}
	for _, c := range b {
		dst = appendHex(dst, c)
	}
	return dst
}
