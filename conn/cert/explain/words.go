package explain

import "bytes"

// Classes of bytes. Texts are compared as words of ASCII letters and digits; what is between words counts as one space, and what is
// written inside of words (quotes, bytes beyond ASCII) does not count at all.
const (
	classNone = iota
	classSpace
	classLetter
	classDigit  = classLetter + 26
	classEnd    = classDigit + 10 // the end of a line, which no byte stands for
	classNumber = classEnd + 1
)

// classesOfBytes returns the class of every byte.
func classesOfBytes() *[256]uint8 {
	var table [256]uint8
	for b := range 0x80 {
		table[b] = classSpace
	}
	for _, b := range []byte("\x00'\"`\x7f") {
		table[b] = classNone
	}
	for i := range uint8(26) {
		table['a'+i], table['A'+i] = classLetter+i, classLetter+i
	}
	for i := range uint8(10) {
		table['0'+i] = classDigit + i
	}
	return &table
}

// wordsOf returns text as words with one space before, between and behind them.
func wordsOf(text string) string {
	table := classesOfBytes()
	words := []byte{' '}
	for i := range len(text) {
		switch class := table[text[i]]; {
		case class == classNone:
		case class == classSpace:
			if words[len(words)-1] != ' ' {
				words = append(words, ' ')
			}
		case class >= classDigit:
			words = append(words, '0'+class-classDigit)
		default:
			words = append(words, 'a'+class-classLetter)
		}
	}
	if words[len(words)-1] != ' ' {
		words = append(words, ' ')
	}
	return string(words)
}

const escape = 0x1b

// appendPlain appends line without what other programs wrap texts in: the colours of a terminal, the backslashes of JSON and of quoted
// strings, and the zero bytes of UTF-16.
func appendPlain(dst, line []byte) []byte {
	if bytes.IndexByte(line, '\\') < 0 && bytes.IndexByte(line, escape) < 0 && bytes.IndexByte(line, 0) < 0 {
		return append(dst, line...)
	}
	for len(line) > 0 {
		var width int
		switch line[0] {
		case 0:
			width = 1
		case escape:
			width = sequenceWidth(line)
		case '\\':
			var char byte
			char, width = unescape(line)
			if char == escape {
				width += sequenceWidth(line[width-1:]) - 1
				break
			}
			dst = append(dst, char)
		default:
			dst, width = append(dst, line[0]), 1
		}
		line = line[width:]
	}
	return dst
}

// sequenceWidth returns the length of the escape sequence that text begins with: ESC [ parameters letter, or ESC alone.
func sequenceWidth(text []byte) int {
	if len(text) < 2 || text[1] != '[' {
		return 1
	}
	for i := 2; i < len(text); i++ {
		if text[i] >= 0x40 && text[i] <= 0x7e {
			return i + 1
		}
	}
	return len(text)
}

// unescape returns the character that the backslash at the start of text stands for, and how many bytes it took.
func unescape(text []byte) (char byte, width int) {
	if len(text) < 2 {
		return '\\', 1
	}
	switch text[1] {
	case 'n', 'r', 't':
		return ' ', 2
	case 'u':
		return hexChar(text, 4)
	case 'x':
		return hexChar(text, 2)
	case '"', '\'', '\\', '/':
		return text[1], 2
	default:
		return '\\', 1
	}
}

// hexChar reads \uNNNN or \xNN. What is not ASCII becomes a quotation mark if it is one, else a question mark.
func hexChar(text []byte, digits int) (char byte, width int) {
	if len(text) < 2+digits {
		return '\\', 1
	}
	value := 0
	for _, b := range text[2 : 2+digits] {
		digit := bytes.IndexByte([]byte("0123456789abcdef"), b|0x20)
		if digit < 0 {
			return '\\', 1
		}
		value = value<<4 | digit
	}
	switch {
	case value >= 0x2018 && value <= 0x201f:
		return '\'', 2 + digits
	case value >= 0x80:
		return '?', 2 + digits
	}
	return byte(value), 2 + digits
}
