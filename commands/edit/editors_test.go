package edit_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"

	"redan/commands/edit"
	"redan/conn"
	"redan/conn/conntest"
)

// editors runs n editors with a connection each, and waits for them.
func editors(t *testing.T, addr string, n int, edits func(i int, s *conn.Session)) {
	t.Helper()
	sessions := make([]*conn.Session, n)
	for i := range sessions {
		sessions[i] = open(t, addr, 2+i%2)
	}
	var wait sync.WaitGroup
	for i, s := range sessions {
		wait.Go(func() { edits(i, s) })
	}
	wait.Wait()
}

func TestAHundredEditorsOfOneValue(t *testing.T) {
	const n = 100
	server := conntest.Start(t)
	for name, addr := range map[string]string{"WATCH": server.Addr(), "IFEQ": modern(t, server)} {
		t.Run(name, func(t *testing.T) {
			s := open(t, server.Addr(), 2)
			all(t, s, "FLUSHALL", "SET s read", "HSET h f read", "RPUSH l a read b", "ZADD z 0.25 m")
			for key, test := range map[string]struct {
				change func(i int) edit.Change
				look   string
			}{
				"s": {func(i int) edit.Change { return edit.StringSet{Value: strconv.Itoa(i)} }, "GET s"},
				"h": {func(i int) edit.Change { return edit.HashSet{Field: "f", Value: strconv.Itoa(i)} }, "HGET h f"},
				"l": {func(i int) edit.Change { return edit.ListSet{Index: 1, Value: strconv.Itoa(i)} }, "LINDEX l 1"},
				"z": {func(i int) edit.Change { return edit.ZSetAdd{Member: "m", Score: strconv.Itoa(i)} }, "ZSCORE z m"},
			} {
				state := read(t, s, edit.Server{}, key, test.change(0))
				if name == "IFEQ" {
					state.Server.IfEqual = true
				}
				failures := make([]error, n)
				editors(t, addr, n, func(i int, s *conn.Session) {
					_, failures[i] = edit.Apply(t.Context(), s, test.change(i), state)
				})
				winner := -1
				for i, err := range failures {
					switch {
					case err == nil && winner < 0:
						winner = i
					case err == nil:
						t.Errorf("%s: both %d and %d wrote", key, winner, i)
					default:
						fails[*edit.Conflict](t, err)
					}
				}
				if got := text(do(t, s, strings.Fields(test.look)...)); got != strconv.Itoa(winner) {
					t.Errorf("%s is %s, and %d wrote", key, got, winner)
				}
			}
		})
	}
}

func TestAHundredEditorsOfDifferentFields(t *testing.T) {
	const n = 100
	server := conntest.Start(t)
	s := open(t, server.Addr(), 2)
	all(t, s, "HSET h f v")
	failures := make([]error, n)
	editors(t, server.Addr(), n, func(i int, s *conn.Session) {
		_, failures[i] = write(t.Context(), s, edit.Server{}, "h", edit.HashSet{Field: strconv.Itoa(i), Value: "v"})
	})
	if err := errors.Join(failures...); err != nil {
		t.Error(err)
	}
	if got := do(t, s, "HLEN", "h").Int; got != n+1 {
		t.Errorf("%d fields, want %d", got, n+1)
	}
}

// TestNoIncrementIsLost lets editors that insist on their write add up.
func TestNoIncrementIsLost(t *testing.T) {
	const n, each = 8, 10
	server := conntest.Start(t)
	for _, addr := range []string{server.Addr(), modern(t, server)} {
		s := open(t, server.Addr(), 2)
		all(t, s, "FLUSHALL", "SET s 0", "PEXPIRE s 7200000")
		at := expiry(t, s, "s")
		failures := make([]error, n)
		editors(t, addr, n, func(i int, s *conn.Session) {
			for range each {
				failures[i] = errors.Join(failures[i], increment(t.Context(), s))
			}
		})
		if err := errors.Join(failures...); err != nil {
			t.Error(err)
		}
		if got := text(do(t, s, "GET", "s")); got != strconv.Itoa(n*each) || expiry(t, s, "s") != at {
			t.Errorf("counted %s of %d", got, n*each)
		}
	}
}

func increment(ctx context.Context, s edit.Session) error {
	state, err := edit.Read(ctx, s, edit.Server{}, "s", edit.StringSet{})
	for err == nil {
		n, _ := strconv.Atoi(state.Old.Text)
		if _, err = edit.Apply(ctx, s, edit.StringSet{Value: strconv.Itoa(n + 1)}, state); err == nil {
			return nil
		}
		if conflict, ok := errors.AsType[*edit.Conflict](err); ok {
			state, err = conflict.Theirs, nil
		}
	}
	return err
}
