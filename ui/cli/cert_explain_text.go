package cli

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"redan/conn/cert"
	"redan/conn/cert/explain"
	"redan/ui/certreport"
)

// explainBody is the column in which texts begin, as in the report of cert check.
const explainBody = 8

// explainText is the form of explanations for people.
func explainText(style certreport.Style, result explain.Result) string {
	p := &explainPage{style: style, lines: result.Lines}
	for i, e := range result.Explanations {
		if i > 0 {
			p.b.WriteByte('\n')
		}
		p.explanation(e)
	}
	return p.b.String()
}

// explainPage writes explanations.
type explainPage struct {
	style certreport.Style
	lines int // of the text that is explained
	b     strings.Builder
}

func (p *explainPage) explanation(e explain.Explanation) {
	sign, word, name := p.style.Failed(), "FAIL", e.Code
	switch e.Severity {
	case cert.SeverityWarn:
		sign, word = p.style.Warned(), "WARN"
	case cert.SeverityInfo, cert.SeverityOK:
		sign, word = p.style.Unchecked(), "NOTE"
	case cert.SeverityCrit:
	}
	if e.Ambiguous() {
		name = "one of " + strconv.Itoa(len(e.Codes)) + " faults"
	}
	p.paragraph(sign+" "+word+"  ", p.style.Theme.Strong(name), utf8.RuneCountInString(name), e.Meaning)
	p.prose("text", p.source(e))
	for i, cause := range e.Causes {
		label := ""
		if i == 0 {
			label = "why"
		}
		p.cause(label, cause)
	}
	if rest := candidatesLeft(e); len(rest) > 0 {
		p.prose("", "also possible: "+strings.Join(rest, ", "))
	}
	for i, fix := range e.Fixes {
		label := "or"
		if i == 0 {
			label = "do"
		}
		p.fix(label, fix)
	}
	p.command("more", e.Next)
	if e.Ambiguous() {
		p.prose("", "tells which it is")
	}
}

// source is what was recognised, whose words it is, and how often and where it stood.
func (p *explainPage) source(e explain.Explanation) string {
	text := `"` + e.Quote + `"`
	if e.Speaker != "" {
		text += ", " + e.Speaker
	}
	if p.lines > 1 {
		text += ", line " + strconv.Itoa(e.Line)
		if e.Count > 1 {
			text += ", " + strconv.Itoa(e.Count) + " times"
		}
	}
	if len(e.Also) > 0 {
		text += `; with it "` + strings.Join(e.Also, `", "`) + `"`
	}
	return text
}

// cause writes a way in which the fault comes about, its code before it when it is one of several.
func (p *explainPage) cause(label string, cause explain.Cause) {
	if cause.Code == "" {
		p.prose(label, cause.Text)
		return
	}
	p.paragraph(explainLabel(label), p.style.Theme.Strong(cause.Code), len(cause.Code), cause.Text)
}

// candidatesLeft are the candidates that no cause speaks of.
func candidatesLeft(e explain.Explanation) []string {
	if !e.Ambiguous() {
		return nil
	}
	var rest []string
	for _, code := range e.Codes {
		spoken := false
		for _, cause := range e.Causes {
			spoken = spoken || cause.Code == code
		}
		if !spoken {
			rest = append(rest, code)
		}
	}
	return rest
}

// fix writes a way to mend the fault: the command in a line of its own, whole, so that it can be copied.
func (p *explainPage) fix(label string, fix explain.Fix) {
	note := fix.Note
	if fix.Side == cert.SideServer {
		switch {
		case note == "":
			note = "on the server"
		case fix.Command == "":
			note = "on the server: " + note
		default:
			note = "on the server; " + note
		}
	}
	if fix.Code != "" {
		note = strings.TrimSuffix("for "+fix.Code+": "+note, ": ")
	}
	if fix.Command == "" {
		p.prose(label, note)
		return
	}
	p.command(label, fix.Command)
	if note != "" {
		p.prose("", note)
	}
}

func (p *explainPage) command(label, command string) {
	p.b.WriteString(explainLabel(label) + p.shown(command) + "\n")
}

func (p *explainPage) prose(label, text string) { p.paragraph(explainLabel(label), "", 0, text) }

func explainLabel(label string) string {
	return "  " + label + strings.Repeat(" ", explainBody-2-len(label))
}

// paragraph writes text behind a label and, when it has one, a name of so many columns, and folds it at the style's width.
func (p *explainPage) paragraph(label, name string, width int, text string) {
	p.b.WriteString(label + name)
	column := explainBody + width
	if name != "" {
		p.b.WriteString("  ")
		column += 2
	}
	for i, word := range strings.Fields(p.shown(text)) {
		length := utf8.RuneCountInString(word)
		switch {
		case p.style.Width > 0 && column+1+length > p.style.Width && column > explainBody:
			p.b.WriteString("\n" + strings.Repeat(" ", explainBody))
			column = explainBody
		case i > 0:
			p.b.WriteByte(' ')
			column++
		}
		p.b.WriteString(word)
		column += length
	}
	p.b.WriteByte('\n')
}

// shown returns text fit for the terminal, and in ASCII for one that has no more.
func (p *explainPage) shown(text string) string {
	text = printable(text)
	if !p.style.ASCII {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
	}
	return b.String()
}
