package keyspace

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"testing/synctest"

	"redan/conn/resp"
)

// fakeCluster is a cluster whose map a test changes.
type fakeCluster struct {
	nodes map[string]*fake // by host
	slots []resp.Value     // the reply to CLUSTER SLOTS
}

func newFakeCluster(hosts map[string][]string) *fakeCluster {
	c := &fakeCluster{nodes: map[string]*fake{}}
	for host, keys := range hosts {
		server := listServer(keys)
		scan := server.reply
		server.reply = func(words []string) resp.Value {
			if words[0] == "CLUSTER" && words[1] == "SLOTS" {
				return array(c.slots...)
			}
			return scan(words)
		}
		c.nodes[host] = server
	}
	return c
}

func slotsOf(host string, first, last int64) resp.Value {
	return array(number(first), number(last), array(bulk(host), number(7000), bulk("id-"+host)))
}

func (c *fakeCluster) masters(t *testing.T, seed string) *Masters {
	t.Helper()
	at := seedAt(seed)
	m, err := Discover(t.Context(), Config{Seed: at, Open: func(a connAddr) Client { return c.nodes[a.Host] }})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestScannerMergesMasters(t *testing.T) {
	c := newFakeCluster(map[string][]string{"a": names(3000), "b": {"b1", "b2"}, "c": nil})
	c.slots = []resp.Value{slotsOf("a", 0, 99), slotsOf("b", 100, 199), slotsOf("c", 200, 16383)}
	m := c.masters(t, "b")
	s := NewScanner(m, quick())
	from := map[string]int{}
	for {
		batch, err := s.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		from[m.Nodes()[batch.Node].Addr.Host] += len(batch.Keys)
		if batch.Done {
			break
		}
	}
	if want := map[string]int{"a": 3000, "b": 2, "c": 0}; !maps.Equal(from, want) {
		t.Errorf("%v, want %v", from, want)
	}
	if p := s.Progress(); p.Seen != 3002 || p.Expected != 3002 || p.Fraction != 1 {
		t.Errorf("%+v", p)
	}
}

// TestScannerGoesOnWithoutALostMaster, and reads the one that takes over from its beginning.
func TestScannerGoesOnWithoutALostMaster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newFakeCluster(map[string][]string{"a": names(3000), "b": {"b1", "b2"}, "b2": {"b1", "b2", "b3"}})
		c.slots = []resp.Value{slotsOf("a", 0, 8191), slotsOf("b", 8192, 16383)}
		m := c.masters(t, "a")
		s := NewScanner(m, now())
		c.nodes["b"].fail = func() error { return errBroken }
		var failed []*NodeError
		var keys []string
		for {
			batch, err := s.Next(t.Context())
			if node, ok := errors.AsType[*NodeError](err); ok {
				failed = append(failed, node)
				if len(failed) == 2 { // the replica has been promoted meanwhile
					c.slots[1] = slotsOf("b2", 8192, 16383)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, batch.Keys...)
			if batch.Done {
				break
			}
		}
		slices.Sort(keys)
		if keys = slices.Compact(keys); len(keys) != 3003 {
			t.Errorf("%d keys", len(keys))
		}
		last := failed[len(failed)-1]
		if len(failed) < 2 || !last.Final || !errors.Is(last, ErrMasterGone) || last.Addr.Host != "b" || !errors.Is(last, errBroken) {
			t.Errorf("failures: %v", failed)
		}
	})
}

// TestScannerFollowsSlots that move to a master that was read already.
func TestScannerFollowsSlots(t *testing.T) {
	c := newFakeCluster(map[string][]string{"a": {"a1"}, "b": {"b1"}})
	c.slots = []resp.Value{slotsOf("a", 0, 8191), slotsOf("b", 8192, 16383)}
	s := NewScanner(c.masters(t, "a"), quick())
	for range 2 {
		if _, err := s.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	c.slots = []resp.Value{slotsOf("a", 0, 9000), slotsOf("b", 9001, 16383)}
	var again []Batch
	for {
		batch, err := s.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if batch.Done {
			break
		}
		again = append(again, batch)
	}
	if len(again) != 1 || !again[0].Restarted || !slices.Equal(again[0].Keys, []string{"a1"}) {
		t.Errorf("%+v", again)
	}
}
