package keys

import (
	"math/rand/v2"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// TestStorm sends whatever there is in any order: nothing panics, every frame is as large as it was to be, and what is not the user's
// doing never moves the row under the cursor.
func TestStorm(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		storm(t, seed, 600)
	}
}

func FuzzStorm(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { storm(t, seed, 400) })
}

func storm(t *testing.T, seed uint64, steps int) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	server := &store{keys: sample(40 + int(seed%5)*40), page: 1 + random.IntN(30), denied: map[string]string{}, fixed: map[string]bool{}}
	names := make([]string, 0, len(server.keys))
	for key := range server.keys {
		names = append(names, key)
	}
	d := newDriver(t, server, 50, 14)
	presses := []string{
		"up", "down", "left", "right", "enter", "pgup", "pgdown", "home", "end", "E", "W", "/", "esc", "space", "R", "F", "s", "S", "i", "y",
		"m", "v", "*", "I", "U", "d", "X", "M", "o", "r", "~", "(", "backspace", "j", "k", "g", "G",
	}
	for range steps {
		key := names[random.IntN(len(names))]
		switch random.IntN(16) {
		case 0, 1, 2, 3:
			d.keys(presses[random.IntN(len(presses))])
		case 4, 5, 6, 7, 8:
			if len(d.tasks) > 0 && !d.p.load.paused { // a page waits for the end of the pause
				d.undisturbed(func() { d.run(random.IntN(len(d.tasks))) })
			}
		case 9, 10, 11:
			if len(d.alarms) > 0 {
				d.undisturbed(func() { d.ring(random.IntN(len(d.alarms))) })
			}
		case 12:
			if _, ok := server.keys[key]; ok {
				delete(server.keys, key)
			} else {
				server.keys[key] = life{kind: "hash"}
			}
			server.fixed[names[random.IntN(len(names))]] = true
		case 13:
			server.down = random.IntN(5) == 0
			d.undisturbed(func() { d.send([]tea.Msg{kit.Online{}, kit.Offline{}, kit.Online{}}[random.IntN(3)]) })
		case 14:
			d.send(tea.WindowSizeMsg{Width: random.IntN(90), Height: random.IntN(30)})
			d.send(tea.MouseClickMsg{X: random.IntN(90), Y: random.IntN(30), Button: tea.MouseLeft})
		case 15:
			d.send([]tea.Msg{
				kit.KeyGone{Key: key},
				kit.KeyChanged{Key: key},
				kit.Tick{Now: d.now.Add(time.Second)},
				kit.Confirmed{ID: askRemoval, Yes: random.IntN(2) == 0},
				kit.Confirmed{ID: askSort, Yes: true},
				kit.Answered{ID: askGlob, Text: "a* type:str", OK: random.IntN(4) == 0},
				tea.MouseWheelMsg{Button: tea.MouseWheelDown},
				tea.PasteMsg{Content: "or\nd"},
			}[random.IntN(8)])
		}
		d.frame()
	}
}

// undisturbed runs something that is not the user's doing. The row under the cursor must stay there, and where it is on the screen,
// unless it is no more.
func (d *driver) undisturbed(happen func()) {
	d.t.Helper()
	before, ok := d.p.current()
	list, held := d.p.list, d.p.touched
	count := d.p.tree.RowCount()
	happen()
	if !ok || !held || !d.p.touched {
		return
	}
	at, still := d.p.place(before)
	if _, visible := d.p.tree.IndexOf(before.ID); !still || !visible {
		return // it went, or the filter took it away, or another order has its branch elsewhere
	}
	after, _ := d.p.current()
	if at != d.p.list.Cursor || after.Key != before.Key || after.Branch != before.Branch {
		d.t.Fatalf("the cursor went from %q to %q", before.Key, after.Key)
	}
	// At the ends of the list there is no room to scroll, and the row gives way.
	room := func(l kit.List, count int) bool { return l.Top > 0 && l.Top < count-d.p.rows() }
	was, is := list.Cursor-list.Top, d.p.list.Cursor-d.p.list.Top
	if was != is && room(list, count) && room(d.p.list, d.p.tree.RowCount()) && count <= d.p.tree.RowCount() {
		d.t.Fatalf("%q went from line %d to line %d (of %d rows)", before.Key, was, is, d.p.tree.RowCount())
	}
}
