package viewer

import (
	"slices"
	"strings"
	"testing"

	"redan/ui/tui/kit"
)

func TestNamesOfKeysLeadToThem(t *testing.T) {
	for _, c := range []struct {
		name        string
		setup       []string
		press       []string
		key, marked string
	}{
		{"hash", []string{"HSET", "k", "state", "paid", "customer", "cust:1"}, []string{"down"}, "cust:1", "cust:1"},
		{"list", []string{"RPUSH", "k", "cust:2", "cust:1"}, []string{"down"}, "cust:1", "cust:1"},
		{"set", []string{"SADD", "k", "cust:1"}, nil, "cust:1", "cust:1"},
		{"zset", []string{"ZADD", "k", "1", "cust:1"}, nil, "cust:1", "cust:1"},
		{"stream", []string{"XADD", "k", "1-1", "n", "1", "by", "cust:1"}, nil, "cust:1", "by=cust:1"},
		{"stream entry", []string{"XADD", "k", "1-1", "n", "1", "by", "cust:1"}, []string{"enter", "down"}, "cust:1", "cust:1"},
		{"opened element", []string{"RPUSH", "k", "cust:1"}, []string{"enter"}, "cust:1", ""},
		{"no key", []string{"RPUSH", "k", "cust:2"}, nil, "", ""},
		{"itself", []string{"RPUSH", "k", "k", "k:"}, nil, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWriter(t)
			w.server.Do("SET", "cust:1", "Jane")
			w.server.Do(c.setup...)
			w.open("k", "")
			w.press(c.press...)
			for line := range strings.SplitSeq(w.frame(), "\n") {
				if marked := strings.Contains(line, "go to key"); c.marked != "" && marked != strings.Contains(line, c.marked) || c.key == "" && marked {
					t.Errorf("marked wrongly: %s", line)
				}
			}
			w.asked = nil
			w.press("f")
			if c.key == "" {
				if notice := last[kit.Notice](w); !strings.Contains(notice.Text, "does not name a key") {
					t.Errorf("f says %q", notice.Text)
				}
				return
			}
			if got := last[kit.GoToKey](w); got.Key != c.key || got.Type != "string" {
				t.Errorf("f goes to %+v", got)
			}
		})
	}
}

// TestOnlyNamesInSightAreLookedUp holds what looking up costs: one pipeline for what is on screen, and each name once.
func TestOnlyNamesInSightAreLookedUp(t *testing.T) {
	server := sample()
	server.keys["many"] = &fakeKey{kind: "list", items: numbered("cust:%d", 1000)}
	d := newDriver(server, 80, 24, false)
	d.open("many", "list")
	asked := func() []string {
		var names []string
		for _, words := range server.sent {
			if words[0] == "TYPE" && words[1] != "many" {
				names = append(names, words[1])
			}
		}
		return names
	}
	if got := asked(); len(got) != d.pane.rows() || got[0] != "cust:0" {
		t.Errorf("%d rows on screen, asked about %q", d.pane.rows(), got)
	}
	d.press("pgdown", "pgdown", "pgup", "pgup")
	names := asked()
	slices.Sort(names)
	if len(slices.Compact(names)) != len(asked()) {
		t.Errorf("asked twice: %q", asked())
	}
	server.sent = nil
	d.send(kit.Offline{})
	d.press("G")
	if got := asked(); len(got) != 0 {
		t.Errorf("asked while offline: %q", got)
	}
}
