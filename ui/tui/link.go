package tui

import (
	"errors"
	"io"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/conn"
	"redan/ui/tui/kit"
)

// phase is where the connection is in its life.
type phase int

const (
	connecting phase = iota
	online
	lost     // it was there, and is tried again
	offline  // it was there, and the user does not want it tried again
	homeless // there was none so far: the welcome is on screen
)

// link is the connection.
type link struct {
	phase   phase
	options conn.Options
	server  *server // nil until one answered
	gen     int     // of attempts: what belongs to an older one is dropped
	attempt int
	retryAt time.Time
	since   time.Time // of the phase
	cause   string    // why there is none
	fix     string    // what to do about it
	code    string    // one of the codes of conn; empty when the cause has none
	refused bool      // something answered there, and cannot be used
	probing bool
	profile *Profile // whose server is wanted; nil for an address
	way     Way      // that led to the server; its options are as they were then
	wanted  *Way     // where else the user wants to go: the old server stays until the new one answers
	welcome welcome
	picking bool // the profiles are chosen from before anything is connected to
}

// here is the way to the server of the link, as its options are now.
func (l link) here() Way {
	w := l.way
	w.Options = l.options
	return w
}

// dial connects to where the link leads.
func (m model) dial() tea.Cmd {
	way := m.link.here()
	if m.link.wanted != nil {
		way = *m.link.wanted
	}
	return connect(m.ctx, m.how.connect, way, watch{log: m.log, pending: m.pending}, m.link.gen)
}

// goTo connects to another server, or another database of this one. What is on screen stays until it answers.
func (m model) goTo(way Way) (model, tea.Cmd) {
	m.link.gen++
	m.link.wanted = &way
	m.link.probing = true
	if m.link.server == nil {
		m.link.phase, m.link.since = connecting, m.now
	}
	return m, m.dial()
}

// connected takes in the outcome of an attempt to connect.
func (m model) connected(msg connected) (model, tea.Cmd) {
	if msg.gen != m.link.gen {
		return m, closeServer(msg.server)
	}
	m.link.probing = false
	wanted, profile := m.link.wanted, m.link.profile
	m.link.wanted, m.link.profile = nil, nil
	if msg.err != nil {
		return m.notConnected(wanted, msg.err)
	}
	var ended tea.Cmd
	if wanted != nil && m.link.server != nil {
		m, ended = m.park(*wanted, profile)
	}
	m = m.adopt(profile, msg.server.options)
	used := m.noteUse(profile)
	m.link.options = msg.server.options
	if wanted != nil {
		m.link.way = *wanted
	}
	m.link.server = msg.server
	m.facts = facts{}
	m = m.stands()
	m, gone := m.turnAll(left{})
	m, cmd := m.settle(msg.server)
	m, ask := m.askInfo()
	if len(msg.server.warnings) == 0 {
		return m, tea.Batch(ended, used, gone, cmd, ask)
	}
	m, warn := m.say(kit.Warn, oneLine(strings.Join(msg.server.warnings, "; ")))
	return m, tea.Batch(ended, used, gone, cmd, ask, warn)
}

// notConnected tells why there is no connection: with nothing on screen yet, by the welcome.
func (m model) notConnected(wanted *Way, err error) (model, tea.Cmd) {
	cause, fix := explain(err)
	var ended tea.Cmd
	if wanted != nil && m.link.server != nil {
		ended = wanted.end()
	}
	if m.link.server != nil {
		m, say := m.say(kit.Bad, strings.TrimSpace("could not go there: "+cause+" "+fix))
		if m.link.phase != lost {
			return m, tea.Batch(ended, say)
		}
		m, retry := m.retrySoon() // what was tried before was given up for this
		return m, tea.Batch(ended, say, retry)
	}
	if wanted != nil {
		m.link.options, m.link.way = wanted.Options, *wanted
	}
	m.link = m.link.because(err)
	m.link.phase, m.link.since, m.link.refused = homeless, m.now, answered(err)
	return m, nil
}

func sameServer(a, b conn.Options) bool {
	return a.Addr() == b.Addr() && a.User == b.User && a.TLS == b.TLS
}

// closeServer closes a server that nobody wants any more.
func closeServer(s *server) tea.Cmd {
	if s == nil {
		return nil
	}
	return func() tea.Msg {
		s.close()
		return nil
	}
}

// stands notes that the connection is there.
func (m model) stands() model {
	m.link.phase, m.link.since = online, m.now
	m.link.attempt, m.link.cause, m.link.fix, m.link.code = 0, "", "", ""
	return m
}

// lost notes that the connection broke, and tries again after a while.
func (m model) lost(err error) (model, tea.Cmd) {
	if m.link.server == nil || m.link.phase != online {
		return m, nil
	}
	m.link.phase, m.link.since = lost, m.now
	m.link = m.link.because(err)
	m.link.attempt = 0
	m, told := m.tell(kit.Offline{})
	m, cmd := m.retrySoon()
	return m, tea.Batch(told, cmd)
}

// backOff is how long to wait before an attempt, the first being 1. chance, from 0 to 1, spreads the attempts of many over time: it
// takes away up to a quarter.
func backOff(attempt int, chance float64) time.Duration {
	const longest = 30 * time.Second
	wait := longest
	if attempt <= 5 {
		wait = min(longest, time.Second<<max(0, attempt-1))
	}
	return wait - time.Duration(chance*float64(wait)/4)
}

func (m model) retrySoon() (model, tea.Cmd) {
	m.link.gen++
	m.link.attempt++
	wait := backOff(m.link.attempt, m.how.chance())
	m.link.retryAt = m.config.Now().Add(wait)
	return m, m.timer(wait, retryDue{gen: m.link.gen})
}

func (m model) retryDue(msg retryDue) (model, tea.Cmd) {
	if msg.gen != m.link.gen || m.link.phase != lost {
		return m, nil
	}
	return m.retryNow()
}

// retryNow tries to reach the server again.
func (m model) retryNow() (model, tea.Cmd) {
	if m.link.phase == homeless {
		m.link.gen++
		m.link.phase, m.link.since = connecting, m.now
		return m, m.dial()
	}
	m.link.gen++
	m.link.phase, m.link.probing = lost, true
	return m, probe(m.ctx, m.how.probe, m.link.here(), m.link.gen)
}

func (m model) probed(msg probed) (model, tea.Cmd) {
	if msg.gen != m.link.gen {
		return m, nil
	}
	m.link.probing = false
	if msg.err != nil {
		before := m.link.code
		m.link = m.link.because(msg.err)
		return m.offerPassword(before).retrySoon()
	}
	m.link.server.secured = msg.secured
	m.facts.asked = time.Time{}
	m = m.stands()
	m, gone := m.turnAll(left{}) // another server may answer there now, with another certificate
	m, entered := m.turn(entered{})
	m, told := m.tell(kit.Online{})
	m, ask := m.askInfo()
	m, say := m.say(kit.Good, "the connection stands again"+m.rereadHint())
	return m, tea.Batch(gone, entered, told, ask, say)
}

// stayOffline stops trying; what is on screen stays.
func (m model) stayOffline() (model, tea.Cmd) {
	m.link.gen++
	m.link.phase, m.link.probing = offline, false
	return m, nil
}

// because notes why there is no connection.
func (l link) because(err error) link {
	l.cause, l.fix = explain(err)
	l.code = ""
	if failure, ok := errors.AsType[*conn.Error](err); ok {
		l.code = failure.Code
	}
	return l
}

// explain says why a connection failed and what to do, for people.
func explain(err error) (cause, fix string) {
	var failure *conn.Error
	if !errors.As(err, &failure) {
		if inner := rootCause(err); !errors.Is(inner, io.EOF) && !errors.Is(inner, io.ErrUnexpectedEOF) {
			return kit.Escape(oneLine(inner.Error())), ""
		}
		return "the server closed it: shut down, restarted, or failed over?", ""
	}
	cause = failure.Cause
	if cause == "" {
		cause = strings.TrimPrefix(failure.Line, "Error: ")
	}
	return kit.Escape(oneLine(cause)), kit.Escape(oneLine(failure.Fix))
}

// answered reports whether err is about a server that was reached.
func answered(err error) bool {
	var failure *conn.Error
	if !errors.As(err, &failure) || failure.Code == conn.CodeTimeout {
		return false
	}
	return failure.Stage == conn.StageTLS || failure.Stage == conn.StageAuth || failure.Stage == conn.StageIO
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// rootCause is the innermost error: what happened, without the path to it.
func rootCause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// rereadHint says how the list of keys is read anew, when it is whole: it is as it was before the connection broke.
func (m model) rereadHint() string {
	for _, b := range m.panes.keys.Keys() {
		if b.ID == "keys.rescan" && b.Off == "" && len(b.Keys) > 0 && m.panes.keys.Complete() {
			return "; " + keyName(b.Keys[0], m.look) + " in the keys reads them anew"
		}
	}
	return ""
}
