package edit

import (
	"errors"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// errTooLong refuses a duration that does not fit in a time.Duration; a point in time may be farther away.
var errTooLong = errors.New("a duration ends at 290 years; give a date instead")

// ParseTTL reads a time to live that a person typed:
//
//   - a duration of numbers with units: "2h30m", "90s", "1.5h", "3d", "1w 2d", "250ms", "2 hours 30 min"
//   - a point in time, in loc unless it names its zone: "2026-12-24", "2026-12-24 18:00", "2026-12-24T18:00:00Z"
//   - "none", "never" or "∞": no time to live
//
// What is ambiguous is refused: a number without a unit, months and years as durations. So is what would delete the key at once, such as a
// time before now. Milliseconds are kept, and nothing is rounded. The error says what to type instead.
func ParseTTL(text string, now time.Time, loc *time.Location) (TTL, error) {
	trimmed := strings.TrimSpace(text)
	switch strings.ToLower(trimmed) {
	case "":
		return TTL{}, &Invalid{`a time to live is missing: such as 2h30m, 2026-12-24 18:00, or none`}
	case "none", "never", "∞":
		return Never(), nil
	}
	if at, ok := parseTime(trimmed, loc); ok {
		if at.Sub(now) < minTTL {
			return TTL{}, errPast
		}
		return At(at), nil
	}
	d, err := parseDuration(trimmed)
	if err != nil {
		return TTL{}, err
	}
	return In(d), nil
}

// parseTime reads a date, alone or with a time.
func parseTime(text string, loc *time.Location) (time.Time, bool) {
	for _, date := range []string{"2006-01-02", "2006-01-02 ", "2006-01-02T"} {
		for _, clock := range []string{"", "15:04", "15:04:05"} {
			if (clock == "") != (date == "2006-01-02") {
				continue
			}
			for _, zone := range []string{"", "Z07:00", " Z07:00", " -07:00", " -0700"} {
				if clock == "" && zone != "" {
					continue
				}
				if at, err := time.ParseInLocation(date+clock+zone, text, loc); err == nil {
					return at, at.Equal(at.Truncate(time.Millisecond))
				}
			}
		}
	}
	return time.Time{}, false
}

// parseDuration reads numbers with units, in whichever order.
func parseDuration(text string) (time.Duration, error) {
	total := new(big.Rat)
	for rest := text; rest != ""; {
		number, after := leading(rest, "0123456789.")
		if number == "" {
			return 0, misread(text)
		}
		name, next := leadingWord(strings.TrimLeft(after, " "))
		if name == "" {
			return 0, &Invalid{strconv.Quote(text) + " lacks a unit after " + number + ": " + number + "s, " + number + "m, " + number + "h ..."}
		}
		width, ok := unitNamed(name)
		amount, valid := new(big.Rat).SetString(number)
		if !ok || !valid || len(number) > maxDigits {
			return 0, misread(text)
		}
		total.Add(total, amount.Mul(amount, new(big.Rat).SetInt64(width.Milliseconds())))
		rest = strings.TrimLeft(next, " ")
	}
	switch {
	case !total.IsInt():
		return 0, &Invalid{strconv.Quote(text) + " is no whole number of milliseconds"}
	case total.Sign() == 0:
		return 0, errTooShort
	case total.Cmp(new(big.Rat).SetInt64(maxDuration.Milliseconds())) > 0:
		return 0, errTooLong
	}
	return time.Duration(total.Num().Int64()) * time.Millisecond, nil
}

const (
	maxDuration = 290 * 365 * day
	maxDigits   = 30 // of one number: enough for anything in range
)

func misread(text string) error {
	return &Invalid{strconv.Quote(text) + " is no time to live; type such as 2h30m, 3d, 2026-12-24 18:00, or none"}
}

// leading splits off the characters of set that text begins with.
func leading(text, set string) (head, rest string) {
	rest = strings.TrimLeft(text, set)
	return text[:len(text)-len(rest)], rest
}

// leadingWord splits off the letters that text begins with.
func leadingWord(text string) (word, rest string) {
	rest = strings.TrimLeft(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	return text[:len(text)-len(rest)], rest
}

// unitNamed knows the common spellings. Months and years have no fixed length and are none.
func unitNamed(name string) (time.Duration, bool) {
	if name == "M" { // a month, to many
		return 0, false
	}
	switch strings.ToLower(name) {
	case "ms", "msec", "millisecond", "milliseconds":
		return time.Millisecond, true
	case "s", "sec", "secs", "second", "seconds":
		return time.Second, true
	case "m", "min", "mins", "minute", "minutes":
		return time.Minute, true
	case "h", "hr", "hrs", "hour", "hours":
		return time.Hour, true
	case "d", "day", "days":
		return day, true
	case "w", "week", "weeks":
		return 7 * day, true
	}
	return 0, false
}
