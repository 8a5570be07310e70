package edit

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// TTL is a time to live to be set: a duration, a point in time, or, as its zero value, none. It is exact to the millisecond.
type TTL struct {
	in time.Duration
	at time.Time
}

// minTTL is the shortest time to live there is.
const minTTL = time.Millisecond

// errTooShort refuses what would delete the key at once.
var errTooShort = errors.New("a time to live is at least 1ms; to remove the key now, delete it")

// errPast refuses a point in time that would delete the key at once.
var errPast = errors.New("that time has passed, so the key would vanish at once; to remove it now, delete it")

// Never is no time to live: the key stays.
func Never() TTL { return TTL{} }

// In is a time to live of d, counted from when the server gets it. [Plan] refuses less than a millisecond.
func In(d time.Duration) TTL {
	if d < minTTL {
		return TTL{in: -minTTL} // and not 0, which would be never
	}
	return TTL{in: d.Truncate(time.Millisecond)}
}

// At is a time to live until t by the server's clock. [Plan] refuses what has passed.
func At(t time.Time) TTL {
	if t.IsZero() {
		t = time.UnixMilli(0) // past, and not zero, which would be never
	}
	return TTL{at: t.Truncate(time.Millisecond)}
}

// IsNever tells whether t is none.
func (t TTL) IsNever() bool { return t.in == 0 && t.at.IsZero() }

// Duration returns the duration, if t is one.
func (t TTL) Duration() (time.Duration, bool) { return t.in, t.in != 0 && t.at.IsZero() }

// Time returns the point in time, if t is one.
func (t TTL) Time() (time.Time, bool) { return t.at, !t.at.IsZero() }

// valid refuses what would delete at once. A zero clock is not compared with.
func (t TTL) valid(clock time.Time) error {
	switch {
	case t.in < 0:
		return errTooShort
	case !t.at.IsZero() && !clock.IsZero() && t.at.Sub(clock) < minTTL:
		return errPast
	}
	return nil
}

// timeLayout shows points in time, in their own zone.
const timeLayout = "2006-01-02 15:04:05.999 -07:00"

// String writes t exactly, in a form that [ParseTTL] reads: "2h14m3s250ms", "2026-12-24 18:00:00 +01:00", "none".
func (t TTL) String() string {
	switch {
	case t.IsNever():
		return "none"
	case !t.at.IsZero():
		return t.at.Format(timeLayout)
	}
	return exact(t.in)
}

// human is t for reading.
func (t TTL) human() string {
	if d, ok := t.Duration(); ok {
		return FormatTTL(d)
	}
	if t.IsNever() {
		return "none"
	}
	return "until " + t.at.Format("2006-01-02 15:04:05 -07:00")
}

// ttlOf is what a key's time to live is now.
func ttlOf(st State) TTL {
	if !st.Expires {
		return Never()
	}
	return In(max(minTTL, st.Left))
}

// fieldTTL is what a hash field's own time to live is.
func fieldTTL(p Part) TTL { return At(time.UnixMilli(p.ExpireAt).UTC()) }

// unit is a unit of time.
type unit struct {
	name  string
	width time.Duration
}

const day = 24 * time.Hour

// units are those used in writing, the largest first.
func units() []unit {
	return []unit{{"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond}}
}

// FormatTTL writes a time left in its two largest units: "3d 4h", "2h 14m", "42s". Below ten seconds it shows milliseconds too. A time
// that is over is "0ms".
func FormatTTL(d time.Duration) string {
	d = d.Truncate(time.Millisecond)
	if d <= 0 {
		return "0ms"
	}
	if d >= 10*time.Second {
		d = d.Truncate(time.Second)
	}
	var words []string
	for _, u := range units() {
		if n := d / u.width; n > 0 {
			words = append(words, strconv.FormatInt(int64(n), 10)+u.name)
			d %= u.width
		} else if len(words) > 0 {
			break
		}
		if len(words) == 2 {
			break
		}
	}
	return strings.Join(words, " ")
}

// exact writes all units without spaces.
func exact(d time.Duration) string {
	var b strings.Builder
	for _, u := range units() {
		if n := d / u.width; n > 0 {
			b.WriteString(strconv.FormatInt(int64(n), 10) + u.name)
			d %= u.width
		}
	}
	return b.String()
}
