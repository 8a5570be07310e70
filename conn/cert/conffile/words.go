package conffile

import "errors"

// errQuotes says that quotes are not closed, or that a word goes on behind them.
var errQuotes = errors.New("unbalanced quotes")

// words splits a line as Redis does: at blanks, with "double quotes" that know \n, \r, \t, \b, \a, \xHH and \ before anything else, and
// 'single quotes' that know only \'. Quotes may begin within a word, and must end it.
func words(line string) ([]string, error) {
	var all []string
	for i := 0; ; {
		for i < len(line) && isBlank(line[i]) {
			i++
		}
		if i == len(line) {
			return all, nil
		}
		word, next, err := cutWord(line, i)
		if err != nil {
			return nil, err
		}
		all, i = append(all, word), next
	}
}

// cutWord reads the word that begins at i.
func cutWord(line string, i int) (word string, next int, err error) {
	var text []byte
	for i < len(line) && !endsWord(line[i]) {
		quote := line[i]
		if quote != '"' && quote != '\'' {
			text = append(text, line[i])
			i++
			continue
		}
		quoted, after, ok := cutQuoted(line, i+1, quote)
		if !ok || after < len(line) && !isBlank(line[after]) && line[after] != 0 {
			return "", 0, errQuotes
		}
		return string(append(text, quoted...)), skipZero(line, after), nil
	}
	return string(text), skipZero(line, i), nil
}

// skipZero ends the line at a zero byte: to Redis, which is written in C, nothing follows it.
func skipZero(line string, i int) int {
	if i < len(line) && line[i] == 0 {
		return len(line)
	}
	return i
}

// cutQuoted reads what stands behind an opening quote, up to the closing one.
func cutQuoted(line string, i int, quote byte) (text []byte, next int, ok bool) {
	for ; i < len(line) && line[i] != 0; i++ {
		switch {
		case line[i] == quote:
			return text, i + 1, true
		case line[i] != '\\' || i+1 == len(line) || line[i+1] == 0:
			text = append(text, line[i])
		case quote == '\'' && line[i+1] != '\'':
			text = append(text, line[i])
		case quote == '\'':
			i++
			text = append(text, '\'')
		default:
			c, width := escaped(line[i+1:])
			text = append(text, c)
			i += width
		}
	}
	return nil, 0, false
}

// escaped returns the byte that text, which follows a backslash, stands for, and how long its spelling is.
func escaped(text string) (c byte, width int) {
	if text[0] == 'x' && len(text) >= 3 && isHex(text[1]) && isHex(text[2]) {
		return hexValue(text[1])<<4 | hexValue(text[2]), 3
	}
	switch text[0] {
	case 'n':
		return '\n', 1
	case 'r':
		return '\r', 1
	case 't':
		return '\t', 1
	case 'b':
		return '\b', 1
	case 'a':
		return '\a', 1
	}
	return text[0], 1
}

func isBlank(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// endsWord reports whether c ends a word that is not quoted. A form feed does not.
func endsWord(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0 }

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= lower(c) && lower(c) <= 'f'
}

func hexValue(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return lower(c) - 'a' + 10
}
