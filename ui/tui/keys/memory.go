package keys

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/ui/tui/kit"
)

// weighing is a branch whose memory is being measured.
type weighing struct {
	gen    int
	what   string
	cancel context.CancelFunc
}

// weigh measures a sample of the branch, or the key, under the cursor.
func (p Pane) weigh() (Pane, tea.Cmd) {
	row, _ := p.current()
	if p.weighing.cancel != nil {
		p.weighing.cancel()
	}
	keys := []string{row.Key}
	name := row.Key
	if row.Branch {
		keys = names(p.tree.Below(row.ID), row.Count)
		name = strings.TrimSuffix(row.Key, p.tree.Delimiter())
	}
	ctx, cancel := context.WithCancel(p.ctx)
	p.weighing = weighing{gen: p.weighing.gen + 1, what: name, cancel: cancel}
	sample, count := keyspace.Sample(slices.Values(keys), weighSample, random)
	survey := keyspace.NewSurvey(p.config.Masters, sample, count, keyspace.SurveyOptions{Precision: surveyPrecision, Now: p.config.Now})
	return p, tea.Batch(say(kit.Plain, "measuring "+kit.Escape(name)+kit.Ellipsis().Of(p.config.Look)), weigh(ctx, survey, p.stamp(p.weighing.gen)))
}

// weighSample is how many keys of a branch are measured at most.
const weighSample = 5000

// weighed tells what a branch takes.
func (p Pane) weighed(msg weighed) (Pane, tea.Cmd) {
	if msg.gen != p.weighing.gen {
		return p, nil
	}
	p.weighing.cancel()
	switch f := msg.findings; {
	case errors.Is(msg.err, context.Canceled):
		return p, nil
	case errors.Is(msg.err, keyspace.ErrNotTold), msg.err == nil && !f.MemoryKnown():
		return p, say(kit.Warn, "the server does not tell what keys take"+refusal(f))
	case msg.err != nil:
		return p, kit.Say(kit.Failed{What: "measure " + kit.Escape(p.weighing.what), Err: msg.err})
	}
	text := kit.Escape(p.weighing.what) + ": " + removal{findings: &msg.findings}.about()
	if largest := msg.findings.Largest; msg.findings.Keys > 1 && largest != "" {
		text += "; largest seen " + kit.Escape(largest) + " " + kit.Size(msg.findings.LargestSize)
	}
	return p, say(kit.Good, text)
}

// refusal is the server's word about a question it does not answer.
func refusal(f keyspace.Findings) string {
	if len(f.Refused) == 0 {
		return ""
	}
	return ": " + kit.Escape(f.Refused[0].Text)
}
