package kit

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// hard are texts that are hard to put into cells.
func hard() []string {
	return []string{
		"", "plain", "naïve café", "e\u0301 combines", "\u0301alone", "漢字かな", "👩‍👩‍👧 family", "👍🏽", "🇩🇪🇫🇷", "🇩", "\ufe0f", "☎\ufe0f", "a\x00b\x1b[31mc\x7f",
		"\xff\xfe", "caf\xc3", "tab\tline\nreturn\r", "\u200b\u202e\u2066", "\u00a0\u3000", "\ufffd", "\u0600\u06dd", "각", "\u1100\u1161\u11a8", "नमस्ते", "ก็",
		"\u009b31m", "1\ufe0f\u20e3 2\ufe0f\u20e3", "0\ufe0f", "\U0001f1e9\u200d", "\u00ad", "\ufeff", "a\u0308\u0308\u0308\u0308", strings.Repeat("漢", 50),
	}
}

// FuzzCell holds that any two texts fit into any cells beside each other: the width is exact, nothing in them can be obeyed by a
// terminal, and neither reaches into the other.
func FuzzCell(f *testing.F) {
	for i, text := range hard() {
		f.Add(text, hard()[(i+7)%len(hard())], i%9, i%5)
	}
	f.Fuzz(func(t *testing.T, a, b string, w, v int) {
		w, v = (w%60+60)%60, (v%60+60)%60
		for _, text := range []string{a, b} {
			shown := Escape(text)
			if !utf8.ValidString(shown) || strings.ContainsFunc(shown, func(r rune) bool { return !unicode.IsGraphic(r) }) {
				t.Fatalf("%q is shown as %q", text, shown)
			}
			if again := Escape(shown); again != shown {
				t.Fatalf("%q is shown as %q, and that as %q", text, shown, again)
			}
			for _, ascii := range []bool{false, true} {
				cut := Cut(shown, w, ascii)
				if Width(cut) > w {
					t.Fatalf("%q cut to %d is %q", shown, w, cut)
				}
				if begin := strings.TrimSuffix(strings.TrimSuffix(cut, "…"), "~"); !strings.HasPrefix(shown, begin) {
					t.Fatalf("%q cut to %d is %q", shown, w, cut)
				}
				if cut != shown && Width(shown) <= w {
					t.Fatalf("%q has room in %d and is cut to %q", shown, w, cut)
				}
				for name, fit := range map[string]string{"left": Fit(shown, w, ascii), "right": FitRight(shown, w, ascii)} {
					if Width(fit) != w || strings.Trim(fit, " ") != strings.Trim(cut, " ") {
						t.Fatalf("%q at the %s of %d is %q", shown, name, w, fit)
					}
				}
			}
		}
		row := Fit(Escape(a), w, false) + Wall().utf8 + Fit(Escape(b), v, false)
		if got := Width(row); got != w+1+v {
			t.Fatalf("%q and %q take %d columns, not %d: %q", a, b, got, w+1+v, row)
		}
		for rest := row; rest != ""; {
			cluster, _ := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
			if strings.Contains(cluster, Wall().utf8) && cluster != Wall().utf8 {
				t.Fatalf("%q and %q: the wall joins with its neighbour: %q", a, b, cluster)
			}
			rest = rest[max(1, len(cluster)):]
		}
	})
}

// TestEscape shows what has no look of its own.
func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"plain":        "plain",
		"naïve ☕ 漢字":   "naïve ☕ 漢字",
		"e\u0301":      "e\u0301",
		"\u0301x":      `\u0301x`,
		"a\nb\r\tc":    `a\nb\r\tc`,
		"\x00\x1b\x7f": `\x00\x1b\x7f`,
		"\xff\xc3":     `\xff\xc3`,
		"\u009b31m":    `\u009b31m`,
		"\u200b":       `\u200b`,
		"\u202egnp":    `\u202egnp`,
		"\ufffd":       "\ufffd",
		"\U000e0041":   `\u{e0041}`,
		"a\u200db":     `a\u200db`,
	} {
		if got := Escape(text); got != want {
			t.Errorf("%q is shown as %q, not %q", text, got, want)
		}
	}
	long := strings.Repeat("x", 1000)
	if n := testing.AllocsPerRun(10, func() { _ = Escape(long) }); n != 0 {
		t.Errorf("a plain text costs %v allocations", n)
	}
}

// TestCut keeps colours whole, and characters too.
func TestCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		width int
		ascii bool
		want  string
	}{
		{"short", 5, false, "short"},
		{"longer", 5, false, "long…"},
		{"longer", 5, true, "long~"},
		{"漢字漢字", 5, false, "漢字…"},
		{"漢字漢字", 4, false, "漢…"},
		{"x", 0, false, ""},
		{"x", -3, false, ""},
		{"1\ufe0f\u20e3 one", 4, false, "1\ufe0f\u20e3 …"},
		{"\x1b[31mlonger\x1b[0m", 5, false, "\x1b[31mlong…\x1b[0m"},
	} {
		if got := Cut(c.text, c.width, c.ascii); got != c.want {
			t.Errorf("%q in %d columns is %q, not %q", c.text, c.width, got, c.want)
		}
	}
	if got := FitRight("7", 3, false); got != "  7" {
		t.Errorf("at the right it is %q", got)
	}
	if got := Fit("7", 3, false); got != "7  " {
		t.Errorf("at the left it is %q", got)
	}
	if Fit("x", -1, false) != "" || FitRight("x", 0, false) != "" {
		t.Error("no columns hold something")
	}
}

// TestFrame makes frames of exactly the size there is.
func TestFrame(t *testing.T) {
	t.Parallel()
	for w := -1; w < 12; w++ {
		for h := -1; h < 40; h++ {
			frame := Frame(hard(), w, h, false)
			if w <= 0 || h <= 0 {
				if frame != "" {
					t.Fatalf("%d x %d is %q", w, h, frame)
				}
				continue
			}
			escaped := hard()
			for i := range escaped {
				escaped[i] = Escape(escaped[i])
			}
			lines := strings.Split(Frame(escaped, w, h, false), "\n")
			if len(lines) != h {
				t.Fatalf("%d x %d has %d lines", w, h, len(lines))
			}
			for _, line := range lines {
				if Width(line) != w {
					t.Fatalf("%d x %d: %q takes %d", w, h, line, Width(line))
				}
			}
		}
	}
}

// TestNumbers writes counts, sizes and lives as people read them.
func TestNumbers(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 1004210: "1,004,210", -1: "-1", -1234567: "-1,234,567", 100000: "100,000",
		-9223372036854775808: "-9,223,372,036,854,775,808",
	} {
		if got := Count(n); got != want {
			t.Errorf("%d is %q, not %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{
		0: "0 B", 1: "1 B", 1023: "1023 B", 1024: "1.0 KiB", 1229: "1.2 KiB", 1048575: "1.0 MiB", 1 << 20: "1.0 MiB", 480 << 20: "480.0 MiB",
		1 << 30: "1.0 GiB", 1 << 40: "1.0 TiB", 1 << 50: "1.0 PiB", 1 << 60: "1.0 EiB", 9223372036854775807: "8.0 EiB",
	} {
		if got := Size(n); got != want {
			t.Errorf("%d bytes are %q, not %q", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		0: "0ms", 12 * time.Millisecond: "12ms", time.Second: "1s", 59999 * time.Millisecond: "59s", time.Minute: "1m 0s",
		134 * time.Minute: "2h 14m", 24*time.Hour - 1: "23h 59m", 76 * time.Hour: "3d 4h", 1000 * 24 * time.Hour: "1000d 0h",
	} {
		if got := Life(d); got != want {
			t.Errorf("%v is %q, not %q", d, got, want)
		}
	}
}
