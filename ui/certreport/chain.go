package certreport

import (
	"strconv"
	"strings"
	"time"

	"redan/conn/cert"
)

// Limits of what is shown of a chain without Verbose.
const (
	mostLinks  = 12
	mostIndent = 6 // levels of the tree
)

// row is one certificate of a chain, as text.
type row struct {
	number         int    // its place, from 1
	tree, name     string // "  └ 2 ", "Lab Root A"
	key            string
	begins, ends   string
	left           string
	standing, note string
	ink            ink
	link           cert.Link
}

// chain writes the certificates, the server's own first, each below the one it issued.
func (p *page) chain(r cert.Report) {
	path, others := pathOf(r.Chain)
	if len(path) == 0 {
		return
	}
	names := distinctNames(r.Chain)
	rows := make([]row, 0, len(path))
	for i, link := range path {
		rows = append(rows, p.row(r, link, i, names[i]))
	}
	hidden := 0
	if len(rows) > mostLinks && !p.Verbose {
		hidden = len(rows) - mostLinks
		rows = append(rows[:mostLinks-1:mostLinks-1], rows[len(rows)-1])
	}
	if !p.table(rows) {
		p.blocks(rows)
	}
	if hidden > 0 {
		p.line(say("  " + strconv.Itoa(hidden) + " more between (-v lists them)"))
	}
	p.strays(others, names[len(path):])
}

// strays writes what was sent and belongs to no chain.
func (p *page) strays(links []cert.Link, names []string) {
	if len(links) == 0 {
		return
	}
	shown := make([]string, 0, len(links))
	for i := range links {
		if i == mostLinks && !p.Verbose {
			shown = append(shown, strconv.Itoa(len(links)-i)+" more")
			break
		}
		shown = append(shown, p.name(names[i]))
	}
	p.paragraph([]piece{say("  "), inked(unknown, p.sign("·", "."))}, 4, say("also sent, and no part of it: "+strings.Join(shown, ", ")))
}

// row puts a link into words.
func (p *page) row(r cert.Report, link cert.Link, depth int, name string) row {
	c := link.Cert
	tree := "  "
	if depth > 0 {
		tree += blanks(2*(min(depth, mostIndent)-1)) + p.sign("└ ", "`- ")
	}
	out := row{
		number: depth + 1, tree: tree + strconv.Itoa(depth+1) + " ", name: p.name(name), key: cert.KeyKind(c.PublicKey), link: link,
		begins: c.NotBefore.In(p.zone()).Format(time.DateOnly), ends: p.day(link), left: Left(link.Left),
	}
	if link.Left < 0 {
		out.left = Left(link.Left.Abs()) + " ago"
	}
	out.standing, out.ink = p.standing(r, link)
	if link.Standing == cert.StandingFuture {
		away := c.NotBefore.Sub(r.Observation.At)
		out.begins, out.left = p.moment(c.NotBefore, away), "in "+Left(away)
	}
	var notes []string
	if !link.Sent {
		notes = append(notes, "not sent")
	}
	if isSelfSigned(c) && (depth == 0 || !link.Trusted) {
		notes = append(notes, "self-signed")
	}
	if link.Trusted && out.ink != trusted {
		notes = append(notes, "trusted")
	}
	out.note = strings.Join(notes, ", ")
	return out
}

// standing returns sign and word of a link, and their ink.
func (p *page) standing(r cert.Report, link cert.Link) (string, ink) {
	yes := p.sign("✓", "+")
	switch link.Standing {
	case cert.StandingOK:
		if link.Trusted {
			return yes + " trusted", trusted
		}
		return yes + " ok", good
	case cert.StandingSoon, cert.StandingSameName:
		return "! " + string(link.Standing), fragile
	case "":
		return p.sign("·", ".") + " not judged", unknown
	default:
		// What a connection is made in spite of, because nobody asked for more, breaks nothing.
		sign, in := p.severity(max(r.Verdict, cert.SeverityWarn))
		return sign + " " + string(link.Standing), in
	}
}

// columnSet says which columns a table has besides the names, the time left and the standing.
type columnSet struct{ tree, begins, ends, key bool }

// table writes rows in columns, and reports whether the page is wide enough. It goes without the beginning of the validity first, then
// without the kind of key, in the narrow form without the tree and all dates; never without a part of a name.
func (p *page) table(rows []row) bool {
	sets := []columnSet{{tree: true, begins: true, ends: true, key: true}, {tree: true, ends: true, key: true}, {tree: true, ends: true}}
	if p.isNarrow() {
		sets = []columnSet{{}}
	}
	for _, with := range sets {
		lines, widest := p.tableLines(rows, with)
		if p.Width > 0 && widest > p.Width {
			continue
		}
		for i, line := range lines {
			p.line(line...)
			p.details(rows[i])
		}
		return true
	}
	return false
}

func (p *page) tableLines(rows []row, with columnSet) (lines [][]piece, widest int) {
	cells := make([][]string, len(rows))
	var width [5]int
	for i, r := range rows {
		name := r.name
		if with.tree {
			name = r.tree + name
		} else {
			name = "  " + strconv.Itoa(r.number) + " " + name
		}
		cells[i] = []string{name, r.key, r.begins, r.ends, r.left}
		for c, text := range cells[i] {
			width[c] = max(width[c], columns(text))
		}
	}
	for i, r := range rows {
		text := padded(cells[i][0], width[0])
		if with.key {
			text += "   " + padded(r.key, width[1])
		}
		if with.ends {
			text += "   "
			if with.begins {
				text += padded(r.begins, width[2]) + " "
			}
			text += p.sign("→", "->") + " " + padded(r.ends, width[3])
		}
		text += "  " + blanks(width[4]-columns(r.left)) + r.left + "  "
		line := []piece{say(text), inked(r.ink, r.standing)}
		size := columns(text + r.standing)
		if r.note != "" {
			line = append(line, say(", "+r.note))
			size += columns(", " + r.note)
		}
		lines, widest = append(lines, line), max(widest, size)
	}
	return lines, widest
}

// blocks writes rows one below the other, wrapped.
func (p *page) blocks(rows []row) {
	for _, r := range rows {
		lead := "  " + strconv.Itoa(r.number) + " "
		last := r.left
		if r.note != "" {
			last += ", " + r.note
		}
		p.paragraph([]piece{say(lead)}, columns(lead), unbroken(plain, r.name), inked(r.ink, r.standing+","), say(last))
		p.details(r)
	}
}

// details writes what only those want to know who asked for it.
func (p *page) details(r row) {
	if !p.Verbose {
		return
	}
	c := r.link.Cert
	detail := func(label, text string) {
		if text != "" {
			p.paragraph([]piece{say(padded(blanks(6)+label, 16))}, 16, say(text))
		}
	}
	detail("subject", p.name(c.Subject.String()))
	detail("issuer", p.name(c.Issuer.String()))
	detail("valid", c.NotBefore.In(p.zone()).Format(time.DateTime+" MST")+" "+p.sign("→", "->")+" "+c.NotAfter.In(p.zone()).Format(time.DateTime+" MST"))
	detail("serial", serial(c))
	detail("sha256", fingerprint(c.Raw))
	detail("signature", c.SignatureAlgorithm.String())
	detail("usage", strings.Join(append(keyUsages(c), cert.ExtendedKeyUsages(c)...), ", "))
	if r.link.Origin != "" {
		detail("file", p.name(r.link.Origin))
	}
}
