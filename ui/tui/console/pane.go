package console

import (
	"context"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/conn"
	"redan/ui/tui/kit"
)

// Pane is the console.
type Pane struct {
	config Config
	server Server
	ctx    context.Context //nolint:containedctx // as Config.Context, ended when the server is left
	cancel context.CancelFunc
	wire   *wire
	place  place

	width, height int
	focused       bool
	now           time.Time

	out     output
	line    kit.Line
	find    find
	pending []string // lines in front of the line, that were pasted with it
	menu    menu
	search  search
	recall  recall
	hints   bool

	queue  []string // lines that wait for what runs
	job    job
	asked  question
	held   int      // commands queued in a transaction
	last   []string // the command that was sent last
	toSave *kept    // the reply that a file name is asked for
	live   live
	memory memory
	gens   generations

	known    knowledge
	embedded *commands.Table // what every server has
}

// memory is what is on its way to the history.
type memory struct {
	unsaved []string
	saving  bool
	told    bool // that it fails
}

// generations tell results that are still wanted from those that are not.
type generations struct{ server, run, live, complete int }

// New returns the console of no server; Connect gives it one.
func New(c Config) Pane {
	if c.Table == nil {
		c.Table = &commands.Table{}
	}
	p := Pane{config: c, embedded: c.Table, hints: true, now: c.Now(), width: 80, height: 10}
	p.ctx, p.cancel = context.WithCancel(c.Context)
	return p
}

// Init reads the history.
func (p Pane) Init() tea.Cmd {
	if p.config.History == nil {
		return nil
	}
	return recallLines(p.config.Context, p.config.History, p.stamp(0))
}

// Connect makes the console speak to a server. What was typed and printed stays; what the connection before held is told.
func (p Pane) Connect(s Server) (Pane, tea.Cmd) {
	p.cancel()
	known := p.server.Open != nil
	lost := p.place.state.Lost()
	waiting := len(p.queue)
	p.gens.server++
	p.server, p.place, p.job, p.live, p.queue, p.asked, p.menu, p.held = s, place{}, job{}, live{}, nil, question{}, menu{}, 0
	p.ctx, p.cancel = context.WithCancel(p.config.Context)
	p.wire = nil
	p.known, p.config.Table = knowledge{}, p.embedded
	if s.Open != nil {
		p.wire = newWire(p.ctx, s.Open)
	}
	if known {
		p = p.print("", row{{"now at " + p.where() + dbText(s.DB), dim}})
		p = p.tellLost(lost)
		p = p.tellUnsent(waiting)
	}
	return p, nil
}

// Guarded returns the console with the guard of a server that it speaks to already.
func (p Pane) Guarded(s Server) Pane {
	p.server.Production, p.server.Word, p.server.Exceptions, p.server.ReadOnly = s.Production, s.Word, s.Exceptions, s.ReadOnly
	return p
}

// Stop ends what runs, and the connection.
func (p Pane) Stop() { p.cancel() }

// Focused returns the pane with or without the keyboard.
func (p Pane) Focused(focused bool) Pane {
	p.focused = focused
	return p
}

// Typing reports whether text is being typed, to which letters and digits belong.
func (p Pane) Typing() bool { return p.focused && (!p.live.on || p.live.typing) }

// Transaction is how many commands wait in an open transaction; it is false when none is open.
func (p Pane) Transaction() (queued int, open bool) {
	return p.held, p.place.ready && p.place.state.Multi
}

// Unfinished says what quitting would lose, empty for nothing: a transaction that is open.
func (p Pane) Unfinished() string {
	if !p.place.ready || !p.place.state.Multi {
		return ""
	}
	return "a transaction is open in the console, with " + plural(p.held, "command") + " queued"
}

// Update takes in a message.
func (p Pane) Update(msg tea.Msg) (Pane, tea.Cmd) {
	switch msg := msg.(type) {
	case message:
		return p.receive(msg)
	case tea.WindowSizeMsg:
		return p.resize(msg.Width, msg.Height), nil
	case tea.KeyPressMsg:
		return p.press(msg)
	case tea.PasteMsg:
		return p.paste(msg.Content), nil
	case tea.MouseWheelMsg:
		return p.wheel(msg), nil
	case kit.RunCommand:
		return p.enterWords(msg.Words)
	case kit.Restyle:
		p.config.Look = msg.Look
		return p, nil
	case kit.Tick:
		p.now = msg.Now
		p.live = p.live.tick()
	case kit.Online:
		if p.wire != nil && p.idle() && !p.job.on {
			return p, drop(p.ctx, p.wire, p.stamp(p.gens.run))
		}
	case kit.Cancel:
		if p.focused {
			return p.giveUp()
		}
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
	origin() stamp
}

// stamp says which pane a message is for, which of its servers, and which generation.
type stamp struct {
	kit.Sealed
	pane, server, gen int
}

func (s stamp) origin() stamp { return s }

func (p Pane) stamp(gen int) stamp {
	return stamp{pane: p.config.ID, server: p.gens.server, gen: gen}
}

// receive takes in the result of a task.
func (p Pane) receive(msg message) (Pane, tea.Cmd) {
	if msg.origin().pane != p.config.ID {
		return p, nil
	}
	switch msg := msg.(type) { // what is not about a server
	case recalled:
		p.recall = p.recall.before(msg.lines)
		return p.noteHistory(msg.err), nil
	case remembered:
		p.memory.saving = false
		return p.noteHistory(msg.err).keepHistory()
	case saved:
		return p, p.saved(msg)
	}
	if msg.origin().server != p.gens.server {
		return p, nil
	}
	switch msg := msg.(type) {
	case ran:
		return p.ran(msg)
	case slowDue:
		return p.slowDue(msg), nil
	case watchDue:
		return p.watchDue(msg)
	case dropped:
		return p.dropped(), nil
	case completed:
		return p.completed(msg), nil
	case learned:
		return p.learned(msg), nil
	case inspected:
		return p.inspected(msg)
	case weighed:
		return p.weighed(msg)
	case messages:
		return p.heard(msg)
	case listened:
		return p.listened(msg)
	}
	return p, nil
}

func (p Pane) resize(w, h int) Pane {
	p.width, p.height = w, h
	p.out = p.out.scroll(0, p.columns(p.width), p.scrolledHeight())
	return p
}

// print adds to the output.
func (p Pane) print(note string, rows ...row) Pane {
	p.out = p.out.print(p.columns(p.width), note, rows...)
	return p
}

// where is the address of the server, as it stands in the prompt.
func (p Pane) where() string {
	addr := p.server.Addr
	if p.place.ready {
		addr = p.place.addr
	}
	return kit.Escape(addressText(addr))
}

func addressText(a conn.Addr) string {
	if strings.Contains(a.Host, ":") {
		return a.Target() // with brackets around the address
	}
	return a.String()
}

// prompt is what stands before the line: where it goes, and what state the connection is in.
func (p Pane) prompt(w int) string {
	switch {
	case p.server.Open == nil:
		return "not connected> "
	case p.wire != nil && p.place.addr != (conn.Addr{}) && !p.place.ready:
		return "not connected> "
	}
	state := conn.State{DB: p.server.DB}
	if p.place.ready {
		state = p.place.state
	}
	suffix := "> "
	if state.Subscribed {
		suffix = "(subscribed mode)" + suffix
	}
	if state.Multi {
		suffix = "(TX)" + suffix
	}
	if state.DB != 0 {
		suffix = "[" + strconv.Itoa(state.DB) + "]" + suffix
	}
	return kit.Cut(p.where(), max(1, w/2-len(suffix)), p.config.Look.ASCII) + suffix
}

func dbText(db int) string {
	if db == 0 {
		return ""
	}
	return " db " + strconv.Itoa(db)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return kit.Count(int64(n)) + " " + what + "s"
}
