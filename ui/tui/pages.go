package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// page is a view beside the panes: the server's figures, the certificate, the log. It is a value, knows no other page, and sees the
// model without being able to change it; what it wants of the root it says with the messages of package kit. A new one is a file with
// a type that implements page, and a line in newPages: number, tab, palette, help and colon line follow from that.
type page interface {
	about() about
	// bindings are its keys as they are now; their IDs begin with that of the page, or are those of moveBindings.
	bindings(m model) []kit.Binding
	// typing reports whether text is being typed: it then gets the keys that no binding takes as tea.KeyPressMsg.
	typing() bool
	// update takes in entered, left and chosen, a kit.Tick once a second while it is on screen, mouse and typed text in its own
	// coordinates, and, on screen or not, the results of tasks, of which it knows its own.
	update(m model, msg tea.Msg) (page, tea.Cmd)
	// draw returns at most h lines of w columns.
	draw(m model, w, h int) []string
}

// about is what the frame needs to know of a view.
type about struct {
	id          view
	name, short string   // in the list of views, wide and narrow
	help        string   // what it shows, for help, palette and colon line
	keys        []string // beside its number
}

// newPages are the views beside keys and console, in the order of their numbers.
func newPages() []page {
	return []page{serverPage{}, tlsPage{}, logPage{}, analysisPage{}, latencyPage{}}
}

// What happens to a page, beside keys, mouse and messages.
type (
	// entered: it comes on screen.
	entered struct{}
	// left: the server was left for another, or connected to again; what was known of it is no longer true.
	left struct{}
	// chosen: a binding was chosen that is on.
	chosen struct{ id string }
)

// views are all that can be shown, in the order of their numbers.
func (m model) views() []about {
	list := append(make([]about, 0, 2+len(m.pages)),
		about{id: keysView, name: "Keys", short: "Keys", help: "Keys"},
		about{id: consoleView, name: "Console", short: "Cons", help: "Console"})
	for _, p := range m.pages {
		list = append(list, p.about())
	}
	return list
}

// page returns the page on screen; ok is false when that is one of the panes.
func (m model) page() (p page, ok bool) {
	for _, p := range m.pages {
		if p.about().id == m.shape.view {
			return p, true
		}
	}
	return nil, false
}

// turn hands something to the page on screen.
func (m model) turn(msg tea.Msg) (model, tea.Cmd) {
	return m.turnWhere(msg, func(p page) bool { return p.about().id == m.shape.view })
}

// turnAll hands something to all pages.
func (m model) turnAll(msg tea.Msg) (model, tea.Cmd) {
	return m.turnWhere(msg, func(page) bool { return true })
}

func (m model) turnWhere(msg tea.Msg, meant func(page) bool) (model, tea.Cmd) {
	pages, cmds := slices.Clone(m.pages), make([]tea.Cmd, len(m.pages))
	for i, p := range pages {
		if meant(p) {
			pages[i], cmds[i] = p.update(m, msg)
		}
	}
	m.pages = pages
	return m, tea.Batch(cmds...)
}

// pressPage obeys a key in a page.
func (m model) pressPage(p page, msg tea.KeyPressMsg) (model, tea.Cmd) {
	b, ok := kit.Find(m.paneBindings(), msg)
	switch {
	case !ok && p.typing():
		return m.turn(msg)
	case !ok:
		return m, nil
	case b.Off != "":
		return m.say(kit.Plain, b.Off)
	}
	return m.turn(chosen{id: b.ID})
}

// moveBindings are how one moves in a page.
func moveBindings() []kit.Binding {
	const group = "In this view"
	return []kit.Binding{
		{ID: "page.up", Keys: []string{"up", "k"}, Help: "up", Group: group},
		{ID: "page.down", Keys: []string{"down", "j"}, Help: "down", Group: group, Footer: 10},
		{ID: "page.pageup", Keys: []string{"pgup", "ctrl+b"}, Help: "a page up", Group: group},
		{ID: "page.pagedown", Keys: []string{"pgdown", "ctrl+f"}, Help: "a page down", Group: group},
		{ID: "page.halfup", Keys: []string{"ctrl+u"}, Help: "half a page up", Group: group},
		{ID: "page.halfdown", Keys: []string{"ctrl+d"}, Help: "half a page down", Group: group},
		{ID: "page.first", Keys: []string{"home", "g"}, Help: "first", Group: group},
		{ID: "page.last", Keys: []string{"end", "G"}, Help: "last", Group: group},
	}
}

// stepped moves the cursor of a list as one of moveBindings says.
func stepped(id string, l kit.List, count, height int) kit.List {
	switch id {
	case "page.up":
		return l.Move(-1, count, height)
	case "page.down":
		return l.Move(1, count, height)
	case "page.pageup":
		return l.Move(-height, count, height)
	case "page.pagedown":
		return l.Move(height, count, height)
	case "page.halfup":
		return l.Move(-max(1, height/2), count, height)
	case "page.halfdown":
		return l.Move(max(1, height/2), count, height)
	case "page.first":
		return l.To(0, count, height)
	case "page.last":
		return l.To(count-1, count, height)
	}
	return l
}

// wheelStep is how many rows a turn of the wheel moves.
const wheelStep = 3

// pointed moves the cursor of a list, whose rows begin at line top, as the mouse says.
func pointed(msg tea.Msg, l kit.List, top, count, height int) kit.List {
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		by := wheelStep
		if msg.Button == tea.MouseWheelUp {
			by = -wheelStep
		}
		return l.Move(by, count, height)
	case tea.MouseClickMsg:
		if row := l.Fit(count, height).Top + msg.Y - top; msg.Y >= top && row < count {
			return l.To(row, count, height)
		}
	}
	return l
}
