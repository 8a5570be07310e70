package explain

import (
	"cmp"
	"io"
	"slices"
	"strings"
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
	openings linePatterns
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
	return &Explainer{about: about, table: known, patterns: factPatterns(), numbers: newNumberPatterns(), openings: newLinePatterns()}, nil
}

// Text explains a text of one or more lines.
func (x *Explainer) Text(text string) Result {
	result, err := x.Read(strings.NewReader(text))
	if err != nil { // a string can be read
		return result
	}
	return result
}

// Read explains a text of any length: each distinct error in it once. It holds a bounded part of it at a time. A short text that looks as if
// one long line had been wrapped is read as that line. The error is that of in; what was found before it is in the result.
func (x *Explainer) Read(in io.Reader) (Result, error) {
	beginning := &prefix{in: in}
	lines, found, err := x.read(beginning)
	if err == nil && beginning.whole {
		found = x.unwrapped(beginning.data, found)
	}
	result := Result{Explanations: found.explanations(), Lines: lines.lines}
	if len(result.Explanations) == 0 {
		result.Hints = x.hints(lines.head)
	}
	return result, err
}

func (x *Explainer) read(in io.Reader) (*recorder, *tally, error) {
	found := &tally{explainer: x, entries: map[kind]*entry{}, latest: map[int]*entry{}}
	lines := &recorder{table: x.table, take: found.take}
	err := lines.readFrom(in)
	return lines, found, err
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

// explanation puts a finding into words.
func (x *Explainer) explanation(e *entry) Explanation {
	r := x.table.rules[e.rule]
	first := x.table.codes[e.codes[0]]
	list := e.facts.list()
	if e.facts["host"] == "" && x.about.Host != "" {
		e.facts["host"], e.facts["port"] = x.about.Host, cmp.Or(e.facts["port"], x.about.Port)
	}
	if e.facts["port"] == "" {
		e.facts["port"] = x.about.Port
	}
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
