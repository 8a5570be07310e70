package viewer

import (
	"encoding/hex"
	"strings"
)

// splitWords takes a line apart at blanks. Quotes keep blanks together wherever they stand, as in name="two words", and between double
// ones \n, \r, \t, \xNN and a backslash before anything else stand for what they do at the prompt.
func splitWords(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	begun := false
	for i := 0; i < len(line); {
		switch c := line[i]; c {
		case ' ', '\t', '\n':
			if begun {
				words = append(words, word.String())
			}
			begun = false
			word.Reset()
			i++
		case '"', '\'':
			text, n, ok := quotedText(line[i:])
			if !ok {
				return nil, invalid("a quote does not end")
			}
			begun = true
			word.WriteString(text)
			i += n
		default:
			begun = true
			word.WriteByte(c)
			i++
		}
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}

// quotedText reads what begins with a quote, up to the one that ends it.
func quotedText(text string) (inner string, length int, ok bool) {
	var b strings.Builder
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == quote:
			return b.String(), i + 1, true
		case c == '\\' && quote == '"' && i+1 < len(text):
			c, n := escaped(text[i+1:])
			b.WriteByte(c)
			i += n
		default:
			b.WriteByte(c)
		}
	}
	return "", 0, false
}

// escaped is the byte that what follows a backslash stands for, and how long that is.
func escaped(text string) (c byte, length int) {
	switch text[0] {
	case 'n':
		return '\n', 1
	case 'r':
		return '\r', 1
	case 't':
		return '\t', 1
	case 'x':
		const digits = 3
		if len(text) >= digits {
			if b, err := hex.DecodeString(text[1:digits]); err == nil {
				return b[0], digits
			}
		}
	}
	return text[0], 1
}
