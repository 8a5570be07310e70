package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pair is a bench of two scripts that write into a diary.
func pair(t *testing.T, theirs, ours string) (b *bench, diary string) {
	t.Helper()
	folder := t.TempDir()
	diary = filepath.Join(folder, "diary")
	b = &bench{folder: folder, out: t.Output(), errs: t.Output(), options: options{rediscli: filepath.Join(folder, "theirs"), redan: filepath.Join(folder, "ours")}}
	for file, script := range map[string]string{b.options.rediscli: theirs, b.options.redan: ours} {
		if err := os.WriteFile(file, []byte("#!/bin/sh\n"+strings.ReplaceAll(script, "DIARY", diary)), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return b, diary
}

// The answers are compared before anything is measured, each run is made ready for, and the two take turns at being first.
func TestTurns(t *testing.T) {
	b, diary := pair(t, "printf T >>DIARY; cat; sleep 0.05; echo $1", "printf O >>DIARY; cat; echo $1")
	l := &lab{folder: b.folder, names: map[string]string{"port": "77"}}
	if err := l.write("input", 2, func(w io.Writer, i int) { _, _ = w.Write([]byte{byte('a' + i)}) }); err != nil {
		t.Fatal(err)
	}
	ready := func(*lab) error {
		file, err := os.OpenFile(diary, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = file.WriteString(".")
		return errors.Join(err, file.Close())
	}
	compares := 0
	w := work{
		name: "work", words: "$port", input: "input", bar: 1, rounds: 3, runs: 2, before: ready,
		left: func(*lab) (string, error) { compares++; return "", nil },
		same: func(answer []byte) string {
			if string(answer) != "ab77\n" {
				t.Errorf("answered %q", answer)
			}
			return string(answer)
		},
	}
	rows, err := b.take(t.Context(), l, w)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(diary)
	if want := ".T.O" + ".T.T.O.O" + ".O.O.T.T" + ".T.T.O.O"; err != nil || string(text) != want {
		t.Errorf("the runs were %s, want %s: %v", text, want, err)
	}
	if r := rows[0]; compares != 2 || r.theirs < 50 || r.ours <= 0 || !r.good() {
		t.Errorf("%d compared; %v", compares, r)
	}
}

func TestTakeFails(t *testing.T) {
	for name, tt := range map[string]struct {
		theirs, ours, want string
	}{
		"another answer": {"echo one; echo two", "echo one; echo three", `line 2 of what is compared is "two", redan's "three"`},
		"a line less":    {"echo one; echo two", "echo one", `line 2 of what is compared is "two"`},
		"no answer":      {":", ":", "nothing of its answer can be compared"},
		"a failure":      {"echo one", "echo one; echo the reason >&2; exit 3", "the reason"},
		"theirs fails":   {"echo the reason >&2; exit 3", "echo one", "theirs"},
	} {
		t.Run(name, func(t *testing.T) {
			b, _ := pair(t, tt.theirs, tt.ours)
			rows, err := b.take(t.Context(), &lab{}, work{name: name, bar: 1, rounds: 1, runs: 1, same: exactly})
			if err == nil || !strings.Contains(err.Error(), tt.want) || len(rows) != 1 || rows[0].good() {
				t.Errorf("%v: %v, want %q", rows, err, tt.want)
			}
		})
	}
}

// Work that redan is compared with itself at is done by redan alone.
func TestSelf(t *testing.T) {
	b, diary := pair(t, "exit 1", "printf $1 >>DIARY")
	if _, err := b.take(t.Context(), &lab{}, work{name: "check", words: "c", theirs: "p", self: true, bar: 9, rounds: 2, runs: 1}); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(diary); err != nil || string(text) != "pccp" {
		t.Errorf("%q: %v", text, err)
	}
}

// A ground that cannot be made ready and a work that fails are rows; the others go on. To be told to stop is neither.
func TestGroundThatFails(t *testing.T) {
	b, _ := pair(t, "echo $1", "echo $1")
	works := []work{{name: "one", words: "1", bar: 9, rounds: 1, runs: 1, same: exactly}, {name: "two", words: "2", bar: 9, rounds: 1, runs: 1, same: nothing}}
	broken := errors.New("no server")
	for _, tt := range []struct {
		ready func(*lab) error
		want  []bool // whether each row failed
	}{
		{func(*lab) error { return broken }, []bool{true, true}},
		{func(*lab) error { return nil }, []bool{false, true}},
	} {
		b.rows = nil
		if err := b.onGround(t.Context(), ground{"ground", tt.ready, works}); err != nil || len(b.rows) != 2 {
			t.Fatalf("%d rows: %v", len(b.rows), err)
		}
		for i, failed := range tt.want {
			if (b.rows[i].failure != nil) != failed {
				t.Errorf("%s: %v", b.rows[i].name, b.rows[i].failure)
			}
		}
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := b.onGround(stopped, ground{"ground", func(*lab) error { return nil }, works}); !errors.Is(err, context.Canceled) {
		t.Errorf("told to stop: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(b.folder, "ground*")); err != nil || len(left) > 0 {
		t.Errorf("%q is left behind: %v", left, err)
	}
}

func TestKnowsKeystats(t *testing.T) {
	old, _ := pair(t, "exit 1", "[ $1 = --keystats ] && [ $2 = --version ]")
	if knowsKeystats(t.Context(), old.options.rediscli) || !knowsKeystats(t.Context(), old.options.redan) {
		t.Error("the old one knows it, or the new one does not")
	}
}

func TestSpace(t *testing.T) {
	const df = "Filesystem     1024-blocks     Used Available Capacity Mounted on\n/dev/vda         263174212 61865464  33000000      66% /\n"
	if free, err := available(df); err != nil || free != 33_000_000<<10 {
		t.Errorf("%d: %v", free, err)
	}
	for _, text := range []string{"", "df: no\n", "Filesystem\n/dev/vda 1 2 none 4% /\n"} {
		if _, err := available(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	b := &bench{folder: t.TempDir(), out: t.Output(), errs: t.Output(), options: options{rediscli: "false", sizes: full()}}
	b.options.sizes.snapshot = 1 << 40
	if err := b.enoughSpace(t.Context()); err == nil || !strings.Contains(err.Error(), "TMPDIR=") {
		t.Errorf("a disk for %d MiB: %v", b.options.sizes.snapshot, err)
	}
	b.options.only = "PING"
	if err := b.enoughSpace(t.Context()); err != nil {
		t.Error("a PING needs no disk:", err)
	}
}

// A ratio near its bar is measured for longer; what is decided is not.
func TestNearBar(t *testing.T) {
	for _, c := range []struct {
		name         string
		theirs, ours time.Duration
		bar          float64
		want         bool
	}{
		{"just missed", 1000, 1004, 1, true},
		{"just held", 1000, 970, 1, true},
		{"held", 1000, 900, 1, false},
		{"missed", 1000, 1100, 1, false},
		{"near a low bar", 1000, 310, 0.3, true},
		{"far from a low bar", 1000, 340, 0.3, false},
		{"no bar", 1000, 1000, 0, false},
		{"nothing measured", 0, 0, 1, false},
	} {
		theirs, ours := samples{times: []time.Duration{c.theirs}}, samples{times: []time.Duration{c.ours}}
		if got := (work{bar: c.bar}).close(theirs, ours); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
