package keyspace

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"redan/conn"
	"redan/conn/resp"
)

// echoCluster has nodes that answer each command with their own name.
func echoCluster(hosts ...string) *fakeCluster {
	c := &fakeCluster{nodes: map[string]*fake{}}
	for _, host := range hosts {
		c.nodes[host] = &fake{reply: func(words []string) resp.Value {
			if words[0] == "CLUSTER" {
				return array(c.slots...)
			}
			return bulk(host)
		}}
	}
	return c
}

// Slot("foo") is 12182, Slot("bar") is 5061.
func TestPipelineGoesToTheMastersOfTheKeys(t *testing.T) {
	c := echoCluster("a", "b")
	c.slots = []resp.Value{slotsOf("a", 0, 8191), slotsOf("b", 8192, 16383)}
	m := c.masters(t, "a")
	got, err := m.Pipeline(t.Context(), []string{"GET", "foo"}, []string{"GET", "bar"}, []string{"MEMORY", "USAGE", "foo"}, []string{"PING"})
	if err != nil {
		t.Fatal(err)
	}
	var hosts []string
	for _, v := range got {
		hosts = append(hosts, v.String())
	}
	if !slices.Equal(hosts, []string{"b", "a", "b", "a"}) {
		t.Errorf("answered by %v", hosts)
	}
	if c.nodes["b"].trips != 1 {
		t.Errorf("%d round trips", c.nodes["b"].trips)
	}
	if v, err := m.Do(t.Context(), "GET", "foo"); err != nil || v.String() != "b" {
		t.Errorf("Do: %v, %v", v, err)
	}
}

func TestTransactionsStayTogether(t *testing.T) {
	c := echoCluster("a", "b")
	c.slots = []resp.Value{slotsOf("a", 0, 8191), slotsOf("b", 8192, 16383)}
	m := c.masters(t, "a")
	if _, err := m.Pipeline(t.Context(), []string{"multi"}, []string{"INCR", "foo"}, []string{"EXEC"}); err != nil {
		t.Fatal(err)
	}
	if got := c.nodes["b"].log(""); !slices.Equal(got, []string{"multi", "INCR foo", "EXEC"}) {
		t.Errorf("b got %q", got)
	}
}

func TestPipelineFollowsRedirections(t *testing.T) {
	c := echoCluster("a", "b", "c")
	c.slots = []resp.Value{slotsOf("a", 0, 16383)}
	m := c.masters(t, "a")
	plain := c.nodes["a"].reply
	c.nodes["a"].reply = func(words []string) resp.Value {
		switch {
		case slices.Contains(words, "foo"):
			return failure("MOVED 12182 b:7000")
		case slices.Contains(words, "bar"):
			return failure("ASK 5061 c:7000")
		}
		return plain(words)
	}
	got, err := m.Pipeline(t.Context(), []string{"GET", "foo"}, []string{"GET", "bar"}, []string{"GET", "x"})
	if err != nil || got[0].String() != "b" || got[1].String() != "c" || got[2].String() != "a" {
		t.Errorf("%v, %v", got, err)
	}
	if asked := c.nodes["c"].log(""); !slices.Equal(asked, []string{"ASKING", "GET bar"}) {
		t.Errorf("c got %q", asked)
	}
	// The map is asked for again, since one who was moved is seldom alone.
	c.slots = []resp.Value{slotsOf("b", 0, 16383)}
	if v, err := m.Do(t.Context(), "GET", "x"); err != nil || v.String() != "b" {
		t.Errorf("after the move: %v, %v", v, err)
	}
}

// TestPipelineEndsInCircles of nodes that do not agree, with the last word of one of them.
func TestPipelineEndsInCircles(t *testing.T) {
	c := echoCluster("a", "b")
	c.slots = []resp.Value{slotsOf("a", 0, 16383)}
	m := c.masters(t, "a")
	c.nodes["a"].reply = func([]string) resp.Value { return failure("MOVED 12182 b:7000") }
	c.nodes["b"].reply = func([]string) resp.Value { return failure("MOVED 12182 a:7000") }
	v, err := m.Do(t.Context(), "GET", "foo")
	if err != nil || errorCode(v) != codeMoved {
		t.Errorf("%v, %v", v, err)
	}
}

func TestPipelineKeepsWhatOtherMastersSaid(t *testing.T) {
	c := echoCluster("a", "b")
	c.slots = []resp.Value{slotsOf("a", 0, 8191), slotsOf("b", 8192, 16383)}
	m := c.masters(t, "a")
	c.nodes["b"].fail = func() error { return errBroken }
	got, err := m.Pipeline(t.Context(), []string{"GET", "foo"}, []string{"GET", "bar"})
	var failed *NodeError
	if !errors.As(err, &failed) || failed.Addr.Host != "b" || !errors.Is(err, errBroken) {
		t.Errorf("error %v", err)
	}
	if got[0].Kind != 0 || got[1].String() != "a" {
		t.Errorf("replies %v", got)
	}
	// Another may have taken over: the map is asked for again.
	c.slots[1] = slotsOf("a", 8192, 16383)
	if v, err := m.Do(t.Context(), "GET", "foo"); err != nil || v.String() != "a" {
		t.Errorf("after the failover: %v, %v", v, err)
	}
}

func TestDiscover(t *testing.T) {
	shards := array(array(bulk("slots"), array(number(0), number(16383)), bulk("nodes"),
		array(array(bulk("role"), bulk("master"), bulk("endpoint"), bulk("b"), bulk("port"), number(7000)))))
	for name, tt := range map[string]struct {
		replies map[string]resp.Value
		cluster bool
		refused bool
		scanned string // the first host whose keys are read
	}{
		"no cluster":        {map[string]resp.Value{"SLOTS": failure("ERR This instance has cluster support disabled")}, false, false, "a"},
		"forbidden":         {map[string]resp.Value{"SLOTS": failure("NOPERM"), "SHARDS": failure("NOPERM"), "NODES": failure("NOPERM")}, false, true, "a"},
		"no slots assigned": {map[string]resp.Value{"SLOTS": array()}, false, false, "a"},
		"slots forbidden":   {map[string]resp.Value{"SLOTS": failure("NOPERM no"), "SHARDS": shards}, true, false, "b"},
		"only nodes":        {map[string]resp.Value{"NODES": bulk("id b:7000@17000 master - 0 0 1 connected 0-16383\n")}, true, false, "b"},
	} {
		t.Run(name, func(t *testing.T) {
			c := &fakeCluster{nodes: map[string]*fake{}}
			for _, host := range []string{"a", "b"} {
				c.nodes[host] = &fake{reply: func(words []string) resp.Value {
					if words[0] == "CLUSTER" {
						if v, ok := tt.replies[words[1]]; ok {
							return v
						}
					}
					if words[0] == "SCAN" {
						return scanned("0", host)
					}
					return failure("ERR unknown")
				}}
			}
			m := c.masters(t, "a")
			if m.Cluster() != tt.cluster || (m.Refused() != nil) != tt.refused {
				t.Errorf("cluster %v, refused %v", m.Cluster(), m.Refused())
			}
			if keys, _ := drain(t, NewScanner(m, quick())); strings.Join(keys, " ") != tt.scanned {
				t.Errorf("read %q", keys)
			}
		})
	}
	broken := &fake{fail: func() error { return errBroken }}
	if _, err := Discover(t.Context(), Config{Seed: seedAt("a"), Open: func(connAddr) Client { return broken }}); !errors.Is(err, errBroken) {
		t.Errorf("no connection: %v", err)
	}
}

func TestNoTouch(t *testing.T) {
	for _, has := range []bool{true, false} {
		server := &fake{reply: func(words []string) resp.Value {
			if words[0] == "CLIENT" && !has {
				return failure("ERR unknown subcommand 'NO-TOUCH'")
			}
			return bulk(strings.Join(words, " "))
		}}
		c := NoTouch(server)
		for range 2 {
			if v, err := c.Do(t.Context(), "GET", "k"); err != nil || v.String() != "GET k" {
				t.Errorf("%v, %v", v, err)
			}
		}
		got, err := c.Pipeline(t.Context(), []string{"GET", "a"}, []string{"GET", "b"})
		if err != nil || len(got) != 2 || got[1].String() != "GET b" {
			t.Errorf("%v, %v", got, err)
		}
		want := 3
		if !has {
			want = 1
		}
		if n := len(server.log("CLIENT NO-TOUCH ON")); n != want {
			t.Errorf("asked %d times, want %d", n, want)
		}
	}
	moved := &fake{}
	moved.reply = func(words []string) resp.Value {
		if words[0] == "GET" && moved.trips == 1 {
			return failure("MOVED 1 a:1")
		}
		return bulk("followed")
	}
	if v, err := NoTouch(moved).Do(t.Context(), "GET", "k"); err != nil || v.String() != "followed" {
		t.Errorf("%v, %v", v, err)
	}
	broken := &fake{fail: func() error { return errBroken }}
	if _, err := NoTouch(broken).Do(t.Context(), "GET", "k"); !errors.Is(err, errBroken) {
		t.Error(err)
	}
}

// TestOwner knows the node of a key from its slot, and that of a slot that moved after a redirection.
func TestOwner(t *testing.T) {
	if node, ok := One(conn.Addr{}, &fake{}).Owner("k"); node != 0 || !ok {
		t.Errorf("of one server: %d, %v", node, ok)
	}
	c := newFakeCluster(map[string][]string{"a": nil, "b": nil})
	c.slots = []resp.Value{slotsOf("a", 0, 8191), slotsOf("b", 8192, 16000)}
	m := c.masters(t, "a")
	for key, want := range map[string]int{"bar": 0, "foo": 1} { // slots 5061 and 12182
		if node, ok := m.Owner(key); !ok || m.Nodes()[node].Slots == 0 || node != want {
			t.Errorf("%s is on %d, %v", key, node, ok)
		}
	}
	lost := ""
	for _, key := range names(10_000) {
		if Slot(key) > 16000 {
			lost = key
		}
	}
	if node, ok := m.Owner(lost); ok {
		t.Errorf("a slot that nobody serves is on %d", node)
	}
}

// Who talks to the nodes by himself asks what a redirection means, and it changes the map as one that came through a client does.
func TestRedirect(t *testing.T) {
	c := echoCluster("a", "b")
	c.slots = []resp.Value{slotsOf("a", 0, 8191), slotsOf("b", 8192, 16383)}
	m := c.masters(t, "a")
	b, _ := m.Owner("foo")
	a, _ := m.Owner("bar")
	moved, asked := fmt.Sprintf("%s 12182 a:%d", codeMoved, m.addr(a).Port), fmt.Sprintf("%s 12182 a:%d", codeAsk, m.addr(a).Port)
	if node, asking, ok := m.Redirect(b, asked); node != a || !asking || !ok {
		t.Errorf("%s: %d %t %t", asked, node, asking, ok)
	}
	if node, _ := m.Owner("foo"); node != b {
		t.Error("ASK changed the map")
	}
	if node, asking, ok := m.Redirect(b, moved); node != a || asking || !ok {
		t.Errorf("%s: %d %t %t", moved, node, asking, ok)
	}
	if node, _ := m.Owner("foo"); node != a {
		t.Error("MOVED did not change the map")
	}
	for _, answer := range []string{"", "ERR x", "MOVED 16384 a:1", "MOVED -1 a:1", "MOVED 1 a"} {
		if _, _, ok := m.Redirect(a, answer); ok {
			t.Errorf("%q is taken for a redirection", answer)
		}
	}
	if _, _, ok := One(conn.Addr{Host: "h", Port: 1}, nil).Redirect(0, moved); ok {
		t.Error("a redirection without a cluster")
	}
}
