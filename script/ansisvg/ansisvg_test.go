package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// TestParse holds what escape sequences do to the cells behind them.
func TestParse(t *testing.T) {
	t.Parallel()
	red := color{set: true, index: 1}
	for text, want := range map[string][]cell{
		"ab":                            {{"a", 1, style{}}, {"b", 1, style{}}},
		"\x1b[1;31ma\x1b[mb":            {{"a", 1, style{bold: true, front: red}}, {"b", 1, style{}}},
		"\x1b[7ma\x1b[27mb":             {{"a", 1, style{reversed: true}}, {"b", 1, style{}}},
		"\x1b[38;2;1;2;255ma":           {{"a", 1, style{front: color{set: true, exact: "#0102ff"}}}},
		"\x1b[48;5;9;4ma":               {{"a", 1, style{back: color{set: true, index: 9}, underlined: true}}},
		"\x1b[38;5;196ma\x1b[39mb":      {{"a", 1, style{front: color{set: true, exact: "#ff0000"}}}, {"b", 1, style{}}},
		"\x1b[38;5;244ma":               {{"a", 1, style{front: color{set: true, exact: "#808080"}}}},
		"\x1b[91;102ma\x1b[49;22mb":     {{"a", 1, style{front: color{set: true, index: 9}, back: color{set: true, index: 10}}}, {"b", 1, style{front: color{set: true, index: 9}}}},
		"東e\u0301👩‍👩‍👧":                 {{"東", 2, style{}}, {"e\u0301", 1, style{}}, {"👩‍👩‍👧", 2, style{}}},
		"\x1b]8;;http://x\x07a\x1b[2Jb": {{"a", 1, style{}}, {"b", 1, style{}}},
		"\x1b[38;ma":                    {{"a", 1, style{}}},
	} {
		got := parse(text)
		if len(got) != 1 || len(got[0]) != len(want) {
			t.Errorf("%q: %+v", text, got)
			continue
		}
		for i := range want {
			if got[0][i] != want[i] {
				t.Errorf("%q: cell %d is %+v, want %+v", text, i, got[0][i], want[i])
			}
		}
	}
}

// TestStylesGoOnOverLines holds that a colour lasts until it is changed, as on a terminal.
func TestStylesGoOnOverLines(t *testing.T) {
	t.Parallel()
	lines := parse("\x1b[32ma\nb\x1b[0m\n\nc\n")
	if len(lines) != 4 || !lines[1][0].style.front.set || lines[3][0].style.front.set {
		t.Errorf("%+v", lines)
	}
}

// TestPicture holds that a picture is XML, has everything in its column, and is the same each time.
func TestPicture(t *testing.T) {
	t.Parallel()
	const screen = "  a <b> & \"c\"\n\x1b[7m sel \x1b[m東x\n━━│▌▄┴\n"
	var out, again strings.Builder
	for _, w := range []io.Writer{&out, &again} {
		if err := run([]string{"-title", "a & b", "-columns", "20"}, strings.NewReader(screen), w); err != nil {
			t.Fatal(err)
		}
	}
	if out.String() != again.String() {
		t.Error("two pictures of one screen differ")
	}
	decoder := xml.NewDecoder(strings.NewReader(out.String()))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{
		`width="196" height="112"`, "a &amp; b", `x="16.8" y="13.5" textLength="92.4"`, "a &lt;b&gt; &amp;",
		`<rect x="0" y="18" width="42" height="18" fill="#d5dae3"/>`,              // reversed
		`x="42" y="31.5" textLength="16.8"`, `x="58.8" y="31.5" textLength="8.4"`, // behind a wide character
		`<rect x="25.2" y="36" width="4.2" height="18"`, `<rect x="33.6" y="45" width="8.4" height="9"`, // half blocks
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in\n%s", want, out.String())
		}
	}
	var light strings.Builder
	if err := run([]string{"-light"}, strings.NewReader(screen), &light); err != nil || !strings.Contains(light.String(), lightPalette().back) {
		t.Errorf("no light picture: %v", err)
	}
	if err := run([]string{"-no-such"}, strings.NewReader(""), io.Discard); err == nil {
		t.Error("an unknown option is taken")
	}
}
