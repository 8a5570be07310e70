package commands

import (
	"slices"
	"strconv"
	"strings"
)

// Secret reports whether the words of a line hold a secret, so that the line
// must not be stored: AUTH, HELLO with AUTH, MIGRATE with AUTH or AUTH2, ACL
// commands about users, and settings of CONFIG or SENTINEL that are passwords
// or user names. A repeat count in front changes nothing, nor does \watch. What
// a script says is not looked into. ":connect" with a password among its
// options or in its URI is one too, with the colon and without.
func Secret(words []string) bool {
	if len(words) > 1 && words[0] == `\watch` {
		words = words[1:]
		if _, err := strconv.ParseFloat(words[0], 64); err == nil {
			words = words[1:]
		}
	}
	words = withoutRepeat(words)
	if len(words) == 0 {
		return false
	}
	rest := words[1:]
	switch strings.ToLower(words[0]) {
	case "connect", ":connect":
		return slices.ContainsFunc(rest, secretOption)
	case "auth":
		return true
	case "hello":
		return slices.ContainsFunc(rest, isAuth)
	case "migrate":
		auth := slices.IndexFunc(rest, isAuth)
		keys := slices.IndexFunc(rest, func(w string) bool { return strings.EqualFold(w, "keys") })
		return auth >= 0 && (keys < 0 || auth < keys)
	case "acl":
		return secretACL(rest)
	case "config":
		return len(rest) > 0 && strings.EqualFold(rest[0], "set") && slices.ContainsFunc(rest[1:], secretSetting)
	case "sentinel":
		return secretSentinel(rest)
	}
	return false
}

// SecretLine is Secret for a line as typed. A line with bad quoting, which no
// server will see but a history would, is judged by its blank-separated words.
func SecretLine(line string) bool {
	words, err := Split(line)
	if err != nil {
		words = strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("\"' \t\v\f\r\n", r) })
	}
	return Secret(words)
}

// Masked gives the words as they may be shown and kept: of those that hold a
// secret only the name of the command, with *** in the place of the rest.
func Masked(words []string) []string {
	if !Secret(words) {
		return words
	}
	return []string{words[0], "***"}
}

// MaskedReply gives what a server said to a command as it may be shown and
// kept. A server that refuses a command may repeat its arguments, so of
// commands that hold a secret each of them is taken out.
func MaskedReply(words []string, text string) string {
	if !Secret(words) {
		return text
	}
	const repeated = "with args beginning with:"
	if i := strings.Index(text, repeated); i >= 0 {
		return text[:i+len(repeated)] + " ***" // cut there, a secret might not be found any more
	}
	hidden := slices.Clone(words[1:])
	slices.SortFunc(hidden, func(a, b string) int { return len(b) - len(a) })
	for _, word := range hidden {
		if len(word) > 1 && !isPlainWord(word) {
			text = strings.ReplaceAll(text, word, "***")
		}
		if bare := strings.TrimLeft(word, "><#!"); len(bare) > 1 && bare != word { // ACL SETUSER u >password
			text = strings.ReplaceAll(text, bare, "***")
		}
	}
	return text
}

// isPlainWord reports whether a word of a command with a secret is one of the
// words that every such command has, which tell nothing.
func isPlainWord(word string) bool {
	switch strings.ToLower(word) {
	case "set", "setuser", "getuser", "deluser", "config", "auth", "auth2", "setname", "keys", "copy", "replace":
		return true
	}
	return secretSetting(word)
}

// secretOption reports whether an option of a connection is, or may hold, a
// password: -a and --pass, and a URI with a user or password.
func secretOption(word string) bool {
	lower := strings.ToLower(word)
	switch {
	case lower == "--askpass":
		return false
	case strings.Contains(word, "@"):
		return true
	}
	return strings.HasPrefix(word, "-a") || strings.HasPrefix(lower, "--pass") || strings.HasPrefix(lower, "--auth")
}

func isAuth(word string) bool {
	return strings.EqualFold(word, "auth") || strings.EqualFold(word, "auth2")
}

func secretACL(rest []string) bool {
	if len(rest) == 0 {
		return false
	}
	switch strings.ToLower(rest[0]) {
	case "setuser", "getuser", "deluser":
		return true
	}
	return false
}

func secretSentinel(rest []string) bool {
	if len(rest) == 0 {
		return false
	}
	switch strings.ToLower(rest[0]) {
	case "set", "config":
		return slices.ContainsFunc(rest[1:], secretSetting)
	}
	return false
}

// secretSetting reports whether a word names a setting whose value is secret.
// It may stand anywhere: CONFIG SET takes many settings, and a word that only
// looks like one costs no more than a line of history.
func secretSetting(word string) bool {
	switch strings.ToLower(word) {
	case "requirepass", "masterauth", "masteruser", "primaryauth", "primaryuser",
		"tls-key-file-pass", "tls-client-key-file-pass",
		"auth-pass", "auth-user", "sentinel-pass", "sentinel-user":
		return true
	}
	return false
}
