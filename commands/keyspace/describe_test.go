package keyspace

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
)

func everything() Questions {
	return Questions{Size: true, Encoding: true, Idle: true, Frequency: true}
}

func TestDescribeOnARealServer(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t)
	odd := "bin\x00 \n\xff{"
	server.Do("SET", odd, "v", "PX", "60000")
	server.Do("HSET", "h", "f", "v")
	server.Do("XADD", "s", "*", "f", "v")
	p := realMasters(t, server.Addr())
	d := NewDescriber(p)
	facts, err := d.Describe(t.Context(), []string{odd, "h", "missing", "s"}, everything())
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, f := range facts {
		types = append(types, f.Type.Value)
	}
	if !slices.Equal(types, []string{"string", "hash", "", "stream"}) {
		t.Errorf("types %q", types)
	}
	first := facts[0]
	if first.Key != odd || first.TTL.Value <= 50*time.Second || first.TTL.Value > time.Minute || first.Size.Value <= 0 || first.Encoding.Value != "embstr" {
		t.Errorf("%+v", first)
	}
	if facts[1].TTL != (Fact[time.Duration]{Persistent, Known}) || facts[1].Idle.Access != Known {
		t.Errorf("%+v", facts[1])
	}
	if !facts[2].Gone || facts[2].Type.Access != Unasked {
		t.Errorf("the missing key: %+v", facts[2])
	}
	// Without an LFU policy there are no frequencies: said once.
	if first.Frequency.Access != Unsupported || len(d.Refused()) != 1 || d.Refused()[0].Command != "OBJECT FREQ" {
		t.Errorf("frequency %+v, refused %+v", first.Frequency, d.Refused())
	}
}

// TestDescribeAsUsersWhoMayLittle: what is forbidden is tried once; a key that is forbidden says nothing about commands.
func TestDescribeAsUsersWhoMayLittle(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t, conntest.ACL("user app on >pw ~mine:* +scan +type +pttl +object|encoding +client +hello"))
	server.Do("SET", "mine:1", "1")
	server.Do("SET", "theirs:1", "1")
	p := realMasters(t, server.Addr(), func(o *conn.Options) { o.User, o.Password = "app", conn.NewSecret("pw") })
	log := &recorder{Client: p}
	d := NewDescriber(log)
	facts, err := d.Describe(t.Context(), []string{"theirs:1"}, everything())
	if err != nil || facts[0].Type.Access != Forbidden || facts[0].Gone || len(d.Refused()) != 0 {
		t.Errorf("a forbidden key: %+v, %v, refused %v", facts, err, d.Refused())
	}
	for range 2 {
		facts, err = d.Describe(t.Context(), []string{"mine:1", "theirs:1"}, everything())
		if err != nil {
			t.Fatal(err)
		}
		mine := facts[0]
		if mine.Type.Value != "string" || mine.TTL.Value != Persistent || mine.Encoding.Value != "int" ||
			mine.Size.Access != Forbidden || mine.Idle.Access != Forbidden || mine.Frequency.Access != Forbidden {
			t.Errorf("%+v", mine)
		}
		if facts[1].Type.Access != Forbidden || facts[1].Size.Access != Forbidden {
			t.Errorf("%+v", facts[1])
		}
	}
	var refused []string
	for _, r := range d.Refused() {
		refused = append(refused, r.Command)
	}
	if !slices.Equal(refused, []string{"MEMORY USAGE", "OBJECT IDLETIME", "OBJECT FREQ"}) {
		t.Errorf("refused %q", refused)
	}
	if n := log.count("MEMORY USAGE mine:1"); n != 1 {
		t.Errorf("asked %d times for what is forbidden", n)
	}
	if n := log.count("OBJECT ENCODING mine:1"); n != 2 {
		t.Errorf("asked %d times for what is allowed", n)
	}
}

// recorder notes what passes.
type recorder struct {
	Client
	lines []string
}

func (r *recorder) Pipeline(ctx ctxT, commands ...[]string) ([]resp.Value, error) {
	for _, words := range commands {
		r.lines = append(r.lines, strings.Join(words, " "))
	}
	return r.Client.Pipeline(ctx, commands...)
}

func (r *recorder) count(prefix string) (n int) {
	for _, line := range r.lines {
		if strings.HasPrefix(line, prefix) {
			n++
		}
	}
	return n
}

func TestDescribeAsksInOneRoundTrip(t *testing.T) {
	server := &fake{reply: func(words []string) resp.Value {
		switch words[0] {
		case "TYPE":
			return status("set")
		case "PTTL":
			return number(5000)
		}
		return failure("ERR unknown command '" + words[0] + "'")
	}}
	facts, err := NewDescriber(server).Describe(t.Context(), names(100), Questions{Size: true})
	if err != nil || len(facts) != 100 || server.trips != 1 {
		t.Errorf("%d facts in %d round trips, %v", len(facts), server.trips, err)
	}
	if f := facts[99]; f.Key != "key:000099" || f.Type.Value != "set" || f.TTL.Value != 5*time.Second || f.Size.Access != Unsupported {
		t.Errorf("%+v", f)
	}
	if facts, err := NewDescriber(server).Describe(t.Context(), nil, Questions{}); err != nil || len(facts) != 0 || server.trips != 1 {
		t.Errorf("of no keys: %v, %v, %d round trips", facts, err, server.trips)
	}
}

// TestDescribeSeesKeysGoBetweenTwoQuestions.
func TestDescribeSeesKeysGoBetweenTwoQuestions(t *testing.T) {
	server := &fake{reply: func(words []string) resp.Value {
		if words[0] == "TYPE" {
			return status("string")
		}
		return number(-2)
	}}
	if facts, err := NewDescriber(server).Describe(t.Context(), []string{"k"}, Questions{}); err != nil || facts[0] != (Facts{Key: "k", Gone: true}) {
		t.Errorf("%+v, %v", facts, err)
	}
}

// TestDescribeKeepsTryingWhatPasses: trouble of the moment is no refusal.
func TestDescribeKeepsTryingWhatPasses(t *testing.T) {
	server := &fake{reply: func(words []string) resp.Value {
		switch words[0] {
		case "TYPE":
			return status("string")
		case "PTTL":
			return failure("ERR upstream failure")
		}
		return failure("LOADING the dataset")
	}}
	d := NewDescriber(server)
	facts, err := d.Describe(t.Context(), []string{"k"}, Questions{Size: true})
	if err != nil || facts[0].TTL.Access != Failed || facts[0].Size.Access != Failed || len(d.Refused()) != 0 {
		t.Errorf("%+v, %v, %v", facts, err, d.Refused())
	}
}

func TestDescribeTellsWhatItKnowsWhenAMasterIsLost(t *testing.T) {
	c := newFakeCluster(map[string][]string{"a": nil, "b": nil})
	for _, n := range c.nodes {
		plain := n.reply
		n.reply = func(words []string) resp.Value {
			switch words[0] {
			case "TYPE":
				return status("string")
			case "PTTL":
				return number(-1)
			}
			return plain(words)
		}
	}
	c.slots = []resp.Value{slotsOf("a", 0, 8191), slotsOf("b", 8192, 16383)}
	m := c.masters(t, "a")
	c.nodes["b"].fail = func() error { return errBroken }
	facts, err := NewDescriber(m).Describe(t.Context(), []string{"foo", "bar"}, Questions{})
	if !errors.Is(err, errBroken) || facts[0].Type.Access != Failed || facts[0].Gone || facts[1].Type.Value != "string" {
		t.Errorf("%+v, %v", facts, err)
	}
	many := append([]string{"foo"}, names(2*describeAtOnce)...)
	facts, err = NewDescriber(m).Describe(t.Context(), many, Questions{})
	if err == nil || len(facts) != len(many) || facts[len(many)-1].Type.Access != Failed {
		t.Errorf("%d facts, %v", len(facts), err)
	}
}

func TestDescribeOverACluster(t *testing.T) {
	t.Parallel()
	cluster := conntest.Cluster(t, 3)
	m := realMasters(t, cluster.Nodes[1].Addr())
	if !m.Cluster() || len(m.Nodes()) != 3 {
		t.Fatalf("nodes %+v", m.Nodes())
	}
	for i := range 50 {
		key := fmt.Sprintf("\xff{%x}%d{%d}", i%5*i, i, i)
		if got := cluster.Nodes[0].Do("CLUSTER", "KEYSLOT", key); got != strconv.Itoa(Slot(key)) {
			t.Errorf("slot of %q: %d, the server says %s", key, Slot(key), got)
		}
	}
	keys := names(3000)
	fill(t, m, set, keys)
	facts, err := NewDescriber(m).Describe(t.Context(), keys[:200], Questions{Size: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range facts {
		if f.Type.Value != "string" || f.Size.Value == 0 {
			t.Errorf("%+v", f)
		}
	}
	all, _ := drain(t, NewScanner(m, now()))
	if !slices.Equal(all, keys) {
		t.Errorf("scanned %d keys", len(all))
	}
	list, err := ListDatabases(t.Context(), m, 0, nil)
	if err != nil || list.Count != 1 || len(list.Databases) != 1 || list.Databases[0].Keys != 3000 {
		t.Errorf("databases %+v, %v", list, err)
	}
	report := remove(t, NewRemoval(m, Each(keys), int64(len(keys)), removing()))
	if report.Removed != 3000 || report.Gone != 0 || report.Refused != 0 {
		t.Errorf("removed %+v", report)
	}
	// A master that is lost is named, and the others are read.
	fill(t, m, set, keys)
	cluster.Nodes[2].Kill()
	s := NewScanner(m, now())
	var lost *NodeError
	found := map[string]bool{}
	for lost == nil || s.nodes[0].over() == false || s.nodes[1].over() == false {
		batch, err := s.Next(t.Context())
		if err != nil && !errors.As(err, &lost) {
			t.Fatal(err)
		}
		for _, key := range batch.Keys {
			found[key] = true
		}
	}
	if lost.Addr.Port != cluster.Nodes[2].Port {
		t.Errorf("lost %v", lost)
	}
	for _, key := range keys[:300] {
		if (cluster.Node(key) != cluster.Nodes[2]) != found[key] {
			t.Fatalf("%s: found %v", key, found[key])
		}
	}
}
