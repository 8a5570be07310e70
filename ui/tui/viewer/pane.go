package viewer

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/edit"
	"redan/ui/tui/kit"
)

// Config is what the pane needs of the world.
type Config struct {
	// Context ends all the pane asks for.
	Context context.Context //nolint:containedctx // panes live in a model, whose methods get none
	// Client reaches the server that has the keys.
	Client kit.Client
	Look   kit.Look
	Now    func() time.Time
	Timer  kit.Timer
	// Session opens the connection that a write goes through; nil where nothing can be written.
	Session OpenSession
	// Guard is how careful to be with the server.
	Guard kit.Guard
	// Decoders are how values are shown at first, by the patterns (globs) of their keys; a longer pattern goes first.
	Decoders map[string]string
	// ID tells this pane's messages from those of another one: each database has a pane.
	ID int
	// Keys are the keys that the user chose, by the ID of a binding.
	Keys map[string][]string
}

// Pane is the value pane.
type Pane struct {
	config        Config
	width, height int
	focused       bool
	now           time.Time
	offline       bool

	gen     int     // of the last load
	opening opening // a key that is not on screen yet
	value   value   // the key on screen
	faces   []face  // its value, and what was opened of it; the last one is seen
	noLives bool    // the server has no lives of a hash's fields
	writing writing
	undo    *edit.Undo // takes the last write back
	links   links
	places  places
}

// New returns a pane that shows nothing until it receives a [kit.OpenKey].
func New(c Config) Pane {
	if c.Timer == nil {
		c.Timer = kit.After
	}
	return Pane{config: c, now: c.Now()}
}

// Stop ends what the pane waits for.
func (p Pane) Stop() {
	p.abandon()
	p.links.load.end()
	p.writing.load.end()
}

// Guarded returns the pane with another guard.
func (p Pane) Guarded(g kit.Guard) Pane {
	p.config.Guard = g
	return p
}

// Focused returns the pane with or without the keyboard.
func (p Pane) Focused(focused bool) Pane {
	p.focused = focused
	return p
}

// Typing reports whether text is being typed, to which letters and digits belong.
func (p Pane) Typing() bool { return p.top().filter.typing }

// Key is the key on screen, or the one that is about to be; empty with ok false when there is none.
func (p Pane) Key() (key string, ok bool) {
	if p.opening.load.active() {
		return p.opening.key, true
	}
	return p.value.key, p.value.state != empty
}

// Update takes in a message. Names of keys that came into sight are looked up.
func (p Pane) Update(msg tea.Msg) (Pane, tea.Cmd) {
	p, cmd := p.update(msg)
	p, look := p.lookUp()
	if look == nil {
		return p, cmd
	}
	return p, tea.Batch(cmd, look)
}

func (p Pane) update(msg tea.Msg) (Pane, tea.Cmd) {
	switch msg := msg.(type) {
	case message:
		return p.receive(msg)
	case tea.WindowSizeMsg:
		return p.resize(msg.Width, msg.Height), nil
	case tea.KeyPressMsg:
		return p.press(msg)
	case tea.PasteMsg:
		return p.paste(msg.Content)
	case tea.MouseClickMsg:
		return p.click(msg)
	case tea.MouseWheelMsg:
		return p.wheel(msg)
	case kit.OpenKey:
		return p.open(msg.Key, msg.Type, msg.Back)
	case kit.Restyle:
		p.config.Look = msg.Look
		return p, nil
	case kit.Tick:
		return p.tick(msg.Now)
	case kit.Offline:
		p.offline = true
		return p, nil
	case kit.Online:
		return p.online()
	case kit.Cancel:
		return p.giveUp(), nil
	case kit.KeyGone:
		return p.keyGone(msg.Key), nil
	case kit.KeyChanged:
		return p.keyChanged(msg.Key)
	case kit.Answered:
		return p.answered(msg)
	case kit.Edited:
		return p.edited(msg)
	case kit.Confirmed:
		return p.confirmed(msg)
	}
	return p, nil
}

// message is what a task of this pane gives back.
type message interface {
	kit.Message
	stamped() stamp
}

// stamp says which pane a message is for, and which of its loads.
type stamp struct {
	kit.Sealed
	pane, gen int
}

func (s stamp) stamped() stamp { return s }

// receive takes in the result of a task. Those of another pane are not for us, and those of a load that was given up are too late.
func (p Pane) receive(msg message) (Pane, tea.Cmd) {
	s := msg.stamped()
	if s.pane != p.config.ID {
		return p, nil
	}
	if s.gen == p.opening.load.gen && p.opening.load.active() {
		return p.receiveOpening(msg)
	}
	if s.gen == p.writing.load.gen && p.writing.load.active() {
		return p.receiveWriting(msg)
	}
	if found, ok := msg.(linked); ok {
		if s.gen != p.links.load.gen {
			return p, nil
		}
		return p.linkedTo(found)
	}
	if slow, ok := msg.(slowDue); ok {
		return p.slow(slow), nil
	}
	for i, f := range p.faces {
		if f.load.active() && f.load.gen == s.gen {
			return p.receiveFace(i, msg)
		}
	}
	return p, nil
}

func (p Pane) receiveOpening(msg message) (Pane, tea.Cmd) {
	switch msg := msg.(type) {
	case slowDue:
		p.opening.load.slow = true
		return p.clear(), nil
	case opened:
		return p.opened(msg)
	}
	return p, nil
}

// receiveWriting takes in what a write waits for.
func (p Pane) receiveWriting(msg message) (Pane, tea.Cmd) {
	switch msg := msg.(type) {
	case slowDue:
		p.writing.load.slow = true
	case prepared:
		return p.prepared(msg)
	case written:
		return p.written(msg)
	case restored:
		return p.restored(msg)
	}
	return p, nil
}

// receiveFace takes in what a face waits for.
func (p Pane) receiveFace(i int, msg message) (Pane, tea.Cmd) {
	f := p.faces[i].ended()
	switch msg := msg.(type) {
	case paged:
		return p.paged(i, f, msg)
	case shown:
		return p.replaced(i, f, msg)
	case counted:
		return p.counted(i, f, msg)
	case sought:
		return p.sought(i, f, msg)
	}
	return p, nil
}

// slow marks a load that takes long: from now on it is told what is awaited.
func (p Pane) slow(msg slowDue) Pane {
	for i, f := range p.faces {
		if f.load.active() && f.load.gen == msg.gen {
			f.load.slow = true
			return p.with(i, f)
		}
	}
	return p
}

func (p Pane) resize(w, h int) Pane {
	p.width, p.height = w, h
	return p.refit()
}

// refit lays out all faces for the size of the pane.
func (p Pane) refit() Pane {
	for i, f := range p.faces {
		p = p.with(i, f.fit(p.inner(), p.rows()))
	}
	return p
}

// say asks for a line of text to be shown.
func say(level kit.Level, text string) tea.Cmd { return kit.Say(kit.Notice{Level: level, Text: text}) }
