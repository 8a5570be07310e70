package keys

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/commands/keyspace/keytree"
	"redan/ui/tui/kit"
)

// Config is what the pane needs of the world.
type Config struct {
	// Context ends all the pane asks for.
	Context context.Context //nolint:containedctx // panes live in a model, whose methods get none
	Masters *keyspace.Masters
	Look    kit.Look
	Now     func() time.Time
	Timer   kit.Timer
	// ID tells this pane's messages from those of another one: each database has a pane.
	ID int
	// Database is what the pane shows, for texts: "db 0".
	Database string
	// Delimiter parts the segments of keys; empty is ":".
	Delimiter string
	// Filter is the pattern that the server looks for at first; empty for all keys.
	Filter string
	// Guard is how careful to be with the server. More than one key is deleted only when their number is typed, or the guard's word.
	Guard kit.Guard
	// Keys are the keys that the user chose, by the ID of a binding.
	Keys map[string][]string
}

// Pane is the key pane.
type Pane struct {
	config Config
	ctx    context.Context //nolint:containedctx // as Config.Context, ended by Stop
	cancel context.CancelFunc

	describer     *keyspace.Describer
	tree          *keytree.Tree
	width, height int
	focused       bool

	list    kit.List
	touched bool // the cursor stays on its row: it was moved, or the first rows could be seen

	load     loading
	facts    facts
	filter   filtering
	marking  marking
	opened   string // the key that was sent to the viewer last
	rest     int    // generation of the cursor's rest
	removal  removal
	counting counting
	order    order
	weighing weighing
	now      time.Time
	pressed  time.Time // when a key was, last
}

// New returns the pane of a database that nothing is known of; Init begins to read.
func New(c Config) Pane {
	if c.Delimiter == "" {
		c.Delimiter = ":"
	}
	p := Pane{config: c, tree: keytree.New(keytree.Options{Delimiter: c.Delimiter, FoldersFirst: true}), facts: newFacts(), now: c.Now()}
	p.describer = keyspace.NewDescriber(c.Masters)
	p.ctx, p.cancel = context.WithCancel(c.Context)
	p.load = p.newLoading()
	p.load.glob = c.Filter
	p.load.waiting = true // Init asks
	return p
}

// Init begins to read the keys.
func (p Pane) Init() tea.Cmd { return p.next() }

// Stop ends what the pane waits for.
func (p Pane) Stop() { p.cancel() }

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
func (p Pane) Typing() bool { return p.filter.typing }

// Update takes in a message.
func (p Pane) Update(msg tea.Msg) (Pane, tea.Cmd) {
	if p.tree == nil { // there is no server yet
		return p, nil
	}
	switch msg := msg.(type) {
	case message:
		return p.receive(msg)
	case tea.WindowSizeMsg:
		return p.resize(msg.Width, msg.Height)
	case tea.KeyPressMsg:
		p.pressed = p.config.Now()
		return p.press(msg)
	case tea.PasteMsg:
		return p.paste(msg.Content)
	case tea.MouseClickMsg:
		return p.click(msg)
	case tea.MouseWheelMsg:
		return p.wheel(msg)
	case kit.Restyle:
		p.config.Look = msg.Look
		return p, nil
	case kit.Tick:
		return p.tick(msg.Now)
	case kit.Offline:
		return p.offline(), nil
	case kit.Online:
		return p.online()
	case kit.Cancel:
		if p.stopOff() == "" {
			return p.stop()
		}
		return p, nil
	case kit.KeyGone:
		return p.gone(msg.Key), nil
	case kit.KeyChanged:
		return p.changed(msg.Key)
	case kit.KeyCreated:
		return p.created(msg.Key)
	case kit.Confirmed:
		return p.confirmed(msg)
	case kit.Answered:
		return p.answered(msg)
	}
	return p, nil
}

// message is what a task of this pane gives back.
type message interface {
	kit.Message
	owner() int
}

// stamp says which pane a message is for, and which of its generations.
type stamp struct {
	kit.Sealed
	pane, gen int
}

func (s stamp) owner() int { return s.pane }

func (p Pane) stamp(gen int) stamp { return stamp{pane: p.config.ID, gen: gen} }

// Owns reports whether a message is for this pane alone: the result of one of its tasks.
func (p Pane) Owns(msg tea.Msg) bool {
	own, ok := msg.(message)
	return ok && own.owner() == p.config.ID
}

// receive takes in the result of a task. Those of another pane are not for us.
func (p Pane) receive(msg message) (Pane, tea.Cmd) {
	if !p.Owns(msg) {
		return p, nil
	}
	switch msg := msg.(type) {
	case batchRead:
		return p.batchRead(msg)
	case loadDue:
		return p.loadDue(msg)
	case sliceDue:
		return p.sliceDue(msg)
	case stepDue:
		return p.stepDue(msg)
	case describeDue:
		return p.describeDue(msg)
	case described:
		return p.described(msg)
	case cursorRested:
		return p.cursorRested(msg)
	case settled:
		p.touched = p.touched || msg.gen == p.load.gen
		return p, nil
	case sortDue:
		return p.sortDue(msg)
	case swept:
		return p.swept(msg)
	case counted:
		return p.counted(msg)
	case countDue:
		return p.countDue(msg)
	case weighed:
		return p.weighed(msg)
	case surveyed:
		return p.surveyed(msg)
	case removed:
		return p.removed(msg)
	case removalDue:
		return p.removalDue(msg)
	}
	return p, nil
}

// rows is how many rows are on screen: the first line is the title.
func (p Pane) rows() int { return max(0, p.height-1) }

func (p Pane) resize(w, h int) (Pane, tea.Cmd) {
	if grown := h - p.height; p.height > 0 && grown > 0 { // what a smaller window pushed out comes back
		p.list.Top = max(0, p.list.Top-grown)
	}
	p.width, p.height = w, h
	p.list = p.list.Fit(p.tree.RowCount(), p.rows())
	return p.look()
}

// current is the row that the cursor is on.
func (p Pane) current() (keytree.Row, bool) {
	rows := p.tree.Rows(p.list.Cursor, 1)
	if len(rows) == 0 {
		return keytree.Row{}, false
	}
	return rows[0], true
}

// anchored runs change, which may make rows come and go, and puts the cursor back on its row and that row back to its place on the
// screen. While the first rows are too fresh to be seen it stays at the top.
func (p Pane) anchored(change func()) Pane {
	row, ok := p.current()
	change()
	count := p.tree.RowCount()
	if !p.touched || !ok {
		p.list = p.list.Fit(count, p.rows())
		return p
	}
	if at, ok := p.place(row); ok {
		p.list = p.list.Shift(at - p.list.Cursor)
	}
	p.list = p.list.Fit(count, p.rows())
	return p
}

// place is where a row is now, after rows came, went or were put in another order: in a list, a branch is where its first key is; a row
// that a closed branch hides, or the filter, is where it would be.
func (p Pane) place(row keytree.Row) (int, bool) {
	if at, visible := p.tree.IndexOf(row.ID); visible || at >= 0 && !row.Branch {
		return at, true
	}
	if !row.Branch {
		return 0, false
	}
	if id, ok := p.tree.FindBranch(row.Key); ok { // another order has other branches
		at, _ := p.tree.IndexOf(id)
		return at, true
	}
	for key := range p.tree.Under(row.Key) {
		_, at, ok := p.tree.Find(key)
		return at, ok
	}
	at, _ := p.tree.IndexOf(row.ID)
	return at, at >= 0
}

func say(level kit.Level, text string) tea.Cmd { return kit.Say(kit.Notice{Level: level, Text: text}) }
