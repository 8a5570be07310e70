package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// table is what was measured, and what of it missed its bar.
type table struct {
	out    io.Writer
	rows   int
	missed int
}

func (t *table) head() {
	_, _ = fmt.Fprintf(t.out, "\n| %-44s | %-28s | %-13s | %-4s|\n|%s|%s|%s|%s|\n", "work", "measured", "bar", "ok?",
		dashes(46), dashes(30), dashes(15), dashes(5))
}

func dashes(n int) string { return string(slices.Repeat([]byte("-"), n)) }

// row writes a line; a bar may be left empty.
func (t *table) row(work, measured, bar string, good bool) {
	verdict := "yes"
	switch {
	case bar == "":
		verdict = ""
	case !good:
		verdict = "NO"
		t.missed++
	}
	t.rows++
	_, _ = fmt.Fprintf(t.out, "| %-44s | %-28s | %-13s | %-4s|\n", work, measured, bar, verdict)
}

// atMost writes a line for a duration.
func (t *table) atMost(work string, took time.Duration, more string, bar time.Duration) {
	t.row(work, milliseconds(took)+more, "<= "+milliseconds(bar), took <= bar)
}

func milliseconds(d time.Duration) string {
	ms := float64(d.Microseconds()) / 1000
	switch {
	case ms < 100 && d != d.Round(time.Millisecond):
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 10_000:
		return fmt.Sprintf("%.0f ms", ms)
	default:
		return fmt.Sprintf("%.1f s", ms/1000)
	}
}

// mebibytes is an amount of memory.
func mebibytes(n int64) string { return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20)) }
