package tui

import (
	"redan/commands"
	"redan/commands/guard"
	"redan/conn"
	"redan/profiles"
	"redan/ui/theme"
	"redan/ui/tui/kit"
)

// Manner is what a profile says of how its server is shown and guarded.
type Manner struct {
	// Profile is the name of the profile, empty for none, and Color how a theme shows it.
	Profile, Color string
	// Production tells that a mistake is expensive there, and Exceptions which commands are not asked about for that. ReadOnly tells that
	// nothing is written.
	Production, ReadOnly bool
	Exceptions           []string
	// Delimiter parts the segments of keys; empty is ":". Filter is the pattern of the keys that are shown at first.
	Delimiter, Filter string
	// Decoders are how values are shown at first, by the patterns of their keys.
	Decoders map[string]string
	// NoKeyNames keeps completion from asking the server for keys, NoHistory keeps lines no longer than the program runs.
	NoKeyNames, NoHistory bool
}

// MannerOf returns what a profile says.
func MannerOf(p profiles.Profile) Manner {
	return Manner{
		Profile: p.Name, Color: p.Color, Production: p.Environment.IsProduction(), ReadOnly: p.ReadOnly, Exceptions: p.Guard.Exceptions,
		Delimiter: p.Delimiter, Filter: p.Filter, Decoders: p.Decoders,
		NoKeyNames: p.NoKeyNames, NoHistory: p.NoHistory,
	}
}

// writing is what the user said at runtime about writes.
type writing int

const (
	asSaid  writing = iota // as command line and profile have it
	locked                 // :readonly on
	allowed                // :readonly off
)

// readOnly reports whether nothing is written.
func (m model) readOnly() bool {
	switch m.writing {
	case locked:
		return true
	case allowed:
		return false
	case asSaid:
	}
	return m.config.ReadOnly || m.config.Plain.ReadOnly
}

// whyReadOnly says why nothing is written, and nothing where writes are allowed.
func (m model) whyReadOnly() string {
	switch {
	case !m.readOnly():
		return ""
	case m.writing == locked:
		return "read-only until :readonly off"
	case m.config.ReadOnly && m.config.Profile != "":
		return "the profile " + m.config.Profile + " is read-only"
	}
	return "this connection is read-only"
}

// policy is how careful we are with the server.
func (m model) policy() guard.Policy {
	return guard.Policy{ReadOnly: m.readOnly(), Production: m.config.Production, Exceptions: m.config.Exceptions}
}

// guard is how careful the panes are.
func (m model) guard() kit.Guard {
	g := kit.Guard{ReadOnly: m.whyReadOnly(), Word: m.word()}
	if policy := m.policy(); policy.Production {
		policy.ReadOnly = false
		g.Danger = dangerTo(policy, m.panes.console.Table())
	}
	return g
}

// dangerTo is what a policy has against commands.
func dangerTo(policy guard.Policy, table *commands.Table) func([]string) string {
	return func(words []string) string { return policy.Judge(table, words).Reason }
}

// word is what must be typed before much is destroyed.
func (m model) word() string {
	if m.config.Production {
		return m.config.Profile
	}
	return ""
}

// adopt takes over what a profile says once its server answers. Another address than the profile's is no profile.
func (m model) adopt(p *Profile, o conn.Options) model {
	switch {
	case p != nil:
		m.config.Manner, m.writing = MannerOf(p.Saved), asSaid
	case m.link.server != nil && !sameServer(o, m.link.options):
		m.config.Manner, m.writing = m.config.Plain, asSaid
	}
	return m.named()
}

// named finds out how the profile's name is painted.
func (m model) named() model {
	m.name = m.look.Theme
	if m.config.Color != "" && !m.style.plain {
		if painted, err := theme.Named(m.style.theme, m.style.dark, map[string]string{"strong": m.config.Color}); err == nil {
			m.name = painted
		}
	}
	return m
}

// regarded tells the panes how careful they are to be from now on.
func (m model) regarded() model {
	if m.link.server == nil {
		return m
	}
	g := m.guard()
	m.panes.keys, m.panes.viewer = m.panes.keys.Guarded(g), m.panes.viewer.Guarded(g)
	m.panes.console = m.panes.console.Guarded(m.consoleServer(m.link.server))
	return m
}
