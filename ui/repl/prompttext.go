package repl

import (
	"cmp"
	"strconv"
	"strings"
	"unicode/utf8"

	"redan/commands/guard"
	"redan/conn"
	"redan/ui/format"
)

// maxPrompt is how many bytes a prompt has at most, as redis-cli's.
const maxPrompt = 127

// promptFacts are what a prompt tells.
type promptFacts struct {
	place     Place
	policy    guard.Policy // as it is now
	connected bool
	addr      conn.Addr
	state     conn.State
}

// profileTemplate is the prompt of a profile that has no own.
const profileTemplate = "{production}{profile} {address}{database}{state}{readonly}> "

// text is what stands before the cursor: where commands go and what state the connection is in.
func (f promptFacts) text() string {
	if f.place.Profile == "" {
		if !f.connected {
			return notConnected
		}
		return promptText(f.addr, f.state, f.policy.ReadOnly)
	}
	template := cmp.Or(f.place.Template, profileTemplate)
	if !f.connected {
		template = "{production}{profile} " + notConnected
	}
	if f.policy.ReadOnly && f.connected && !strings.Contains(template, "{readonly}") {
		template = "{readonly}" + template
	}
	if !strings.Contains(template, "{production}") { // a profile does not hide where one is
		template = "{production}" + template
	}
	text := f.expand(template)
	return firstBytes(string(format.AppendTerminal(nil, []byte(text))), maxPrompt)
}

// expand puts the facts in the place of a template's fields. What is no field stays as it is.
func (f promptFacts) expand(template string) string {
	production, readOnly := "", ""
	if f.policy.Production {
		production = "PROD "
	}
	if f.policy.ReadOnly {
		readOnly = "(read-only)"
	}
	port := ""
	if f.addr.Network != "unix" {
		port = strconv.Itoa(f.addr.Port)
	}
	return strings.NewReplacer(
		"{production}", production,
		"{profile}", f.place.Profile,
		"{environment}", f.place.Environment,
		"{address}", addressText(f.addr),
		"{host}", f.addr.Host,
		"{port}", port,
		"{user}", f.place.Options.User,
		"{db}", strconv.Itoa(f.state.DB),
		"{database}", databaseText(f.state),
		"{state}", stateText(f.state),
		"{readonly}", readOnly,
	).Replace(template)
}

// promptText is the prompt where no profile led.
func promptText(addr conn.Addr, state conn.State, readOnly bool) string {
	suffix := databaseText(state) + stateText(state)
	if readOnly {
		suffix += "(read-only)"
	}
	suffix += "> "
	name := string(format.AppendTerminal(nil, []byte(addressText(addr))))
	return firstBytes(name, maxPrompt-len(suffix)) + suffix
}

func addressText(addr conn.Addr) string {
	switch {
	case addr.Network == "unix":
		return "redis " + addr.String()
	case strings.Contains(addr.Host, ":"):
		return addr.Target() // with brackets around the address
	}
	return addr.String()
}

func databaseText(state conn.State) string {
	if state.DB == 0 {
		return ""
	}
	return "[" + strconv.Itoa(state.DB) + "]"
}

func stateText(state conn.State) string {
	text := ""
	if state.Multi {
		text += "(TX)"
	}
	if state.Subscribed {
		text += "(subscribed mode)"
	}
	return text
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
