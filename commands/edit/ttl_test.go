package edit_test

import (
	"testing"
	"time"

	"redan/commands/edit"
)

// now is a moment for tests.
func now() time.Time { return time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC) }

func TestParseTTL(t *testing.T) {
	east := time.FixedZone("", 2*3600)
	for text, want := range map[string]edit.TTL{
		"90s": edit.In(90 * time.Second), "2h30m": edit.In(150 * time.Minute), " 3d ": edit.In(72 * time.Hour), "1w": edit.In(7 * 24 * time.Hour),
		"1w 2d": edit.In(9 * 24 * time.Hour), "1.5h": edit.In(90 * time.Minute), "250ms": edit.In(250 * time.Millisecond), "0.001s": edit.In(time.Millisecond),
		"2 hours 30 min": edit.In(150 * time.Minute), "1H": edit.In(time.Hour), "2h14m3s250ms": edit.In(2*time.Hour + 14*time.Minute + 3250*time.Millisecond),
		"none": edit.Never(), "Never": edit.Never(), "∞": edit.Never(),
		"2026-12-24":                    edit.At(time.Date(2026, 12, 24, 0, 0, 0, 0, east)),
		"2026-12-24 18:00":              edit.At(time.Date(2026, 12, 24, 18, 0, 0, 0, east)),
		"2026-12-24T18:00:05.250":       edit.At(time.Date(2026, 12, 24, 18, 0, 5, 250_000_000, east)),
		"2026-12-24T18:00:00Z":          edit.At(time.Date(2026, 12, 24, 18, 0, 0, 0, time.UTC)),
		"2026-12-24 18:00:00 +01:00":    edit.At(time.Date(2026, 12, 24, 17, 0, 0, 0, time.UTC)),
		"2026-10-05 14:00:00.001":       edit.At(now().Add(time.Millisecond)),
		"2500-01-01 00:00:00.007 +0000": edit.At(time.Date(2500, 1, 1, 0, 0, 0, 7_000_000, time.UTC)),
	} {
		got, err := edit.ParseTTL(text, now(), east)
		if err != nil || got.String() != inZone(want, got).String() || got.IsNever() != want.IsNever() {
			t.Errorf("%q is %v (%v), want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", " ", "3600", "h", "2x", "1y", "1mo", "1M", "-5s", "+5s", "1e3s", "1_000s", "1..5s", ".s", "0", "0s", "0.5ms", "1/2h", "5m3", "300y", "99999999999999999999w",
		"2026-10-05 14:00:00", "2026-10-05", "2025-12-24", "2026-13-01", "2026-02-30", "2026-12-24 25:00", "2026-12-24 18:00:00.0005", "tomorrow", "18:00", "ms", "1 000s",
	} {
		if got, err := edit.ParseTTL(text, now(), east); err == nil {
			t.Errorf("%q is accepted as %v", text, got)
		} else if err.Error() == "" {
			t.Errorf("%q is refused without a word", text)
		}
	}
}

// inZone writes a point in time in the zone of another.
func inZone(t, like edit.TTL) edit.TTL {
	at, ok := t.Time()
	if !ok {
		return t
	}
	zone, _ := like.Time()
	return edit.At(at.In(zone.Location()))
}

func TestFormatTTL(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-1: "0ms", 0: "0ms", 350 * time.Millisecond: "350ms", 1250 * time.Millisecond: "1s 250ms", 42*time.Second + 999*time.Millisecond: "42s",
		time.Minute: "1m", 2*time.Hour + 14*time.Minute + 59*time.Second: "2h 14m", 24*time.Hour + 5*time.Minute: "1d", 76 * time.Hour: "3d 4h", 400 * 24 * time.Hour: "400d",
	} {
		if got := edit.FormatTTL(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

// FuzzParseTTL holds that what is accepted has a future, is exact, and is read back from its own text as the same.
func FuzzParseTTL(f *testing.F) {
	for _, seed := range []string{"2h30m", "90s", "3d", "1w", "1.5h", "250ms", "2026-12-24 18:00", "2026-12-24T18:00:00.5Z", "none", "3600", "2 hours 30 min", "9999-12-31 23:59:59 -12:00", "0.0000000000000000000000001w"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ttl, err := edit.ParseTTL(text, now(), time.UTC)
		if err != nil {
			return
		}
		if d, ok := ttl.Duration(); ok && (d < time.Millisecond || d%time.Millisecond != 0) {
			t.Errorf("%q is %v", text, d)
		}
		if at, ok := ttl.Time(); ok && !at.After(now()) {
			t.Errorf("%q is %v, which has passed", text, at)
		}
		again, err := edit.ParseTTL(ttl.String(), now(), time.UTC)
		if err != nil || again.String() != ttl.String() {
			t.Errorf("%q is %s, which is read as %s (%v)", text, ttl, again, err)
		}
	})
}
