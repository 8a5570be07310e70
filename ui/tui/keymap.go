package tui

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// The groups of the help.
const (
	groupEverywhere = "Everywhere"
	groupViews      = "Views"
	groupPanes      = "Panes"
	groupTrouble    = "Connection"
)

// bindings are those of the root as they are now. What only works while no text is being typed has a key that types.
func (m model) bindings() []kit.Binding {
	bindings := []kit.Binding{
		{ID: "colon", Keys: []string{":"}, Help: "command", Group: groupEverywhere, Footer: 80},
		{ID: "palette", Keys: []string{"ctrl+p"}, Help: "palette", Group: groupEverywhere, Footer: 85},
		{ID: "help", Keys: []string{"?", "f1"}, Help: "help", Group: groupEverywhere, Footer: 90},
		{ID: "back", Keys: m.backKeys(), Help: "back", Group: groupEverywhere, Off: m.backOff()},
		{ID: "quit", Keys: []string{"q"}, Help: m.quitHelp(), Group: groupEverywhere},
		m.cancelBinding(),
		{ID: "suspend", Keys: []string{"ctrl+z"}, Help: "suspend", Group: groupEverywhere},
		{ID: "mouse", Keys: []string{"alt+m"}, Help: m.mouseHelp(), Group: groupEverywhere},
		{ID: "redraw", Keys: []string{"ctrl+l"}, Help: "draw the screen again", Group: groupEverywhere},

		{ID: "databases", Keys: []string{"D"}, Help: "databases", Group: groupViews, Off: m.unlinkedOff()},
		{ID: "profiles", Keys: []string{"P"}, Help: "profiles", Group: groupViews, Off: m.profilesOff()},

		{ID: "pane.next", Keys: []string{"tab"}, Help: "next pane", Group: groupPanes, Off: m.panesOff()},
		{ID: "pane.previous", Keys: []string{"shift+tab"}, Help: "previous pane", Group: groupPanes, Off: m.panesOff()},
		{ID: "console", Keys: []string{"`", "alt+c"}, Help: "console below", Group: groupPanes, Off: m.panesOff()},
		{ID: "zoom", Keys: []string{"z"}, Help: "this pane alone", Group: groupPanes, Off: m.splitOff()},
		{ID: "drawer.taller", Keys: []string{"ctrl+up"}, Help: "console taller", Group: groupPanes, Off: m.drawerOff()},
		{ID: "drawer.lower", Keys: []string{"ctrl+down"}, Help: "console lower", Group: groupPanes, Off: m.drawerOff()},
		{ID: "split.less", Keys: []string{"<"}, Help: "keys narrower", Group: groupPanes, Off: m.splitOff()},
		{ID: "split.more", Keys: []string{">"}, Help: "keys wider", Group: groupPanes, Off: m.splitOff()},
		{ID: "trail.back", Keys: []string{"["}, Help: "key visited before", Group: groupPanes, Off: m.trail.backOff()},
		{ID: "trail.forward", Keys: []string{"]"}, Help: "key visited after", Group: groupPanes, Off: m.trail.forwardOff()},
	}
	bindings = append(bindings, m.viewBindings()...)
	if m.link.phase == lost || m.link.phase == offline {
		bindings = append(bindings,
			kit.Binding{ID: "retry", Keys: []string{"r", "alt+r"}, Help: "connect now", Group: groupTrouble, Footer: 1, Off: m.retryOff()})
	}
	if (m.link.phase == lost || m.link.phase == offline) && m.link.wantsPassword() {
		bindings = append(bindings, kit.Binding{ID: "password", Keys: []string{"p", "alt+p"}, Help: "type the password", Group: groupTrouble, Footer: 1})
	}
	if m.link.phase == lost {
		bindings = append(bindings, kit.Binding{ID: "offline", Keys: []string{"esc"}, Help: "stay offline", Group: groupTrouble, Footer: 2})
	}
	return kit.Remap(bindings, m.config.Keys)
}

// viewBindings show the views, by their numbers and by their names.
func (m model) viewBindings() []kit.Binding {
	all := m.views()
	list := make([]kit.Binding, len(all))
	for i, v := range all {
		var keys []string
		if number := strconv.Itoa(i + 1); i < 9 {
			keys = []string{number, "alt+" + number}
		}
		list[i] = kit.Binding{ID: viewPrefix + string(v.id), Keys: append(keys, v.keys...), Help: v.help, Group: groupViews, Off: m.viewOff(v.id)}
	}
	return list
}

// viewPrefix begins the IDs of the bindings that show a view.
const viewPrefix = "view."

// cancelBinding works everywhere, over sheets too.
func (m model) cancelBinding() kit.Binding {
	b := kit.Binding{ID: "cancel", Keys: []string{"ctrl+c"}, Help: "cancel, then quit", Group: groupEverywhere}
	return kit.Remap([]kit.Binding{b}, m.config.Keys)[0]
}

// backKeys are the keys of the way back: the banner needs esc itself.
func (m model) backKeys() []string {
	if m.link.phase == lost {
		return nil
	}
	return []string{"esc"}
}

func (m model) mouseHelp() string {
	if m.noMouse {
		return "take the mouse"
	}
	return "leave the mouse to the terminal"
}

func (m model) quitHelp() string {
	if m.atTop() {
		return "quit"
	}
	return "back"
}

// atTop reports whether there is nothing to go back from.
func (m model) atTop() bool {
	return len(m.over) == 0 && (m.link.server == nil || m.shape.view == keysView && m.shape.focus == keysPlace && !m.shape.zoom)
}

func (m model) backOff() string {
	if m.atTop() {
		return "this is the top; q quits"
	}
	return ""
}

func (m model) unlinkedOff() string {
	if m.link.server == nil {
		return "there is no server yet"
	}
	return ""
}

func (m model) viewOff(v view) string {
	switch {
	case m.link.server == nil:
		return "there is no server yet"
	case m.shape.view == v:
		return "this view is on screen"
	}
	return ""
}

func (m model) panesOff() string {
	if m.link.server == nil {
		return "there is no server yet"
	}
	return ""
}

func (m model) splitOff() string {
	switch {
	case m.shape.view != keysView:
		return "this view has one pane"
	case m.picture().narrow:
		return "the window is too small for two panes"
	}
	return ""
}

// drawerOff says why the console below has no size to change.
func (m model) drawerOff() string {
	switch {
	case m.shape.view != keysView || m.shape.drawer == 0:
		return "there is no console below"
	case m.picture().narrow:
		return "the window is too small for two panes"
	}
	return ""
}

func (m model) retryOff() string {
	if m.link.probing {
		return "an attempt is under way"
	}
	return ""
}

// typing reports whether letters and digits belong to what has the keyboard.
func (m model) typing() bool {
	switch {
	case m.link.server == nil:
		return m.link.phase == homeless && m.link.welcome.typing
	case m.consoleFocused():
		return m.panes.console.Typing()
	case m.shape.view == keysView && m.shape.focus == valuePlace:
		return m.panes.viewer.Typing()
	case m.shape.view == keysView:
		return m.panes.keys.Typing()
	}
	p, ok := m.page()
	return ok && p.typing()
}

// paneBindings are those of what has the keyboard.
func (m model) paneBindings() []kit.Binding {
	switch {
	case m.link.server == nil && m.link.phase == homeless:
		return kit.Remap(m.link.welcome.bindings(m), m.config.Keys)
	case m.link.server == nil:
		return kit.Remap(connectingBindings(), m.config.Keys)
	case m.consoleFocused():
		return m.panes.console.Keys()
	case m.shape.view == keysView && m.shape.focus == valuePlace:
		return m.panes.viewer.Keys()
	case m.shape.view == keysView:
		return m.panes.keys.Keys()
	}
	if p, ok := m.page(); ok {
		return kit.Remap(p.bindings(m), m.config.Keys)
	}
	return nil
}

// live are all bindings that matter now: those of the uppermost sheet alone, or those of the pane and the root.
func (m model) live() []kit.Binding {
	if n := len(m.over); n > 0 {
		return m.bound(m.over[n-1])
	}
	return append(slices.Clip(m.paneBindings()), m.reachable()...)
}

// reachable are the bindings of the root with those of their keys that do not type and that the pane does not need itself.
func (m model) reachable() []kit.Binding {
	typing, pane := m.typing(), m.paneBindings()
	var list []kit.Binding
	for _, b := range m.bindings() {
		banner := b.Group == groupTrouble && !typing // its keys are the root's, whatever the pane would do with them
		b.Keys = slices.DeleteFunc(slices.Clone(b.Keys), func(key string) bool {
			return typing && types(key) || !banner && taken(pane, key)
		})
		if len(b.Keys) > 0 {
			list = append(list, b)
		}
	}
	return list
}

// taken reports whether the pane has a use for a key now. The way back is the pane's as long as it has something to leave.
func taken(pane []kit.Binding, key string) bool {
	for _, b := range pane {
		if slices.Contains(b.Keys, key) {
			return b.Off == ""
		}
	}
	return false
}

// types reports whether a key, in the notation of bindings, puts a character into a line or edits it.
func types(key string) bool {
	switch key {
	case "space", "tab", "shift+tab", "ctrl+l":
		return true
	}
	return len([]rune(key)) == 1
}

// pressed drops what is not a key, and obeys what is.
func (m model) pressed(msg tea.KeyPressMsg) (model, tea.Cmd) {
	left, swallowed := m.style.rest.swallow(msg, m.now)
	if m.style.rest = left; swallowed {
		return m, nil
	}
	return m.press(msg)
}

// press obeys a key: what is uppermost has it first.
func (m model) press(msg tea.KeyPressMsg) (model, tea.Cmd) {
	m.notice.text = ""
	if m.cancelBinding().Matches(msg) {
		return m.cancel()
	}
	m.first = false
	if n := len(m.over); n > 0 {
		return m.over[n-1].press(m, msg)
	}
	if b, ok := kit.Find(m.reachable(), msg); ok {
		if b.Off != "" {
			return m.say(kit.Plain, b.Off)
		}
		return m.act(b.ID)
	}
	return m.pressPane(msg)
}

// pressPane hands a key to what has the keyboard.
func (m model) pressPane(msg tea.Msg) (model, tea.Cmd) {
	var cmd tea.Cmd
	switch {
	case m.link.server == nil:
		if key, ok := msg.(tea.KeyPressMsg); ok {
			return m.pressWelcome(key)
		}
	case m.consoleFocused():
		m.panes.console, cmd = m.panes.console.Update(msg)
	case m.shape.view == keysView && m.shape.focus == valuePlace:
		m.panes.viewer, cmd = m.panes.viewer.Update(msg)
	case m.shape.view == keysView:
		m.panes.keys, cmd = m.panes.keys.Update(msg)
	default:
		p, there := m.page()
		if key, ok := msg.(tea.KeyPressMsg); ok && there {
			return m.pressPage(p, key)
		}
		return m.turn(msg)
	}
	return m, cmd
}

// act does what a binding of the root says.
func (m model) act(id string) (model, tea.Cmd) {
	switch id {
	case "colon":
		return m.openColon()
	case "palette":
		return m.push(newPalette(m)), nil
	case "help":
		return m.push(newHelp(m)), nil
	case "back", "quit":
		return m.back(id)
	case "cancel":
		return m.cancel()
	case "mouse":
		return m.takeMouse()
	case "suspend":
		return m, tea.Suspend
	case "redraw":
		return m, tea.ClearScreen
	case "databases":
		return m.openDatabases()
	case "profiles":
		return m.openPicker()
	case "retry":
		return m.retryNow()
	case "password":
		return m.askPassword(), nil
	case "offline":
		return m.stayOffline()
	}
	return m.actPane(id)
}

// actPane does what is about views and panes.
func (m model) actPane(id string) (model, tea.Cmd) {
	if v, ok := strings.CutPrefix(id, viewPrefix); ok {
		return m.show(view(v))
	}
	switch id {
	case "pane.next":
		return m.cycle(1)
	case "pane.previous":
		return m.cycle(-1)
	case "console":
		return m.toggleDrawer()
	case "zoom":
		m.shape.zoom = !m.shape.zoom
		return m.relayout()
	case "drawer.taller":
		return m.drawerBy(1)
	case "drawer.lower":
		return m.drawerBy(-1)
	case "split.less":
		return m.splitBy(-splitStep)
	case "split.more":
		return m.splitBy(splitStep)
	case "trail.back":
		return m.travel(-1)
	case "trail.forward":
		return m.travel(1)
	}
	return m, nil
}

// splitStep is how far a key moves the wall between keys and value.
const splitStep = 4

func (m model) splitBy(n int) (model, tea.Cmd) {
	p := m.picture()
	m.shape.split = max(leastPane, min(p.keys.W+n, m.width-1-leastPane))
	return m.relayout()
}

// drawerBy makes the console below taller.
func (m model) drawerBy(n int) (model, tea.Cmd) {
	p := m.picture()
	m.shape.drawer = max(leastDrawer, min(p.drawer.H+n, p.body.H-1-2*leastDrawer))
	return m.relayout()
}

// cycle gives the keyboard to the next pane of the keys view.
func (m model) cycle(n int) (model, tea.Cmd) {
	if m.shape.view != keysView {
		return m.show(keysView)
	}
	count := 2
	if m.shape.drawer > 0 {
		count = 3
	}
	return m.focus(place((int(m.shape.focus) + n + count) % count))
}

// toggleDrawer opens the console under the panes, goes to it, or closes it.
func (m model) toggleDrawer() (model, tea.Cmd) {
	if m.shape.view == keysView && m.shape.focus == consolePlace {
		m.shape.drawer = 0
		return m.focus(keysPlace)
	}
	return m.focus(consolePlace)
}

// back goes back one step; from the top, q leaves.
func (m model) back(id string) (model, tea.Cmd) {
	switch {
	case m.atTop() && id == "quit":
		return m.quit()
	case m.link.server == nil:
		return m, nil
	case m.shape.view != keysView:
		return m.show(keysView)
	case m.shape.zoom:
		m.shape.zoom = false
		return m.relayout()
	}
	return m.focus(keysPlace)
}

// cancel gives up what is going on; when there is nothing, the second time leaves.
func (m model) cancel() (model, tea.Cmd) {
	if n := len(m.over); n > 0 {
		return m.over[n-1].leave(m.pop())
	}
	if m.first {
		return m.quit()
	}
	m.first = true
	ended := m.underway()
	waited := m.pending.cancel(m.config.Now())
	m, told := m.tell(kit.Cancel{})
	again := firstKey(m.cancelBinding(), m.look) + " again quits"
	text := "nothing was under way; " + again
	switch {
	case len(waited) > 0:
		text = "cancelled " + waited[0].what + "; " + again
	case ended != "":
		text = "cancelled " + ended + "; " + again
	}
	m, say := m.say(kit.Plain, text)
	return m, tea.Batch(told, say)
}

// underway names what the panes give up at once when they are told to, empty for nothing.
func (m model) underway() string {
	if m.link.server == nil {
		return ""
	}
	return cmp.Or(m.panes.console.Underway(), m.panes.keys.Underway(), m.panes.viewer.Underway())
}

func (m model) paste(msg tea.PasteMsg) (model, tea.Cmd) {
	if n := len(m.over); n > 0 {
		return m.over[n-1].paste(m, msg.Content)
	}
	if m.link.server == nil {
		m.link.welcome = m.link.welcome.paste(msg.Content)
		return m, nil
	}
	return m.pressPane(msg)
}
