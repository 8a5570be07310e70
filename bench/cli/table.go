package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// unit is what a row counts in, and with it what its bar is: a part of redis-cli's time, or so much memory.
type unit string

const (
	milliseconds unit = "ms"
	mebibytes    unit = "MiB"
)

// row is one line of the table.
type row struct {
	name         string
	unit         unit
	theirs, ours float64
	bar          float64
	failure      error // why there is nothing to see
}

// good tells that the bar is held.
func (r row) good() bool {
	switch {
	case r.failure != nil || r.theirs <= 0 || r.ours <= 0:
		return false
	case r.unit == mebibytes:
		return r.ours <= r.bar
	default:
		return r.ours/r.theirs <= r.bar
	}
}

// limit is the bar in words.
func (r row) limit() string {
	if r.unit == mebibytes {
		return fmt.Sprintf("<= %.0f MiB", r.bar)
	}
	return fmt.Sprintf("<= %.2f x", r.bar)
}

// cells are what was measured: redis-cli's, redan's, the ratio.
func (r row) cells() (theirs, ours, ratio string) {
	if r.failure != nil {
		return "-", "failed", "-"
	}
	return amount(r.theirs, r.unit), amount(r.ours, r.unit), fmt.Sprintf("%.2f", r.ours/r.theirs)
}

// amount writes a value with three digits or more.
func amount(v float64, u unit) string {
	switch {
	case u == milliseconds && v >= 10_000:
		return fmt.Sprintf("%.1f s  ", v/1000)
	case v >= 100:
		return fmt.Sprintf("%.0f %-3s", v, u)
	default:
		return fmt.Sprintf("%.2f %-3s", v, u)
	}
}

// head begins the table.
const head = `
| work                                             | redis-cli     | redan         | ratio | bar       | ok? |
|--------------------------------------------------|--------------:|--------------:|------:|-----------|-----|
`

func (r row) String() string {
	theirs, ours, ratio := r.cells()
	verdict := "yes"
	if !r.good() {
		verdict = "NO"
	}
	return fmt.Sprintf("| %-48s | %13s | %13s | %5s | %-9s | %-3s |\n", r.name, theirs, ours, ratio, r.limit(), verdict)
}

// The marks between which the README has the table.
const (
	markBegin = "<!-- bench: the lines from here on are made by `make bench` -->\n"
	markEnd   = "<!-- bench: up to here -->\n"
)

// section is what the README has between the marks.
func section(in intro, rows []row) string {
	var s strings.Builder
	s.WriteString("\n" + in.sentence())
	s.WriteString("\n\n| work | redis-cli | redan | ratio | bar |\n|---|--:|--:|--:|---|\n")
	for _, r := range rows {
		theirs, ours, ratio := r.cells()
		fmt.Fprintf(&s, "| %s | %s | %s | %s | %s |\n", r.name, strings.TrimSpace(theirs), strings.TrimSpace(ours), ratio, r.limit())
	}
	s.WriteString("\n")
	return s.String()
}

var errMarks = errors.New("the marks of the bench table are not there, or not once each")

// between returns what stands between the marks, and what is around.
func between(text string) (before, inside, after string, err error) {
	before, rest, begun := strings.Cut(text, markBegin)
	inside, after, ended := strings.Cut(rest, markEnd)
	if !begun || !ended || strings.Contains(after, markBegin) || strings.Contains(after, markEnd) {
		return "", "", "", errMarks
	}
	return before, inside, after, nil
}

// rewrite puts the table into the README.
func rewrite(file string, in intro, rows []row) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, _, after, err := between(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, []byte(before+markBegin+section(in, rows)+markEnd+after), 0o644)
}
