package explain

import (
	"cmp"
	"slices"

	"redan/conn/cert"
)

// tally counts what is found in the records of a text.
type tally struct {
	explainer *Explainer
	entries   map[found]*entry
	order     []*entry
	target    facts // the address last spoken of
	targetAt  int
}

// found is what makes two errors the same.
type found struct {
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
			e.tag = tag
			e.add(x.phrasesIn(tag.words))
			matches = e.matches()
		}
	}
	if e.inContext("target") {
		if near := x.factsOf(r.text); near["host"] != "" {
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

// phrasesIn finds the phrases in words that stand for a number.
func (x *Explainer) phrasesIn(words string) []hit {
	var at cursor
	return x.table.finder.endLine(&at, len(words), x.table.finder.scan(&at, []byte(words), nil))
}

func (t *tally) note(r *record, e *evidence, m match) {
	rule := t.explainer.table.rules[m.rule]
	key := found{m.rule, rule.codes[0]}
	const looks = 1000 // at the names in a text; a log that repeats it more often is only counted
	first := t.entries[key]
	if first != nil && (!rule.byName || first.count >= looks) {
		first.count++
		return
	}
	facts := t.explainer.factsOf(r.text)
	codes := rule.codes
	if rule.byName {
		codes = []string{facts.nameCode()}
		key.code = codes[0]
	}
	if known := t.entries[key]; known != nil {
		known.count++
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
	t.entries[key] = added
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
			return exact != vague && isNear(vague.entry, exact.entry) && t.saysMore(exact.entry, vague.entry)
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

// isNear reports whether vague may be about the same failures as exact: it is not much more frequent, and began near it.
func isNear(vague, exact *entry) bool {
	const lines, times = 60, 3
	distance := vague.line - exact.line
	return -lines <= distance && distance <= lines && vague.count <= times*exact.count
}

// saysMore reports whether exact names some of the faults that vague names, and not all.
func (t *tally) saysMore(exact, vague *entry) bool {
	rules := t.explainer.table.rules
	isEmpty := rules[vague.rule].rank == rankFallback && vague.codes[0] != cert.CodeUnknownCA // names no side, not even that of the certificate
	if isEmpty && rules[exact.rule].rank != rankFallback {
		return true
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
