package tui

import (
	"context"
	"errors"
	"net"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/commands/keyspace"
	"redan/conn/resp"
	"redan/ui/theme"
	"redan/ui/tui/console"
	"redan/ui/tui/keys"
	"redan/ui/tui/kit"
	"redan/ui/tui/viewer"
)

// view is what the body shows.
type view string

// The views that are panes; those that are pages name themselves.
const (
	keysView    view = "keys"
	consoleView view = "console"
)

// place is where the keyboard is within the keys view.
type place int

const (
	keysPlace place = iota
	valuePlace
	consolePlace
)

// pane is what the root asks of each pane, which is a value of type T.
type pane[T any] interface {
	Update(msg tea.Msg) (T, tea.Cmd)
	View(w, h int) string
	Keys() []kit.Binding
	Focused(focused bool) T
	// Typing reports whether text is being typed, to which letters and digits belong.
	Typing() bool
}

// model is the full screen.
type model struct {
	config Config
	ctx    context.Context //nolint:containedctx // what Bubble Tea calls gets none
	how    network
	log    *commandLog
	timer  kit.Timer
	// pending are the requests under way; lateTimer tells that a timer draws them.
	pending   *pending
	lateTimer bool
	look      kit.Look
	style     appearance

	width, height int
	blurred       bool // the window has lost the focus
	now           time.Time
	ticks         int // generation of the clock

	link   link
	facts  facts
	panes  panes
	shape  shape
	over   []overlay // what lies over the panes, the uppermost last
	notice notice
	work   []kit.Working
	trail  trail
	pages  []page
	mouse  mouse
	// noMouse leaves the mouse to the terminal.
	noMouse bool
	all     keyspace.DatabaseList
	first   bool // a key was pressed that quits when it comes again
	table   *commands.Table
	typed   []string // lines of the colon line
	// answered are the lines that were typed into sheets, the newest last.
	answered []string

	profiles []Profile
	away     []away // servers of profiles that are not on screen, the last left at the end
	forms    []form // that were left with something typed
	writing  writing
	name     theme.Theme // in which the profile's name is painted
	recent   []string    // what was chosen from the palette, the last first
}

// panes are the panes of the database on screen, and of those that were.
type panes struct {
	made    int // how many were made: each has an ID
	db      int
	keys    keys.Pane
	viewer  viewer.Pane
	console console.Pane
	parked  map[int]parked
}

// parked is a database that is not on screen: coming back finds the place kept.
type parked struct {
	server *server
	keys   keys.Pane
	viewer viewer.Pane
	trail  trail
}

func newModel(ctx context.Context, c Config, table *commands.Table, how network, timer kit.Timer) model {
	m := model{config: c, ctx: ctx, how: how, log: newCommandLog(c.Now), timer: timer, look: c.Look, now: c.Now(), style: newAppearance(c)}
	m.pending = newPending(c.Now)
	var wrong error
	if m.look.Theme, wrong = m.style.make(); wrong != nil {
		m.notice = notice{level: kit.Warn, text: oneLine(wrong.Error()), at: m.now}
	}
	m.link = link{options: c.Options, phase: connecting, since: m.now, way: Way{Follow: c.Follow}}
	if c.Pick && c.Profiles != nil {
		m.link.phase, m.link.picking = homeless, true
		m = m.push(picker{})
	}
	m.panes.parked = map[int]parked{}
	m.shape.view, m.noMouse = keysView, c.NoMouse
	m.pages = newPages()
	m.table = table
	m = m.named()
	m.panes.console = console.New(console.Config{
		Context: ctx, Look: m.look, Now: c.Now, Timer: m.timer, Table: m.table, Program: c.Program, Version: c.Version, History: c.History,
		Save: c.Save, Keys: c.Keys,
	})
	return m
}

// Init connects, and asks the terminal for its background.
func (m model) Init() tea.Cmd {
	dial := m.dial()
	if m.link.picking {
		dial = nil
	}
	cmds := []tea.Cmd{
		tea.RequestBackgroundColor, dial, m.panes.console.Init(), m.timer(second, tickDue{gen: m.ticks}),
		m.timer(noticeFor, noticeDue{gen: m.notice.gen}), listProfiles(m.ctx, m.config.Profiles),
	}
	if m.config.Notice != "" {
		cmds = append(cmds, kit.Say(kit.Notice{Level: kit.Warn, Text: m.config.Notice}))
	}
	return tea.Batch(cmds...)
}

// Update takes in a message.
func (m model) Update(msg tea.Msg) (model, tea.Cmd) {
	m.now = m.config.Now()
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return m.resize(msg.Width, msg.Height)
	case tea.KeyPressMsg:
		return m.pressed(msg)
	case tea.BackgroundColorMsg:
		return m.background(msg.IsDark())
	case tea.PasteMsg:
		return m.paste(msg)
	case tea.MouseMsg:
		return m.point(msg)
	case tea.FocusMsg:
		return m.refocused()
	case tea.BlurMsg:
		m.blurred = true
		return m, nil
	case tea.ResumeMsg:
		return m.refocused()
	case kit.Message:
		return m.receive(msg)
	default:
		m.style.rest = restOf(msg, m.now)
	}
	return m, nil
}

// receive takes in what tasks and panes say.
func (m model) receive(msg kit.Message) (model, tea.Cmd) {
	switch msg := msg.(type) {
	case connected:
		return m.connected(msg)
	case probed:
		return m.probed(msg)
	case retryDue:
		return m.retryDue(msg)
	case tickDue:
		return m.tickDue(msg)
	case lateDue:
		return m.lateDue(msg)
	case noticeDue:
		return m.noticeDue(msg), nil
	case informed:
		return m.informed(msg)
	case demoStarted:
		return m.demoStarted(msg)
	case profilesListed:
		return m.profilesListed(msg)
	case profileOpened:
		return m.profileOpened(msg)
	case profileChanged:
		return m.profileChanged(msg)
	case profileNoted:
		return m.profileNoted(msg)
	case profileTested:
		return m.profileTested(msg)
	case databasesListed:
		return m.databasesListed(msg), nil
	}
	return m.request(msg)
}

// request does what a pane asks for. What is not for the root is for the panes, each of which knows its own.
func (m model) request(msg kit.Message) (model, tea.Cmd) {
	switch msg := msg.(type) {
	case kit.OpenKey:
		return m.openKey(msg)
	case kit.GoToKey:
		return m.visit(kit.OpenKey{Key: msg.Key, Type: msg.Type})
	case copied:
		return m.copied(msg)
	case kit.FocusKeys:
		return m.focus(keysPlace)
	case kit.FocusValue:
		return m.focus(valuePlace)
	case kit.Notice:
		return m.say(msg.Level, msg.Text)
	case kit.Failed:
		return m.failed(msg)
	case kit.CopyText:
		return m.copyText(msg)
	case kit.RunCommand:
		return m.runCommand(msg)
	case kit.RunColon:
		return m.runColon(msg.Line)
	case kit.Confirm:
		return m.confirm(msg)
	case kit.Ask:
		return m.ask(msg)
	case kit.Working:
		return m.working(msg), nil
	case kit.EditText:
		return m.edit(msg)
	case editReady:
		return m.editReady(msg)
	case editDone:
		return m, readEdited(m.ctx, msg)
	case kit.Confirmed:
		return m.confirmed(msg)
	}
	return m.tell(msg)
}

// tell hands a message to all panes.
func (m model) tell(msg tea.Msg) (model, tea.Cmd) {
	if m, cmd, ok := m.tellParked(msg); ok {
		return m, cmd
	}
	var cmds [3]tea.Cmd
	if m.link.server != nil {
		m.panes.keys, cmds[0] = update(m.panes.keys, msg)
		m.panes.viewer, cmds[1] = update(m.panes.viewer, msg)
	}
	m.panes.console, cmds[2] = update(m.panes.console, msg)
	turn := model.turnAll
	if _, tick := msg.(kit.Tick); tick {
		turn = model.turn
	}
	m, turned := turn(m, msg)
	return m, tea.Batch(append(cmds[:], turned)...)
}

func update[T pane[T]](p T, msg tea.Msg) (T, tea.Cmd) { return p.Update(msg) }

// openKey shows a key's value, and remembers the visit.
func (m model) openKey(msg kit.OpenKey) (model, tea.Cmd) {
	m.trail = m.trail.visit(msg)
	return m.tell(msg)
}

// failed tells of an error. One of the connection means that it is lost; in a cluster, where another node may have failed, that is
// only told, and the key figures of the node that we began with show whether it is.
func (m model) failed(msg kit.Failed) (model, tea.Cmd) {
	var node *keyspace.NodeError
	switch {
	case msg.Err == nil || errors.Is(msg.Err, context.Canceled):
		return m, nil
	case isRefusal(msg.Err):
		return m.say(kit.Bad, "could not "+msg.What+": "+kit.Escape(rootCause(msg.Err).Error()))
	case isTimeout(msg.Err):
		return m.say(kit.Warn, "could not "+msg.What+" in time: the server is slow")
	case m.link.server == nil || !m.link.server.masters.Cluster():
		return m.lost(msg.Err)
	case errors.As(msg.Err, &node):
		return m.say(kit.Warn, "could not "+msg.What+": "+kit.Escape(node.Error()))
	}
	cause, _ := explain(msg.Err)
	return m.say(kit.Warn, "could not "+msg.What+": "+cause)
}

// isTimeout reports whether an error says that an answer took too long.
func isTimeout(err error) bool {
	var failure net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &failure) && failure.Timeout()
}

// isRefusal reports whether an error is the server's word.
func isRefusal(err error) bool {
	var refused resp.ServerError
	return errors.As(err, &refused)
}

// resize lays everything out anew.
func (m model) resize(w, h int) (model, tea.Cmd) {
	m.width, m.height = w, h
	return m.relayout()
}

// relayout tells the panes their sizes and which has the keyboard.
func (m model) relayout() (model, tea.Cmd) {
	p := m.picture()
	m.panes.keys = m.panes.keys.Focused(m.shape.view == keysView && m.shape.focus == keysPlace)
	m.panes.viewer = m.panes.viewer.Focused(m.shape.view == keysView && m.shape.focus == valuePlace)
	m.panes.console = m.panes.console.Focused(m.consoleFocused())
	var cmds [3]tea.Cmd
	if !p.keys.Empty() {
		m.panes.keys, cmds[0] = m.panes.keys.Update(sizeOf(p.keys))
	}
	if !p.value.Empty() {
		m.panes.viewer, cmds[1] = m.panes.viewer.Update(sizeOf(p.value))
	}
	if at := m.consoleRect(p); !at.Empty() {
		m.panes.console, cmds[2] = m.panes.console.Update(sizeOf(at))
	}
	return m, tea.Batch(cmds[:]...)
}

func sizeOf(r kit.Rect) tea.WindowSizeMsg { return tea.WindowSizeMsg{Width: r.W, Height: r.H} }

// picture is the layout as it is now.
func (m model) picture() picture { return arrange(m.width, m.height, m.shape) }

func (m model) consoleFocused() bool {
	return m.shape.view == consoleView || m.shape.view == keysView && m.shape.focus == consolePlace
}

func (m model) consoleRect(p picture) kit.Rect {
	if m.shape.view == consoleView {
		return p.body
	}
	return p.drawer
}

// focus gives the keyboard to a pane of the keys view.
func (m model) focus(to place) (model, tea.Cmd) {
	m.shape.view, m.shape.focus = keysView, to
	if to == consolePlace && m.shape.drawer == 0 {
		m.shape.drawer = drawerHeight(m.height)
	}
	return m.relayout()
}

// drawerHeight is how many lines the console under the panes gets at first.
func drawerHeight(h int) int { return max(leastDrawer, min(12, h/4)) }

// show changes the view.
func (m model) show(v view) (model, tea.Cmd) {
	m.shape.view = v
	m, cmd := m.relayout()
	m, enter := m.turn(entered{})
	return m, tea.Batch(cmd, enter)
}

// settle makes panes for a server that answers.
func (m model) settle(s *server) (model, tea.Cmd) {
	m.panes.made++
	m.panes.db = s.options.DB
	m.panes.keys = keys.New(keys.Config{
		Context: m.ctx, Masters: s.masters, Look: m.look, Now: m.config.Now, Timer: m.timer, ID: m.panes.made,
		Database: databaseName(s.options.DB), Delimiter: m.config.Delimiter, Filter: m.config.Filter, Guard: m.guard(), Keys: m.config.Keys,
	})
	m.panes.viewer = viewer.New(viewer.Config{
		Context: m.ctx, Client: keyspace.NoTouch(s.masters), Look: m.look, Now: m.config.Now, Timer: m.timer, Session: s.write,
		Guard: m.guard(), Decoders: m.config.Decoders, ID: m.panes.made, Keys: m.config.Keys,
	})
	var speak tea.Cmd
	m.panes.console, speak = m.panes.console.Connect(m.consoleServer(s))
	m, cmd := m.relayout()
	return m, tea.Batch(cmd, speak, m.panes.keys.Init())
}

// consoleServer is s as the console speaks to it.
func (m model) consoleServer(s *server) console.Server {
	return console.Server{
		Open: s.console, Client: s.masters, Addr: s.options.Addr(), DB: s.options.DB,
		Production: m.config.Production, Word: m.word(), Exceptions: m.config.Exceptions, ReadOnly: m.readOnly(),
		NoScan: m.config.NoKeyNames, NoHistory: m.config.NoHistory, Own: s.own,
	}
}

// runCommand hands a command to the console, and puts that in sight.
func (m model) runCommand(msg kit.RunCommand) (model, tea.Cmd) {
	var show tea.Cmd
	switch p := m.picture(); {
	case !m.consoleRect(p).Empty():
	case m.shape.view == keysView && !p.wall.Empty():
		m.shape.drawer = drawerHeight(m.height)
		m, show = m.relayout()
	default:
		m, show = m.show(consoleView)
	}
	m, cmd := m.tell(msg)
	return m, tea.Batch(show, cmd)
}

// close closes all connections, once nothing uses them any more.
func (m model) close() {
	m.panes.console.Stop()
	m.link.server.close()
	for _, p := range m.panes.parked {
		p.server.close()
	}
	ways := append(make([]Way, 0, 1+len(m.away)), m.link.way)
	for _, a := range m.away {
		a.link.server.close()
		for _, p := range a.panes.parked {
			p.server.close()
		}
		ways = append(ways, a.link.way)
	}
	for _, w := range ways {
		if w.Done != nil {
			w.Done()
		}
	}
}

// commandTable is what the program knows of commands. The embedded table is tested to be whole; were it not, the colon line would
// only lack its hints.
func commandTable() *commands.Table {
	table, err := commands.Embedded()
	if err != nil {
		return &commands.Table{}
	}
	return table
}
