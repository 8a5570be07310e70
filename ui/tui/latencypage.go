package tui

import (
	"context"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/latency"
	"redan/ui/modes"
	"redan/ui/tui/kit"
)

// latencyView is the view of round trips. It is not called latency, since that is a command of Redis.
const latencyView view = "roundtrips"

// latencyPage is that view. Nothing is sent before a person asks for it, nor while another view is on screen.
type latencyPage struct {
	gen    int                  // of measurements: what belongs to an older one is dropped
	run    *pingRun             // under way; nil for none
	out    bool                 // a task is, which alone may use run
	screen *modes.LatencyScreen // what was measured; only update changes it
	why    string               // it ended
	since  time.Time            // of the measurement
}

func (latencyPage) about() about {
	return about{id: latencyView, name: "Latency", short: "Lat", help: "Latency: how long answers take"}
}

func (latencyPage) typing() bool { return false }

func (p latencyPage) bindings(m model) []kit.Binding {
	const group = "In this view"
	run, off, still, nothing := "measure", "", "nothing is being measured", ""
	switch {
	case p.run != nil:
		run, still = "stop", ""
	case m.link.phase != online:
		off = "there is no connection"
	case p.screen != nil:
		run = "go on"
	}
	if p.screen == nil {
		nothing = "nothing was measured yet"
	}
	return []kit.Binding{
		{ID: "roundtrips.run", Keys: []string{"space"}, Help: run, Group: group, Footer: 10, Off: off},
		{ID: "roundtrips.stop", Keys: []string{"esc"}, Help: "stop", Group: group, Off: still},
		{ID: "roundtrips.clear", Keys: []string{"R"}, Help: "begin anew", Group: group, Footer: 20, Off: nothing},
	}
}

func (p latencyPage) update(m model, msg tea.Msg) (page, tea.Cmd) {
	switch msg := msg.(type) {
	case left:
		p, end := p.stop()
		return latencyPage{gen: p.gen}, end
	case pingDue:
		if msg.gen == p.gen && p.run != nil && !p.out {
			return p.goOn(m)
		}
	case pinged:
		return p.pinged(m, msg)
	case chosen:
		return p.obey(m, msg.id)
	}
	return p, nil
}

// stop ends the measurement. A task that is out brings what is to be closed.
func (p latencyPage) stop() (latencyPage, tea.Cmd) {
	run, out := p.run, p.out
	p.run, p.out, p.gen = nil, false, p.gen+1
	if run == nil {
		return p, nil
	}
	run.cancel()
	if out {
		return p, nil
	}
	return p, endPing(run)
}

func (p latencyPage) goOn(m model) (page, tea.Cmd) {
	p.out = true
	return p, ping(p.run, m.config.Now, m.how.pause, p.gen)
}

func (p latencyPage) obey(m model, id string) (page, tea.Cmd) {
	switch {
	case id == "roundtrips.clear":
		p.why, p.since = "", m.now
		if p.run == nil {
			p.screen = nil
		} else {
			p.screen.Anew(m.now)
		}
		return p, nil
	case p.run != nil:
		return p.stop()
	}
	ctx, cancel := context.WithCancel(m.ctx)
	p.gen++
	p.why, p.since = "", m.now
	p.run = &pingRun{ctx: ctx, cancel: cancel, open: m.link.server.ping}
	return p.goOn(m)
}

// pinged takes in some round trips, and goes on.
func (p latencyPage) pinged(m model, msg pinged) (page, tea.Cmd) {
	if msg.gen != p.gen {
		return p, endPing(msg.run)
	}
	switch {
	case msg.opening == nil || len(msg.trips) == 0:
	case p.screen == nil:
		p.screen = modes.NewLatencyScreen(modes.Screen{}, kit.Escape(m.link.options.Addr().Target()), *msg.opening, nil, msg.trips[0].Sent)
	default:
		p.screen.Reopened(*msg.opening)
	}
	for _, trip := range msg.trips {
		p.screen.Add(trip)
	}
	p.out = false
	switch {
	case msg.err != nil:
		cause, fix := explain(msg.err)
		p.why = cause
		if fix != "" {
			p.why += ": " + fix
		}
	case m.shape.view != latencyView:
		p.why = "stopped, since another view was on screen"
	default:
		return p, m.timer(latency.PingEvery, pingDue{gen: p.gen})
	}
	return p.stop()
}

func (p latencyPage) draw(m model, w, h int) []string {
	look := m.look
	lines := []string{p.head(m, w), ""}
	if p.screen == nil {
		if p.run != nil {
			return append(lines, " Connecting"+kit.Ellipsis().Of(look))
		}
		lines = append(lines, " "+look.Strong("space")+" measures how long answers take.", "")
		return append(lines, kit.Wrap("A PING goes out every 10 ms, on a connection of its own, until it is stopped or another view is on screen.", " ", w)...)
	}
	for _, line := range p.screen.Picture(modes.Screen{Theme: look.Theme, Plain: look.ASCII}, p.run != nil, m.now, max(1, w-2), max(1, h-len(lines))) {
		lines = append(lines, " "+line)
	}
	return lines
}

// head says what is going on.
func (p latencyPage) head(m model, w int) string {
	look := m.look
	switch {
	case p.run != nil && p.screen != nil:
		if since, late := p.screen.Late(m.now); late {
			return " " + look.Danger("no answer for "+strconv.FormatFloat(since.Seconds(), 'f', 1, 64)+" s")
		}
		return " " + look.Good("measuring") + look.Dim("   for "+kit.Life(max(m.now.Sub(p.since).Truncate(time.Second), time.Second)))
	case p.run != nil:
		return ""
	case p.why != "":
		return " " + look.Warn(kit.Cut(p.why, max(1, w-1), look.ASCII))
	case p.screen != nil:
		return " " + look.Dim("stopped")
	}
	return ""
}
