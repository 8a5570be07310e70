package explain

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strings"

	"redan/conn/cert"
)

// About is what is known besides the text.
type About struct {
	Program string // the name in commands; "redan" if empty
	// Host and Port are put into commands when the text does not say where the server is. They may be empty.
	Host, Port string
}

// Explainer explains error texts. It may be used by several goroutines.
type Explainer struct {
	about    About
	table    *table
	patterns []factPattern
	numbers  numberPatterns
}

// New returns an Explainer. The error says that the tables built into the program are broken, which a test rules out.
func New(about About) (*Explainer, error) {
	known, err := newTable()
	if err != nil {
		return nil, err
	}
	if about.Program == "" {
		about.Program = "redan"
	}
	return &Explainer{about: about, table: known, patterns: factPatterns(), numbers: newNumberPatterns()}, nil
}

// Text explains a text of one or more lines. When its lines say nothing by themselves it is read once more as one line that was broken
// in the middle of words.
func (x *Explainer) Text(text string) Result {
	result, err := x.Read(strings.NewReader(text))
	if err != nil { // a string can be read
		return result
	}
	return result
}

// Read explains a text of any length: each distinct error in it once. It holds a bounded part of it at a time. The error is that of in; what
// was found before it is in the result.
func (x *Explainer) Read(in io.Reader) (Result, error) {
	t := &tally{explainer: x, entries: map[found]*entry{}}
	lines := &recorder{table: x.table, take: t.take}
	beginning := &prefix{in: in}
	err := lines.readFrom(beginning)
	result := Result{Explanations: t.explanations(), Lines: lines.lines}
	if err == nil && beginning.whole && t.onlyFallbacks() {
		if joined, ok := x.unwrapped(beginning.data); ok {
			result.Explanations = joined
		}
	}
	if len(result.Explanations) == 0 {
		result.Hints = x.hints(lines.head)
	}
	return result, err
}

// prefix keeps what passes while that is short.
type prefix struct {
	in    io.Reader
	data  []byte
	whole bool // all has passed, and was kept
	more  bool
}

// Read implements io.Reader.
func (p *prefix) Read(buffer []byte) (int, error) {
	n, err := p.in.Read(buffer)
	if p.more = p.more || len(p.data)+n > unwrapSize; p.more {
		p.data = nil
	} else {
		p.data = append(p.data, buffer[:n]...)
	}
	p.whole = err == io.EOF && !p.more //nolint:errorlint // readers return io.EOF itself
	return n, err
}

// unwrapped explains text as if its line breaks, and the blanks that follow them, were not there.
func (x *Explainer) unwrapped(text []byte) ([]Explanation, bool) {
	text = bytes.TrimSpace(text)
	if bytes.IndexByte(text, '\n') < 0 {
		return nil, false
	}
	var joined []byte
	for line := range bytes.Lines(text) {
		joined = append(joined, bytes.TrimSpace(line)...)
	}
	t := &tally{explainer: x, entries: map[found]*entry{}}
	lines := &recorder{table: x.table, take: t.take}
	if err := lines.readFrom(bytes.NewReader(joined)); err != nil || t.onlyFallbacks() {
		return nil, false
	}
	return t.explanations(), true
}

// Code explains a code by its name.
func (x *Explainer) Code(name string) (Explanation, bool) {
	if _, ok := x.table.codes[name]; !ok {
		return Explanation{}, false
	}
	for i, r := range x.table.rules {
		if r.isCode && r.codes[0] == name {
			return x.explanation(&entry{rule: i, codes: r.codes, quote: name, facts: facts{}, count: 1, line: 1}), true
		}
	}
	return Explanation{}, false
}

// Codes returns the names of all codes that can be explained.
func (x *Explainer) Codes() []string { return slices.Clone(x.table.names) }

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
	count   int
	line    int
}

// take looks at a record.
func (t *tally) take(r *record) {
	x := t.explainer
	e := x.evidence(r)
	matches := e.matches()
	if len(matches) == 0 || x.table.rules[matches[0].rule].rank == rankFallback || isNetty(r.text) {
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
		facts: facts, count: 1, line: r.line,
	}
	if facts["host"] == "" && t.target != nil && r.line-t.targetAt <= near {
		facts["host"], facts["port"] = t.target["host"], t.target["port"]
	}
	t.entries[key] = added
	t.order = append(t.order, added)
}

func quote(text []byte) string { return printable(withoutPassword(string(text))) }

// onlyFallbacks reports whether nothing was found that says why.
func (t *tally) onlyFallbacks() bool {
	return !slices.ContainsFunc(t.order, func(e *entry) bool { return t.explainer.table.rules[e.rule].rank != rankFallback })
}

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
	if rules[vague.rule].rank == rankFallback && rules[exact.rule].rank != rankFallback && vague.codes[0] == cert.CodeTLS {
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

// explanation puts a finding into words.
func (x *Explainer) explanation(e *entry) Explanation {
	r := x.table.rules[e.rule]
	first := x.table.codes[e.codes[0]]
	if e.facts["host"] == "" && x.about.Host != "" {
		e.facts["host"], e.facts["port"] = x.about.Host, cmp.Or(e.facts["port"], x.about.Port)
	}
	if e.facts["port"] == "" {
		e.facts["port"] = x.about.Port
	}
	list := e.facts.list()
	e.facts.fill()
	fill := filler{facts: e.facts, program: x.about.Program}
	whole := x.account(r.account, e.codes)
	explained := Explanation{
		Code: first.code, Codes: slices.Clone(e.codes), Severity: first.severity, Speaker: e.speaker, Quote: e.quote,
		Meaning: whole.meaning, Facts: list, Count: e.count, Line: e.line,
	}
	for _, cause := range whole.causes {
		if text, ok := fill.sentence(cause.Text); ok {
			explained.Causes = append(explained.Causes, Cause{Code: cause.Code, Text: text})
		}
	}
	for _, fix := range whole.fixes {
		if filled, ok := fill.fix(fix); ok {
			explained.Fixes = append(explained.Fixes, filled)
		}
	}
	explained.Next, _, _ = fill.command(cmp.Or(whole.next, "redan cert check {at}"))
	return explained
}

func (f filler) fix(fix Fix) (Fix, bool) {
	command, placeholders, ok := f.command(fix.Command)
	note, noteOK := f.sentence(fix.Note)
	fix.Command, fix.Placeholders, fix.Note = command, placeholders, note
	return fix, ok && noteOK
}

// account returns what there is to say: own, and for what that leaves out the accounts of the codes.
func (x *Explainer) account(own account, codes []string) account {
	first := x.table.codes[codes[0]]
	whole := own
	whole.meaning = cmp.Or(own.meaning, first.meaning)
	if len(codes) == 1 {
		whole.next = cmp.Or(own.next, first.next)
		if len(own.causes) == 0 {
			whole.causes = first.causes
		}
		if len(own.fixes) == 0 {
			whole.fixes = first.fixes
		}
		return whole
	}
	if len(own.causes) == 0 {
		for _, code := range codes {
			whole.causes = append(whole.causes, Cause{Code: code, Text: x.table.codes[code].meaning})
		}
	}
	if len(own.fixes) == 0 {
		const candidates = 3
		for _, code := range codes[:min(candidates, len(codes))] {
			for _, fix := range x.table.codes[code].fixes[:1] {
				fix.Code = code
				whole.fixes = append(whole.fixes, fix)
			}
		}
	}
	return whole
}
