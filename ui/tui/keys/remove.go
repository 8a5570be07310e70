package keys

import (
	"context"
	"errors"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/conn/resp"
	"redan/ui/tui/kit"
)

// removal is keys that are to be deleted: first asked for, with a sample looked at, then being deleted.
type removal struct {
	gen      int
	keys     []string // asked for, or being deleted
	what     string   // "2 keys under orders:2026"
	notes    []string
	findings *keyspace.Findings
	ask      func() // ends the survey; nil when nothing is asked
	job      *keyspace.Removal
	end      func()          // ends the job's step that is under way
	ctx      context.Context //nolint:containedctx // of the job
	stopping bool
	refused  int // how often on end the server kept to a state in which it removes nothing
	state    keyspace.Removed
}

// The questions and jobs of this pane.
const (
	askGlob      = 101
	askRemoval   = 102
	askSort      = 103
	workRemoval  = 101
	workSweep    = 102
	workWeighing = 103
	workCount    = 104
)

func (p Pane) stopOff() string {
	if p.Underway() == "" {
		return "nothing is under way"
	}
	return ""
}

func (p Pane) deleteOff(some bool) string {
	switch {
	case p.removal.job != nil:
		return "keys are being deleted already; X stops that"
	case p.config.Guard.ReadOnly != "":
		return p.config.Guard.ReadOnly
	case !some && p.tree.MarkedCount() == 0:
		return "there is no key here"
	}
	return p.offlineOff()
}

// Underway names what ctrl+c stops, empty for nothing.
func (p Pane) Underway() string {
	switch {
	case p.tree == nil:
	case p.weighing.survey != nil:
		return "measuring"
	case p.counting.scanner != nil:
		return "counting"
	case p.order.sweep != nil:
		return "sorting"
	case p.removal.job != nil:
		return "deleting"
	}
	return ""
}

// remove asks whether the marked keys, or those of the row, shall be deleted.
func (p Pane) remove() (Pane, tea.Cmd) {
	p.touched = true
	if from, to, ok := p.span(); ok {
		p.tree.MarkRange(from, to, true)
		p.marking = marking{}
	}
	row, _ := p.current()
	switch marked := p.tree.MarkedCount(); {
	case marked > 0:
		r := removal{keys: names(p.tree.Marked(), marked), what: keysText(marked) + " that are marked"}
		if marked == 1 {
			r.what = kit.Name(r.keys[0])
		}
		return p.propose(r)
	case row.Branch && !p.load.progress.Done:
		return p.count(row.Key)
	case row.Branch:
		return p.propose(p.branchRemoval(row.Key, names(p.tree.Under(row.Key), row.Count)))
	}
	return p.propose(removal{keys: []string{row.Key}, what: kit.Name(row.Key)})
}

// branchRemoval is the keys of a branch.
func (p Pane) branchRemoval(prefix string, keys []string) removal {
	r := removal{keys: keys, what: keysText(len(keys)) + " under " + kit.Escape(strings.TrimSuffix(prefix, p.tree.Delimiter()))}
	for _, filter := range []string{p.filter.text, p.serverFilter()} {
		if filter != "" {
			r.notes = append(r.notes, "only those that match "+kit.Escape(filter))
		}
	}
	return r
}

// propose asks whether keys shall be deleted, and looks at a sample of them meanwhile.
func (p Pane) propose(r removal) (Pane, tea.Cmd) {
	r.gen = p.removal.gen + 1
	ctx, cancel := context.WithCancel(p.ctx)
	r.ask = cancel
	p.removal = r
	survey := keyspace.NewSurvey(p.config.Masters, sampleOf(r.keys), int64(len(r.keys)), p.surveying(len(r.keys)))
	return p, tea.Batch(kit.Say(p.question(false)), look(ctx, survey, p.stamp(r.gen)))
}

// surveying is how well so many keys must be known: few are all looked at.
func (p Pane) surveying(n int) keyspace.SurveyOptions {
	o := keyspace.SurveyOptions{Now: p.config.Now}
	if n > surveySample {
		o.Precision = surveyPrecision
	}
	return o
}

const (
	// surveySample is how many keys are looked at before a deletion, at most.
	surveySample = 1000
	// surveyPrecision is how well their memory must be known.
	surveyPrecision = 0.1
)

func names(keys iter.Seq2[string, int], n int) []string {
	list := make([]string, 0, n)
	for key := range keys {
		list = append(list, key)
	}
	return list
}

func sampleOf(keys []string) []string {
	sample, _ := keyspace.Sample(slices.Values(keys), surveySample, random)
	return sample
}

// random is a random number below n. It chooses samples; no secret hangs on it.
func random(n int64) int64 { return rand.Int64N(n) } //nolint:gosec // as said

// question is the sheet that asks before keys are deleted, with what is known of them so far.
func (p Pane) question(update bool) kit.Confirm {
	r, n := p.removal, len(p.removal.keys)
	q := kit.Confirm{ID: askRemoval, Title: "Delete " + r.what, Action: "delete", Level: kit.Bad, Update: update}
	q.Lines = append(q.Lines, r.about(p.config.Look))
	if n > 1 {
		q.Lines = append(q.Lines, "e.g. "+examples(r.keys))
		q.Word = strconv.Itoa(n)
	}
	if reason := p.config.Guard.Objection(append([]string{"UNLINK"}, r.keys[:min(n, 2)]...)); reason != "" && p.config.Guard.Word != "" {
		q.Word = p.config.Guard.Word
	}
	q.Lines = append(q.Lines, r.notes...)
	how := "UNLINK"
	if n > 1 {
		how += " in batches, can be stopped with X"
	}
	q.Lines = append(q.Lines, how+"; there is no undo")
	return q
}

// about says what the sample tells of the keys.
func (r removal) about(look kit.Look) string {
	f := r.findings
	if f == nil {
		return "looking at them ..."
	}
	var parts []string
	if f.MemoryKnown() {
		parts = append(parts, r.memory(look))
	}
	if len(f.Types) > 0 {
		parts = append(parts, typesText(f.Types))
	}
	if f.Keys > 1 {
		text := kit.Count(f.Persistent.Value) + " without TTL"
		if !f.Persistent.Exact() {
			text = "about " + text
		}
		parts = append(parts, text)
	} else if f.Persistent.Value == 1 {
		parts = append(parts, "no TTL")
	}
	if f.Gone > 0 {
		parts = append(parts, "some are gone already")
	}
	if len(parts) == 0 {
		return "the server tells nothing about them"
	}
	return strings.Join(parts, ", ")
}

// memory is what the keys take, and how far that may be off.
func (r removal) memory(look kit.Look) string {
	e := r.findings.Memory
	switch {
	case r.findings.Sampled >= r.findings.Keys:
		return kit.Size(e.Value)
	case e.Error() > 1:
		return "about " + kit.Size(e.Value) + ", at least " + kit.Size(e.Low)
	}
	// Keys that were all alike may have others beside them: nothing that was sampled is known to less than a percent.
	return "about " + kit.Size(e.Value) + " " + kit.Off().Of(look) + strconv.Itoa(max(1, int(math.Ceil(100*e.Error())))) + "%"
}

// typesText names the types, the most frequent first.
func typesText(counts map[string]int64) string {
	kinds := make([]string, 0, len(counts))
	for kind := range counts {
		kinds = append(kinds, kind)
	}
	slices.SortFunc(kinds, func(a, b string) int {
		if counts[a] != counts[b] {
			return int(counts[b] - counts[a])
		}
		return strings.Compare(a, b)
	})
	const most = 4
	words := make([]string, 0, most)
	for _, kind := range kinds[:min(most, len(kinds))] {
		words = append(words, kit.TypeWord(kind))
	}
	text := strings.Join(words, ", ")
	if len(kinds) > most {
		text += " and " + strconv.Itoa(len(kinds)-most) + " types more"
	}
	return text
}

// examples are the first few of many names.
func examples(keys []string) string {
	const most = 3
	list := make([]string, 0, most)
	for _, key := range keys[:min(most, len(keys))] {
		list = append(list, kit.Name(key))
	}
	text := strings.Join(list, "  ")
	if len(keys) > most {
		text += "  ..."
	}
	return text
}

// surveyed takes in what is known of the sample.
func (p Pane) surveyed(msg surveyed) (Pane, tea.Cmd) {
	if msg.gen != p.removal.gen || p.removal.ask == nil {
		return p, nil
	}
	if msg.err != nil && !errors.Is(msg.err, keyspace.ErrNotTold) {
		if errors.Is(msg.err, context.Canceled) {
			return p, nil
		}
		return p, kit.Say(kit.Failed{What: "look at the keys", Err: msg.err})
	}
	p.removal.findings = &msg.findings
	return p, kit.Say(p.question(true))
}

// confirmed takes in the answer to a question of this pane.
func (p Pane) confirmed(msg kit.Confirmed) (Pane, tea.Cmd) {
	switch {
	case msg.ID == askSort:
		return p.sweepAgreed(msg.Yes)
	case msg.ID != askRemoval || p.removal.ask == nil:
		return p, nil
	}
	p.removal.ask()
	p.removal.ask = nil
	if msg.Yes && p.config.Guard.ReadOnly != "" { // since the question was asked
		p.removal.keys, p.removal.findings = nil, nil
		return p, say(kit.Warn, "nothing was deleted: "+p.config.Guard.ReadOnly)
	}
	if !msg.Yes {
		p.removal.keys, p.removal.findings = nil, nil
		return p, nil
	}
	p.removal.job = keyspace.NewRemoval(p.config.Masters, keyspace.Each(p.removal.keys), int64(len(p.removal.keys)), keyspace.RemovalOptions{Now: p.config.Now})
	p.removal.ctx, p.removal.end = context.WithCancel(p.ctx)
	return p, p.removeNext()
}

func (p Pane) removeNext() tea.Cmd {
	return removeSome(p.removal.ctx, p.removal.job, p.stamp(p.removal.gen))
}

// removed takes in how far the deletion has come.
func (p Pane) removed(msg removed) (Pane, tea.Cmd) {
	if msg.gen != p.removal.gen || p.removal.job == nil {
		return p, nil
	}
	if msg.state.Settled() > p.removal.state.Settled() {
		p.removal.refused = 0
	}
	p.removal.state = msg.state
	p = p.anchored(func() {
		for _, key := range msg.keys {
			delete(p.facts.known, key)
			p.tree.Remove(key)
		}
	})
	p, looked := p.look()
	if slices.Contains(msg.keys, p.opened) {
		looked = tea.Batch(looked, kit.Say(kit.KeyGone{Key: p.opened}))
	}
	var state resp.ServerError
	switch {
	case p.removal.stopping || errors.Is(msg.err, context.Canceled):
		return p.endRemoval("stopped: ", "", kit.Warn, looked)
	case errors.As(msg.err, &state) && p.removal.refused >= stubborn:
		return p.endRemoval("given up: ", kit.Escape(state.Error()), kit.Bad, looked)
	case msg.err != nil:
		p.removal.refused++
		return p, tea.Batch(looked, kit.Say(kit.Failed{What: "delete keys", Err: msg.err}),
			p.config.Timer(removalRest, removalDue{p.stamp(p.removal.gen)}))
	case msg.state.Done:
		level := kit.Good
		if msg.state.Refused > 0 {
			level = kit.Bad
		}
		return p.endRemoval("", "", level, looked)
	}
	return p, tea.Batch(looked, kit.Say(p.removalWork()), p.removeNext())
}

// stubborn is how often on end a server may say that it is a replica, say, before it is believed.
const stubborn = 4

// removalRest is how long a deletion that failed waits before it goes on.
const removalRest = 2 * time.Second

// removalDue goes on with a deletion that failed, once the connection stands.
func (p Pane) removalDue(msg removalDue) (Pane, tea.Cmd) {
	if msg.gen != p.removal.gen || p.removal.job == nil {
		return p, nil
	}
	switch {
	case p.removal.stopping:
		return p.endRemoval("stopped: ", "", kit.Warn, nil)
	case p.load.offline:
		return p, p.config.Timer(removalRest, msg)
	}
	return p, p.removeNext()
}

// removalWork is how far the deletion is, for the footer.
func (p Pane) removalWork() kit.Working {
	state := p.removal.state
	text := "deleting " + kit.Count(state.Settled()) + " of " + keysText(len(p.removal.keys))
	if state.Left > time.Second {
		text += ", " + kit.Life(state.Left) + " left"
	}
	return kit.Working{
		ID: workRemoval, Text: text, Cancel: "X",
		Share: float64(state.Settled()) / float64(max(1, len(p.removal.keys))),
	}
}

// endRemoval reports what became of the keys.
func (p Pane) endRemoval(prefix, why string, level kit.Level, cmd tea.Cmd) (Pane, tea.Cmd) {
	text := prefix + report(p.removal.state, len(p.removal.keys))
	if why != "" {
		text += ": " + why
	}
	p.removal.end()
	p.removal = removal{gen: p.removal.gen + 1}
	return p, tea.Batch(cmd, kit.Say(kit.Working{ID: workRemoval}), say(level, text))
}

// report is what became of keys that were to be deleted.
func report(state keyspace.Removed, n int) string {
	parts := []string{"deleted " + keysText(int(state.Removed))}
	if state.Elapsed >= time.Second {
		parts[0] += " in " + kit.Life(state.Elapsed)
	}
	if state.Gone > 0 {
		parts = append(parts, kit.Count(state.Gone)+" were gone already")
	}
	if state.Unsure > 0 {
		parts = append(parts, kit.Count(state.Unsure)+" are gone, by us or already")
	}
	if state.Refused > 0 {
		parts = append(parts, kit.Count(state.Refused)+" were refused: "+reason(state))
	}
	if left := int64(n) - state.Settled(); left > 0 && !state.Done {
		parts = append(parts, kit.Count(left)+" stay")
	}
	return strings.Join(parts, ", ")
}

// reason is why most of the refused keys were.
func reason(state keyspace.Removed) string {
	text, most := "", int64(0)
	for words, n := range state.Reasons {
		if n > most || n == most && words < text {
			text, most = words, n
		}
	}
	return kit.Escape(text)
}

// stop stops what is under way, the last thing begun first: measuring, counting, asking for an order, deleting after the step that was begun.
func (p Pane) stop() (Pane, tea.Cmd) {
	switch {
	case p.weighing.survey != nil:
		return p.stopWeighing()
	case p.counting.scanner != nil:
		p, cmd := p.stopCounting()
		return p, tea.Batch(cmd, say(kit.Warn, "stopped: nothing was deleted"))
	case p.order.sweep != nil:
		return p.endSweep("stopped, sorted by ", kit.Warn)
	}
	p.removal.stopping = true
	return p, say(kit.Plain, "stopping"+kit.Ellipsis().Of(p.config.Look))
}
