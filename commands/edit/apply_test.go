package edit_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"

	"redan/commands/edit"
	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
)

// everyByte is all bytes, in an order that looks like nothing.
func everyByte() string {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i * 167)
	}
	return string(b)
}

func TestTrapBinaryRoundTrip(t *testing.T) {
	server := conntest.Start(t)
	value, more := everyByte(), everyByte()+"\x00\r\n"
	for _, addr := range []string{server.Addr(), modern(t, server)} {
		s := open(t, addr, 3)
		all(t, s, "FLUSHALL")
		for _, step := range []struct {
			key    string
			change edit.Change
			look   []string
			want   string
		}{
			{value, edit.Create{Content: edit.NewString{Value: value}}, []string{"GET", value}, value},
			{value, edit.StringSet{Value: more}, []string{"GET", value}, more},
			{value, edit.StringSet{Value: ""}, []string{"GET", value}, ""},
			{value, edit.StringSet{Value: value}, []string{"GET", value}, value},
			{value, edit.Rename{To: more}, []string{"GET", more}, value},
			{more, edit.Copy{To: value}, []string{"GET", value}, value},
			{"h", edit.Create{Content: edit.NewHash{Fields: []edit.Field{{Name: "a", Value: "1"}}}}, []string{"HGET", "h", "a"}, "1"},
			{"h", edit.HashSet{Field: value, Value: value}, []string{"HGET", "h", value}, value},
			{"h", edit.HashRename{Field: value, To: more}, []string{"HGET", "h", more}, value},
			{"l", edit.Create{Content: edit.NewList{Elements: []string{value, value, value}}}, []string{"LLEN", "l"}, "3"},
			{"l", edit.ListInsert{Index: 1, Value: more}, []string{"LRANGE", "l", "0", "-1"}, strings.Join([]string{value, more, value, value}, " ")},
			{"l", edit.ListRemove{Index: 2}, []string{"LRANGE", "l", "0", "-1"}, strings.Join([]string{value, more, value}, " ")},
			{"z", edit.Create{Content: edit.NewZSet{Members: []edit.Scored{{Member: value, Score: "1"}}}}, []string{"ZCARD", "z"}, "1"},
			{"z", edit.ZSetRename{Member: value, To: more}, []string{"ZRANGE", "z", "0", "-1"}, more},
		} {
			if _, err := write(t.Context(), s, edit.Server{}, step.key, step.change); err != nil {
				t.Fatalf("%T: %v", step.change, err)
			}
			if got := text(do(t, s, step.look...)); got != step.want {
				t.Errorf("%T left %q, want %q", step.change, got, step.want)
			}
		}
	}
}

func TestLargeStrings(t *testing.T) {
	server := conntest.Start(t)
	for name, addr := range map[string]string{"sha256:": boastful(t, server), "digest:": modern(t, server)} {
		s := open(t, addr, 3)
		all(t, s, "FLUSHALL")
		do(t, s, "SETRANGE", "k", strconv.Itoa(edit.MaxText), "end")
		c := edit.StringSet{Value: "short"}
		state := read(t, s, edit.Server{}, "k", c)
		if state.Old.Text != "" || state.Old.Size != edit.MaxText+3 || !strings.HasPrefix(state.Old.Sum, name) {
			t.Errorf("read %d bytes of %d, digest %q", len(state.Old.Text), state.Old.Size, state.Old.Sum)
		}
		do(t, s, "SETRANGE", "k", "1000", "x")
		_, err := edit.Apply(t.Context(), s, c, state)
		conflict := as[*edit.Conflict](t, err)
		if _, err := edit.Apply(t.Context(), s, edit.StringPatch{Offset: 1000, Value: "y"}, read(t, s, edit.Server{}, "k", edit.StringPatch{Offset: 1000, Value: "y"})); err != nil {
			t.Fatal(err)
		}
		_, err = edit.Apply(t.Context(), s, c, conflict.Theirs)
		conflict = as[*edit.Conflict](t, err)
		if _, err = edit.Apply(t.Context(), s, c, conflict.Theirs); err != nil || text(do(t, s, "GET", "k")) != "short" {
			t.Errorf("%v", err)
		}
	}
}

func TestFieldsKeepTheirOwnTime(t *testing.T) {
	server := conntest.Start(t)
	s, other := open(t, modern(t, server), 3), open(t, server.Addr(), 2)
	all(t, other, "HSET k f v", "HSET k:expiry f 4102444800123")
	result, err := write(t.Context(), s, edit.Server{}, "k", edit.HashSet{Field: "f", Value: "new"})
	if err != nil || text(do(t, other, "HGET", "k:expiry", "f")) != "4102444800123" {
		t.Errorf("after a set: %v, sent %q", err, result.Commands)
	}
	if _, err = write(t.Context(), s, edit.Server{}, "k", edit.HashRename{Field: "f", To: "g"}); err != nil || text(do(t, other, "HGET", "k:expiry", "g")) != "4102444800123" {
		t.Errorf("after a rename: %v", err)
	}
	if _, err = write(t.Context(), s, edit.Server{}, "k", edit.FieldExpire{Field: "g"}); err != nil || text(do(t, other, "HGET", "k:expiry", "g")) != "(nil)" {
		t.Errorf("after persist: %v", err)
	}
}

func TestCluster(t *testing.T) {
	cluster := conntest.Cluster(t, 3)
	key := "{a}k"
	var away *conntest.Server
	for _, node := range cluster.Nodes {
		if node != cluster.Node(key) {
			away = node
		}
	}
	s := open(t, away.Addr(), 3)
	_, err := write(t.Context(), s, edit.Server{}, key, edit.Create{Content: edit.NewString{Value: "v"}})
	if r := as[*edit.Refused](t, err); r.Code() != "MOVED" || r.Hint() == "" {
		t.Errorf("without following: %v", err)
	}
	s.Follow = true
	elsewhere := "{b}k"
	if cluster.Node(elsewhere) == cluster.Node(key) {
		t.Fatal("choose other names")
	}
	at := inTwoHours()
	for _, step := range []struct {
		key    string
		change edit.Change
	}{
		{key, edit.Create{Content: edit.NewString{Value: "v"}}},
		{key, edit.Expire{TTL: edit.In(1 << 40)}},
		{key, edit.StringSet{Value: "w"}},
		{key, edit.Rename{To: "{a}l"}},
		{"{a}l", edit.Copy{To: "{a}m"}},
		{"{a}l", edit.Copy{To: elsewhere}},
		{elsewhere, edit.StringAppend{Value: "x"}},
		{"{a}l", edit.StringAppend{Value: "y"}},
	} {
		if _, err := write(t.Context(), s, edit.Server{}, step.key, step.change); err != nil {
			t.Fatalf("%T of %s: %v", step.change, step.key, err)
		}
	}
	for key, want := range map[string]string{elsewhere: "wx", "{a}l": "wy", "{a}m": "w"} {
		if got := text(do(t, s, "GET", key)); got != want || expiry(t, s, key) < 0 {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	do(t, s, "PEXPIREAT", "{a}l", strconv.FormatInt(at, 10))
	_, err = write(t.Context(), s, edit.Server{}, "{a}l", edit.Copy{To: elsewhere})
	fails[*edit.Exists](t, err)
	_, err = write(t.Context(), s, edit.Server{}, "{a}l", edit.Rename{To: elsewhere + "2"})
	if r := as[*edit.Refused](t, err); r.Code() != "CROSSSLOT" || !strings.Contains(r.Error(), "{tag}") {
		t.Errorf("%v", err)
	}
	state := read(t, s, edit.Server{}, "{a}l", edit.StringSet{})
	do(t, s, "GET", elsewhere) // the session is on another node now
	if _, err = edit.Apply(t.Context(), s, edit.StringSet{Value: "z"}, state); err != nil || expiry(t, s, "{a}l") != at {
		t.Errorf("from another node: %v", err)
	}
	clean(t, s)
}

func TestReplicaIsExplained(t *testing.T) {
	master := conntest.Start(t)
	replica := conntest.Start(t)
	s := open(t, replica.Addr(), 2)
	all(t, s, "SET k v", "REPLICAOF "+master.Host+" "+strconv.Itoa(master.Port))
	all(t, open(t, master.Addr(), 2), "SET k v")
	c := edit.StringSet{Value: "new"}
	state, err := edit.Read(t.Context(), s, edit.Server{}, "k", c)
	for err != nil || !state.Exists() { // the first copy of the data comes when it comes
		if t.Context().Err() != nil {
			t.Fatal(err)
		}
		state, err = edit.Read(t.Context(), s, edit.Server{}, "k", c)
	}
	_, err = edit.Apply(t.Context(), s, c, state)
	if r := as[*edit.Refused](t, err); r.Code() != "READONLY" || !strings.Contains(err.Error(), "master") {
		t.Errorf("%v", err)
	}
	clean(t, s)
}

// disturbed is a session that does something before a command is sent.
type disturbed struct {
	*conn.Session
	before func(args []string) error
}

func (d disturbed) Do(ctx context.Context, args ...string) (resp.Value, error) {
	if err := d.before(args); err != nil {
		return resp.Value{}, err
	}
	return d.Session.Do(ctx, args...)
}

func TestWritesInTheSmallestGap(t *testing.T) {
	server := conntest.Start(t)
	s, other := open(t, server.Addr(), 2), open(t, server.Addr(), 2)
	for _, at := range []string{"MULTI", "HSET", "EXEC"} {
		all(t, s, "FLUSHALL", "HSET k f v")
		c := edit.HashSet{Field: "f", Value: "mine"}
		state := read(t, s, edit.Server{}, "k", c)
		_, err := edit.Apply(t.Context(), disturbed{s, func(args []string) error {
			if args[0] == at {
				all(t, other, "HSET k f theirs")
			}
			return nil
		}}, c, state)
		fails[*edit.Conflict](t, err)
		if got := text(do(t, s, "HGET", "k", "f")); got != "theirs" {
			t.Errorf("at %s: %q", at, got)
		}
		clean(t, s)
	}
	// An untouched field of a key that never rests: nothing is written, and that is said.
	all(t, s, "HSET k f v")
	_, err := write(t.Context(), disturbed{s, func(args []string) error {
		if args[0] == "EXEC" {
			all(t, other, "HINCRBY k other 1")
		}
		return nil
	}}, edit.Server{}, "k", edit.HashSet{Field: "f", Value: "mine"})
	if !errors.Is(err, edit.ErrBusy) || text(do(t, s, "HGET", "k", "f")) != "v" {
		t.Errorf("got %v", err)
	}
	clean(t, s)
}

func TestALostWatchIsNoticed(t *testing.T) {
	server := conntest.Start(t)
	s, other := open(t, server.Addr(), 2), open(t, server.Addr(), 2)
	all(t, s, "SET k v")
	lost := false
	result, err := write(t.Context(), disturbed{s, func(args []string) error {
		if args[0] != "STRLEN" || !s.State().Watching || lost {
			return nil
		}
		lost = true
		_, err := s.Reconnect(t.Context()) // as following a redirect does
		return err
	}}, edit.Server{}, "k", edit.StringSet{Value: "new"})
	if err != nil || result.Attempts != 2 || text(do(t, other, "GET", "k")) != "new" {
		t.Errorf("%v after %d attempts", err, result.Attempts)
	}
}

func TestABrokenConnection(t *testing.T) {
	server := conntest.Start(t)
	s, other := open(t, server.Addr(), 2), open(t, server.Addr(), 2)
	all(t, s, "SET k v")
	for at, unsure := range map[string]bool{"WATCH": false, "MULTI": false, "SET": false, "EXEC": true} {
		cut := net.ErrClosed
		_, err := write(t.Context(), disturbed{s, func(args []string) error {
			if args[0] == at {
				_ = s.Conn().Close()
				return cut
			}
			return nil
		}}, edit.Server{}, "k", edit.StringSet{Value: "new"})
		if _, doubt := errors.AsType[*edit.Unsure](err); !errors.Is(err, cut) || doubt != unsure {
			t.Errorf("at %s: %v", at, err)
		}
		if got := text(do(t, other, "GET", "k")); got != "v" {
			t.Errorf("at %s: wrote %q", at, got)
		}
		if _, err := s.Reconnect(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	state := read(t, s, edit.Server{}, "k", edit.StringSet{})
	if _, err := edit.Apply(ctx, s, edit.StringSet{Value: "new"}, state); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if got := text(do(t, other, "GET", "k")); got != "v" {
		t.Errorf("cancelled, and wrote %q", got)
	}
}

func TestRefusals(t *testing.T) {
	server := conntest.Start(t, conntest.ACL("user default on nopass ~* +@all -multi -info -hello"), conntest.Config("enable-debug-command", "yes"))
	s := open(t, server.Addr(), 2)
	all(t, s, "SET k v")
	_, err := write(t.Context(), s, edit.Server{}, "k", edit.StringSet{Value: "new"})
	if r := as[*edit.Refused](t, err); r.Code() != "NOPERM" || text(do(t, s, "GET", "k")) != "v" {
		t.Errorf("without MULTI: %v", err)
	}
	clean(t, s)
	if _, ok := errors.AsType[resp.ServerError](err); !ok {
		t.Error("the server's own error is not to be had")
	}
	free := conntest.Start(t)
	s = open(t, free.Addr(), 2)
	all(t, s, "SET k v")
	state := read(t, s, edit.Server{}, "k", edit.StringSet{})
	all(t, s, "MULTI")
	if _, err = edit.Apply(t.Context(), s, edit.StringSet{Value: "new"}, state); !errors.Is(err, edit.ErrSession) {
		t.Errorf("in a user's transaction: %v", err)
	}
	if _, err = edit.Read(t.Context(), s, state.Server, "k", edit.StringSet{}); !errors.Is(err, edit.ErrSession) {
		t.Errorf("in a user's transaction: %v", err)
	}
	if !s.State().Multi {
		t.Error("the user's transaction was ended")
	}
	all(t, s, "DISCARD")
	for _, err := range []error{&edit.Gone{Key: "k\x00"}, &edit.Absent{Key: "k"}, &edit.TooLarge{Key: "k"}, &edit.Exists{Key: "k"}} {
		if text := fmt.Sprint(err); !strings.Contains(text, `"k`) || strings.Contains(text, "\x00") {
			t.Errorf("%T: %q", err, text)
		}
	}
}

// TestTheEndIsExactOnOldServersToo makes the reading under WATCH slow, on a server that tells only the time left.
func TestTheEndIsExactOnOldServersToo(t *testing.T) {
	server := conntest.Start(t)
	s, other := open(t, server.Addr(), 2), open(t, server.Addr(), 2)
	at := inTwoHours()
	all(t, s, "SET k v", "PEXPIREAT k "+strconv.FormatInt(at, 10))
	result, err := write(t.Context(), disturbed{s, func(args []string) error {
		if args[0] == "PTTL" && s.State().Watching {
			all(t, other, "BLPOP nothing 0.05")
		}
		return nil
	}}, edit.Server{Known: true}, "k", edit.StringSet{Value: "new"})
	if off := expiry(t, other, "k") - at; err != nil || off < -2 || off > 2 {
		t.Errorf("%d ms off after %q, %v", off, result.Commands, err)
	}
}

// TestMigratingSlot gives up soon on a key whose slot is on the move: no transaction can reach it, and hundreds of attempts keep two nodes
// busy for seconds.
func TestMigratingSlot(t *testing.T) {
	cluster := conntest.Cluster(t, 2)
	key := "k"
	from := cluster.Node(key)
	to := cluster.Nodes[0]
	if to == from {
		to = cluster.Nodes[1]
	}
	s := open(t, from.Addr(), 3)
	s.Follow = true
	do(t, s, "SET", key, "v")
	slot := from.Do("CLUSTER", "KEYSLOT", key)
	to.Do("CLUSTER", "SETSLOT", slot, "IMPORTING", from.Do("CLUSTER", "MYID"))
	from.Do("CLUSTER", "SETSLOT", slot, "MIGRATING", to.Do("CLUSTER", "MYID"))
	from.Do("MIGRATE", to.Host, strconv.Itoa(to.Port), key, "0", "5000")
	_, err := write(t.Context(), s, edit.Server{}, key, edit.StringSet{Value: "new"})
	if !errors.Is(err, edit.ErrMoving) {
		t.Fatalf("got %v", err)
	}
	clean(t, s)
	if _, stat, found := strings.Cut(to.Do("INFO", "commandstats"), "cmdstat_watch:"); found && !strings.HasPrefix(stat[len("calls=1"):], ",") {
		t.Errorf("asked ten times or more: %s", strings.SplitN(stat, ",", 2)[0])
	}
	for _, node := range cluster.Nodes {
		node.Do("CLUSTER", "SETSLOT", slot, "NODE", to.Do("CLUSTER", "MYID"))
	}
	if _, err := write(t.Context(), s, edit.Server{}, key, edit.StringSet{Value: "new"}); err != nil || text(do(t, s, "GET", key)) != "new" {
		t.Errorf("when it is there: %v", err)
	}
}
