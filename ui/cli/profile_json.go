package cli

import (
	"bytes"
	"encoding/json"
)

// printJSON prints a value with indents. Characters that cannot be seen are escaped, so that it can be looked at on a terminal.
func (a *app) printJSON(value any) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	for _, c := range b.String() {
		if c == 0x7f || c >= 0x80 && c < 0xa0 || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
			a.print(jsonEscape(c))
			continue
		}
		a.print(string(c))
	}
	return nil
}

func jsonEscape(c rune) string {
	const digits = "0123456789abcdef"
	return `\u` + string([]byte{digits[c>>12&15], digits[c>>8&15], digits[c>>4&15], digits[c&15]})
}
