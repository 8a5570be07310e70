package viewer

import (
	"strings"
	"testing"

	"redan/ui/theme"
	"redan/ui/tui/kit"
	"redan/ui/view/decode"
)

// texts are cut in every way that matters: wide characters, combining marks, several spans, nothing.
func texts() [][]decode.Span {
	return [][]decode.Span{
		nil,
		{{Text: "plain text"}},
		{{Text: "漢字"}, {Text: "a"}, {Text: "漢"}},
		{{Text: "e\u0301a\u0300"}, {Text: "👨‍👩‍👧x"}, {Text: "tail", Kind: decode.Number}},
		{{Text: "a"}, {}, {Text: ""}, {Text: "b", Kind: decode.Escape}},
	}
}

func TestPaintIsNeverTooWide(t *testing.T) {
	for _, look := range []kit.Look{{Theme: theme.New(false)}, {Theme: theme.New(true)}, {Theme: theme.New(false), ASCII: true}} {
		for _, spans := range texts() {
			for width := range 20 {
				painted := paint(look, spans, width)
				if kit.Width(painted) > width {
					t.Errorf("%q in %d columns takes %d: %q", plainText(spans), width, kit.Width(painted), painted)
				}
				if width >= spansWidth(spans) && kit.Width(painted) != spansWidth(spans) {
					t.Errorf("%q is cut though it fits %d columns: %q", plainText(spans), width, painted)
				}
				if width > 0 && width < spansWidth(spans) && !strings.Contains(painted, kit.Ellipsis().Of(look)) {
					t.Errorf("%q is cut to %d columns and does not say so: %q", plainText(spans), width, painted)
				}
			}
		}
	}
}

func TestWrappingLosesNothing(t *testing.T) {
	for _, spans := range texts() {
		for width := 2; width < 20; width++ {
			var joined strings.Builder
			for _, line := range wrapSpans(spans, width) {
				if spansWidth(line) > width {
					t.Errorf("%q: a line of %d columns, at most %d are allowed", plainText(line), spansWidth(line), width)
				}
				joined.WriteString(plainText(line))
			}
			if joined.String() != plainText(spans) {
				t.Errorf("%q becomes %q", plainText(spans), joined.String())
			}
		}
	}
}

func TestScrollingToTheSide(t *testing.T) {
	for _, spans := range texts() {
		for n := range 20 {
			if got, want := spansWidth(skipColumns(spans, n)), max(0, spansWidth(spans)-n); got != want {
				t.Errorf("%q without %d columns has %d, want %d", plainText(spans), n, got, want)
			}
		}
	}
	if got := plainText(skipColumns([]decode.Span{{Text: "漢字"}}, 1)); got != " 字" {
		t.Errorf("a character cut in two leaves %q", got)
	}
}

func TestQuotedWords(t *testing.T) {
	for word, want := range map[string]string{
		"word": "word", "": "''", "two words": "'two words'", `{"a": 1}`: `'{"a": 1}'`, "it's": `"it's"`, "a\nb": `"a\nb"`, "\xff": `"\xff"`, `a\b c`: `"a\\b c"`,
	} {
		if got := quoted(word); got != want {
			t.Errorf("%q is written %s, want %s", word, got, want)
		}
	}
}

// A result that comes for a load that was given up is dropped.
func TestStaleResultIsDropped(t *testing.T) {
	d := newDriver(sample(), 80, 24, false)
	d.open("queue", "list")
	d.hold = true
	d.press("G")
	stale := d.pane.gen
	d.press("esc", "s", "G")
	before := d.frame()
	d.send(shown{stamp: stamp{pane: 1, gen: stale}, face: face{title: "stale"}})
	if d.frame() != before {
		t.Errorf("a stale result was taken in:\n%s", d.frame())
	}
}
