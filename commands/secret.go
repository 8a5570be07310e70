package commands

import (
	"slices"
	"strings"
)

// Secret reports whether the words of a line hold a secret, so that the line
// must not be stored: AUTH, HELLO with AUTH, MIGRATE with AUTH or AUTH2, ACL
// commands about users, and settings of CONFIG or SENTINEL that are passwords
// or user names. A repeat count in front changes nothing. What a script says
// is not looked into.
func Secret(words []string) bool {
	words = withoutRepeat(words)
	if len(words) == 0 {
		return false
	}
	rest := words[1:]
	switch strings.ToLower(words[0]) {
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
