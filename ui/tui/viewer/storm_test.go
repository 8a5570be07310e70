package viewer

import (
	"math/rand/v2"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// TestStorm sends whatever there is in any order: nothing may panic, and every frame is as large as it was to be.
func TestStorm(t *testing.T) {
	for seed := range uint64(4) {
		storm(t, seed, 250)
	}
}

func FuzzStorm(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { storm(t, seed, 300) })
}

func storm(t *testing.T, seed uint64, steps int) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	server := sample()
	d := newDriver(server, 80, 24, seed%2 == 0)
	var keys []string
	for key := range sample().keys {
		keys = append(keys, key)
	}
	names := []string{
		"enter", "esc", "up", "down", "left", "right", "home", "end", "pgup", "pgdown", "space", "ctrl+r", "ctrl+d", "ctrl+u",
		"g", "G", "J", "/", "y", "Y", "v", "V", "b", "c", "w", "E", "W", "s", "o", "n", "h", "l", "j", "k", "x", "~", "(", "e", "a", "d", "t", "i",
	}
	var old []tea.Msg
	for range steps {
		d.asked = nil
		switch random.IntN(12) {
		case 0:
			d.send(kit.OpenKey{Key: keys[random.IntN(len(keys))]})
		case 1:
			d.send(tea.WindowSizeMsg{Width: random.IntN(140), Height: random.IntN(50)})
		case 2:
			d.send(tea.MouseClickMsg{X: random.IntN(90), Y: random.IntN(30), Button: tea.MouseLeft})
		case 3:
			d.send(tea.MouseWheelMsg{Button: []tea.MouseButton{tea.MouseWheelDown, tea.MouseWheelUp}[random.IntN(2)]})
		case 4:
			key := keys[random.IntN(len(keys))]
			server.keys[key] = sample().keys[keys[random.IntN(len(keys))]]
		case 5:
			d.hold = !d.hold
			if !d.hold {
				d.release()
			}
		case 6:
			if n := len(d.timer.due); n > 0 {
				d.send(d.timer.due[random.IntN(n)])
			}
		case 7:
			for n := range 4 {
				old = append(old, kit.Answered{ID: d.pane.question(n), Text: []string{"5", "x", "-1", "$.a", "2h"}[random.IntN(5)], OK: random.IntN(3) > 0})
			}
			d.send(old[random.IntN(len(old))])
		case 8:
			d.send([]tea.Msg{
				kit.Offline{},
				kit.Online{},
				kit.Cancel{},
				kit.KeyGone{Key: keys[0]},
				kit.KeyChanged{Key: keys[1]},
				tea.PasteMsg{Content: "a\nb"},
				kit.Tick{Now: noon().Add(time.Duration(random.IntN(10_000)) * time.Second)},
			}[random.IntN(7)])
		default:
			d.press(names[random.IntN(len(names))])
		}
		if w, h := d.pane.width, d.pane.height; w > 0 && h > 0 {
			checkFrame(t, d.frame(), w, h)
		}
	}
	d.pane.Stop()
}
