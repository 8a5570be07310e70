package edit_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/commands/edit"
	"redan/conn/conntest"
)

func TestUndo(t *testing.T) {
	server := conntest.Start(t)
	s, other := open(t, server.Addr(), 3), open(t, server.Addr(), 2)
	for _, test := range []struct {
		given  string
		change edit.Change
	}{
		{"SET k v", edit.Delete{}},
		{"HSET k a 1 b 2", edit.Delete{}},
		{"HSET k a 1", edit.HashDelete{Field: "a"}},
		{"HSET k a 1 b 2", edit.HashDelete{Field: "a"}},
		{"RPUSH k a b c", edit.ListRemove{Index: 1}},
		{"RPUSH k a", edit.ListRemove{Index: 0}},
		{"SADD k 1 2", edit.SetRemove{Member: "1"}},
		{"ZADD k 1 a 2 b", edit.ZSetRemove{Member: "a"}},
		{"XADD k 1-1 a 1", edit.StreamDelete{ID: "1-1"}},
	} {
		for _, old := range []edit.Server{{}, {Known: true}} {
			at := inTwoHours()
			all(t, s, "FLUSHALL", test.given)
			do(t, s, "PEXPIREAT", "k", strconv.FormatInt(at, 10))
			before := text(do(t, s, "DUMP", "k"))
			state := read(t, s, old, "k", test.change)
			preview, err := edit.Plan(test.change, state)
			gone := state.Count == 1 && state.Type != "stream"
			if _, whole := test.change.(edit.Delete); whole {
				gone = true
			}
			if err != nil || !preview.Undoable || strings.Contains(preview.TTLEffect, "goes") != gone {
				t.Errorf("%s: preview %+v, %v", test.given, preview, err)
			}
			result, err := edit.Apply(t.Context(), s, test.change, state)
			if err != nil || result.Undo == nil {
				t.Fatalf("%s %+v: %v, undo %v %s", test.given, test.change, err, result.Undo, result.NoUndo)
			}
			if text(do(t, s, "DUMP", "k")) == before || (do(t, s, "EXISTS", "k").Int == 0) != gone {
				t.Fatalf("%s %+v did nothing", test.given, test.change)
			}
			u := *result.Undo
			if u.Key != "k" || u.Dump != before || u.PTTL < time.Hour || u.ExpireAt.UnixMilli()-at > 2 {
				t.Errorf("undo %+v", u)
			}
			if err := edit.Restore(t.Context(), s, old, u); err != nil {
				t.Fatal(err)
			}
			clean(t, s)
			off := expiry(t, s, "k") - at
			if text(do(t, s, "DUMP", "k")) != before || off != 0 && old.Known == false || off > 50 || off < -50 {
				t.Errorf("%s: restored %d ms off", test.given, off)
			}
			// What others wrote after the change is worth more than the undo.
			if _, err = write(t.Context(), s, old, "k", edit.Delete{}); err != nil {
				t.Fatal(err)
			}
			all(t, other, "SET k theirs")
			fails[*edit.Exists](t, edit.Restore(t.Context(), s, old, u))
			if got := text(do(t, s, "GET", "k")); got != "theirs" {
				t.Errorf("the undo left %q", got)
			}
		}
	}
}

func TestUndoGivesAnExpiredKeyItsTimeAgain(t *testing.T) {
	server := conntest.Start(t)
	s := open(t, server.Addr(), 3)
	u := edit.Undo{Key: "k", PTTL: time.Hour, ExpireAt: time.Now().Add(-time.Minute)}
	all(t, s, "SET other v")
	u.Dump = text(do(t, s, "DUMP", "other"))
	if err := edit.Restore(t.Context(), s, edit.Server{}, u); err != nil {
		t.Fatal(err)
	}
	if left := do(t, s, "PTTL", "k").Int; left < 3_500_000 || left > 3_600_000 {
		t.Errorf("%d ms left, want about an hour", left)
	}
}

func TestUndoOfWhatWasRenamedOver(t *testing.T) {
	server := conntest.Start(t)
	s := open(t, server.Addr(), 3)
	all(t, s, "SET k v", "RPUSH to x")
	do(t, s, "PEXPIREAT", "to", strconv.FormatInt(inTwoHours(), 10))
	want := expiry(t, s, "to")
	result, err := write(t.Context(), s, edit.Server{}, "k", edit.Rename{To: "to", Replace: true})
	if err != nil || result.Undo == nil {
		t.Fatal(err, result)
	}
	all(t, s, "SET k theirs")
	fails[*edit.Exists](t, edit.Restore(t.Context(), s, edit.Server{}, *result.Undo))
	all(t, s, "DEL k")
	if err := edit.Restore(t.Context(), s, edit.Server{}, *result.Undo); err != nil {
		t.Fatal(err)
	}
	if k, to := text(do(t, s, "GET", "k")), text(do(t, s, "LRANGE", "to", "0", "-1")); k != "v" || to != "x" || expiry(t, s, "to") != want {
		t.Errorf("k is %q, to is %q, ends at %d", k, to, expiry(t, s, "to"))
	}
}

func TestUndoIsBounded(t *testing.T) {
	server := conntest.Start(t)
	s := open(t, server.Addr(), 2)
	do(t, s, "SETRANGE", "k", strconv.Itoa(edit.MaxUndo), "x")
	result, err := write(t.Context(), s, edit.Server{}, "k", edit.Delete{})
	if err != nil || result.Undo != nil || !strings.Contains(result.NoUndo, "bytes") {
		t.Errorf("undo %v, reason %q, %v", result.Undo != nil, result.NoUndo, err)
	}
	limited := conntest.Start(t, conntest.ACL("user default on nopass ~* +@all -dump -memory"))
	s = open(t, limited.Addr(), 2)
	for _, given := range []string{"SET k v", "HSET k a 1"} {
		all(t, s, given)
		result, err = write(t.Context(), s, edit.Server{}, "k", edit.Delete{})
		if err != nil || result.Undo != nil || result.NoUndo == "" || do(t, s, "EXISTS", "k").Int != 0 {
			t.Errorf("without DUMP: undo %v, reason %q, %v", result.Undo, result.NoUndo, err)
		}
	}
}
