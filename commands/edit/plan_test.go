package edit_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"redan/commands/edit"
)

// stringState is a string as it might have been read.
func stringState(value string, server edit.Server) edit.State {
	server.Known = true
	return edit.State{
		Server: server, Key: "k", Type: "string", Count: int64(len(value)), Expires: true, Left: 8040 * time.Second, At: time.UnixMilli(1767225600123),
		Old: edit.Part{Present: true, Text: value, Size: int64(len(value))},
	}
}

func TestPlanOfAString(t *testing.T) {
	for _, test := range []struct {
		server edit.Server
		check  edit.Check
		want   [][]string
	}{
		{edit.Server{}, edit.CheckWatch, [][]string{{"SET", "k", "new"}, {"PEXPIREAT", "k", "1767225600123"}}},
		{edit.Server{KeepTTL: true}, edit.CheckWatch, [][]string{{"SET", "k", "new", "KEEPTTL"}}},
		{edit.Server{KeepTTL: true, IfEqual: true}, edit.CheckIfEqual, [][]string{{"SET", "k", "new", "IFEQ", "old", "KEEPTTL"}}},
	} {
		got, err := edit.Plan(edit.StringSet{Value: "new"}, stringState("old", test.server))
		want := edit.Preview{
			Key: "k", Commands: test.want, Check: test.check, TTLEffect: "TTL stays 2h 14m",
			Diff: edit.Diff{Old: edit.Side{Present: true, Text: "old", Size: 3}, New: edit.Side{Present: true, Text: "new", Size: 3}},
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v (%v)\nwant %+v", got, err, want)
		}
	}
	if _, err := edit.Plan(edit.StringSet{Value: "old"}, stringState("old", edit.Server{})); !errors.Is(err, edit.ErrUnchanged) {
		t.Errorf("got %v", err)
	}
	_, err := edit.Plan(edit.HashSet{}, stringState("old", edit.Server{}))
	fails[*edit.TypeChanged](t, err)
}

func TestDiffIsBoundedAndShowsTheDifference(t *testing.T) {
	for _, filler := range []string{"a", "é", "☕", "\xff"} {
		long := strings.Repeat(filler, 100_000)
		for _, at := range []int{0, 1, 1000, 99_999} {
			i := at * len(filler)
			changed := long[:i] + "CHANGED" + long[i+len(filler):]
			p, err := edit.Plan(edit.StringSet{Value: changed}, stringState(long, edit.Server{}))
			if err != nil {
				t.Fatal(err)
			}
			for side, whole := range map[edit.Side]string{p.Diff.Old: long, p.Diff.New: changed} {
				if len(side.Text) > 8192 || side.Size != int64(len(whole)) || whole[side.Before:side.Size-side.After] != side.Text {
					t.Errorf("window %d+%d+%d of %d", side.Before, len(side.Text), side.After, side.Size)
				}
				if utf8.ValidString(whole) && !utf8.ValidString(side.Text) {
					t.Error("a character was cut")
				}
			}
			if !strings.Contains(p.Diff.New.Text, "CHANGED") {
				t.Errorf("the difference at %d is not shown", at)
			}
		}
	}
}

func TestScores(t *testing.T) {
	for text, ok := range map[string]bool{"1": true, "-0.5": true, "1e6": true, "inf": true, "+inf": true, "-inf": true, "nan": false, "": false, "x": false, "1_0": false, "1e999": false} {
		if _, err := edit.ParseScore(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}
