package explain

import (
	"bytes"
	"slices"
	"strings"
)

// match is a text found in a record.
type match struct {
	text, rule int
	start, end int  // of its words in the record
	alone      bool // the name of a code in any spelling, with nothing else in the line
}

// evidence is what was found in a record, looked up by phrase.
type evidence struct {
	table  *table
	record *record
	found  map[int]hit // the first of each phrase
	tag    number      // an error number that stands for words the record does not have
}

func (x *Explainer) evidence(r *record) *evidence {
	e := &evidence{table: x.table, record: r, found: make(map[int]hit, len(r.hits))}
	e.add(r.hits)
	return e
}

func (e *evidence) add(hits []hit) {
	for _, h := range hits {
		if _, ok := e.found[h.phrase]; !ok {
			e.found[h.phrase] = h
		}
	}
}

// withNumber looks at the record once more with the words that a number in it stands for, and returns what is found then; before is what
// was found without them.
func (e *evidence) withNumber(tag number, before []match) []match {
	var at cursor
	finder := e.table.finder
	e.add(finder.endLine(&at, len(tag.words), finder.scan(&at, []byte(tag.words), nil)))
	e.tag = tag
	found := e.matches()
	if len(before) > 0 && found[0].text == before[0].text {
		return before
	}
	return found
}

func (e *evidence) has(phrases []int) bool {
	for _, phrase := range phrases {
		if _, ok := e.found[phrase]; !ok {
			return false
		}
	}
	return true
}

// hasMarker reports whether one of the texts of m is there.
func (e *evidence) hasMarker(m marker) bool { return slices.ContainsFunc(m.texts, e.has) }

// inContext reports whether the record fits a context of the table. A context not named always fits.
func (e *evidence) inContext(name string) bool {
	if name == "" {
		return true
	}
	for _, context := range e.table.contexts {
		if context.name == name {
			return e.hasMarker(context)
		}
	}
	return false
}

// speaker says whose text it is, or "".
func (e *evidence) speaker() string {
	for _, speaker := range e.table.speakers {
		if e.hasMarker(speaker) {
			return speaker.name
		}
	}
	return ""
}

// matches returns the texts that say most about the record: the best one, or all that stand beside others.
func (e *evidence) matches() []match {
	var best match
	var beside []match
	bestWeight := -1
	for _, index := range e.candidates() {
		m, ok := e.match(index)
		switch weight := e.weight(index); {
		case !ok:
		case e.table.rules[m.rule].rank == rankBeside:
			beside = append(beside, m)
		case weight > bestWeight:
			best, bestWeight = m, weight
		}
	}
	beside = slices.DeleteFunc(beside, func(m match) bool { // a code's name that is a part of a program's words: "alert: BAD_CERTIFICATE"
		isPart := best.start <= m.start && m.end <= best.end && m.end-m.start < best.end-best.start
		return bestWeight >= 0 && isPart && e.table.rules[m.rule].isCode
	})
	switch {
	case len(beside) > 0:
		return slices.CompactFunc(beside, func(a, b match) bool { return a.rule == b.rule })
	case bestWeight >= 0:
		return []match{best}
	default:
		return nil
	}
}

// candidates returns the texts of which a phrase was found, in the order of the table.
func (e *evidence) candidates() []int {
	var list []int
	for phrase := range e.found {
		list = append(list, e.table.textsOf[phrase]...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (e *evidence) match(index int) (match, bool) {
	text := e.table.texts[index]
	if !e.has(text.phrases) || !e.inContext(text.context) {
		return match{}, false
	}
	m := match{text: index, rule: text.rule}
	m.start, m.end = e.span(text)
	if e.table.rules[text.rule].isCode && !e.isSpelledAsCode(m) {
		const longestLine = 100
		m.alone = len(e.record.text) < longestLine && wordsOf(string(e.record.text)) == e.table.phrases[text.phrases[0]]
		return m, m.alone
	}
	return m, true
}

// weight orders texts: what only says that something failed comes last, and what fits the context first. Then the longer one knows more.
func (e *evidence) weight(index int) int {
	const perRank, forContext = 1 << 20, 1 << 10
	text := e.table.texts[index]
	weight := int(e.table.rules[text.rule].rank)*perRank + text.length
	if text.context != "" {
		weight += forContext
	}
	return weight
}

// span returns where the phrases of a text stand in the record; when they stand far apart, where the longest of them does.
func (e *evidence) span(t text) (start, end int) {
	const farthest = 200
	if e.tag.words != "" {
		return e.tag.start, e.tag.end
	}
	start, end = len(e.record.text), 0
	longest, longestStart := hit{phrase: -1}, 0
	for _, phrase := range t.phrases {
		h := e.found[phrase]
		at := e.table.finder.start(e.record.text, h)
		start, end = min(start, at), max(end, min(h.end, len(e.record.text)))
		if longest.phrase < 0 || e.table.finder.lengths[phrase] > e.table.finder.lengths[longest.phrase] {
			longest, longestStart = h, at
		}
	}
	if end-start > farthest {
		start, end = longestStart, min(longest.end, len(e.record.text))
	}
	for end > start && e.table.finder.classes[e.record.text[end-1]] <= classSpace {
		end--
	}
	return start, end
}

// quoteEnd returns where to end the quote of a match: behind the names, when they belong to what the text says.
func (e *evidence) quoteEnd(m match) int {
	const longest = 160
	if !e.table.rules[m.rule].byName {
		return m.end
	}
	rest := e.record.text[m.end:max(m.end, min(len(e.record.text), m.start+longest))]
	return m.end + len(rest)
}

// isSpelledAsCode reports whether what was found is the name of a code as redan writes it. Names of one word, such as EXPIRED, are words of
// other programs too: they count only where redan puts a code, or alone in a line.
func (e *evidence) isSpelledAsCode(m match) bool {
	name := e.table.rules[m.rule].codes[0]
	text := e.record.text
	if string(text[m.start:m.end]) != name || isWordByte(text, m.end) || isWordByte(text, m.start-1) {
		return false
	}
	if strings.Contains(name, "_") || string(bytes.TrimSpace(text)) == name {
		return true
	}
	before := bytes.TrimRight(text[max(0, m.start-20):m.start], " \t\"':=")
	for _, place := range []string{"FAIL", "WARN", "INFO", "code", "CODE", "✗", "!", "x"} {
		if bytes.HasSuffix(before, []byte(place)) {
			return true
		}
	}
	return false
}

// isWordByte reports whether the byte at an offset would make a code a part of a longer word.
func isWordByte(text []byte, at int) bool {
	return 0 <= at && at < len(text) && (text[at] == '_' || text[at] == '-' || isCodeName(strings.ToUpper(string(text[at:at+1]))) || '0' <= text[at] && text[at] <= '9')
}
