package repl

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// key is what a key press asks the line editor to do.
type key int

// The keys. Text is not one key press but all that came at once.
const (
	keyNone key = iota // a sequence that means nothing here
	keyText
	keyEnter
	keyInterrupt
	keyEOF
	keyTab
	keyBackspace
	keyDelete
	keyLeft
	keyRight
	keyWordLeft
	keyWordRight
	keyHome
	keyEnd
	keyUp
	keyDown
	keyKillToEnd
	keyKillToStart
	keyKillArgument // back to the last blank
	keyKillWordLeft
	keyKillWordRight
	keyYank
	keyTranspose
	keySearchBack
	keySearchForward
	keyCancel
	keyClear
	keySuspend
)

// press is a key, and for keyText what was typed or pasted.
type press struct {
	key  key
	text string
}

// decoder turns the bytes a terminal sends into key presses. Bytes may arrive
// cut anywhere. The zero value is ready.
type decoder struct {
	rest    []byte // the beginning of something that has not arrived whole
	pasting bool   // inside a bracketed paste
	// returned tells that a carriage return came last: a line feed right after
	// it belongs to the same line end.
	returned bool
}

// The marks a terminal puts around what is pasted, see [pasteOn].
const (
	pasteBegin = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

// feed returns the key presses that data completes.
func (d *decoder) feed(data []byte) []press {
	d.rest = append(d.rest, data...)
	var presses []press
	for len(d.rest) > 0 {
		p, n := d.next(d.rest)
		if n == 0 {
			break
		}
		d.rest = d.rest[n:]
		if p.key != keyNone {
			presses = append(presses, p)
		}
	}
	d.rest = bytes.Clone(d.rest) // lets go of what was decoded
	return presses
}

// next decodes the first key press of b and says how many bytes it took, 0
// when b does not hold all of it.
func (d *decoder) next(b []byte) (press, int) {
	c := b[0]
	if c == '\r' || c == '\n' {
		return d.lineEnd(c), 1
	}
	d.returned = false
	switch {
	case d.pasting:
		return d.pasted(b)
	case c == 0x1b:
		return d.escape(b)
	case c < 0x20 || c == 0x7f:
		return press{key: controlKey(c)}, 1
	}
	n := bytes.IndexFunc(b, func(r rune) bool { return r < 0x20 || r == 0x7f })
	if n < 0 {
		n = wholeRunes(b)
	}
	return press{keyText, string(b[:n])}, n
}

func (d *decoder) lineEnd(c byte) press {
	again := c == '\n' && d.returned
	d.returned = c == '\r'
	if again {
		return press{}
	}
	return press{key: keyEnter}
}

// pasted decodes inside a paste, where every byte is text except line ends:
// a tab must not complete, Ctrl-C must not interrupt.
func (d *decoder) pasted(b []byte) (press, int) {
	if bytes.HasPrefix(b, []byte(pasteEnd)) {
		d.pasting = false
		return press{}, len(pasteEnd)
	}
	n := len(b)
	if i := bytes.IndexAny(b, "\r\n"); i >= 0 {
		n = i
	}
	if i := bytes.Index(b[:n], []byte(pasteEnd)); i >= 0 {
		n = i
	}
	if n == len(b) {
		n = wholeRunes(b)
		for i := max(0, n-len(pasteEnd)+1); i < n; i++ {
			if strings.HasPrefix(pasteEnd, string(b[i:n])) {
				n = i
				break
			}
		}
	}
	// A NUL ends a command line, silently; nobody means that by a paste.
	return press{keyText, strings.ReplaceAll(string(b[:n]), "\x00", "")}, n
}

// wholeRunes returns how much of b is not the beginning of a character whose
// end has not arrived.
func wholeRunes(b []byte) int {
	for i := max(0, len(b)-utf8.UTFMax+1); i < len(b); i++ {
		if utf8.RuneStart(b[i]) && !utf8.FullRune(b[i:]) {
			return i
		}
	}
	return len(b)
}

// controlKey is for single control characters. Most are Ctrl and a letter.
func controlKey(c byte) key {
	if c == 0x7f {
		return keyBackspace
	}
	keys := [...]key{
		'A' - '@': keyHome,
		'B' - '@': keyLeft,
		'C' - '@': keyInterrupt,
		'D' - '@': keyEOF,
		'E' - '@': keyEnd,
		'F' - '@': keyRight,
		'G' - '@': keyCancel,
		'H' - '@': keyBackspace,
		'I' - '@': keyTab,
		'K' - '@': keyKillToEnd,
		'L' - '@': keyClear,
		'N' - '@': keyDown,
		'P' - '@': keyUp,
		'R' - '@': keySearchBack,
		'S' - '@': keySearchForward,
		'T' - '@': keyTranspose,
		'U' - '@': keyKillToStart,
		'W' - '@': keyKillArgument,
		'Y' - '@': keyYank,
		'Z' - '@': keySuspend,
	}
	if int(c) >= len(keys) {
		return keyNone
	}
	return keys[c]
}

// escape decodes what begins with ESC: a sequence, or a key held with Alt. ESC
// before anything else is dropped, and what follows counts for itself.
func (d *decoder) escape(b []byte) (press, int) {
	if len(b) == 1 {
		return press{}, 0
	}
	switch b[1] {
	case '[':
		return d.controlSequence(b)
	case 'O':
		if len(b) == 2 {
			return press{}, 0
		}
		return press{key: cursorKey(b[2], "")}, 3
	case 'b', 'B':
		return press{key: keyWordLeft}, 2
	case 'f', 'F':
		return press{key: keyWordRight}, 2
	case 'd', 'D':
		return press{key: keyKillWordRight}, 2
	case 0x7f, '\b':
		return press{key: keyKillWordLeft}, 2
	}
	return press{}, 1
}

// controlSequence decodes ESC [ parameters final.
func (d *decoder) controlSequence(b []byte) (press, int) {
	const head = len("\x1b[")
	if len(b) > head && b[head] == '[' { // function keys of the Linux console
		if len(b) == head+1 {
			return press{}, 0
		}
		return press{}, head + 2
	}
	for i := head; i < len(b); i++ {
		switch c := b[i]; {
		case c >= 0x20 && c < 0x40:
			continue
		case c >= 0x40 && c < 0x7f:
			return press{key: d.sequenceKey(string(b[head:i]), c)}, i + 1
		}
		return press{}, i // not a sequence after all
	}
	return press{}, 0
}

func (d *decoder) sequenceKey(parameters string, final byte) key {
	if final != '~' {
		return cursorKey(final, parameters)
	}
	switch parameters {
	case "1", "7":
		return keyHome
	case "4", "8":
		return keyEnd
	case "3":
		return keyDelete
	case "3;5", "3;3":
		return keyKillWordRight
	case "200":
		d.pasting = true
	}
	return keyNone
}

// cursorKey is for the keys of the cursor block. Ctrl and Alt make left and
// right go by words; some terminals send small letters for that.
func cursorKey(final byte, parameters string) key {
	byWord := strings.HasSuffix(parameters, ";5") || strings.HasSuffix(parameters, ";3")
	switch final {
	case 'A':
		return keyUp
	case 'B':
		return keyDown
	case 'C':
		if byWord {
			return keyWordRight
		}
		return keyRight
	case 'D':
		if byWord {
			return keyWordLeft
		}
		return keyLeft
	case 'c':
		return keyWordRight
	case 'd':
		return keyWordLeft
	case 'H':
		return keyHome
	case 'F':
		return keyEnd
	}
	return keyNone
}
