package edit_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"redan/commands/edit"
	"redan/conn"
	"redan/conn/conntest"
)

// story is a change of a key "k", what it does, and what somebody else may do meanwhile that must stop it.
type story struct {
	name      string
	given     []string // besides: the key gets a time to live
	change    edit.Change
	look      string // command whose reply shows what was done
	want      string
	meanwhile string // a conflict
	beside    string // no conflict, though it is the same key
	commands  string // as previewed
	modern    bool   // needs the proxy
}

func stories() []story {
	return []story{
		{name: "string", given: []string{"SET k old"}, change: edit.StringSet{Value: "new"}, look: "GET k", want: "new", meanwhile: "APPEND k er", commands: "SET k new KEEPTTL"},
		{name: "append", given: []string{"SET k old"}, change: edit.StringAppend{Value: "er"}, look: "GET k", want: "older", meanwhile: "APPEND k est", commands: "APPEND k er"},
		{name: "sketch", given: []string{"PFADD k a b"}, change: edit.SketchAdd{Element: "c"}, look: "PFCOUNT k", want: "3", commands: "PFADD k c"},
		{name: "patch", given: []string{"SET k abcdef"}, change: edit.StringPatch{Offset: 2, Value: "XY"}, look: "GET k", want: "abXYef", meanwhile: "SETRANGE k 3 z", beside: "SETRANGE k 5 f", commands: "SETRANGE k 2 XY"},
		{name: "hash field", given: []string{"HSET k f old"}, change: edit.HashSet{Field: "f", Value: "new"}, look: "HGET k f", want: "new", meanwhile: "HSET k f theirs", beside: "HSET k g 1", commands: "HSET k f new"},
		{name: "new hash field", given: []string{"HSET k g 1"}, change: edit.HashSet{Field: "f", Value: "new"}, look: "HGET k f", want: "new", meanwhile: "HSET k f theirs", beside: "HSET k g 2", commands: "HSET k f new"},
		{name: "hash delete", given: []string{"HSET k f old g 1"}, change: edit.HashDelete{Field: "f"}, look: "HGETALL k", want: "g 1", meanwhile: "HSET k f theirs", beside: "HSET k g 1", commands: "HDEL k f"},
		{name: "hash rename of the only field", given: []string{"HSET k f v"}, change: edit.HashRename{Field: "f", To: "g"}, look: "HGETALL k", want: "g v", meanwhile: "HSET k g theirs", beside: "CONFIG GET port", commands: "HSET k g v; HDEL k f"},
		{name: "list element", given: []string{"RPUSH k a b a"}, change: edit.ListSet{Index: -1, Value: "c"}, look: "LRANGE k 0 -1", want: "a b c", meanwhile: "RPUSH k theirs", beside: "LPUSH k a", commands: "LSET k -1 c"},
		{name: "list push", given: []string{"RPUSH k a"}, change: edit.ListPush{Value: "b"}, look: "LRANGE k 0 -1", want: "a b", beside: "CONFIG GET port", commands: "RPUSH k b"},
		{name: "list push ahead", given: []string{"RPUSH k a"}, change: edit.ListPush{Value: "b", Head: true}, look: "LRANGE k 0 -1", want: "b a", commands: "LPUSH k b"},
		{name: "list insert before", given: []string{"RPUSH k a a a b"}, change: edit.ListInsert{Index: 2, Value: "x"}, look: "LRANGE k 0 -1", want: "a a x a b", meanwhile: "LREM k -1 a"},
		{name: "list insert after", given: []string{"RPUSH k a a a b"}, change: edit.ListInsert{Index: -2, After: true, Value: "x"}, look: "LRANGE k 0 -1", want: "a a a x b", meanwhile: "RPUSH k theirs"},
		{name: "list insert first", given: []string{"RPUSH k a a"}, change: edit.ListInsert{Index: 0, Value: "x"}, look: "LRANGE k 0 -1", want: "x a a", meanwhile: "LPUSH k theirs", commands: "LPUSH k x"},
		{name: "list insert last", given: []string{"RPUSH k a b"}, change: edit.ListInsert{Index: 1, After: true, Value: "x"}, look: "LRANGE k 0 -1", want: "a b x", meanwhile: "LPUSH k theirs", commands: "RPUSH k x"},
		{name: "list remove", given: []string{"RPUSH k a b a b a"}, change: edit.ListRemove{Index: 2}, look: "LRANGE k 0 -1", want: "a b b a", meanwhile: "LPUSH k theirs"},
		{name: "list remove first", given: []string{"RPUSH k a b"}, change: edit.ListRemove{Index: 0}, look: "LRANGE k 0 -1", want: "b", meanwhile: "LPUSH k theirs", commands: "LPOP k"},
		{name: "list remove last", given: []string{"RPUSH k a b"}, change: edit.ListRemove{Index: -1}, look: "LRANGE k 0 -1", want: "a", meanwhile: "RPUSH k theirs", commands: "RPOP k"},
		{name: "set add", given: []string{"SADD k a"}, change: edit.SetAdd{Member: "b"}, look: "SISMEMBER k b", want: "1", meanwhile: "SADD k b", beside: "SADD k c", commands: "SADD k b"},
		{name: "set remove", given: []string{"SADD k a b"}, change: edit.SetRemove{Member: "b"}, look: "SMEMBERS k", want: "a", meanwhile: "SREM k b", beside: "SADD k a", commands: "SREM k b"},
		{name: "set replace the only one", given: []string{"SADD k a"}, change: edit.SetReplace{Member: "a", To: "b"}, look: "SMEMBERS k", want: "b", meanwhile: "SADD k b", commands: "SADD k b; SREM k a"},
		{name: "score", given: []string{"ZADD k 1.5 m"}, change: edit.ZSetAdd{Member: "m", Score: "-2.25"}, look: "ZSCORE k m", want: "-2.25", meanwhile: "ZINCRBY k 1 m", beside: "ZADD k 3 n", commands: "ZADD k -2.25 m"},
		{name: "zset add", given: []string{"ZADD k 1 m"}, change: edit.ZSetAdd{Member: "n", Score: "inf"}, look: "ZSCORE k n", want: "inf", meanwhile: "ZADD k 7 n", beside: "ZADD k 3 m", commands: "ZADD k inf n"},
		{name: "zset remove", given: []string{"ZADD k 0.1 m 1 n"}, change: edit.ZSetRemove{Member: "m"}, look: "ZRANGE k 0 -1", want: "n", meanwhile: "ZINCRBY k 1 m", beside: "ZADD k 3 n", commands: "ZREM k m"},
		{name: "zset rename the only one", given: []string{"ZADD k 0.5 m"}, change: edit.ZSetRename{Member: "m", To: "n"}, look: "ZSCORE k n", want: "0.5", meanwhile: "ZADD k 1 n", commands: "ZADD k 0.5 n; ZREM k m"},
		{name: "stream add", given: []string{"XADD k 1-1 a 1"}, change: edit.StreamAdd{ID: "2-1", Fields: []edit.Field{{Name: "b", Value: "2"}, {Name: "b", Value: "3"}}}, look: "XRANGE k - +", want: "1-1 a 1 2-1 b 2 b 3", commands: "XADD k 2-1 b 2 b 3"},
		{name: "stream delete", given: []string{"XADD k 1-1 a 1", "XADD k 2-1 b 2"}, change: edit.StreamDelete{ID: "1-1"}, look: "XRANGE k - +", want: "2-1 b 2", meanwhile: "XDEL k 1-1", beside: "XADD k 3-1 c 3", commands: "XDEL k 1-1"},
		{name: "trim", given: []string{"XADD k 1-1 a 1", "XADD k 2-1 b 2", "XADD k 3-1 c 3"}, change: edit.StreamTrim{Keep: 1}, look: "XRANGE k - +", want: "3-1 c 3", meanwhile: "XDEL k 1-1", beside: "XDEL k 2-1", commands: "XTRIM k MAXLEN = 1"},
		{name: "trim by id", given: []string{"XADD k 1-1 a 1", "XADD k 2-1 b 2"}, change: edit.StreamTrim{From: "2-0"}, look: "XRANGE k - 5", want: "2-1 b 2", meanwhile: "XDEL k 1-1", beside: "XADD k 9-1 c 3", commands: "XTRIM k MINID = 2-0"},
		{name: "ack", given: []string{"XADD k 1-1 a 1", "XGROUP CREATE k g 0", "XREADGROUP GROUP g joe STREAMS k >"}, change: edit.StreamAck{Group: "g", ID: "1-1"}, look: "XPENDING k g - + 10", want: "", meanwhile: "XCLAIM k g ann 0 1-1", beside: "XADD k 3-1 c 3", commands: "XACK k g 1-1"},
		{name: "claim", given: []string{"XADD k 1-1 a 1", "XGROUP CREATE k g 0", "XREADGROUP GROUP g joe STREAMS k >"}, change: edit.StreamClaim{Group: "g", ID: "1-1", Consumer: "ann"}, look: "XREADGROUP GROUP g ann STREAMS k 0", want: "k 1-1 a 1", meanwhile: "XACK k g 1-1", beside: "XADD k 3-1 c 3", commands: "XCLAIM k g ann 0 1-1 JUSTID"},
		{name: "rename", given: []string{"SET k v"}, change: edit.Rename{To: "to"}, look: "GET to", want: "v", commands: "RENAMENX k to"},
		{name: "rename over", given: []string{"SET k v", "RPUSH to x"}, change: edit.Rename{To: "to", Replace: true}, look: "GET to", want: "v", commands: "RENAME k to"},
		{name: "copy", given: []string{"SET k v"}, change: edit.Copy{To: "to"}, look: "GET to", want: "v"},
		{name: "copy over", given: []string{"SET k v", "RPUSH to x"}, change: edit.Copy{To: "to", Replace: true}, look: "GET to", want: "v"},
		{name: "json", given: []string{"SET json:k 1"}, change: edit.JSONSet{Path: "$", Value: `{"a": 1}`}, look: "GET json:k", want: `{"a": 1}`, meanwhile: "APPEND json:k 2", commands: `JSON.SET json:k $ {"a": 1}`, modern: true},
		{name: "json path", given: []string{`SET json:k {"a":1}`}, change: edit.JSONDelete{Path: "$.a"}, look: "GET json:k", want: "{}", meanwhile: "APPEND json:k 2", commands: "JSON.DEL json:k $.a", modern: true},
	}
}

// key is the one that a story is about.
func (s story) key() string {
	if s.modern {
		return "json:k"
	}
	return "k"
}

// flavour is a kind of server and protocol.
type flavour struct {
	name     string
	protocol int
	server   edit.Server // zero: detected
	modern   bool
	boastful bool
}

func flavours() []flavour {
	return []flavour{
		{name: "RESP2", protocol: 2},
		{name: "RESP3", protocol: 3},
		{name: "old", protocol: 2, server: edit.Server{Known: true}},
		{name: "modern", protocol: 3, modern: true},
		{name: "boastful", protocol: 2, boastful: true},
	}
}

func eachStory(t *testing.T, run func(t *testing.T, s, other *conn.Session, f flavour, st story)) {
	t.Helper()
	server := conntest.Start(t)
	recent, claimed := modern(t, server), boastful(t, server)
	for _, f := range flavours() {
		t.Run(f.name, func(t *testing.T) {
			addr := server.Addr()
			switch {
			case f.modern:
				addr = recent
			case f.boastful:
				addr = claimed
			}
			s, other := open(t, addr, f.protocol), open(t, server.Addr(), 2)
			for _, st := range stories() {
				if st.modern && !f.modern {
					continue
				}
				t.Run(st.name, func(t *testing.T) {
					all(t, other, append([]string{"FLUSHALL"}, st.given...)...)
					run(t, s, other, f, st)
					clean(t, s)
				})
			}
		})
	}
}

func TestTrapTTLKeptOnEdit(t *testing.T) {
	eachStory(t, func(t *testing.T, s, other *conn.Session, f flavour, st story) {
		t.Helper()
		at := inTwoHours()
		do(t, other, "PEXPIREAT", st.key(), strconv.FormatInt(at, 10))
		state := read(t, s, f.server, st.key(), st.change)
		if state.At.UnixMilli()-at > 2 || state.At.UnixMilli() < at-2 {
			t.Errorf("read an end %d ms off", state.At.UnixMilli()-at)
		}
		preview, err := edit.Plan(st.change, state)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, c := range preview.Commands {
			lines = append(lines, strings.Join(c, " "))
		}
		_, isString := st.change.(edit.StringSet)
		if got := strings.Join(lines, "; "); st.commands != "" && got != st.commands && (!isString || f.protocol == 2 && f.name == "RESP2") {
			t.Errorf("previewed %s, want %s", got, st.commands)
		}
		if _, isCopy := st.change.(edit.Copy); !isCopy && !strings.HasPrefix(preview.TTLEffect, "TTL stays ") {
			t.Errorf("TTL effect %q", preview.TTLEffect)
		}
		result, err := edit.Apply(t.Context(), s, st.change, state)
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Commands) == 0 || len(result.Replies) != len(result.Commands) || (result.Attempts != 1 || result.Check != preview.Check) && (!f.boastful || !isString || result.Check != edit.CheckWatch) {
			t.Errorf("result %+v", result)
		}
		if got := text(do(t, other, strings.Fields(st.look)...)); got != st.want {
			t.Errorf("%s gave %q, want %q", st.look, got, st.want)
		}
		key := st.key()
		switch st.change.(type) {
		case edit.Rename, edit.Copy:
			key = "to"
		}
		off := expiry(t, other, key) - at
		if off != 0 && f.name != "old" || off < -2 || off > 2 {
			t.Errorf("time to live %d ms off", off)
		}
	})
}

func TestConflictsWriteNothing(t *testing.T) {
	eachStory(t, func(t *testing.T, s, other *conn.Session, f flavour, st story) {
		t.Helper()
		if st.meanwhile == "" {
			return
		}
		state := read(t, s, f.server, st.key(), st.change)
		all(t, other, st.meanwhile)
		before := text(do(t, other, "DUMP", st.key()))
		_, err := edit.Apply(t.Context(), s, st.change, state)
		conflict := as[*edit.Conflict](t, err)
		if text(do(t, other, "DUMP", st.key())) != before {
			t.Error("the key was written")
		}
		if conflict.Read.Old != state.Old || conflict.Theirs.Old == state.Old && conflict.Theirs.Other == state.Other {
			t.Errorf("conflict shows read %+v, theirs %+v", conflict.Read.Old, conflict.Theirs.Old)
		}
		// Whoever decides to write all the same applies the change to what is there now.
		_, err = edit.Apply(t.Context(), s, st.change, conflict.Theirs)
		_, impossible := errors.AsType[*edit.Absent](err)
		_, exists := errors.AsType[*edit.Exists](err)
		if err != nil && !impossible && !exists && !errors.Is(err, edit.ErrUnchanged) {
			t.Errorf("writing over: %v", err)
		}
	})
}

func TestChangesBesideAreNoConflict(t *testing.T) {
	eachStory(t, func(t *testing.T, s, other *conn.Session, f flavour, st story) {
		t.Helper()
		if st.beside == "" {
			return
		}
		state := read(t, s, f.server, st.key(), st.change)
		all(t, other, st.beside)
		if _, err := edit.Apply(t.Context(), s, st.change, state); err != nil {
			t.Errorf("after %q: %v", st.beside, err)
		}
	})
}

func TestVanishedAndChangedKeys(t *testing.T) {
	eachStory(t, func(t *testing.T, s, other *conn.Session, f flavour, st story) {
		t.Helper()
		state := read(t, s, f.server, st.key(), st.change)
		do(t, other, "DEL", st.key())
		_, err := edit.Apply(t.Context(), s, st.change, state)
		fails[*edit.Gone](t, err)
		if n := do(t, other, "EXISTS", st.key()).Int; n != 0 {
			t.Error("a vanished key is there again")
		}
		if _, err = edit.Read(t.Context(), s, f.server, st.key(), st.change); err != nil {
			fails[*edit.Gone](t, err)
		}
		if st.modern {
			return // the proxy takes every string for JSON
		}
		if state.Type == "hash" {
			all(t, other, "RPUSH k theirs")
		} else {
			all(t, other, "HSET k theirs 1")
		}
		_, err = edit.Apply(t.Context(), s, st.change, state)
		fails[*edit.TypeChanged](t, err)
		if text(do(t, other, "TYPE", "k")) == state.Type {
			t.Error("the key was written")
		}
	})
}
