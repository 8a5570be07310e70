package edit_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/commands/edit"
	"redan/conn/conntest"
)

func TestExpire(t *testing.T) {
	server := conntest.Start(t)
	s, other := open(t, server.Addr(), 3), open(t, server.Addr(), 2)
	for _, old := range []edit.Server{{}, {Known: true}} {
		all(t, s, "FLUSHALL", "SET k v")
		in := edit.Expire{TTL: edit.In(90*time.Minute + 250*time.Millisecond)}
		preview, err := edit.Plan(in, read(t, s, old, "k", in))
		if err != nil || preview.TTLEffect != "no TTL becomes 1h 30m" || strings.Join(preview.Commands[0], " ") != "PEXPIRE k 5400250" {
			t.Errorf("preview %+v, %v", preview, err)
		}
		if _, err := write(t.Context(), s, old, "k", in); err != nil {
			t.Fatal(err)
		}
		if left := do(t, other, "PTTL", "k").Int; left > 5400250 || left < 5390000 {
			t.Errorf("%d ms left", left)
		}
		at := edit.At(time.UnixMilli(inTwoHours()))
		state := read(t, s, old, "k", edit.Expire{TTL: at})
		do(t, other, "PEXPIREAT", "k", strconv.FormatInt(inTwoHours()+5000, 10))
		_, err = edit.Apply(t.Context(), s, edit.Expire{TTL: at}, state)
		conflict := as[*edit.Conflict](t, err)
		if _, err = edit.Apply(t.Context(), s, edit.Expire{TTL: at}, conflict.Theirs); err != nil {
			t.Fatal(err)
		}
		if want, _ := at.Time(); expiry(t, other, "k") != want.UnixMilli() {
			t.Error("not the time that was asked for")
		}
		state = read(t, s, old, "k", edit.Expire{})
		do(t, other, "SET", "k", "another value", "KEEPTTL") // of no concern
		if _, err := edit.Apply(t.Context(), s, edit.Expire{}, state); err != nil {
			t.Fatal(err)
		}
		if got := expiry(t, other, "k"); got != -1 {
			t.Errorf("still expires at %d", got)
		}
		if _, err = write(t.Context(), s, old, "k", edit.Expire{}); !errors.Is(err, edit.ErrUnchanged) {
			t.Errorf("got %v, want ErrUnchanged", err)
		}
		for _, ttl := range []edit.TTL{edit.In(0), edit.In(-time.Hour), edit.In(time.Microsecond), edit.At(time.Unix(1, 0)), edit.At(time.Time{})} {
			if _, err = write(t.Context(), s, old, "k", edit.Expire{TTL: ttl}); err == nil || do(t, other, "EXISTS", "k").Int == 0 {
				t.Errorf("%v was accepted (%v)", ttl, err)
			}
		}
	}
}

func TestMoveAndCopyToAnotherDatabase(t *testing.T) {
	server := conntest.Start(t)
	s := open(t, server.Addr(), 2)
	inDB1 := open(t, server.Addr(), 2)
	all(t, inDB1, "SELECT 1")
	for _, old := range []edit.Server{{}, {Known: true}, {Known: true, AbsTTL: true}} {
		at := strconv.FormatInt(inTwoHours(), 10)
		all(t, s, "FLUSHALL", "HSET k f v", "PEXPIREAT k "+at)
		c := edit.Copy{To: "copy", DB: 1, OtherDB: true}
		if _, err := write(t.Context(), s, old, "k", c); err != nil {
			t.Fatal(err)
		}
		clean(t, s)
		off := expiry(t, inDB1, "copy") - inTwoHours()
		if got := text(do(t, inDB1, "HGETALL", "copy")); got != "f v" || off < -3000 || off > 3000 {
			t.Errorf("copy %q, %d ms off", got, off)
		}
		all(t, inDB1, "SET copy theirs")
		_, err := write(t.Context(), s, old, "k", c)
		if e := as[*edit.Exists](t, err); e.DB != 1 || e.Key != "copy" {
			t.Errorf("%+v", e)
		}
		clean(t, s)
		if got := text(do(t, inDB1, "GET", "copy")); got != "theirs" {
			t.Errorf("the key in the way is now %q", got)
		}
		all(t, inDB1, "SET k theirs")
		_, err = write(t.Context(), s, old, "k", edit.Move{DB: 1})
		fails[*edit.Exists](t, err)
		all(t, inDB1, "DEL k")
		if _, err = write(t.Context(), s, old, "k", edit.Move{DB: 1}); err != nil {
			t.Fatal(err)
		}
		if got := strconv.FormatInt(expiry(t, inDB1, "k"), 10); got != at {
			t.Errorf("moved with the end %s, want %s", got, at)
		}
		_, err = write(t.Context(), inDB1, old, "k", edit.Move{DB: 1})
		if !errors.Is(err, edit.ErrUnchanged) {
			t.Errorf("got %v", err)
		}
		state := read(t, s, old, "copy0", edit.Create{})
		_, err = edit.Apply(t.Context(), inDB1, edit.Create{Content: edit.NewString{}}, state)
		if !errors.Is(err, edit.ErrSession) {
			t.Errorf("writing in another database than was read: %v", err)
		}
	}
}

func TestNewNamesNeverReplaceAKey(t *testing.T) {
	server := conntest.Start(t)
	s, other := open(t, server.Addr(), 2), open(t, server.Addr(), 2)
	for _, c := range []edit.Change{edit.Rename{To: "to"}, edit.Copy{To: "to"}} {
		for _, old := range []edit.Server{{}, {Known: true}} {
			all(t, s, "FLUSHALL", "SET k v")
			state := read(t, s, old, "k", c)
			all(t, other, "SET to theirs")
			_, err := edit.Apply(t.Context(), s, c, state)
			fails[*edit.Exists](t, err)
			if got := text(do(t, s, "MGET", "k", "to")); got != "v theirs" {
				t.Errorf("%T left %q", c, got)
			}
		}
	}
	// With Replace, what is replaced must be what was seen.
	all(t, s, "FLUSHALL", "SET k v")
	c := edit.Rename{To: "to", Replace: true}
	state := read(t, s, edit.Server{}, "k", c)
	all(t, other, "SET to theirs")
	_, err := edit.Apply(t.Context(), s, c, state)
	fails[*edit.Conflict](t, err)
	if got := text(do(t, s, "MGET", "k", "to")); got != "v theirs" {
		t.Errorf("left %q", got)
	}
	// Neither do new names of elements.
	all(t, s, "FLUSHALL", "HSET h a 1 b 2", "SADD s a b", "ZADD z 1 a 2 b")
	for key, c := range map[string]edit.Change{
		"h": edit.HashRename{Field: "a", To: "b"}, "s": edit.SetReplace{Member: "a", To: "b"}, "z": edit.ZSetRename{Member: "a", To: "b"},
	} {
		before := text(do(t, s, "DUMP", key))
		_, err := write(t.Context(), s, edit.Server{}, key, c)
		if e := as[*edit.Exists](t, err); e.Element != "b" || text(do(t, s, "DUMP", key)) != before {
			t.Errorf("%T: %+v", c, e)
		}
	}
}

func TestCreate(t *testing.T) {
	server := conntest.Start(t)
	s, other := open(t, modern(t, server), 3), open(t, server.Addr(), 2)
	fields := []edit.Field{{Name: "f", Value: "1"}}
	for key, test := range map[string]struct {
		content edit.Content
		look    string
		want    string
	}{
		"string":  {edit.NewString{Value: ""}, "GET string", ""},
		"hash":    {edit.NewHash{Fields: fields}, "HGETALL hash", "f 1"},
		"list":    {edit.NewList{Elements: []string{"a", "b"}}, "LRANGE list 0 -1", "a b"},
		"set":     {edit.NewSet{Members: []string{"a"}}, "SMEMBERS set", "a"},
		"zset":    {edit.NewZSet{Members: []edit.Scored{{Member: "a", Score: "1"}, {Member: "b", Score: "-inf"}}}, "ZRANGE zset 0 -1 WITHSCORES", "b -inf a 1"},
		"stream":  {edit.NewStream{ID: "1-1", Fields: fields}, "XRANGE stream - +", "1-1 f 1"},
		"json:j":  {edit.NewJSON{Document: `{"a":1}`}, "GET json:j", `{"a":1}`},
		"hll":     {edit.NewHyperLogLog{Elements: []string{"a", "b"}}, "PFCOUNT hll", "2"},
		"bitmap":  {edit.NewBitmap{Bits: []int64{0, 7}}, "BITCOUNT bitmap", "2"},
		"geo":     {edit.NewGeo{Places: []edit.Place{{Member: "Palermo", Longitude: 13.361389, Latitude: 38.115556}}}, "GEOHASH geo Palermo", "sqc8b49rny0"},
		"string2": {edit.NewString{Value: "x"}, "GET string2", "x"},
	} {
		at := time.UnixMilli(inTwoHours())
		c := edit.Create{Content: test.content, TTL: edit.At(at)}
		state := read(t, s, edit.Server{}, key, c)
		preview, err := edit.Plan(c, state)
		if err != nil || !strings.HasPrefix(preview.TTLEffect, "TTL until ") {
			t.Errorf("%s: preview %+v, %v", key, preview, err)
		}
		if _, err := edit.Apply(t.Context(), s, c, state); err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		if got := text(do(t, other, strings.Fields(test.look)...)); got != test.want {
			t.Errorf("%s: %q, want %q", key, got, test.want)
		}
		if got := expiry(t, other, key); got != at.UnixMilli() {
			t.Errorf("%s ends at %d, want %d", key, got, at.UnixMilli())
		}
		// A key that came meanwhile, or was there before, is left alone.
		before := text(do(t, other, "DUMP", key))
		_, err = edit.Apply(t.Context(), s, c, state)
		fails[*edit.Exists](t, err)
		_, err = write(t.Context(), s, edit.Server{}, key, c)
		fails[*edit.Exists](t, err)
		if text(do(t, other, "DUMP", key)) != before {
			t.Errorf("%s was written over", key)
		}
	}
	if _, err := write(t.Context(), s, edit.Server{}, "new", edit.Create{Content: edit.NewVectorSet{Element: "e", Vector: []float64{1, -0.5}}}); err != nil {
		if r := as[*edit.Refused](t, err); strings.Join(r.Command, " ") != "VADD new VALUES 2 1 -0.5 e" {
			t.Errorf("%v of %q", r, r.Command)
		}
	}
	clean(t, s)
	for _, c := range []edit.Create{{}, {Content: edit.NewHash{}}, {Content: edit.NewZSet{Members: []edit.Scored{{Member: "a", Score: "nan"}}}}} {
		_, err := write(t.Context(), s, edit.Server{}, "new", c)
		fails[*edit.Invalid](t, err)
	}
	_, err := write(t.Context(), s, edit.Server{}, "new", edit.Create{Content: edit.NewString{}, TTL: edit.At(time.Now().Add(-time.Hour))})
	if err == nil || do(t, other, "EXISTS", "new").Int != 0 {
		t.Errorf("a key created in the past: %v", err)
	}
}

func TestAbsentElements(t *testing.T) {
	server := conntest.Start(t)
	s := open(t, server.Addr(), 2)
	all(t, s, "SET s abc", "HSET h a 1", "RPUSH l a", "SADD m a", "ZADD z 1 a", "XADD x 1-1 a 1", "XGROUP CREATE x g $")
	for key, changes := range map[string][]edit.Change{
		"s": {edit.StringPatch{Offset: 2, Value: "xy"}, edit.StringPatch{Offset: 10, Value: "x"}},
		"h": {edit.HashRename{Field: "no", To: "b"}},
		"l": {edit.ListSet{Index: 1, Value: "b"}, edit.ListRemove{Index: -2}, edit.ListInsert{Index: 5}},
		"m": {edit.SetReplace{Member: "no", To: "b"}},
		"z": {edit.ZSetRename{Member: "no", To: "b"}},
		"x": {edit.StreamClaim{Group: "g", Consumer: "c", ID: "1-1"}},
	} {
		before := text(do(t, s, "DUMP", key))
		for _, c := range changes {
			_, err := write(t.Context(), s, edit.Server{}, key, c)
			fails[*edit.Absent](t, err)
		}
		if text(do(t, s, "DUMP", key)) != before {
			t.Errorf("%s was written", key)
		}
	}
	for key, changes := range map[string][]edit.Change{
		"s": {edit.StringSet{Value: "abc"}, edit.StringAppend{}, edit.StringPatch{Offset: 1, Value: "b"}},
		"h": {edit.HashSet{Field: "a", Value: "1"}, edit.HashDelete{Field: "no"}, edit.HashRename{Field: "a", To: "a"}},
		"l": {edit.ListSet{Index: 0, Value: "a"}},
		"m": {edit.SetAdd{Member: "a"}, edit.SetRemove{Member: "no"}},
		"z": {edit.ZSetAdd{Member: "a", Score: "1.0"}, edit.ZSetRemove{Member: "no"}},
		"x": {edit.StreamDelete{ID: "9-9"}, edit.StreamAck{Group: "g", ID: "1-1"}},
	} {
		for _, c := range changes {
			if _, err := write(t.Context(), s, edit.Server{}, key, c); !errors.Is(err, edit.ErrUnchanged) {
				t.Errorf("%+v: got %v, want ErrUnchanged", c, err)
			}
		}
	}
}
