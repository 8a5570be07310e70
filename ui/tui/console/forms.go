package console

import (
	"bufio"
	"bytes"
	"path/filepath"
	"slices"
	"strings"

	"redan/commands"
	"redan/conn/resp"
	"redan/ui/format"
	"redan/ui/tui/kit"
)

// kept is a reply as it came, as far as it was kept, to be copied or saved.
type kept struct {
	words []string
	value resp.Value
	cut   bool // there was more than is kept
}

// size is what a kept reply costs beside its rows, in bytes.
func (k *kept) size() int {
	if k == nil {
		return 0
	}
	return valueSize(k.value)
}

func valueSize(v resp.Value) int {
	const overhead = 100
	n := overhead + len(v.Text)
	for _, e := range v.Elems {
		n += valueSize(e)
	}
	for _, e := range v.Attrs {
		n += valueSize(e)
	}
	return n
}

// text is the reply as redis-cli prints it in a mode.
func (k *kept) text(mode format.Mode) string {
	p := format.New(mode)
	if !commands.AlwaysRaw(k.words) {
		return p.String(k.value)
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	if _, err := p.PrintPlain(w, k.value.Source()); err != nil { // a value that was read is one that prints
		return ""
	}
	_ = w.Flush() // to memory
	return b.String()
}

// formOf is the mode for a file with that name: by its ending, else what redis-cli writes into files.
func formOf(name string) format.Mode {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json":
		return format.JSON
	case ".csv":
		return format.CSV
	}
	return format.Raw
}

// replyInSight is the newest reply on screen.
func (p Pane) replyInSight() *kept {
	w := p.columns(p.width)
	below := p.out.back
	for _, e := range slices.Backward(p.out.entries) {
		if below > 0 {
			below -= len(e.visible(w))
		}
		if below <= 0 && e.reply != nil {
			return e.reply
		}
	}
	return nil
}

// copyReply puts the reply in sight on the clipboard.
func (p Pane) copyReply(mode format.Mode, what string) (Pane, kit.Message) {
	k := p.replyInSight()
	if k == nil {
		return p, kit.Notice{Text: noReply}
	}
	return p, kit.CopyText{Text: strings.TrimSuffix(k.text(mode), "\n"), What: what + k.partText()}
}

const noReply = "there is no reply to be copied or saved"

// partText says of a reply that was cut that it is not all.
func (k *kept) partText() string {
	if k.cut {
		return ", as far as it was kept"
	}
	return ""
}

// saveReply asks for a file, or writes to the one that was named.
func (p Pane) askSave() (Pane, kit.Message) {
	k := p.replyInSight()
	if k == nil {
		return p, kit.Notice{Text: noReply}
	}
	p.toSave = k
	return p, kit.Ask{
		ID: asksReply, Title: "Save the reply to " + strings.ToUpper(kit.Escape(k.words[0])) + k.partText() + " to", Text: "reply.txt",
		Example: "a file name; .json and .csv choose the form",
	}
}
