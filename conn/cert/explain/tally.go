package explain

import (
	"cmp"
	"slices"

	"redan/conn/cert"
)

// tally counts what is found in the records of a text.
type tally struct {
	explainer *Explainer
	entries   map[kind]*entry
	order     []*entry
	latest    map[int]*entry // by rule
	looked    int            // how often the names in a text were looked at
	target    facts          // the address last spoken of
	targetAt  int
}

// around is how many bytes before and behind a text are searched for what it says about the case.
const around = 2 << 10

// kind is what makes two errors the same.
type kind struct {
	rule int
	code string // the most frequent
}

// entry is a rule that was found.
type entry struct {
	rule    int
	codes   []string
	quote   string
	speaker string
	facts   facts
	weight  int // of the text, see evidence.weight
	count   int
	line    int
}

// take looks at a record.
func (t *tally) take(r *record) {
	x := t.explainer
	e := x.evidence(r)
	matches := e.matches()
	if len(matches) == 0 || x.table.rules[matches[0].rule].rank == rankFallback || e.has(x.table.netty) {
		if tag, ok := x.number(r.text); ok {
			matches = e.withNumber(tag, matches)
		}
	}
	if e.inContext("target") {
		if near := x.factsOf(r.text[:min(len(r.text), around)]); near["host"] != "" {
			t.target, t.targetAt = near, r.line
		}
	}
	for _, m := range matches {
		if m.alone && r.line > 1 { // that is what a person asks for; in a longer text it is a word like others
			continue
		}
		t.note(r, e, m)
	}
}

func (t *tally) note(r *record, e *evidence, m match) {
	const looks = 5_000 // at the names in a text; what a long log repeats more often is only counted
	rule := t.explainer.table.rules[m.rule]
	if latest := t.latest[m.rule]; latest != nil && (!rule.byName || t.looked >= looks) {
		latest.count++
		return
	}
	facts := t.explainer.factsOf(r.text[max(0, m.start-around):min(len(r.text), m.end+around)])
	codes := rule.codes
	if rule.byName {
		t.looked++
		codes = []string{facts.nameCode()}
	}
	key := kind{m.rule, codes[0]}
	if known := t.entries[key]; known != nil {
		known.count++
		t.latest[m.rule] = known
		return
	}
	const near = 10 // lines
	added := &entry{
		rule: m.rule, codes: codes, quote: quote(r.text[m.start:e.quoteEnd(m)]), speaker: e.speaker(),
		facts: facts, weight: e.weight(m.text), count: 1, line: r.line,
	}
	if facts["host"] == "" && t.target != nil && r.line-t.targetAt <= near {
		facts["host"], facts["port"] = t.target["host"], t.target["port"]
	}
	t.entries[key], t.latest[m.rule] = added, added
	t.order = append(t.order, added)
}

// best is the weight of the text found that says most; 0 when nothing was found.
func (t *tally) best() int {
	best := 0
	for _, e := range t.order {
		best = max(best, e.weight)
	}
	return best
}

func quote(text []byte) string { return printable(withoutPassword(string(text))) }

// explanations returns what was found, the most frequent first.
func (t *tally) explanations() []Explanation {
	entries := t.folded()
	slices.SortStableFunc(entries, func(a, b *foldedEntry) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.line, b.line))
	})
	list := make([]Explanation, 0, len(entries))
	for _, e := range entries {
		explained := t.explainer.explanation(e.entry)
		explained.Also = e.also
		list = append(list, explained)
	}
	return list
}

type foldedEntry struct {
	*entry
	also []string
}

// folded leaves out what says less about a failure that another text near it says more about: OpenSSL prints the reason and then
// "certificate verify failed".
func (t *tally) folded() []*foldedEntry {
	all := make([]*foldedEntry, 0, len(t.order))
	for _, e := range t.order {
		all = append(all, &foldedEntry{entry: e})
	}
	kept := all[:0:0]
	for _, vague := range all {
		into := slices.IndexFunc(all, func(exact *foldedEntry) bool {
			return exact != vague && t.saysMore(exact.entry, vague.entry)
		})
		if into < 0 {
			kept = append(kept, vague)
			continue
		}
		all[into].also = append(all[into].also, vague.quote)
		all[into].borrow(vague.entry)
	}
	return kept
}

// borrow takes over what only the vaguer text says.
func (e *entry) borrow(from *entry) {
	for _, name := range []string{"host", "port", "file", "date", "peer"} {
		if e.facts[name] == "" && from.facts[name] != "" {
			e.facts[name] = from.facts[name]
		}
	}
	if e.speaker == "" || from.speaker == "redis-cli" {
		e.speaker = cmp.Or(from.speaker, e.speaker)
	}
}

// saysMore reports whether exact says what vague is about: it is near, and names some of the faults that vague names and not all, or
// vague names nothing in particular.
func (t *tally) saysMore(exact, vague *entry) bool {
	const lines, closeBy, times = 60, 8, 3
	distance := max(vague.line-exact.line, exact.line-vague.line)
	if distance > lines || vague.count > times*exact.count {
		return false
	}
	rules := t.explainer.table.rules
	if rules[vague.rule].rank == rankFallback && rules[exact.rule].rank != rankFallback {
		isAboutCertificate := vague.codes[0] == cert.CodeUnknownCA
		return !isAboutCertificate || distance <= closeBy && vague.count <= exact.count
	}
	if len(exact.codes) >= len(vague.codes) {
		return false
	}
	for _, code := range exact.codes {
		if !slices.Contains(vague.codes, code) {
			return false
		}
	}
	return true
}
