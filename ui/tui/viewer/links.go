package viewer

import (
	"context"
	"maps"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
	"redan/ui/view"
)

// links are the names in the value on screen that were looked up, and the types of those that are keys; empty for those that are not.
type links struct {
	known map[string]string // never changed, but replaced
	load  loading
}

// mostLinks is how many names are remembered.
const mostLinks = 2000

// linked is what became of a look-up.
type linked struct {
	stamp
	names []string
	types map[string]string
	err   error
}

// findKeys asks which names are keys.
func findKeys(ctx context.Context, client kit.Client, names []string, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) linked {
		types, err := view.Existing(ctx, client, names)
		return linked{stamp: s, names: names, types: types, err: err}
	})
}

// lookUp asks about the names on screen that nothing is known of yet, one look-up at a time.
func (p Pane) lookUp() (Pane, tea.Cmd) {
	if p.value.state != here || p.offline || p.links.load.active() || p.opening.load.active() || p.height == 0 {
		return p, nil
	}
	names := p.unknownNames()
	if len(names) == 0 {
		return p, nil
	}
	p.gen++
	ctx, cancel := context.WithCancel(p.config.Context)
	p.links.load = loading{gen: p.gen, cancel: cancel}
	return p, findKeys(ctx, p.config.Client, names, stamp{pane: p.config.ID, gen: p.gen})
}

// unknownNames are the plausible names of the rows on screen that were not looked up yet, each once.
func (p Pane) unknownNames() []string {
	f := p.top()
	if !f.isTable || f.table.request.Part != view.Entries {
		return nil
	}
	var names []string
	asked := map[string]bool{p.value.key: true}
	for row := f.list.Top; row < min(f.count(), f.list.Top+p.rows()); row++ {
		e, _ := f.table.at(row)
		for _, name := range namesIn(f.table.request, e) {
			if _, known := p.links.known[name]; !known && !asked[name] {
				asked[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// namesIn are the texts of an element that may be names of keys.
func namesIn(r view.Request, e view.Element) []string {
	var names []string
	add := func(text []byte, plausible bool) {
		if plausible {
			names = append(names, string(text))
		}
	}
	switch r.Type {
	case view.Hash, view.List:
		add(e.Value, !e.Cut && view.PlausibleName(e.Value, e.Chain))
	case view.Set, view.ZSet:
		add(e.Name, !e.Cut && view.PlausibleName(e.Name, nil))
	case view.Stream:
		for _, pair := range e.Pairs {
			add(pair.Value, view.PlausibleName(pair.Value, nil))
		}
	}
	return names
}

// linkedTo takes in which names are keys.
func (p Pane) linkedTo(msg linked) (Pane, tea.Cmd) {
	p.links.load.end()
	p.links.load = loading{}
	known := maps.Clone(p.links.known)
	if known == nil || len(known)+len(msg.names) > mostLinks {
		known = map[string]string{}
	}
	for _, name := range msg.names { // those that could not be asked about too, so that they are not asked about again and again
		known[name] = msg.types[name]
	}
	p.links.known = known
	return p, nil
}

// linkOf is the key that an element names.
func (p Pane) linkOf(r view.Request, e view.Element) (kit.GoToKey, bool) {
	if r.Part != view.Entries {
		return kit.GoToKey{}, false
	}
	for _, name := range namesIn(r, e) {
		if kind := p.links.known[name]; kind != "" && name != p.value.key {
			return kit.GoToKey{Key: name, Type: kind}, true
		}
	}
	return kit.GoToKey{}, false
}

// linkHere is the key that the element under the cursor, or the one that is open, names.
func (p Pane) linkHere() (kit.GoToKey, bool) {
	f := p.top()
	if f.isTable {
		if e, ok := f.table.at(f.list.Cursor); ok {
			return p.linkOf(f.table.request, e)
		}
		return kit.GoToKey{}, false
	}
	if p.last() == 1 && f.element != nil {
		return p.linkOf(p.request(), *f.element)
	}
	return kit.GoToKey{}, false
}

// followOff says why there is no key to go to.
func (p Pane) followOff() string {
	if _, ok := p.linkHere(); !ok {
		return "this does not name a key that exists"
	}
	return ""
}

// follow goes to the key that is named here.
func (p Pane) follow() (Pane, tea.Cmd) {
	link, ok := p.linkHere()
	if !ok {
		return p, nil
	}
	return p, kit.Say(link)
}
