package keys

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/ui/tui/kit"
)

// weighing is a branch whose memory is being measured.
type weighing struct {
	gen    int
	what   string
	since  time.Time
	ctx    context.Context //nolint:containedctx // ended by X
	cancel context.CancelFunc
	survey *keyspace.Survey // nil when nothing is measured
	so     keyspace.Findings
}

const (
	// weighSample is how many keys of a branch are measured at most.
	weighSample = 5000
	// weighFor is how long a branch is measured at most.
	weighFor = 3 * time.Second
)

// weigh measures a sample of the branch, or the key, under the cursor.
func (p Pane) weigh() (Pane, tea.Cmd) {
	row, _ := p.current()
	p, drop := p.dropWeighing()
	name := row.Key
	if row.Branch {
		name = strings.TrimSuffix(row.Key, p.tree.Delimiter())
	}
	w := weighing{gen: p.weighing.gen + 1, what: kit.Escape(name), since: p.config.Now()}
	w.ctx, w.cancel = context.WithCancel(p.ctx)
	w.survey = keyspace.NewSurvey(p.config.Masters, p.tree.Sample(row.ID, weighSample, random), int64(row.Count), p.surveying(row.Count))
	p.weighing = w
	return p, tea.Batch(drop, kit.Say(w.work(p.config.Look)), weigh(w.ctx, w.survey, p.stamp(w.gen)))
}

// work is how far it is, for the footer.
func (w weighing) work(look kit.Look) kit.Working {
	text := "measuring " + w.what
	if w.so.Sampled > 0 {
		text += ": " + removal{findings: &w.so}.memory(look)
	}
	return kit.Working{ID: workWeighing, Cancel: "X", Share: min(float64(w.so.Sampled)/float64(max(1, min(w.so.Keys, weighSample))), almost), Text: text}
}

// dropWeighing ends a measurement.
func (p Pane) dropWeighing() (Pane, tea.Cmd) {
	if p.weighing.survey == nil {
		return p, nil
	}
	p.weighing.cancel()
	p.weighing = weighing{gen: p.weighing.gen + 1}
	return p, kit.Say(kit.Working{ID: workWeighing})
}

// weighed tells what a branch takes, or goes on.
func (p Pane) weighed(msg weighed) (Pane, tea.Cmd) {
	if msg.gen != p.weighing.gen || p.weighing.survey == nil {
		return p, nil
	}
	w := p.weighing
	w.so = msg.findings
	if msg.err == nil && !msg.findings.Done && p.config.Now().Sub(w.since) < weighFor {
		p.weighing = w
		return p, tea.Batch(kit.Say(w.work(p.config.Look)), weigh(w.ctx, w.survey, p.stamp(w.gen)))
	}
	p, drop := p.dropWeighing()
	switch {
	case errors.Is(msg.err, context.Canceled):
		return p, drop
	case errors.Is(msg.err, keyspace.ErrNotTold), msg.err == nil && !msg.findings.MemoryKnown():
		return p, tea.Batch(drop, say(kit.Warn, "the server does not tell what keys take"+refusal(msg.findings)))
	case msg.err != nil:
		return p, tea.Batch(drop, kit.Say(kit.Failed{What: "measure " + w.what, Err: msg.err}))
	}
	return p, tea.Batch(drop, say(kit.Good, w.report(p.config.Look)))
}

// report is what was found of a branch.
func (w weighing) report(look kit.Look) string {
	f := w.so
	text := w.what + ": " + removal{findings: &f}.about(look)
	if f.Keys > f.Sampled {
		text += ", by " + kit.Count(f.Sampled) + " keys of " + kit.Count(f.Keys)
	}
	if f.Keys > 1 && f.Largest != "" {
		text += "; largest seen " + kit.Escape(f.Largest) + " " + kit.Size(f.LargestSize)
	}
	return text
}

// stopWeighing ends a measurement before its time, and tells what is known by then.
func (p Pane) stopWeighing() (Pane, tea.Cmd) {
	text, known := "stopped: "+p.weighing.report(p.config.Look), p.weighing.so.MemoryKnown()
	p, drop := p.dropWeighing()
	if !known {
		text = "stopped"
	}
	return p, tea.Batch(drop, say(kit.Warn, text))
}

// refusal is the server's word about a question it does not answer.
func refusal(f keyspace.Findings) string {
	if len(f.Refused) == 0 {
		return ""
	}
	return ": " + kit.Escape(f.Refused[0].Text)
}
