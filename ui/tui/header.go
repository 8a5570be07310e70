package tui

import (
	"crypto/tls"
	"slices"
	"strconv"
	"strings"
	"time"

	"redan/conn/cert"
	"redan/ui/tui/kit"
)

// segment is a fact in the header. Those of a high rank leave first when there is no room.
type segment struct {
	text string
	rank int
	end  bool // at the right edge
}

// header is the first line: where we are, how it is secured, and how the server is.
func (m model) header(w int) string {
	segments := slices.DeleteFunc(m.segments(w < paneWidth), func(s segment) bool { return s.text == "" })
	for len(segments) > 1 && headerWidth(segments) > w {
		last := 0
		for i, s := range segments {
			if s.rank >= segments[last].rank {
				last = i
			}
		}
		segments = slices.Delete(segments, last, last+1)
	}
	left, right := " ", ""
	for _, s := range segments {
		if s.end {
			right += s.text + " "
			continue
		}
		if left != " " {
			left += gap
		}
		left += s.text
	}
	return justify(left, right, w, m.look)
}

// gap stands between the facts of the header.
const gap = "   "

func headerWidth(segments []segment) int {
	width := 1
	for _, s := range segments {
		width += kit.Width(s.text) + len(gap)
	}
	return width - len(gap) + 1
}

// segments are the facts of the header. What the server does not tell is left out.
func (m model) segments(narrow bool) []segment {
	if m.link.picking {
		return []segment{{text: m.look.Dim("redan")}}
	}
	look, o := m.look, m.link.options
	name, production := kit.Escape(m.config.Profile), "PRODUCTION"
	if narrow {
		production = "PROD"
	}
	if !m.config.Production {
		production = ""
	}
	address := kit.Escape(o.Addr().Target())
	if narrow && name != "" {
		address = ""
	}
	own := look.Dim("redan")
	if narrow {
		own = ""
	}
	return []segment{
		{text: own, rank: 6},
		{text: m.name.Strong(name), rank: 1},
		{text: look.Production(production), rank: 0},
		{text: addressStyle(address, name, look), rank: 2},
		{text: m.security(narrow), rank: 3},
		{text: "db " + strconv.Itoa(o.DB), rank: 4},
		{text: m.role(), rank: 5},
		{text: m.memory(), rank: 7},
		{text: m.operations(), rank: 8},
		{text: m.slowness(), rank: 2},
		{text: m.transaction(), rank: 1},
		{text: m.readOnlyMark(), rank: 3, end: true},
	}
}

func addressStyle(address, name string, look kit.Look) string {
	if name == "" {
		return look.Strong(address)
	}
	return address
}

// transaction says that one is open in the console: it is lost with the program, or the connection.
func (m model) transaction() string {
	if queued, open := m.panes.console.Transaction(); open {
		return m.look.Warn("MULTI " + strconv.Itoa(queued))
	}
	return ""
}

func (m model) readOnlyMark() string {
	if m.readOnly() {
		return m.look.Warn("ro")
	}
	return ""
}

// security says how the connection is protected: nothing for a plain one on this machine.
func (m model) security(narrow bool) string {
	look := m.look
	if m.link.server == nil {
		return ""
	}
	state := m.link.server.secured
	if state == nil {
		if m.link.options.Addr().IsLoopback() {
			return ""
		}
		return look.Warn("not encrypted")
	}
	text := tls.VersionName(state.Version)
	if narrow {
		text = "TLS"
	}
	if len(state.PeerCertificates) == 0 {
		return text
	}
	left := state.PeerCertificates[0].NotAfter.Sub(m.now)
	days := strconv.Itoa(int(left/day)) + "d"
	if left < 2*day {
		days = strconv.Itoa(int(left/time.Hour)) + "h"
	}
	switch o := m.link.options.TLS; {
	case left <= 0:
		return text + " " + look.Danger(kit.Broken().Of(look)+" expired")
	case o != nil && o.Level == cert.LevelNone:
		return text + " " + look.Danger("not verified") + " " + days
	case left < certSoon:
		return text + " " + look.Warn("! "+days)
	}
	return text + " " + look.Good(kit.Passed().Of(look)) + " " + days
}

// certSoon is when a certificate's end is near.
const certSoon = 14 * day

const day = 24 * time.Hour

func (m model) role() string {
	role := roleName(m.facts.info.values["role"])
	text := kit.Escape(strings.TrimSpace(role + " " + m.facts.info.version()))
	if role == "replica" {
		return m.look.Warn(text)
	}
	return text
}

func (m model) memory() string {
	if n, ok := m.facts.info.number("used_memory"); ok {
		return kit.Size(n)
	}
	return ""
}

func (m model) operations() string {
	n, ok := m.facts.info.number("instantaneous_ops_per_sec")
	if !ok {
		return ""
	}
	return perSecond(n)
}

// perSecond is a rate: "1.2k/s".
func perSecond(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + "/s"
	case n < 1_000_000:
		return strconv.FormatFloat(float64(n)/1e3, 'f', 1, 64) + "k/s"
	default:
		return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + "M/s"
	}
}

// slow is how long the server may take for its key figures before it is told.
const slow = 150 * time.Millisecond

// slowness says that the server is slow to answer.
func (m model) slowness() string {
	took := m.facts.took
	if m.facts.asking {
		took = max(took, m.now.Sub(m.facts.asked))
	}
	if took < slow || m.link.phase != online {
		return ""
	}
	return m.look.Warn("slow: " + took.Round(10*time.Millisecond).String())
}

// ruleLine parts the header from the rest. When the connection is lost it says so instead; nothing moves for that.
func (m model) ruleLine(w int) string {
	look := m.look
	if m.link.server != nil && (m.link.phase == lost || m.link.phase == offline) {
		return m.banner(w)
	}
	if text := m.facts.trouble(); text != "" && m.link.phase == online {
		return look.Warn(kit.Fit(" ! "+text, w, look.ASCII))
	}
	rule := strings.Repeat(kit.Bold().Of(look), w)
	if m.config.Production {
		return look.Danger(rule)
	}
	return look.Rule(rule)
}

// troubleKey is the key of one of the bindings that there are while the connection is lost: where text is typed, one that types nothing.
func (m model) troubleKey(id string) string {
	typing := m.typing()
	for _, b := range m.bindings() {
		if b.ID != id {
			continue
		}
		for _, key := range b.Keys {
			if !typing || !types(key) {
				return keyName(key, m.look)
			}
		}
	}
	return ""
}

// banner says that the connection is lost, why, and what can be done.
func (m model) banner(w int) string {
	look, l := m.look, m.link
	state := "retry " + strconv.Itoa(l.attempt) + " in " + strconv.Itoa(max(0, int((l.retryAt.Sub(m.now)+second-1)/second))) + "s"
	keys := m.troubleKey("retry") + " now   " + m.troubleKey("offline") + " stay offline"
	switch {
	case l.phase == offline:
		state, keys = "offline", m.troubleKey("retry")+" connect"
	case l.probing:
		state, keys = "connecting"+kit.Ellipsis().Of(look), m.troubleKey("offline")+" stay offline"
	}
	if l.wantsPassword() {
		keys = m.troubleKey("password") + " password   " + keys
	}
	mark, asOf := " "+kit.Broken().Of(look)+" ", "as of "+l.since.Format(time.TimeOnly)
	// The cause comes first; the keys stand in the footer too.
	right := "   " + state + " "
	for _, longer := range []string{"   " + asOf + "   " + state + " ", "   " + asOf + "   " + state + "   " + keys + " "} {
		if kit.Width(mark+l.cause)+kit.Width(longer) <= w {
			right = longer
		}
	}
	left := mark + "connection lost: " + l.cause
	if l.phase == offline || kit.Width(left)+kit.Width(right) > w {
		left = mark + l.cause
	}
	return look.Danger(justify(left, right, w, look))
}
