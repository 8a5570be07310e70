package tui

import (
	"maps"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/ui/tui/kit"
)

// databases are those that are known: as they were listed last, or as INFO tells.
func (m model) databases() []keyspace.Database {
	if len(m.all.Databases) > 0 {
		return m.all.Databases
	}
	var list []keyspace.Database
	here := false
	for _, d := range databasesOf(m.facts.info) {
		list = append(list, keyspace.Database{Index: d.number, Keys: d.keys, Expires: d.expires})
		here = here || d.number == m.panes.db
	}
	if !here {
		list = append([]keyspace.Database{{Index: m.panes.db}}, list...)
	}
	return list
}

// databasesID is the list of the databases.
const databasesID = "databases"

// openDatabases offers the databases, and asks for the numbers of their keys.
func (m model) openDatabases() (model, tea.Cmd) {
	c := newChooser(m, "Databases", m.databaseItems())
	c.id = databasesID
	for i, d := range m.databases() {
		if d.Index == m.panes.db {
			c.list = c.list.To(i, len(c.items), c.rows)
		}
	}
	return m.push(c), listDatabases(m.ctx, m.link.server.masters, m.panes.db, m.link.gen)
}

func (m model) databaseItems() []item {
	all := m.databases()
	items := make([]item, 0, len(all)+len(m.all.Nodes))
	for _, d := range all {
		items = append(items, m.databaseItem(d))
	}
	for _, n := range m.all.Nodes {
		items = append(items, nodeItem(n))
	}
	return items
}

// nodeItem tells what a master of a cluster holds. There is nothing to go to: all of them are one database.
func nodeItem(n keyspace.NodeKeys) item {
	detail := kit.Count(n.Keys) + " keys, " + kit.Count(int64(n.Slots)) + " slots"
	if n.Counts != keyspace.Known {
		detail = "not counted, " + kit.Count(int64(n.Slots)) + " slots"
	}
	return item{
		group: "master", title: n.Addr.String(), detail: detail,
		run: func(m model) (model, tea.Cmd) {
			return m.say(kit.Plain, "the keys of all masters are on screen together; the title of the keys tells where one is")
		},
	}
}

// databasesListed takes in the databases; those on screen get their numbers, and the cursor stays.
func (m model) databasesListed(msg databasesListed) model {
	if msg.gen != m.link.gen || msg.err != nil {
		return m
	}
	m.all = msg.list
	for i, o := range m.over {
		c, ok := o.(chooser)
		if !ok || c.id != databasesID {
			continue
		}
		at := ""
		if found := c.found(); c.list.Cursor < len(found) {
			at = found[c.list.Cursor].title
		}
		c.items = m.databaseItems()
		for row, d := range c.found() {
			if d.title == at {
				c.list = c.list.To(row, len(c.items), c.rows)
			}
		}
		m.over = append([]overlay(nil), m.over...)
		m.over[i] = c
	}
	return m
}

// tellParked hands a database that is not on screen what its keys asked for: a page that was on its way, a deletion that goes on.
func (m model) tellParked(msg tea.Msg) (model, tea.Cmd, bool) {
	for n, p := range m.panes.parked {
		if !p.keys.Owns(msg) {
			continue
		}
		var cmd tea.Cmd
		p.keys, cmd = p.keys.Update(msg)
		m.panes.parked = maps.Clone(m.panes.parked)
		m.panes.parked[n] = p
		return m, cmd, true
	}
	return m.tellAway(msg)
}

// switchTo shows another database. One that was on screen before is as it was left.
func (m model) switchTo(n int) (model, tea.Cmd) {
	if m.link.server == nil {
		return m.say(kit.Warn, "there is no server yet")
	}
	if n == m.panes.db {
		return m.show(keysView)
	}
	way := m.link.here()
	way.Options.DB = n
	p, ok := m.panes.parked[n]
	if !ok {
		return m.goTo(way)
	}
	m = m.setAside()
	delete(m.panes.parked, n)
	m.link.options, m.link.server = way.Options, p.server
	m.panes.db, m.panes.keys, m.panes.viewer = n, p.keys, p.viewer
	m.trail = p.trail
	m = m.regarded()
	var online, again, speak tea.Cmd
	m.panes.console, speak = m.panes.console.Connect(m.consoleServer(p.server))
	if m.link.phase != lost && m.link.phase != offline {
		m.panes.keys, online = m.panes.keys.Update(kit.Online{})
		m.panes.viewer, again = m.panes.viewer.Update(kit.Online{}) // what was on its way found it away
	}
	m, cmd := m.show(keysView)
	return m, tea.Batch(online, again, speak, cmd)
}
