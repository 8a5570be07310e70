package certreport

import (
	"strconv"
	"strings"
	"time"

	"redan/conn/cert"
)

// Options are what a reader asked to see.
type Options struct {
	// Verbose lists the checks that passed, all names, and of each certificate the subject, serial number and SHA-256.
	Verbose bool
}

// narrowest is the number of columns the wide form needs.
const narrowest = 80

// isNarrow reports whether the narrow form is to be used: one block for each certificate instead of a table.
func (s Style) isNarrow() bool { return s.Width > 0 && s.Width < narrowest }

// Text returns reports for people. The first lines of each say whether all is well and, when it is not, what to do; what was seen
// follows. Several reports have a line before them that counts, and those that are fine are told in one line each unless opts.Verbose.
//
// Lines are wrapped at style.Width, except commands, which are there to be copied. Text from certificates and servers is escaped.
func Text(reports []cert.Report, style Style, opts Options) string {
	p := &page{Style: style, Options: opts}
	if len(reports) == 0 {
		p.line(inked(unknown, p.sign("·", ".")), say(" nothing to check"))
	}
	if len(reports) > 1 {
		p.count(reports)
	}
	brief := false
	for i, r := range reports {
		wasBrief := brief
		brief = len(reports) > 1 && !opts.Verbose && verdictOf(r) == fine
		if len(reports) > 1 && (i == 0 || !brief || !wasBrief) {
			p.out.WriteByte('\n')
		}
		if brief {
			headline := p.headline(r)
			p.paragraph(headline[:1], columns(headline[0].text), headline[1:]...)
			continue
		}
		p.report(r)
	}
	return p.out.String()
}

// count writes the line before several reports.
func (p *page) count(reports []cert.Report) {
	targets := map[verdict][]string{}
	for _, r := range reports {
		v := verdictOf(r)
		targets[v] = append(targets[v], p.name(r.Observation.Target.Name))
	}
	sign, _, in := p.verdict(worst(reports))
	parts := []piece{say(strconv.Itoa(len(reports)) + " targets:")}
	for _, kind := range []struct {
		verdict verdict
		words   string
	}{{failed, "failed"}, {unsure, "unknown"}, {warned, "with warnings"}, {fine, "fine"}} {
		names := targets[kind.verdict]
		if len(names) == 0 {
			continue
		}
		if len(parts) > 1 {
			parts = append(parts, p.separator())
		}
		_, _, in := p.verdict(kind.verdict)
		parts = append(parts, unbroken(in, strconv.Itoa(len(names))+" "+kind.words))
		const most = 3 // names on this line
		if kind.verdict != fine && len(names) <= most {
			parts = append(parts, say("("+strings.Join(names, ", ")+")"))
		}
	}
	p.paragraph([]piece{inked(in, sign)}, 2, parts...)
}

// report writes all there is to say about one target.
func (p *page) report(r cert.Report) {
	headline := p.headline(r)
	if _, isFault := r.First(); isFault {
		p.faults(r, headline)
	} else {
		p.paragraph(headline[:1], columns(headline[0].text), headline[1:]...)
	}
	facts, notes, checks := p.scratch(), p.scratch(), p.scratch()
	facts.facts(r)
	notes.notes(r)
	checks.checks(r)
	if !p.Verbose {
		notes.out.WriteString(checks.out.String())
		checks = p.scratch()
	}
	for _, part := range []*page{facts, notes, checks} {
		if part.out.Len() > 0 {
			p.out.WriteString("\n" + part.out.String())
		}
	}
}

// headline answers whether all is well: the verdict, the target, the code of what has to be mended first, or how long all will be well.
// Its first piece is the lead of a paragraph.
func (p *page) headline(r cert.Report) []piece {
	sign, word, in := p.verdict(verdictOf(r))
	lead := padded(sign+" "+word, body-2) + "  "
	parts := []piece{inked(in, lead), unbroken(strong, p.name(r.Observation.Target.Name)+" ")}
	first, isFault := r.First()
	if !isFault {
		return append(parts, p.outlook(r)...)
	}
	code := p.name(first.Code)
	if n := faultCount(r); n > 1 {
		return append(parts, unbroken(in, code), unbroken(plain, "(1 of "+strconv.Itoa(n)+") "))
	}
	return append(parts, unbroken(in, code+" "))
}

// faultCount counts the findings that have to be mended.
func faultCount(r cert.Report) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity >= cert.SeverityWarn {
			n++
		}
	}
	return n
}

// outlook says of a target without faults how long that will last.
func (p *page) outlook(r cert.Report) []piece {
	if verdictOf(r) == unsure {
		return []piece{say("nothing could be proven either way")}
	}
	path, _ := pathOf(r.Chain)
	switch {
	case r.Observation.Target.Plain:
		return []piece{say("answers without TLS, as asked")}
	case len(path) == 0:
		return []piece{say("nothing to mend")}
	}
	first := soonestOf(path)
	text := "expires in " + spell(path[first].Left) + " (" + p.day(path[first]) + ")"
	if first > 0 {
		return []piece{say("its issuer"), say(p.name(shortName(path[first].Cert))), say(text)}
	}
	return []piece{say(text)}
}

// spell returns a length of time in words, in the unit in which it is a small number.
func spell(d time.Duration) string {
	const day, year = 24 * time.Hour, 365 * 24 * time.Hour
	switch {
	case d >= 3*year:
		return strconv.Itoa(int(d/year)) + " years"
	case d >= 2*day:
		return strconv.Itoa(int(d/day)) + " days"
	case d >= 2*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + " hours"
	default:
		return strconv.Itoa(int(d/time.Minute)) + " minutes"
	}
}

// day returns when a certificate ends in the reader's time zone, with the hour when that matters.
func (p *page) day(link cert.Link) string { return p.moment(link.Cert.NotAfter, link.Left) }

// moment returns a date in the reader's time zone, and the hour too when it is less than two days away.
func (p *page) moment(t time.Time, away time.Duration) string {
	if away.Abs() < 48*time.Hour {
		return t.In(p.zone()).Format("2006-01-02 15:04")
	}
	return t.In(p.zone()).Format(time.DateOnly)
}

// zone is the reader's time zone.
func (s Style) zone() *time.Location {
	if s.Location == nil {
		return time.UTC
	}
	return s.Location
}

// checks writes the last line: how many checks failed and passed, and what was not looked at. With Verbose each check has a line.
func (p *page) checks(r cert.Report) {
	if p.Verbose {
		p.everyCheck(r.Checks)
		return
	}
	count := map[cert.CheckState]int{}
	for _, c := range r.Checks {
		count[c.State]++
	}
	var parts []piece
	add := func(state cert.CheckState, text string) {
		if len(parts) > 0 {
			parts = append(parts, p.separator())
		}
		sign, in := p.state(state)
		if state == cert.CheckFailed {
			sign, in = p.severity(max(r.Verdict, cert.SeverityWarn))
		}
		if state == cert.CheckUnchecked {
			parts = append(parts, inked(in, text))
			return
		}
		parts = append(parts, inked(in, sign), say(text))
	}
	if n := count[cert.CheckFailed]; n > 0 {
		add(cert.CheckFailed, plural(n, "check")+" failed")
	}
	if n := count[cert.CheckPassed]; n > 0 {
		add(cert.CheckPassed, plural(n, "check")+" passed (-v lists them)")
	}
	if count[cert.CheckUnchecked] > 0 {
		add(cert.CheckUnchecked, "not checked: "+p.unchecked(r.Checks))
	}
	if len(parts) > 0 {
		p.paragraph([]piece{say("  ")}, 2, parts...)
	}
}

// unchecked lists what was not looked at, with the reason when that is short, and of many only the number.
func (p *page) unchecked(list []cert.Check) string {
	const most, short = 4, 16
	var parts []string
	hint := ""
	for _, c := range list {
		switch note := p.prose(c.Note); {
		case c.State != cert.CheckUnchecked:
			continue
		case note != "" && columns(note) <= short:
			parts = append(parts, p.name(c.Name)+" ("+note+")")
		case note != "":
			hint = " (-v says why)"
			fallthrough
		default:
			parts = append(parts, p.name(c.Name))
		}
	}
	if len(parts) > most {
		return strconv.Itoa(len(parts)) + " more (-v says why)"
	}
	return strings.Join(parts, ", ") + hint
}

// everyCheck writes what was looked at, one line each.
func (p *page) everyCheck(list []cert.Check) {
	widest := 0
	for _, c := range list {
		widest = max(widest, columns(p.name(c.Name)))
	}
	widest = min(widest, 20)
	for _, c := range list {
		sign, in := p.state(c.State)
		note := p.prose(c.Note)
		if note == "" && c.State == cert.CheckUnchecked {
			note = "not checked"
		}
		lead := []piece{say("  "), inked(in, sign), say(" "), say(padded(p.name(c.Name), widest))}
		if p.isNarrow() || columns(lead[3].text) > widest {
			p.paragraph(lead[:3], 4, unbroken(plain, lead[3].text+" "), say(note))
			continue
		}
		p.paragraph(lead, 4+widest+2, say(note))
	}
}

// state returns the sign of a check's end, and its ink.
func (s Style) state(state cert.CheckState) (sign string, in ink) {
	switch state {
	case cert.CheckPassed:
		return s.sign("✓", "+"), good
	case cert.CheckFailed:
		return s.sign("✗", "x"), broken
	default:
		return s.sign("·", "."), unknown
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
