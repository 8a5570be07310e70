package keys

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// restFor is how long the cursor must rest on a key before its value is read.
const restFor = 80 * time.Millisecond

// arrive is called when the cursor was moved: the key it stands on is opened once it rests, and rows on screen are described.
func (p Pane) arrive() (Pane, tea.Cmd) {
	p.touched = true
	p, look := p.look()
	row, ok := p.current()
	p.rest++
	if !ok || row.Branch || row.Key == p.opened {
		return p, look
	}
	return p, tea.Batch(look, p.config.Timer(restFor, cursorRested{stamp: p.stamp(p.rest), key: row.Key}))
}

func (p Pane) cursorRested(msg cursorRested) (Pane, tea.Cmd) {
	if row, ok := p.current(); msg.gen != p.rest || !ok || row.Key != msg.key {
		return p, nil
	}
	return p.show(msg.key)
}

// show asks for a key's value.
func (p Pane) show(key string) (Pane, tea.Cmd) {
	p.opened = key
	return p, kit.Say(kit.OpenKey{Key: key, Type: p.facts.known[key].kind})
}

// open opens a branch, or goes to a key's value.
func (p Pane) open() (Pane, tea.Cmd) {
	row, _ := p.current()
	p.touched = true
	if row.Branch {
		if row.Open { // into it
			p.list = p.list.Move(1, p.tree.RowCount(), p.rows())
			return p.arrive()
		}
		return p.anchored(func() { p.tree.Open(row.ID) }).look()
	}
	p.rest++
	p, cmd := p.show(row.Key)
	return p, tea.Batch(cmd, kit.Say(kit.FocusValue{}))
}

// enter opens or closes a branch, or goes to a key's value.
func (p Pane) enter() (Pane, tea.Cmd) {
	if row, _ := p.current(); row.Branch && row.Open {
		p.touched = true
		return p.anchored(func() { p.tree.Close(row.ID) }).look()
	}
	return p.open()
}

// close closes a branch, or goes to the branch around the row.
func (p Pane) close() (Pane, tea.Cmd) {
	row, _ := p.current()
	p.touched = true
	if row.Branch && row.Open {
		return p.anchored(func() { p.tree.Close(row.ID) }).look()
	}
	parent, ok := p.tree.Parent(row.ID)
	if !ok {
		return p, nil
	}
	at, _ := p.tree.IndexOf(parent)
	p.list = p.list.To(at, p.tree.RowCount(), p.rows())
	return p.arrive()
}

// collapse closes all branches; the cursor goes to what was around it.
func (p Pane) collapse() (Pane, tea.Cmd) { return p.anchored(p.tree.CloseAll).look() }

// flat changes between tree and list. In the tree, what is around the key under the cursor is opened.
func (p Pane) flat() (Pane, tea.Cmd) {
	row, ok := p.current()
	p = p.anchored(func() {
		p.tree.SetFlat(!p.tree.Flat())
		if ok && !row.Branch && !p.tree.Flat() {
			p.tree.Reveal(row.ID)
		}
	})
	p, cmd := p.step()
	p, look := p.look()
	return p, tea.Batch(cmd, look)
}

// copyName copies the name of the key, or what the keys of a branch begin with.
func (p Pane) copyName() (Pane, tea.Cmd) {
	row, _ := p.current()
	what := "the key's name"
	if row.Branch {
		what = "the branch's name"
	}
	return p, kit.Say(kit.CopyText{Text: row.Key, What: what})
}

// click moves the cursor to a row, and opens or closes the branch whose sign was met.
func (p Pane) click(msg tea.MouseClickMsg) (Pane, tea.Cmd) {
	if msg.Button != tea.MouseLeft {
		return p, nil
	}
	if msg.Y == 0 {
		return p.actFilter("keys.filter")
	}
	at := p.list.Top + msg.Y - 1
	if at < 0 || at >= p.tree.RowCount() {
		return p, nil
	}
	again := at == p.list.Cursor && p.touched
	p.list = p.list.To(at, p.tree.RowCount(), p.rows())
	row, ok := p.current()
	if ok && row.Branch && (again || msg.X <= signColumn(row.Depth)+1) {
		return p.enter()
	}
	return p.arrive()
}

// wheelRows is how far one notch of the wheel goes.
const wheelRows = 3

func (p Pane) wheel(msg tea.MouseWheelMsg) (Pane, tea.Cmd) {
	n := wheelRows
	if msg.Button == tea.MouseWheelUp {
		n = -n
	} else if msg.Button != tea.MouseWheelDown {
		return p, nil
	}
	p.list = p.list.Move(n, p.tree.RowCount(), p.rows())
	return p.arrive()
}

// gone takes in that a key exists no more. It stays on screen, and says so.
func (p Pane) gone(key string) Pane {
	if p.tree.Contains(key) {
		p.facts.put(key, fact{kind: "none", gone: true, asked: p.config.Now()})
	}
	return p
}

// changed takes in that a key was written by us: what is known of it is old.
func (p Pane) changed(key string) (Pane, tea.Cmd) {
	if known, ok := p.facts.known[key]; ok {
		known.asked = time.Time{}
		p.facts.put(key, known)
	}
	return p.look()
}

// created takes in that a key came into being by us: the cursor goes to it.
func (p Pane) created(key string) (Pane, tea.Cmd) {
	p = p.anchored(func() { p.tree.Add([]string{key}, 0) })
	delete(p.facts.known, key)
	return p.Select(key)
}

// Select moves the cursor to a key that is loaded and opens what is around it.
func (p Pane) Select(key string) (Pane, tea.Cmd) {
	id, _, ok := p.tree.Find(key)
	if !ok || !p.tree.Reveal(id) {
		return p, nil
	}
	at, _ := p.tree.IndexOf(id)
	p.list = p.list.To(at, p.tree.RowCount(), p.rows())
	p.touched, p.opened = true, key
	return p.look()
}

// Loaded is how many keys were read so far.
func (p Pane) Loaded() int {
	if p.tree == nil {
		return 0
	}
	return p.tree.Len()
}

// Unfinished says what quitting would stop, empty for nothing: keys that are being deleted.
func (p Pane) Unfinished() string {
	if p.removal.job == nil {
		return ""
	}
	return "keys are being deleted: " + kit.Count(int64(len(p.removal.keys))-p.removal.state.Settled()) + " would stay"
}

// Complete reports whether all keys were read.
func (p Pane) Complete() bool { return p.load.progress.Done }

// Current is the key under the cursor, or what the keys of the branch there begin with.
func (p Pane) Current() string {
	if p.tree == nil {
		return ""
	}
	row, _ := p.current()
	return row.Key
}
