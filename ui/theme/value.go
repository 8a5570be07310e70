package theme

import (
	"strconv"
	"strings"
)

// sequence returns the SGR parameters that a value of the preferences stands
// for: attributes, a colour, and "on" with a colour for the background, in any
// order and parted by blanks. "default" alone is no style at all. wrong is the
// word that is none, empty when all are understood.
func sequence(value string, background bool) (parameters, wrong string) {
	words := strings.Fields(strings.ToLower(value))
	switch {
	case len(words) == 0:
		return "", value + " "
	case len(words) == 1 && words[0] == "default":
		return "", ""
	}
	var list []string
	colors := 0
	for i := 0; i < len(words); i++ {
		word, on := words[i], false
		if code, ok := attribute(word); ok {
			list = append(list, code)
			continue
		}
		if word == "on" && i+1 < len(words) {
			i++
			word, on = words[i], true
		}
		if word == "bright" && i+1 < len(words) {
			i++
			word = "bright-" + words[i]
		}
		code, ok := color(word, on || background)
		if !ok || colors > 1 {
			return "", word
		}
		list = append(list, code)
		colors++
	}
	return strings.Join(list, ";"), ""
}

// attribute returns the parameter of a word that is no colour.
func attribute(word string) (string, bool) {
	switch word {
	case "bold":
		return "1", true
	case "faint", "dim":
		return "2", true
	case "italic":
		return "3", true
	case "underline":
		return "4", true
	case "reverse":
		return "7", true
	case "strike":
		return "9", true
	}
	return "", false
}

// attributes are the words that attribute knows.
func attributes() []string {
	return []string{"bold", "faint", "dim", "italic", "underline", "reverse", "strike"}
}

// basic are the terminal's own colours, in their order.
func basic() []string {
	return []string{"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}
}

// color returns the parameters of a colour: a name, a number from 0 to 255, or
// #rgb or #rrggbb.
func color(word string, background bool) (string, bool) {
	base, extended := 30, "38;"
	if background {
		base, extended = 40, "48;"
	}
	if word == "default" {
		return strconv.Itoa(base + 9), true
	}
	if digits, ok := strings.CutPrefix(word, "#"); ok {
		if r, g, b, ok := hexColor(digits); ok {
			return extended + "2;" + strconv.Itoa(r) + ";" + strconv.Itoa(g) + ";" + strconv.Itoa(b), true
		}
		return "", false
	}
	if n, err := strconv.ParseUint(word, 10, 8); err == nil {
		return extended + "5;" + strconv.Itoa(int(n)), true
	}
	if word == "gray" || word == "grey" {
		word = "bright-black"
	}
	name, bright := strings.CutPrefix(word, "bright-")
	if bright {
		base += 60
	}
	for i, known := range basic() {
		if name == known {
			return strconv.Itoa(base + i), true
		}
	}
	return "", false
}

// hexColor reads "f80" and "ff8800".
func hexColor(digits string) (r, g, b int, ok bool) {
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	n, err := strconv.ParseUint(digits, 16, 24)
	if err != nil || len(digits) != 6 {
		return 0, 0, 0, false
	}
	return int(n >> 16), int(n >> 8 & 0xff), int(n & 0xff), true
}
