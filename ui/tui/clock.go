package tui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// second is the clock's step while the window has the focus.
const second = time.Second

// tickDue is once a second: lives get shorter, countdowns count down, and the server is asked for its key figures.
func (m model) tickDue(msg tickDue) (model, tea.Cmd) {
	if msg.gen != m.ticks || m.blurred {
		return m, nil
	}
	next := m.timer(second, tickDue{gen: m.ticks})
	m, ask := m.askInfo()
	if m.link.phase != online {
		m, turned := m.turn(kit.Tick{Now: m.now})
		return m, tea.Batch(next, ask, turned)
	}
	m, told := m.tell(kit.Tick{Now: m.now})
	return m, tea.Batch(next, ask, told)
}

// refocused starts the clock, which stands still while nobody looks.
func (m model) refocused() (model, tea.Cmd) {
	m.blurred = false
	m.ticks++
	m, cmd := m.tickDue(tickDue{gen: m.ticks})
	return m, tea.Batch(m.askBackground(), cmd)
}

// facts are the key figures of the server.
type facts struct {
	info   info
	known  bool
	why    string // the server's word when it does not tell
	asking bool
	asked  time.Time
	took   time.Duration
	late   int // answers in a row that did not come in time
	series series
}

// infoEvery is how often the key figures are asked for. The server view shows them as they come.
const infoEvery = 2 * time.Second

// lateMost is how many answers in a row may be late before the connection counts as lost.
const lateMost = 3

// askInfo asks for the key figures when it is time.
func (m model) askInfo() (model, tea.Cmd) {
	refused := m.facts.why != "" && !m.facts.known
	if m.link.phase != online || m.facts.asking || refused || m.now.Sub(m.facts.asked) < m.infoEvery() {
		return m, nil
	}
	m.facts.asking, m.facts.asked = true, m.now
	return m, askInfo(m.ctx, m.link.server.client, m.config.Now, m.link.gen)
}

func (m model) infoEvery() time.Duration {
	if m.shape.view == serverView {
		return second
	}
	return infoEvery
}

func (m model) informed(msg informed) (model, tea.Cmd) {
	m.facts.asking = false
	if msg.gen != m.link.gen {
		return m, nil
	}
	switch {
	case msg.err == nil:
		m.facts.late = 0
	case isTimeout(msg.err):
		m.facts.took = msg.took
		if m.facts.late++; m.facts.late < lateMost {
			return m, nil
		}
		return m.lost(msg.err)
	case errors.Is(msg.err, context.Canceled), isRefusal(msg.err):
		return m.failed(kit.Failed{What: "ask for the key figures", Err: msg.err})
	default:
		return m.lost(msg.err)
	}
	before := m.facts
	m.facts.took, m.facts.why = msg.took, msg.why
	if !msg.known {
		return m, nil
	}
	m.facts.info, m.facts.known = msg.info, true
	m.facts.series = m.facts.series.add(msg.info, m.now, msg.took)
	return m.changed(before, m.facts)
}
