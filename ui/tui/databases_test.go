package tui

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/conn"
	"redan/ui/tui/kit"
)

// TestLoadingGoesOnAfterAnotherDatabase holds that a page on its way while another database is gone to is not lost, nor the scan stuck.
func TestLoadingGoesOnAfterAnotherDatabase(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.server.page, s.held = 20, true
	s.start()
	for s.m.panes.keys.Loaded() == 0 && s.step() {
	}
	loaded := s.m.panes.keys.Loaded()
	onTheWay := s.kept
	if loaded == 0 || loaded >= 170 || len(onTheWay) == 0 {
		t.Fatalf("%d keys are loaded, %d tasks on their way", loaded, len(onTheWay))
	}
	s.kept, s.held = nil, false
	s.keys(":").text("db 3").keys("enter").sees("db 3")
	s.run(tea.Batch(onTheWay...))
	s.keys("D", "home").text("db 0").keys("enter")
	s.wait(time.Second)
	if n := s.m.panes.keys.Loaded(); n != 170 {
		t.Errorf("%d keys are loaded of 170", n)
	}
	s.sees("170 keys")
}

// TestTrailOfADatabase holds that the keys visited in one database are there again after another.
func TestTrailOfADatabase(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	openOrder(s)
	s.keys("down")
	visited := len(s.m.trail.keys)
	if visited < 2 {
		t.Fatalf("%d keys were visited", visited)
	}
	s.keys(":").text("db 3").keys("enter")
	if len(s.m.trail.keys) != 0 {
		t.Errorf("the other database begins with %v", s.m.trail.keys)
	}
	s.keys(":").text("db 0").keys("enter")
	if len(s.m.trail.keys) != visited {
		t.Errorf("%d keys were visited, not %d", len(s.m.trail.keys), visited)
	}
}

// TestMastersAreListed with their keys and slots beside the one database of a cluster.
func TestMastersAreListed(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	s.keys("D")
	node := func(port int, keys int64, fate keyspace.Access) keyspace.NodeKeys {
		return keyspace.NodeKeys{Node: keyspace.Node{Addr: conn.Addr{Host: "c", Port: port}, Slots: 8192}, Keys: keys, Counts: fate}
	}
	s.send(databasesListed{gen: s.m.link.gen, list: keyspace.DatabaseList{
		Databases: []keyspace.Database{{Keys: 3000}}, Count: 1, Counts: keyspace.Known,
		Nodes: []keyspace.NodeKeys{node(7001, 1200, keyspace.Known), node(7002, 0, keyspace.Failed)},
	}})
	s.sees("db 0", "3,000 keys", "c:7001", "1,200 keys, 8,192 slots", "c:7002", "not counted, 8,192 slots")
	s.send(kit.Press("end"))
	s.keys("down", "enter").sees("the title of the keys tells")
}
