package exchange

import (
	"fmt"
	"strings"
	"unicode"

	"redan/profiles"
)

const (
	maxName  = 64
	maxLabel = 60
)

// profileName returns a name for a profile that is as like the label as can be, or "" when nothing of it is left.
func profileName(label string) string {
	var b strings.Builder
	for _, r := range label {
		switch {
		case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)), r == '.', r == '_':
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-") && b.Len() > 0:
			b.WriteByte('-')
		}
		if b.Len() == maxName {
			break
		}
	}
	name := strings.Trim(b.String(), "-_.")
	if name != "" && profiles.CheckName(name) != nil { // what is left to be wrong: it is a device on Windows
		name = "redis-" + name
	}
	if profiles.CheckName(name) != nil {
		return ""
	}
	return name
}

// names gives each name once, whatever its capitals. It holds how often each was wanted.
type names map[string]int

// take returns name, or name with a number behind it.
func (n names) take(name string) string {
	wanted, given := strings.ToLower(name), name
	for n[wanted]++; n[wanted] > 1; n[wanted]++ {
		suffix := fmt.Sprintf("-%d", n[wanted])
		given = strings.TrimRight(name[:min(len(name), maxName-len(suffix))], "-_.") + suffix
		if n[strings.ToLower(given)] == 0 {
			n[strings.ToLower(given)]++
			break
		}
	}
	return given
}

// printable returns a foreign text in one line, without what a terminal would obey.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar || unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs):
			return -1
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// short returns a foreign text as it can be shown in a note.
func short(text string) string {
	runes := []rune(printable(text))
	if len(runes) > maxLabel {
		return string(runes[:maxLabel-1]) + "…"
	}
	return string(runes)
}

// labelOf returns what a file calls a server, unless that may be an address, which has a password in it: in a line that lacks its name,
// or where a person gave the address for a name.
func labelOf(text string) string {
	_, behind, credentials := strings.Cut(text, ":")
	if strings.Contains(text, "://") || credentials && strings.Contains(behind, "@") {
		return ""
	}
	return text
}

// lineLabel is [labelOf] for formats in which a line that is spoilt may begin in the middle of an address.
func lineLabel(text string) string {
	if strings.ContainsAny(text, "@/?&%") {
		return ""
	}
	return labelOf(text)
}
