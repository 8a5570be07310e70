package viewer

import (
	"slices"

	"redan/ui/view/decode"
)

// decoderFor is the decoder that the values of a key are shown by at first; empty for the one that fits best. The longest pattern that
// matches says it.
func decoderFor(key string, decoders map[string]string) decode.Name {
	best, name := -1, ""
	for pattern, decoder := range decoders {
		if n := len(pattern); (n > best || n == best && decoder < name) && matchesGlob(pattern, key) {
			best, name = n, decoder
		}
	}
	return decode.Name(name)
}

// through is the way a decoder is reached among those that fit the bytes; nil, which detects it, when it does not fit.
func through(name decode.Name, in decode.Input) decode.Chain {
	if name == "" {
		return nil
	}
	for _, chain := range decode.Standard().Offers(in) {
		if slices.Contains(chain, name) {
			return chain
		}
	}
	return nil
}

// matchesGlob reports whether a text matches a pattern as the server's MATCH understands it: *, ?, [a-z], [^a] and \.
func matchesGlob(pattern, text string) bool {
	for pattern != "" {
		if pattern[0] == '*' {
			return matchesAfter(pattern[1:], text)
		}
		rest, in := one(pattern, text)
		if !in {
			return false
		}
		pattern, text = rest, text[1:]
	}
	return text == ""
}

// matchesAfter reports whether some end of a text matches what stands behind a star.
func matchesAfter(pattern, text string) bool {
	for at := range len(text) + 1 {
		if matchesGlob(pattern, text[at:]) {
			return true
		}
	}
	return false
}

// one reports whether the first byte of text is what a pattern begins with, which is no star, and what is behind that.
func one(pattern, text string) (rest string, in bool) {
	switch {
	case text == "":
		return "", false
	case pattern[0] == '[':
		return class(pattern, text)
	case pattern[0] == '?':
		return pattern[1:], true
	case pattern[0] == '\\' && len(pattern) > 1:
		pattern = pattern[1:]
	}
	return pattern[1:], pattern[0] == text[0]
}

// class reports whether the first byte of text is in the class that a pattern begins with, and what is behind that.
func class(pattern, text string) (rest string, in bool) {
	at := 1
	not := at < len(pattern) && pattern[at] == '^'
	if not {
		at++
	}
	for at < len(pattern) && pattern[at] != ']' {
		if pattern[at] == '\\' && at+1 < len(pattern) {
			at++
		}
		low, high := pattern[at], pattern[at]
		if at+2 < len(pattern) && pattern[at+1] == '-' && pattern[at+2] != ']' {
			high = pattern[at+2]
			at += 2
		}
		in = in || min(low, high) <= text[0] && text[0] <= max(low, high)
		at++
	}
	return pattern[min(at+1, len(pattern)):], in != not
}
