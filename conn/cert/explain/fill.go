package explain

import (
	"strconv"
	"strings"
	"unicode"

	"redan/conn/cert"
)

// filler puts what a text said into the sentences and commands of the tables.
type filler struct {
	facts   facts
	program string
}

// sentence fills a sentence. ok is false when it needs something that the text did not say.
func (f filler) sentence(template string) (filled string, ok bool) {
	return f.replace(template, func(value string) string { return value })
}

// command fills a command line; what the text said is quoted for a shell. placeholders reports whether words in capitals are left in it.
func (f filler) command(template string) (filled string, placeholders, ok bool) {
	filled, ok = f.replace(template, cert.ShellQuote)
	if rest, isOurs := strings.CutPrefix(filled, "redan "); isOurs {
		filled = f.program + " " + rest
	}
	return filled, hasPlaceholder(filled), ok
}

func (f filler) replace(template string, quote func(string) string) (string, bool) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			return b.String(), true
		}
		variable, after, _ := strings.Cut(rest, "}")
		name, fallback, hasFallback := strings.Cut(variable, "|")
		switch value := f.facts[name]; {
		case name == "at":
			b.WriteString("-h " + f.or("host", "HOST", quote) + " -p " + f.or("port", "PORT", quote))
		case name == "hostport":
			host := f.or("host", "HOST", quote)
			if strings.Contains(host, ":") {
				host = "[" + host + "]"
			}
			b.WriteString(host + ":" + f.or("port", "PORT", quote))
		case value != "":
			b.WriteString(quote(printable(value)))
		case hasFallback:
			b.WriteString(fallback)
		default:
			return "", false
		}
		template = after
	}
}

func (f filler) or(name, placeholder string, quote func(string) string) string {
	if value := f.facts[name]; value != "" {
		return quote(printable(value))
	}
	return placeholder
}

// hasPlaceholder reports whether a command holds a word in capitals that has to be replaced: CLIENT.crt, HOST.
func hasPlaceholder(command string) bool {
	isConfig := strings.HasPrefix(command, "CONFIG") || strings.HasPrefix(command, "ACL") || strings.HasPrefix(command, "CLIENT") ||
		strings.HasPrefix(command, "INFO") || strings.HasPrefix(command, "REPLICAOF")
	words := strings.Fields(command)
	if isConfig && len(words) > 2 {
		words = words[2:]
	} else if isConfig {
		return false
	}
	for _, word := range words {
		stem, _, isFile := strings.Cut(strings.Trim(word, `"':`), ".")
		if (len(stem) > 2 || isFile && len(stem) == 2) && strings.Trim(stem, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == "" && stem != "DEFAULT" && stem[0] != '-' {
			return true
		}
	}
	return false
}

// printable returns text fit for a terminal: control and other invisible characters escaped, white space as one blank, and not endless.
func printable(text string) string {
	const longest = 200
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		if b.Len() > longest {
			b.WriteString("...")
			break
		}
		if unicode.IsGraphic(r) && r != unicode.ReplacementChar {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
	}
	return b.String()
}

// withoutPassword hides the password of addresses such as rediss://user:password@host.
func withoutPassword(text string) string {
	before, rest, found := strings.Cut(text, "://")
	if !found {
		return text
	}
	end := strings.IndexAny(rest, "/ \t\n")
	if end < 0 {
		end = len(rest)
	}
	if at := strings.LastIndexByte(rest[:end], '@'); at >= 0 {
		rest = "***" + rest[at:]
		end += 3 - at
	}
	return before + "://" + rest[:end] + withoutPassword(rest[end:])
}
