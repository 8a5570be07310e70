// Package certreport turns what package cert found into text: the report for people, wide and narrow, JSON, one line for Nagios and
// the metrics of Prometheus.
//
// Colour means validity and nothing else, and never stands alone: a sign says the same.
package certreport

import (
	"strconv"
	"time"

	"redan/ui/theme"
)

// Style is what the reader's terminal can show.
type Style struct {
	Theme theme.Theme
	// ASCII leaves out all that is not: signs, lines, arrows.
	ASCII bool
	// Width is the number of columns, 0 for no limit. Below 80 the narrow form is used.
	Width int
	// Location is the reader's time zone; nil is UTC.
	Location *time.Location
}

// Signs of a style, each one column wide.
func (s Style) sign(utf8, ascii string) string {
	if s.ASCII {
		return ascii
	}
	return utf8
}

// Failed is the sign of what breaks a connection.
func (s Style) Failed() string { return s.Theme.Error(s.sign("✗", "x")) }

// Warned is the sign of what will break.
func (s Style) Warned() string { return s.Theme.Warning(s.sign("!", "!")) }

// Unchecked is the sign of what was not looked at.
func (s Style) Unchecked() string { return s.sign("·", ".") }

// Left is the time a certificate has left in the shortest form that does not mislead: "90 d", "26 h", "5.0 y", "expired 3 d".
func Left(d time.Duration) string {
	const day, year = 24 * time.Hour, 365 * 24 * time.Hour
	if d < 0 {
		return "expired " + Left(d.Abs())
	}
	switch {
	case d >= 10*year-year/20:
		return strconv.Itoa(max(10, int(d/year))) + " y"
	case d >= 2*year:
		return strconv.FormatFloat(float64(d)/float64(year), 'f', 1, 64) + " y"
	case d >= 2*day:
		return strconv.Itoa(int(d/day)) + " d"
	case d >= 2*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + " h"
	default:
		return strconv.Itoa(int(d/time.Minute)) + " min"
	}
}
