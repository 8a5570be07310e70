package viewer

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
	"redan/ui/view/decode"
)

// asks is the line that has to be typed for the write on its way; false where none has to be.
func (p Pane) asks() (kit.Ask, bool) {
	w := p.writing
	name := ""
	if w.element != nil {
		name = elementTitle(w.request, *w.element)
	}
	question := func(title, example string) (kit.Ask, bool) {
		return kit.Ask{ID: p.question(askText), Title: title, Example: example}, true
	}
	switch w.purpose {
	case setLife:
		left := ""
		if !p.value.expires.IsZero() {
			left = "now " + kit.Life(max(0, p.value.expires.Sub(p.now))) + ": "
		}
		return question("TTL of "+w.key, left+livesHint)
	case setFieldLife:
		return question("TTL of the field "+name, livesHint)
	case addElement:
		return question("Add to "+w.key, additionHint(w.request.Type))
	case renameElement:
		return question("Another name for "+name, "what holds it goes along")
	case renameKey:
		return question("Rename "+w.key, "a new name; you are asked before an existing key is replaced")
	case copyKey:
		if w.to != "" {
			return question("Database of the copy "+w.to, "a number, or nothing for this one")
		}
		return question("Copy "+w.key, "the name of the copy; you are asked before an existing key is replaced")
	case moveKey:
		return question("Move "+w.key+" to database", "a number")
	case claimEntry:
		return question("Give "+name+" to the consumer", "its name")
	case createKey:
		return question("What "+w.key+" holds", contentHint)
	default:
		return p.asksPart(name, question)
	}
}

// asksPart is the line for a part of a value.
func (p Pane) asksPart(name string, question func(title, example string) (kit.Ask, bool)) (kit.Ask, bool) {
	w := p.writing
	switch w.purpose {
	case appendText:
		return question("Append to "+w.key, "it goes behind the last byte, as it is typed")
	case countElement:
		return question("Count into "+w.key, "an element, as it is typed")
	case patchBytes:
		return question("Overwrite from byte "+kit.Count(w.at)+" of "+w.key, "pairs of hexadecimal digits; as many bytes are overwritten as are typed")
	case deletePath:
		return question("Remove from "+w.key, "a path: $.orders[0].total")
	case insertBefore:
		return question("Insert before "+name, "the new element")
	case insertAfter:
		return question("Insert after "+name, "the new element")
	case trimStream:
		return question("Trim "+w.key, "how many of the newest entries stay, or from which id or time on: 1000, 1732260000000-0, 2026-11-22 14:00")
	default:
		return kit.Ask{}, false
	}
}

// livesHint says how a time to live is typed.
const livesHint = "2h30m, 3d, 2026-12-24 18:00, or none"

// firstText is what stands in the line before anything was typed.
func (p Pane) firstText() string {
	w := p.writing
	switch w.purpose {
	case renameElement:
		return string(w.element.Name)
	case renameKey, copyKey:
		return w.key
	case patchBytes:
		return p.rowBytes()
	case deletePath:
		return p.pathHere()
	default:
		return ""
	}
}

// rowBytes are the bytes of the row under the cursor, in hexadecimal digits.
func (p Pane) rowBytes() string {
	f := p.top()
	data, per := f.doc.view.Bytes, decode.PerLine(p.inner())
	from := min(len(data), max(0, f.doc.lineAt(f.list.Cursor))*per)
	return fmt.Sprintf("% x", data[from:min(len(data), from+per)])
}

// pathHere is the path to what the line under the cursor shows of a JSON document.
func (p Pane) pathHere() string {
	f := p.top()
	if at := f.doc.request.Place.ID; at != "" && at != "$" {
		return at // what a path leads to comes in an array that is not in the document
	}
	d, ok := f.doc.lines.(decode.Document)
	if line := f.doc.lineAt(f.list.Cursor); ok && line >= 0 {
		return d.Path(line)
	}
	return ""
}

// askAgain lets what was typed be typed on: nothing of it is lost.
func (p Pane) askAgain() (Pane, tea.Cmd) {
	p.writing.ready = false
	if p.writing.purpose == editValue {
		p.writing.given = p.writing.text
		return p, p.askEdit()
	}
	text := string(p.writing.text)
	if p.writing.purpose == copyKey {
		text, p.writing.to = p.writing.to, ""
	}
	if p.writing.purpose == createKey { // it may be the name that is wrong
		return p, p.askName(p.writing.key)
	}
	ask, asked := p.asks()
	if !asked {
		p.writing = writing{}
		return p, nil
	}
	ask.Text = text
	return p, kit.Say(ask)
}

// mend is what e does in a sheet: nothing where nothing was typed.
func (p Pane) mend() string {
	if _, asked := p.asks(); asked || p.writing.purpose == editValue {
		return "edit again"
	}
	return ""
}

// mistyped tells what is wrong with what was typed, and lets it be mended.
func (p Pane) mistyped(err error) (Pane, tea.Cmd) {
	if p.writing.purpose == editValue && p.writing.editor {
		return p.unwritten("Not written", err)
	}
	p, ask := p.askAgain()
	return p, tea.Batch(say(kit.Warn, err.Error()), ask)
}

// unwritten tells why what was typed is not written, and keeps it until the user leaves it.
func (p Pane) unwritten(why string, err error) (Pane, tea.Cmd) {
	p.writing.ready = false
	return p, kit.Say(kit.Confirm{
		ID: p.question(askMend), Title: why + ": " + p.subject(), Level: kit.Bad, Action: "edit again",
		Lines: append(kit.Wrap(err.Error(), "", max(leastSheet, p.width-leastSheet/2)), "what you typed is kept until you leave it with esc"),
	})
}

// leastSheet is how wide the lines of a sheet may be in any window. Sheets are as wide as the window, so what fits the pane fits them.
const leastSheet = 16
