package console

import (
	"bytes"
	"encoding/json"
	"strings"

	"redan/ui/tui/kit"
)

// prettyJSON returns a text that is a JSON object or array, indented; nil when it is not. The bytes of strings and numbers stay.
func prettyJSON(body []byte) []row {
	trimmed := bytes.TrimSpace(body)
	if len(trimmed) < 2 || trimmed[0] != '{' && trimmed[0] != '[' || !json.Valid(trimmed) {
		return nil
	}
	var b bytes.Buffer
	if json.Indent(&b, trimmed, "", "  ") != nil || b.Len() > 4*keptText { // deep nesting costs more in blanks than it holds
		return nil
	}
	var rows []row
	for line := range strings.SplitSeq(b.String(), "\n") {
		rows = append(rows, jsonRow(line))
	}
	return rows
}

// jsonRow gives the parts of a line of indented JSON their tones.
func jsonRow(line string) row {
	body := strings.TrimLeft(line, " ")
	r := row{{line[:len(line)-len(body)], plain}}
	if body != "" && body[0] == '"' {
		end := stringEnd(body)
		if rest := body[end:]; strings.HasPrefix(rest, ":") {
			r = append(r, span{kit.Escape(body[:end]), name}, span{": ", dim})
			body = strings.TrimPrefix(rest, ": ")
		}
	}
	value := strings.TrimSuffix(body, ",")
	switch {
	case value == "":
	case value[0] == '"':
		r = append(r, span{kit.Escape(value), plain})
	case strings.ContainsAny(value, "{}[]"):
		r = append(r, span{value, dim})
	default:
		r = append(r, span{value, number})
	}
	if value != body {
		r = append(r, span{",", dim})
	}
	return r
}

// stringEnd is where the string that s begins with ends.
func stringEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}
