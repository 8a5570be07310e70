package certreport

import (
	"slices"
	"strings"

	"redan/conn/cert"
)

// body is the column in which the text of findings begins; what stands before it are signs and labels.
const body = 8

// faults writes what has to be mended, the most pressing first. Its code stands in the headline, which is begun and not ended.
func (p *page) faults(r cert.Report, headline []piece) {
	for _, f := range r.Findings {
		if f.Severity < cert.SeverityWarn {
			continue
		}
		if headline != nil {
			p.first(headline, f)
			headline = nil
			continue
		}
		p.finding(f)
	}
}

// notes writes the findings that need nobody to act.
func (p *page) notes(r cert.Report) {
	for _, f := range r.Findings {
		if f.Severity < cert.SeverityWarn && (p.Verbose || !f.Usual) {
			p.finding(f)
		}
	}
}

// finding writes a finding in full: what, the commands that mend it, and why.
func (p *page) finding(f cert.Finding) {
	sign, in := p.severity(f.Severity)
	lead := padded(sign+" "+severityWord(f.Severity), body)
	p.paragraph([]piece{inked(in, lead)}, body, unbroken(in, p.name(f.Code)+" "), say(p.prose(f.Message)))
	p.fixes(f.Fixes, plain)
	if f.Severity < cert.SeverityWarn && len(f.Fixes) == 0 && !p.Verbose {
		return // there is nothing to do: who wants to know why can ask
	}
	p.reasons(f)
}

// first writes the finding that has to be mended first. The command that mends it stands in the third line at the latest: a long message
// begins in the headline, and a very long one comes after the command.
func (p *page) first(headline []piece, f cert.Finding) {
	const most = 3 // lines
	message := say(p.prose(f.Message))
	indent := columns(headline[0].text)
	apart := p.scratch()
	apart.paragraph(headline[:1], indent, headline[1:]...)
	apart.labelled("", message)
	flowing := p.scratch()
	flowing.paragraph(headline[:1], indent, slices.Concat(headline[1:], []piece{message})...)
	rest := f.Fixes
	switch {
	case apart.lines() < most || len(rest) == 0:
		p.out.WriteString(apart.out.String())
	case flowing.lines() < most:
		p.out.WriteString(flowing.out.String())
	default:
		p.paragraph(headline[:1], indent, headline[1:]...)
		p.fix("do", rest[0], strong)
		p.labelled("what", message)
		rest = nil
		for _, fix := range f.Fixes[1:] {
			p.fix("or", fix, plain)
		}
	}
	p.fixes(rest, strong)
	p.reasons(f)
}

// scratch returns an empty page like p, to see how a text comes out.
func (p *page) scratch() *page { return &page{Style: p.Style, Options: p.Options} }

// lines counts the lines written.
func (p *page) lines() int { return strings.Count(p.out.String(), "\n") }

// fixes writes the ways to mend a fault, the best one first, its command in an ink.
func (p *page) fixes(fixes []cert.Fix, in ink) {
	for i, fix := range fixes {
		if i == 0 {
			p.fix("do", fix, in)
			continue
		}
		p.fix("or", fix, plain)
	}
}

// reasons writes why a fault is there, and with Verbose what it was concluded from.
func (p *page) reasons(f cert.Finding) {
	if f.Cause != "" {
		p.labelled("why", say(p.prose(f.Cause)))
	}
	if !p.Verbose || len(f.Evidence) == 0 {
		return
	}
	facts := make([]string, 0, len(f.Evidence))
	for _, fact := range f.Evidence {
		facts = append(facts, p.name(strings.ReplaceAll(fact.Name, "_", " "))+" "+p.prose(fact.Value))
	}
	p.labelled("seen", say(strings.Join(facts, ", ")))
}

func severityWord(s cert.Severity) string {
	switch s {
	case cert.SeverityCrit:
		return "FAIL"
	case cert.SeverityWarn:
		return "WARN"
	default:
		return "NOTE"
	}
}

// labelled writes a paragraph in the body with a label before it.
func (p *page) labelled(label string, parts ...piece) {
	p.paragraph([]piece{say(padded("  "+label, body))}, body, parts...)
}

// fix writes one way to mend a fault. Its command has a line of its own, whole, so that it can be copied, however narrow the page is.
func (p *page) fix(label string, f cert.Fix, in ink) {
	command, note := p.command(f), p.prose(f.Note)
	if command == "" {
		if f.Side == cert.SideServer {
			note = "on the server: " + note
		}
		p.labelled(label, say(note))
		return
	}
	if note == "" && f.Placeholders {
		note = "with your own in place of what is in capitals"
	}
	if f.Side == cert.SideServer {
		note = strings.TrimSuffix("on the server: "+note, ": ")
	}
	p.line(say(padded("  "+label, body)), inked(in, command))
	if note != "" {
		p.labelled("", say(note))
	}
}
