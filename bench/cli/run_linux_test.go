package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRun measures redis-cli beside itself, with little of everything: grounds are made, answers compare, rows come, nothing is left.
func TestRun(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	environment := func(name string) string { return map[string]string{"REDAN": "redis-cli"}[name] }
	for word, want := range map[string]int{
		"--pipe of": 4, "--bigkeys of": 3, "--scan of": 2, "--memkeys of": 1, "--hotkeys of": 1, "--rdb of": 2, "plain": 1, "LRANGE of 50,": 4, "SETs from": 1,
	} {
		t.Run(word, func(t *testing.T) {
			var out bytes.Buffer
			words := []string{"--keys", "300", "--far", "50", "--elements", "50", "--sets", "20", "--snapshot", "1", "--rounds", "1", "--", word}
			err := run(t.Context(), words, environment, &out, t.Output()) // beside itself it holds few bars
			rows := 0
			for line := range strings.Lines(out.String()) {
				if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| work") {
					rows++
				}
			}
			if rows != want || strings.Contains(out.String(), "failed") || !strings.Contains(out.String(), "machine ") {
				t.Errorf("%d rows, want %d: %v\n%s", rows, want, err, &out)
			}
		})
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "*")); err != nil || len(left) > 0 {
		t.Errorf("%q is left behind: %v", left, err)
	}
}

// What a child had at most is not what this process has: it is large here, and the child small.
func TestWeigh(t *testing.T) {
	ballast := bytes.Repeat([]byte("x"), 64<<20)
	small := program{path: "sh", args: []string{"-c", "cat | wc -c"}}
	took, peak, err := small.weigh(t.Context(), drain{})
	if err != nil || took <= 0 || peak <= 0.5 || peak > 16 {
		t.Errorf("%v, %.1f MiB beside %d here: %v", took, peak, len(ballast)>>20, err)
	}
	large := program{path: "dd", args: []string{"if=/dev/zero", "of=/dev/null", "bs=48M", "count=1"}}
	if _, peak, err = large.weigh(t.Context(), io.Discard); err != nil || peak < 48 || peak > 60 {
		t.Errorf("%.1f MiB of a program that takes 48: %v", peak, err)
	}
	if _, _, err := (program{path: "sh", args: []string{"-c", "echo reason >&2; exit 4"}}).weigh(t.Context(), drain{}); err == nil ||
		!strings.Contains(err.Error(), "reason") {
		t.Errorf("a failure: %v", err)
	}
}
