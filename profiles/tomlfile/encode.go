package tomlfile

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// encodeKey returns one part of a key, in quotes where it needs them.
func encodeKey(part string) string {
	bare := part != "" && strings.IndexFunc(part, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
	}) < 0
	if bare {
		return part
	}
	return quote(part)
}

// encodeValue returns a value as TOML. A text of several lines keeps them where multiline allows it.
func encodeValue(value any, multiline bool) (string, error) {
	switch v := value.(type) {
	case string:
		return encodeText(v, multiline)
	case bool:
		return strconv.FormatBool(v), nil
	case int:
		return strconv.Itoa(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case []string:
		parts := make([]string, len(v))
		for i, text := range v {
			var err error
			if parts[i], err = encodeText(text, false); err != nil {
				return "", err
			}
		}
		return "[" + strings.Join(parts, ", ") + "]", nil
	}
	return "", fmt.Errorf("a %T cannot be written to a preferences file", value)
}

func encodeText(text string, multiline bool) (string, error) {
	if !utf8.ValidString(text) {
		return "", errors.New("a text that is not UTF-8 cannot be written to a TOML file: use base64")
	}
	plain := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f }) < 0
	if multiline && plain && strings.Contains(text, "\n") && !strings.Contains(text, "'''") && !strings.HasSuffix(text, "'") {
		return "'''\n" + text + "'''", nil
	}
	return quote(text), nil
}

// quote returns a TOML basic string.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
