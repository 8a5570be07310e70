package console

import (
	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// pressLive obeys a key while the list is shown.
func (p Pane) pressLive(msg tea.KeyPressMsg) (Pane, tea.Cmd) {
	b, ok := kit.Find(p.Keys(), msg)
	if !ok {
		if p.live.typing {
			line, _ := p.live.filter.Update(msg)
			p.live = p.live.setFilter(line)
		}
		return p, nil
	}
	if b.Off != "" {
		return p, kit.Say(kit.Notice{Text: b.Off})
	}
	h := max(1, p.height-2)
	switch b.ID {
	case "console.live.pause":
		p.live = p.live.pause(!p.live.paused)
	case "console.live.filter":
		p.live.typing = true
	case "console.live.filter.done":
		p.live.typing = false
	case "console.live.filter.clear":
		p.live = p.live.setFilter(kit.Line{})
		p.live.typing = false
	case "console.live.save":
		return p, kit.Say(kit.Ask{
			ID: asksFile, Title: "Save " + plural(len(p.live.matching()), "message") + " to", Text: "messages.txt", Example: "a file name",
		})
	case "console.live.pageup":
		p.live = p.live.scroll(h, h)
	case "console.live.pagedown":
		p.live = p.live.scroll(-h, h)
	case "console.live.own":
		p.live.all = !p.live.all
	case "console.live.leave":
		return p.leaveLive()
	}
	return p, nil
}
