package modes

import (
	"testing"
	"time"
)

func TestMeter(t *testing.T) {
	m := Meter{Screen: Screen{Plain: true}, Count: Counted("keys")}
	for _, c := range []struct {
		name  string
		work  Work
		width int
		want  string
	}{
		{"half", Work{Done: 5000, Total: 10000, Fraction: -1, Elapsed: 10 * time.Second}, 60, "##########----------  50%  5,000 keys  500 keys/s  0:10 left"},
		{"with a note", Work{Done: 5000, Fraction: -1, Note: "3 errors"}, 60, "5,000 keys  3 errors"},
		{"no room for the note", Work{Done: 5000, Fraction: -1, Note: "3 errors"}, 15, "5,000 keys"},
		{"by fraction", Work{Done: 5000, Fraction: 0.25, Elapsed: 100 * time.Second}, 80, "##########------------------------------  25%  5,000 keys  50 keys/s  5:00 left"},
		{"no total", Work{Done: 1234567, Fraction: -1, Elapsed: 2 * time.Second}, 60, "1,234,567 keys  617,283 keys/s"},
		{"narrow", Work{Done: 5000, Total: 10000, Fraction: -1, Elapsed: 10 * time.Second}, 20, " 50%  5,000 keys"},
		{"one cell", Work{Done: 5000, Total: 10000, Fraction: -1}, 1, " "},
		{"nothing yet", Work{Total: 10, Fraction: -1}, 30, "-----------------   0%  0 keys"},
		{"more than expected", Work{Done: 30, Total: 10, Fraction: -1}, 30, "################ 100%  30 keys"},
		{"hours", Work{Done: 1, Total: 100, Fraction: -1, Elapsed: time.Minute}, 60, "---------------------------------   1%  1 keys  1:39:00 left"},
	} {
		if got := m.Line(c.work, c.width); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

func TestBytes(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 3670016: "3.5 MiB", 1 << 40: "1.0 TiB"} {
		if got := Bytes(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
