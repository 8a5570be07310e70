package tui

import (
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
	items := make([]item, len(all))
	for i, d := range all {
		items[i] = m.databaseItem(d)
	}
	return items
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

// switchTo shows another database. One that was on screen before is as it was left.
func (m model) switchTo(n int) (model, tea.Cmd) {
	if m.link.server == nil {
		return m.say(kit.Warn, "there is no server yet")
	}
	if n == m.panes.db {
		return m.show(keysView)
	}
	o := m.link.options
	o.DB = n
	p, ok := m.panes.parked[n]
	if !ok {
		return m.goTo(o)
	}
	m = m.park(o)
	delete(m.panes.parked, n)
	m.link.options, m.link.server = o, p.server
	m.panes.db, m.panes.keys, m.panes.viewer = n, p.keys, p.viewer
	m.trail = trail{}
	var online, speak tea.Cmd
	m.panes.console, speak = m.panes.console.Connect(m.consoleServer(p.server))
	if m.link.phase != lost && m.link.phase != offline {
		m.panes.keys, online = m.panes.keys.Update(kit.Online{})
	}
	m, cmd := m.show(keysView)
	return m, tea.Batch(online, speak, cmd)
}
