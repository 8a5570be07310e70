package viewer

import (
	"slices"
	"strings"
	"time"

	"redan/ui/tui/kit"
	"redan/ui/view"
)

// soon is a life that is told in the colour of warning.
const soon = time.Minute

// head is what stands above the value: the key's name, what is known of it, what is wrong with it, the way to what is open.
func (p Pane) head() []string {
	if p.value.state == empty && !p.opening.load.slow {
		return nil
	}
	lines := p.nameLines()
	lines = append(lines, p.factLines()...)
	lines = append(lines, p.problemLines()...)
	if p.last() > 0 {
		lines = append(lines, p.path())
	}
	return lines
}

// nameLines are the key's name, all of it where there is room; else its beginning and its end, and how long it is.
func (p Pane) nameLines() []string {
	look, width := p.config.Look, max(1, p.width-2)
	lines := wrapText(kit.Name(p.value.key), width)
	if most := p.nameRoom(); len(lines) > most {
		lines = shortened(lines, most, kit.Ellipsis().Of(look)+" "+kit.Count(int64(len(p.value.key)))+" bytes "+kit.Ellipsis().Of(look)+" ", width, look.ASCII)
	}
	for i := range lines {
		lines[i] = " " + look.Title(look.Strong(lines[i]), p.focused)
	}
	return lines
}

// nameRoom is how many lines the name may take.
func (p Pane) nameRoom() int {
	const most, part = 4, 6
	return max(1, min(most, p.height/part))
}

// shortened leaves out the middle of lines; mark says so in the last one, before the end of the text.
func shortened(lines []string, most int, mark string, width int, ascii bool) []string {
	last := lines[len(lines)-1]
	if len(lines) > 1 {
		last = lines[len(lines)-2] + last
	}
	if most == 1 { // half of the beginning, and the end
		half := max(0, (width-kit.Width(mark))/2)
		return []string{cutLeft(lines[0], half) + mark + cutRight(last, max(0, width-half-kit.Width(mark)))}
	}
	kept := append([]string(nil), lines[:most-1]...)
	return append(kept, kit.Cut(mark+cutRight(last, max(0, width-kit.Width(mark))), width, ascii))
}

// cutLeft is the beginning of text, at most width columns.
func cutLeft(text string, width int) string {
	n, _ := fitting(text, width)
	return text[:n]
}

// cutRight is the end of text, at most width columns.
func cutRight(text string, width int) string {
	for text != "" && kit.Width(text) > width {
		n, _ := fitting(text, 1)
		if n == 0 {
			n, _ = fitting(text, 2)
		}
		text = text[max(1, n):]
	}
	return text
}

// fact is something known of the key. The lower its rank, the longer it stays as room gets short.
type fact struct {
	text string
	rank int
}

// factLines are what is known of the key, in one line if it fits and two if there is room for them.
func (p Pane) factLines() []string {
	look, width := p.config.Look, max(1, p.width-2)
	facts := p.facts()
	room := 1
	const tall = 14
	if p.height >= tall {
		room = 2
	}
	for drop := highest; ; drop-- {
		if lines := joinFacts(facts, width); len(lines) <= room || drop < 0 {
			for i := range lines[:min(len(lines), room)] {
				lines[i] = " " + kit.Cut(lines[i], width, look.ASCII)
			}
			return lines[:min(len(lines), room)]
		}
		kept := facts[:0:0]
		for _, f := range facts {
			if f.rank < drop {
				kept = append(kept, f)
			}
		}
		facts = kept
	}
}

// joinFacts puts facts into lines.
func joinFacts(facts []fact, width int) []string {
	const gap = "   "
	lines := []string{""}
	for _, f := range facts {
		last := len(lines) - 1
		switch {
		case lines[last] == "":
			lines[last] = f.text
		case kit.Width(lines[last]+gap+f.text) <= width:
			lines[last] += gap + f.text
		default:
			lines = append(lines, f.text)
		}
	}
	return lines
}

// The ranks of facts.
const (
	rankType = iota
	rankLife
	rankLength
	rankMemory
	rankEncoding
	rankIdle
	rankNote
	highest
)

// facts are what is known of the key.
func (p Pane) facts() []fact {
	look, known := p.config.Look, p.value.facts
	kind := p.kindWord()
	facts := []fact{{look.Hue(kind, kind), rankType}}
	if p.value.state == gone && known.Length == view.Missing && known.Memory == view.Missing {
		return facts[:0]
	}
	if known.Length != view.Missing {
		facts = append(facts, fact{p.lengthText(known.Length), rankLength})
	}
	if known.Memory != view.Missing {
		facts = append(facts, fact{p.memoryText(known.Memory), rankMemory})
	}
	if known.Encoding != "" {
		facts = append(facts, fact{look.Dim(kit.Escape(known.Encoding)), rankEncoding})
	}
	if life := p.life(); life != "" {
		facts = append(facts, fact{life, rankLife})
	}
	if known.Idle >= 0 && known.Type != "" {
		facts = append(facts, fact{look.Dim("idle " + idleText(known.Idle)), rankIdle})
	}
	if len(known.Refused) > 0 {
		facts = append(facts, fact{look.Dim("refused: " + strings.Join(known.Refused, ", ")), rankNote})
	}
	for _, note := range p.notes() {
		facts = append(facts, fact{look.Dim(kit.Escape(note)), rankNote})
	}
	return facts
}

// idleText is how long nobody touched the key. Servers tell it in seconds.
func idleText(idle time.Duration) string {
	if idle < time.Second {
		return "0s"
	}
	return kit.Life(idle)
}

// kindWord is the short word for the type of the key. A HyperLogLog is a string to the server.
func (p Pane) kindWord() string {
	if p.value.kind == view.String && len(p.faces) > 0 && p.faces[0].doc.sketch != nil {
		return "hll"
	}
	word := kit.TypeWord(p.value.kind)
	if word == "?" {
		return kit.Escape(p.value.kind)
	}
	return word
}

// notes are what is worth telling of the value beside the facts.
func (p Pane) notes() []string {
	if len(p.faces) == 0 {
		return nil
	}
	f := p.faces[0]
	notes := f.table.note
	if sketch := f.doc.sketch; sketch != nil && f.note == "" {
		switch {
		case sketch.Fresh:
			notes = append(notes, "about "+some(int64(min(sketch.Count, 1<<62)), "element", "elements"))
		default:
			notes = append(notes, "not counted since it changed (c: count)")
		}
	}
	if f.note != "" {
		notes = append(notes, f.note)
	}
	return notes
}

// lengthText is how long the value is, in the words of its type.
func (p Pane) lengthText(n int64) string {
	switch p.value.kind {
	case view.Hash:
		return some(n, "field", "fields")
	case view.Set, view.ZSet, view.Vector:
		return some(n, "member", "members")
	case view.Stream:
		return some(n, "entry", "entries")
	case view.List:
		return some(n, "element", "elements")
	default:
		return kit.Size(n)
	}
}

// memoryText is what the key takes in memory; beside a length that is a size too, it says so.
func (p Pane) memoryText(n int64) string {
	switch p.value.kind {
	case view.Hash, view.Set, view.ZSet, view.Vector, view.Stream, view.List:
		return kit.Size(n)
	}
	return kit.Size(n) + " in memory"
}

// life is how long the key has to live. It ticks.
func (p Pane) life() string {
	look := p.config.Look
	switch {
	case p.value.state != here:
		return ""
	case p.value.expires.IsZero():
		if slices.Contains(p.value.facts.Refused, "TTL") {
			return ""
		}
		return look.Dim("TTL " + kit.Forever().Of(look))
	}
	left := max(0, p.value.expires.Sub(p.now))
	text := "TTL " + kit.Life(left)
	if left < soon {
		return look.Warn(text)
	}
	return text
}

// problemLines say what is wrong with the key on screen, in two lines at most.
func (p Pane) problemLines() []string {
	look := p.config.Look
	text, style := p.problem()
	if text == "" {
		return nil
	}
	const most, tall = 2, 8
	lines := kit.Wrap(text, "", max(1, p.width-2))
	if room := most; len(lines) > room || p.height < tall {
		if p.height < tall {
			room = 1
		}
		lines[room-1] = kit.Cut(strings.Join(lines[room-1:], " "), max(1, p.width-2), look.ASCII)
		lines = lines[:room]
	}
	for i := range lines {
		lines[i] = " " + style(lines[i])
	}
	return lines
}

// problem is what is wrong with the key on screen, and how it is to be seen.
func (p Pane) problem() (text string, style func(string) string) {
	look := p.config.Look
	sign := kit.Broken().Of(look) + " "
	switch p.value.state {
	case gone:
		text = sign + "the key no longer exists: expired or deleted"
		if len(p.faces) > 0 {
			text += "; shown as it was at " + p.value.read.Format(time.TimeOnly)
		}
		return text, look.Warn
	case turned:
		return sign + kit.Escape(p.value.why.Error()) + "; ctrl+r reads it again", look.Warn
	case failed:
		return sign + "it could not be read: " + kit.Escape(p.value.why.Error()), look.Danger
	case empty, here:
	}
	if f := p.top(); !f.isTable && len(p.faces) > 0 && f.doc.view.Err != nil && !f.doc.bits {
		return kit.Escape(strings.ReplaceAll(f.doc.view.Err.Error(), "\n", "; ")), look.Warn
	}
	return "", nil
}

// path is the way to what is open.
func (p Pane) path() string {
	look := p.config.Look
	parts := make([]string, 0, len(p.faces))
	for _, f := range p.faces[1:] {
		parts = append(parts, f.title)
	}
	text := kit.Arrow().Of(look) + " " + strings.Join(parts, " "+kit.Arrow().Of(look)+" ")
	return " " + look.Title(kit.Cut(text, p.width-2, look.ASCII), p.focused)
}
