package repl

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"redan/conn"
	"redan/ui/format"
)

// maxPrompt is how many bytes a prompt has at most, as redis-cli's.
const maxPrompt = 127

// promptText is what stands before the cursor: where commands go and what state
// the connection is in.
func promptText(addr conn.Addr, state conn.State) string {
	name := addr.String()
	switch {
	case addr.Network == "unix":
		name = "redis " + name
	case strings.Contains(addr.Host, ":"):
		name = addr.Target() // with brackets around the address
	}
	suffix := "> "
	if state.Subscribed {
		suffix = "(subscribed mode)" + suffix
	}
	if state.Multi {
		suffix = "(TX)" + suffix
	}
	if state.DB != 0 {
		suffix = "[" + strconv.Itoa(state.DB) + "]" + suffix
	}
	name = string(format.AppendTerminal(nil, []byte(name)))
	return firstBytes(name, maxPrompt-len(suffix)) + suffix
}

// notConnected is the prompt while there is no connection.
const notConnected = "not connected> "

// firstBytes returns at most n bytes of s, in whole characters.
func firstBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
