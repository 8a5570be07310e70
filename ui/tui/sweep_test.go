package tui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"redan/ui/tui/kit"
)

// TestEverySize holds that every view fills windows of every size exactly, and that none makes it panic.
func TestEverySize(t *testing.T) {
	t.Parallel()
	for _, story := range stories() {
		t.Run(story.name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, 120, 40, append(story.options, coloured)...)
			if story.before != nil {
				story.before(s)
			}
			s.start()
			if story.walk != nil {
				story.walk(s)
			}
			s.held = true
			for i, w := range sizes(200, 22, 59, 60, 61, 79, 80, 81, 99, 100, 119, 120, 121, 160) {
				for j, h := range sizes(60, 17, 24, 40) {
					if (i+j)%3 > 0 { // every width and every height, not each with each
						continue
					}
					s.send(tea.WindowSizeMsg{Width: w, Height: h})
					s.frame()
				}
			}
		})
	}
}

// sizes are all up to dense, those where something changes, and the largest.
func sizes(largest, dense int, others ...int) []int {
	var list []int
	for n := 1; n <= dense; n++ {
		list = append(list, n)
	}
	return append(append(list, others...), largest)
}

// TestEverySizeOfTheMainView goes through more sizes of the view that people look at most.
func TestEverySizeOfTheMainView(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40, coloured).start().keys("`")
	openOrder(s)
	s.held = true
	for h := 1; h <= 60; h += 3 {
		for w := 1 + h%5; w <= 200; w += 5 { // the next height has other widths: five of them have all
			s.send(tea.WindowSizeMsg{Width: w, Height: h})
			s.frame()
		}
	}
}

// TestLayout holds that the parts of a picture lie in the window, and none over another.
func TestLayout(t *testing.T) {
	t.Parallel()
	for w := 1; w <= 200; w++ {
		for h := 1; h <= 60; h++ {
			for i := range 64 {
				s := shape{view: []view{keysView, consoleView}[i%2], focus: place(i / 2 % 3), zoom: i/8%2 == 1, drawer: i / 16 * 5, split: i / 32 * 70}
				p := arrange(w, h, s)
				parts := []kit.Rect{p.header, p.rule, p.tabs, p.keys, p.wall, p.value, p.drawerRule, p.drawer, p.footer}
				cells := 0
				for j, r := range parts {
					if r.Empty() {
						continue
					}
					cells += r.W * r.H
					if r.X < 0 || r.Y < 0 || r.X+r.W > w || r.Y+r.H > h {
						t.Fatalf("%d x %d, %+v: part %d is at %+v", w, h, s, j, r)
					}
					for k, other := range parts[:j] {
						if !other.Empty() && r.X < other.X+other.W && other.X < r.X+r.W && r.Y < other.Y+other.H && other.Y < r.Y+r.H {
							t.Fatalf("%d x %d, %+v: parts %d %+v and %d %+v overlap", w, h, s, j, r, k, other)
						}
					}
				}
				if s.view == keysView && !p.rule.Empty() && cells != w*h {
					t.Fatalf("%d x %d, %+v: %d of %d cells are used: %+v", w, h, s, cells, w*h, p)
				}
			}
		}
	}
}

// FuzzStorm throws messages of every kind, in any order, at a model, and draws after each.
func FuzzStorm(f *testing.F) {
	f.Add([]byte("jjlll\x00d\x01\x02\x03:/?"))
	f.Add([]byte{200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213, 214})
	f.Add([]byte("/ord\r\x1bMtype:hash\rRFs*dv1\r4512345`get x\r"))
	f.Add([]byte{210, 'r', 27, 'q', 211, 'R', 'X', 'D', 'j', 13, 16, 'd', 'b', 13})
	f.Add([]byte("6 \x00j\r6 \x1b7 \x00\x00 R \x001\x007"))
	f.Fuzz(func(t *testing.T, storm []byte) {
		s := newScreen(t, 90, 20)
		s.server.page = 17
		s.start()
		for _, b := range storm[:min(len(storm), 200)] {
			s.weather(b)
			s.m.View()
			if !utf8Clean(s.m.View().Content) {
				t.Fatalf("a control character is on the screen: %q", s.m.View().Content)
			}
		}
	})
}

// utf8Clean reports whether a frame holds nothing that a terminal could obey but colours.
func utf8Clean(frame string) bool {
	return !strings.ContainsFunc(ansi.Strip(frame), func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 })
}

// weather turns a byte into something that happens.
func (s *screen) weather(b byte) {
	switch {
	case b == '\r' || b == '\n':
		s.keys("enter")
	case b == 27:
		s.keys("esc")
	case b == 16:
		s.keys("ctrl+p")
	case b == 3:
		s.keys("ctrl+c")
	case b == '\t':
		s.keys("tab")
	case b == 0:
		s.wait(time.Second)
	case b == 1:
		s.keys("up")
	case b == 2:
		s.keys("pgdown")
	case b < ' ':
		s.keys("ctrl+" + string(rune('a'+b-1)))
	case b < 0x7f:
		s.send(tea.KeyPressMsg{Code: rune(b), Text: string(rune(b))})
	case b < 200:
		s.send(tea.WindowSizeMsg{Width: int(b-126) * 3, Height: int(b) % 61})
	default:
		s.disaster(b)
	}
}

func (s *screen) disaster(b byte) {
	at := tea.Mouse{X: int(b) * 7 % 100, Y: int(b) * 3 % 25, Button: tea.MouseLeft}
	switch b - 200 {
	case 0:
		s.send(tea.MouseClickMsg(at))
	case 1:
		s.send(tea.MouseMotionMsg(at))
	case 2:
		s.send(tea.MouseReleaseMsg(at))
	case 3:
		s.send(tea.MouseWheelMsg{X: at.X, Y: at.Y, Button: tea.MouseWheelDown})
	case 4:
		s.send(tea.BlurMsg{})
	case 5:
		s.send(tea.FocusMsg{})
	case 6:
		s.send(tea.PasteMsg{Content: "pasted\n\x1b[2J\xff text"})
	case 7:
		s.send(kit.Confirm{ID: 7, Title: "Sure?", Word: "yes", Lines: []string{"a\nb", "\x1b"}})
	case 8:
		s.send(kit.Ask{ID: 8, Title: "What?"})
	case 9:
		s.send(kit.Notice{Level: kit.Bad, Text: "bad\nnews \x07"})
	case 10:
		s.server.down, s.refused = errDown, errDown
		s.wait(2 * time.Second)
	case 11:
		s.server.down, s.refused = nil, nil
		s.wait(40 * time.Second)
	case 12:
		clear(s.server.keys)
	case 13:
		s.send(kit.KeyGone{Key: "board"})
	case 14:
		s.send(kit.KeyCreated{Key: "made:by\xff:us", Type: "string"})
	case 15:
		s.send(kit.Working{ID: 1, Text: "working", Share: 0.4, Cancel: "X"})
	case 16:
		s.send(kit.Failed{What: "fail", Err: errDown})
	case 17:
		s.send(connected{gen: int(b) % 3, err: errDown})
	default:
		s.wait(100 * time.Millisecond)
	}
}
