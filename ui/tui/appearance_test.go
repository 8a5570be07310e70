package tui

import (
	"image/color"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"redan/ui/theme"
	"redan/ui/tui/kit"
)

func light() tea.Msg { return tea.BackgroundColorMsg{Color: color.White} }

func dark() tea.Msg { return tea.BackgroundColorMsg{Color: color.Black} }

// painted is the picture with its colours.
func (s *screen) painted() string {
	s.frame() // is whole
	return s.m.View().Content
}

// wears fails unless all that is on screen is drawn in a theme.
func (s *screen) wears(name string, dark bool) {
	s.t.Helper()
	other := map[string]bool{}
	for _, theme := range allStyles(s.t, name, dark) {
		other[theme] = true
	}
	for _, style := range regexp.MustCompile("\x1b\\[[0-9;]*m").FindAllString(s.painted(), -1) {
		if style != "\x1b[0m" && style != "\x1b[7m" && style != "\x1b[27m" && !other[style] {
			s.t.Errorf("%q is no style of %s (dark %v)", style, name, dark)
		}
	}
}

// allStyles are the styles of a theme, as sequences.
func allStyles(t testing.TB, name string, dark bool) []string {
	t.Helper()
	made, err := theme.Named(name, dark, nil)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for r := range theme.Colors() {
		start, _, _ := strings.Cut(made.Paint(theme.Role(r), "x"), "x")
		list = append(list, start)
	}
	return list
}

// asksBackground reports whether a command asks the terminal for its background.
func asksBackground(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		return slices.ContainsFunc(msg, asksBackground)
	default:
		return reflect.TypeOf(msg) == reflect.TypeOf(tea.RequestBackgroundColor())
	}
}

// TestBackground holds that every part of the screen follows the terminal's background, at once and whenever it changes.
func TestBackground(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "gruvbox", "high-contrast"} {
		s := newScreen(t, 120, 40, coloured, func(c *Config) { c.Theme = name }).start().keys("`").text("get nosuch").keys("enter", "esc", "tab")
		openOrder(s)
		s.wears(name, true)
		s.send(light())
		s.wears(name, false)
		for _, view := range []string{"2", "3", "4", "5", "1"} {
			s.keys(view).wears(name, false)
		}
		s.send(dark())
		s.wears(name, true)
	}
}

// TestBackgroundOfOtherDatabases holds that what is not on screen follows too.
func TestBackgroundOfOtherDatabases(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40, coloured).start()
	openOrder(s)
	s.keys(":").text("db 3").keys("enter")
	s.send(light())
	s.keys(":").text("db 0").keys("enter")
	s.sees("0041")
	s.wears(theme.Auto, false)
}

// TestBackgroundIsAsked holds when the terminal is asked: at the start, and when it comes back and did answer before.
func TestBackgroundIsAsked(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24, coloured)
	if !asksBackground(s.m.Init()) {
		t.Error("the background is not asked for")
	}
	s.start()
	for _, back := range []tea.Msg{tea.FocusMsg{}, tea.ResumeMsg{}} {
		if _, cmd := s.m.Update(back); asksBackground(cmd) {
			t.Errorf("after %T a terminal is asked that does not answer", back)
		}
	}
	s.send(dark())
	for _, back := range []tea.Msg{tea.FocusMsg{}, tea.ResumeMsg{}} {
		if _, cmd := s.m.Update(back); !asksBackground(cmd) {
			t.Errorf("after %T the background is not asked for", back)
		}
	}
}

// TestBackgroundByEnvironment reads what terminals say that do not answer.
func TestBackgroundByEnvironment(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"": true, "15;0": true, "0;15": false, "0;default;15": false, "12;8": true, "0;7": false, "15;6": true, "15": false, "0;": true, "x": true,
	} {
		s := newScreen(t, 80, 24, coloured, func(c *Config) { c.Environ = []string{"TERM=xterm", "COLORFGBG=" + value} }).start()
		if s.m.style.dark != want {
			t.Errorf("%q is dark: %v", value, s.m.style.dark)
		}
		s.wears(theme.Auto, want)
	}
}

// TestThemeVerb changes the theme by its name, with completion, and says what is wrong with a name.
func TestThemeVerb(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40, coloured).start()
	s.keys(":").text("theme catp").sees("the colours; without a name, all themes")
	s.keys("backspace", "tab", "enter").sees("theme catppuccin")
	s.wears("catppuccin", true)
	s.keys(":").text("theme gruvbx").keys("enter").sees(`there is no theme "gruvbx", did you mean gruvbox?`)
	s.wears("catppuccin", true)
	s.keys(":").text("theme ").sees("auto", "high-contrast", "solarized")
}

// TestThemeList shows each theme as the cursor comes to it, and takes that back.
func TestThemeList(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40, coloured, func(c *Config) { c.Theme = "dark" }).start()
	s.keys(":").text("theme").keys("enter").sees("soft colours, legible on every dark background   now")
	s.keys("down").wears("light", true)
	s.keys("esc").wears("dark", true)
	s.keys(":").text("theme").keys("enter").text("solar").wears("solarized", true)
	s.keys("ctrl+c").wears("dark", true)
	s.keys(":").text("theme").keys("enter").text("solar").keys("enter").sees("theme solarized")
	s.wears("solarized", true)
	s.keys("ctrl+p").text("gruvbox").sees("retro groove")
	s.keys("enter").wears("gruvbox", true)
}

// TestColorsOfTheUser holds that they take effect, and that what is wrong with them is told and does no harm.
func TestColorsOfTheUser(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40, coloured, func(c *Config) {
		c.Theme, c.Colors = "drak", map[string]string{"accent": "#ff8800", "acent": "red", "dim": "gren"}
	})
	s.run(s.m.Init())
	s.sees(`! there is no theme "drak", did you mean dark?`)
	s.start()
	if !strings.Contains(s.painted(), "\x1b[38;2;255;136;0m") {
		t.Error("the accent is not the user's")
	}
	s.wait(10 * time.Second)
	s.misses("drak")
}

// TestNoColor holds that nothing has a colour where there may be none, whatever was chosen, and that the row under the cursor is told all
// the same.
func TestNoColor(t *testing.T) {
	t.Parallel()
	hue := regexp.MustCompile(`\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m`)
	if !hue.MatchString("\x1b[1;31m") || !hue.MatchString("\x1b[48;5;3m") || hue.MatchString("\x1b[1;7m") {
		t.Fatal("hues are not seen")
	}
	for _, story := range stories() {
		t.Run(story.name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, 100, 30, append(slices.Clip(story.options), func(c *Config) {
				c.Theme, c.Colors = "gruvbox", map[string]string{"strong": "red"}
			})...)
			if story.before != nil {
				story.before(s)
			}
			s.start()
			if story.walk != nil {
				story.walk(s)
			}
			if found := hue.FindString(s.painted()); found != "" {
				t.Errorf("there is a colour: %q", found)
			}
		})
	}
	s := newScreen(t, 100, 30).start()
	if !strings.Contains(s.painted(), "\x1b[7m") || !strings.Contains(s.painted(), "\x1b[1m") {
		t.Error("neither bold nor reverse does the work of colours")
	}
	s.keys(":").text("theme").keys("enter").sees(colourless)
	s.keys(":").text("theme dark").keys("enter").sees(colourless)
}

// TestMeaningWithoutColour holds that what matters is told by a sign or a word: the frames here have no styles at all.
func TestMeaningWithoutColour(t *testing.T) {
	t.Parallel()
	for _, ascii := range []bool{false, true} {
		look := kit.Look{ASCII: ascii}
		in := func(c *Config) { c.Look = look }
		cursor, place := kit.Cursor().Of(look), kit.Place().Of(look)

		s := newScreen(t, 120, 40, in).start()
		if got := strings.Count(s.frame(), cursor); got != 1 {
			t.Errorf("%d rows are under the cursor:\n%s", got, s.frame())
		}
		openOrder(s)
		s.keys("tab").sees(cursor + " status")
		if got := strings.Count(s.frame(), cursor); !ascii && got != 1 { // in ASCII it may occur in a value
			t.Errorf("%d rows are under the cursor:\n%s", got, s.frame())
		}
		if !strings.Contains(s.frame(), place+" 0041") {
			t.Errorf("where the keys were is not told:\n%s", s.frame())
		}

		s = newScreen(t, 120, 40, in, production).start()
		s.sees("PRODUCTION")
		s.keys("down", "d").sees("PRODUCTION", "Delete")
		s.send(tea.WindowSizeMsg{Width: 50, Height: 16})
		s.sees("PROD")

		s = newScreen(t, 120, 40, in)
		s.secured = certified(s.clock.Now().Add(-time.Hour))
		s.start().sees(kit.Broken().Of(look) + " expired")
		s.secured = certified(s.clock.Now().Add(90 * 24 * time.Hour))
		s.m.link.server.secured = s.secured
		s.sees(kit.Passed().Of(look) + " 90d")

		for level, sign := range map[kit.Level]string{kit.Bad: kit.Broken().Of(look), kit.Warn: "!", kit.Good: kit.Passed().Of(look)} {
			s.send(kit.Notice{Level: level, Text: "said"})
			s.sees(" " + sign + " said")
		}
		s.server.down, s.refused = errDown, errDown
		s.wait(3 * time.Second)
		s.sees(kit.Broken().Of(look) + " ")
	}
}

// TestASCIIEverywhere holds that a terminal limited to ASCII gets nothing else, in no view, but what keys and values hold.
func TestASCIIEverywhere(t *testing.T) {
	t.Parallel()
	for _, story := range append(stories(), story{name: "themes", walk: func(s *screen) { s.keys(":").text("theme").keys("enter") }}) {
		t.Run(story.name, func(t *testing.T) {
			t.Parallel()
			for _, size := range [][2]int{{120, 40}, {60, 16}} {
				s := newScreen(t, size[0], size[1], append(slices.Clip(story.options), ascii)...)
				onlyASCII(s.server)
				if story.before != nil {
					story.before(s)
				}
				s.start()
				if story.walk != nil {
					story.walk(s)
				}
				for line := range strings.SplitSeq(s.frame(), "\n") {
					if at := strings.IndexFunc(line, func(r rune) bool { return r > 0x7e || r < ' ' }); at >= 0 {
						t.Errorf("%q in %s", line[at:], line)
					}
				}
			}
		})
	}
}

// watched is the full screen in a real program, whose keys and answers are told.
type watched struct {
	guarded
	heard chan tea.Msg
}

func (w watched) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	next, cmd := w.guarded.Update(msg)
	w.guarded = next.(guarded)
	switch msg.(type) {
	case tea.KeyPressMsg, tea.BackgroundColorMsg:
		w.heard <- msg
	}
	return w, cmd
}

// TestAnswersAreNoKeys feeds the terminal's answer to a real program, whole and in pieces, while a line is typed: none of it may get
// into the line.
func TestAnswersAreNoKeys(t *testing.T) {
	t.Parallel()
	const head, tail = "\x1b]11;rgb:ffff/ffff", "/ffff"
	for name, c := range map[string]struct {
		pieces []string
		whole  bool
	}{
		"whole, ST":        {[]string{head + tail + "\x1b\\"}, true},
		"whole, BEL":       {[]string{head + tail + "\a"}, true},
		"in pieces, ST":    {[]string{head, tail + "\x1b\\"}, false},
		"in pieces, BEL":   {[]string{head, tail + "\a"}, false},
		"without its end":  {[]string{head + tail, "\x1b\\"}, false},
		"in three, with a": {[]string{"\x1b]11;rgb:ff", "ff/ffff", tail + "\x1b\\"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, 80, 24, coloured)
			s.m.config.Now = time.Now
			s.m.over = []overlay{newColon(s.m)}
			w := watched{guarded: guarded{model: s.m, wreck: &wreck{}}, heard: make(chan tea.Msg, 100)}
			in, typed := io.Pipe()
			program := tea.NewProgram(w, tea.WithContext(t.Context()), tea.WithInput(in), tea.WithOutput(io.Discard), tea.WithWindowSize(80, 24),
				tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithoutSignals())
			w.wreck.quit = program.Quit
			last := make(chan tea.Model, 1)
			go func() {
				model, _ := program.Run()
				last <- model
			}()
			go func() {
				for _, piece := range append(append([]string{"a"}, c.pieces...), "zz") {
					if _, err := io.WriteString(typed, piece); err != nil {
						return
					}
					if !c.whole {
						time.Sleep(150 * time.Millisecond) // what makes pieces of an answer
					}
				}
			}()
			answered, end := false, 0
			for end < 2 {
				msg := <-w.heard
				if _, ok := msg.(tea.BackgroundColorMsg); ok {
					answered = true
				}
				if key, ok := msg.(tea.KeyPressMsg); ok && key.String() == "z" {
					end++
				}
			}
			program.Quit()
			m := (<-last).(watched).model
			if got := m.over[0].(colon).line.Text(); got != "azz" {
				t.Errorf("the line is %q", got)
			}
			if answered != c.whole || m.style.dark == c.whole {
				t.Errorf("answered: %v, dark: %v", answered, m.style.dark)
			}
		})
	}
}

// TestKeysAfterAnAnswer holds that keys which begin like a piece of an answer are keys, when there was none, or it is over.
func TestKeysAfterAnAnswer(t *testing.T) {
	t.Parallel()
	now := newClock().Now()
	var r rest
	for _, key := range []string{"f", "0", "/", `\`, "alt+\\"} {
		if _, swallowed := r.swallow(kit.Press(key), now); swallowed {
			t.Errorf("%s is swallowed without an answer", key)
		}
	}
	begun := rest{keys: restKeys, until: now.Add(restFor)}
	if _, swallowed := begun.swallow(kit.Press("f"), now.Add(restFor+1)); swallowed {
		t.Error("a key is swallowed long after")
	}
	if next, swallowed := begun.swallow(kit.Press("x"), now); swallowed || next.keys != 0 {
		t.Error("a key that is no part of an answer does not end it")
	}
	n := 0
	for next, swallowed := begun.swallow(kit.Press("f"), now); swallowed; next, swallowed = next.swallow(kit.Press("f"), now) {
		n++
	}
	if n > restKeys {
		t.Errorf("%d keys are swallowed", n)
	}
}

// onlyASCII leaves a server only what has nothing else in it.
func onlyASCII(server *fakeServer) {
	for key := range server.keys {
		if kit.Escape(key) != key || len(key) != ansi.StringWidth(key) {
			delete(server.keys, key)
		}
	}
}
