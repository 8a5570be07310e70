package view

import (
	"context"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"redan/ui/view/decode"
)

// The lengths between which a value may be the name of a key, in bytes.
const (
	shortestName = 2
	longestName  = 256
)

// PlausibleName reports whether a value may be the name of another key: a short word with a letter and a sign that parts names, or a
// digit; no number, no sentence, nothing encoded. Asking the server about everything would be asking about every state and every price.
func PlausibleName(value []byte, chain decode.Chain) bool {
	if len(value) < shortestName || len(value) > longestName || !utf8.Valid(value) {
		return false
	}
	if len(chain) > 1 || len(chain) == 1 && chain[0] != decode.Text {
		return false
	}
	text := string(value)
	strange := func(r rune) bool { return r == ' ' || !unicode.IsGraphic(r) }
	if strings.IndexFunc(text, strange) >= 0 || strings.IndexFunc(text, unicode.IsLetter) < 0 || !strings.ContainsAny(text, ":/|._-#0123456789") {
		return false
	}
	const bits = 64
	_, err := strconv.ParseFloat(text, bits)
	return err != nil // 1e5 and 0x1p3 are numbers too
}

// Existing returns the types of those names that are keys. It takes one round trip, and is no access to them. What the server does not
// allow to ask about is left out.
func Existing(ctx context.Context, c Client, names []string) (map[string]string, error) {
	commands := make([][]string, len(names))
	for i, name := range names {
		commands[i] = []string{"TYPE", name}
	}
	types := map[string]string{}
	if len(names) == 0 {
		return types, nil
	}
	replies, err := tell(ctx, c, commands...)
	if err != nil {
		return nil, err
	}
	for i, reply := range replies {
		if kind := reply.String(); !reply.Kind.IsError() && kind != None && kind != "" {
			types[names[i]] = kind
		}
	}
	return types, nil
}
