package tui

import (
	"maps"
	"reflect"
	"slices"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/conn"
	"redan/ui/tui/keys"
	"redan/ui/tui/kit"
)

// Way is what leads to a server.
type Way struct {
	Options conn.Options
	// Follow is -c.
	Follow bool
	// Network makes the connections; nil is that of the configuration.
	Network conn.DialFunc
	// Done ends what runs for this way, such as a port-forward; nil where nothing does.
	Done func()
}

// end ends what runs for the way.
func (w Way) end() tea.Cmd {
	if w.Done == nil {
		return nil
	}
	return func() tea.Msg {
		w.Done()
		return nil
	}
}

// away is the server of a profile that is not on screen: coming back finds everything as it was left.
type away struct {
	profile Profile
	link    link
	panes   panes
	trail   trail
	all     keyspace.DatabaseList
	writing writing
}

// awayKept is how many servers are kept open beside the one on screen: their keys take memory, and they see our connections.
const awayKept = 3

// setAside puts the database on screen aside.
func (m model) setAside() model {
	m.panes.keys, _ = m.panes.keys.Update(kit.Offline{})
	m.panes.parked = maps.Clone(m.panes.parked)
	m.panes.parked[m.panes.db] = parked{server: m.link.server, keys: m.panes.keys, viewer: m.panes.viewer, trail: m.trail}
	m.trail = trail{}
	return m
}

// park puts the database on screen aside when the same server is asked for another one. The server of a profile is kept for coming back;
// any other is left.
func (m model) park(wanted Way, to *Profile) (model, tea.Cmd) {
	if to == nil && sameServer(wanted.Options, m.link.options) {
		return m.setAside(), nil
	}
	leaving := away{profile: m.profile(), link: m.link, panes: m.panes, trail: m.trail, all: m.all, writing: m.writing}
	m.all, m.trail, m.panes.parked = keyspace.DatabaseList{}, trail{}, map[int]parked{}
	list := slices.Clone(m.away)
	drop := []away{leaving}
	if keep := leaving.profile.Name != "" && (to == nil || to.Name != leaving.profile.Name); keep {
		leaving.panes.keys, _ = leaving.panes.keys.Update(kit.Offline{})
		list, drop = append(list, leaving), nil
	}
	for len(list) > awayKept {
		list, drop = list[1:], append(drop, list[0])
	}
	m.away = list
	return m, leave(drop...)
}

// leave closes what belongs to servers.
func leave(servers ...away) tea.Cmd {
	cmds := make([]tea.Cmd, 0, 2*len(servers))
	for _, a := range servers {
		a.panes.keys.Stop()
		cmds = append(cmds, closeServer(a.link.server))
		for _, p := range a.panes.parked {
			p.keys.Stop()
			cmds = append(cmds, closeServer(p.server))
		}
		cmds = append(cmds, a.link.way.end())
	}
	return tea.Batch(cmds...)
}

// profile is the one in use; one without a name when there is none.
func (m model) profile() Profile {
	for _, p := range m.profiles {
		if p.Name == m.config.Profile {
			return p
		}
	}
	return Profile{}
}

// comeBack shows the server of a profile as it was left; ok is false when it is not there any more, or its profile says something else now.
func (m model) comeBack(p Profile) (back model, cmd tea.Cmd, ok bool) {
	at := slices.IndexFunc(m.away, func(a away) bool { return a.profile.Name == p.Name })
	if at < 0 {
		return m, nil, false
	}
	found := m.away[at]
	m.away = slices.Delete(slices.Clone(m.away), at, at+1)
	if !reflect.DeepEqual(found.profile.Saved.Settings, p.Saved.Settings) {
		return m, leave(found), false
	}
	var ended tea.Cmd
	if m.link.server != nil {
		m, ended = m.park(Way{}, &p)
	}
	gen, made, console := m.link.gen+1, m.panes.made, m.panes.console
	m.link, m.panes, m.trail, m.all = found.link, found.panes, found.trail, found.all
	m.link.gen, m.link.probing, m.link.wanted = gen, false, nil
	m.panes.made, m.panes.console = made, console
	m.facts = facts{}
	m = m.adopt(&p, m.link.options)
	m.writing = found.writing
	m = m.stands().regarded()
	m, gone := m.turnAll(left{})
	var speak, online, again tea.Cmd
	m.panes.console, speak = m.panes.console.Connect(m.consoleServer(m.link.server))
	m.panes.keys, online = m.panes.keys.Update(kit.Online{})
	m.panes.viewer, again = m.panes.viewer.Update(kit.Online{})
	m, layout := m.show(keysView)
	m, ask := m.askInfo()
	return m, tea.Batch(ended, m.noteUse(&p), gone, speak, online, again, layout, ask), true
}

// tellAway hands servers that are not on screen what their keys asked for.
func (m model) tellAway(msg tea.Msg) (model, tea.Cmd, bool) {
	for i, a := range m.away {
		var cmd tea.Cmd
		if a.panes.keys.Owns(msg) {
			a.panes.keys, cmd = a.panes.keys.Update(msg)
			m.away = slices.Clone(m.away)
			m.away[i] = a
			return m, cmd, true
		}
		for n, p := range a.panes.parked {
			if p.keys.Owns(msg) {
				p.keys, cmd = p.keys.Update(msg)
				a.panes.parked = maps.Clone(a.panes.parked)
				a.panes.parked[n] = p
				m.away = slices.Clone(m.away)
				m.away[i] = a
				return m, cmd, true
			}
		}
	}
	return m, nil, false
}

// everyKeys are the key panes of all databases and servers that are open.
func (m model) everyKeys() []keys.Pane {
	var list []keys.Pane
	collect := func(l link, p panes) {
		if l.server != nil {
			list = append(list, p.keys)
		}
		for _, n := range slices.Sorted(maps.Keys(p.parked)) {
			list = append(list, p.parked[n].keys)
		}
	}
	collect(m.link, m.panes)
	for _, a := range m.away {
		collect(a.link, a.panes)
	}
	return list
}
