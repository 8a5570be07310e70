package tui

import (
	"io"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
)

// ticks counts the ticks of a while.
func ticks(ticker *time.Ticker, d time.Duration) int {
	over := time.After(d)
	for n := 0; ; n++ {
		select {
		case <-ticker.C:
		case <-over:
			return n
		}
	}
}

func TestPulse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ticker := time.NewTicker(time.Hour)
		defer ticker.Stop()
		p := &pulse{find: func() *time.Ticker { return ticker }}
		p.beat(false)
		ticks(ticker, time.Second)
		if n := ticks(ticker, 10*time.Second); n > 10 {
			t.Errorf("%d looks in ten seconds without a message, want one a second", n)
		}
		for _, urgent := range []bool{false, true} {
			p.beat(urgent)
			if ticks(ticker, 2*soonest) == 0 {
				t.Errorf("urgent %v: the first message after a rest is not drawn at once", urgent)
			}
			ticks(ticker, 5*time.Second)
		}
		looks := 0
		for range 1000 { // a load: a message each millisecond
			p.beat(false)
			looks += ticks(ticker, time.Millisecond)
		}
		if looks < 100 || looks > framesPerSecond+5 {
			t.Errorf("%d looks in a second full of messages, want the %d of a screen", looks, framesPerSecond)
		}
		for range 20 {
			p.beat(false)
			ticks(ticker, time.Millisecond)
			p.beat(true)
			if ticks(ticker, 2*soonest) == 0 {
				t.Error("a key among many messages is not drawn at once")
			}
			ticks(ticker, 7*time.Millisecond)
		}
	})
}

func TestPulseWithoutATicker(t *testing.T) {
	p := &pulse{find: func() *time.Ticker { return nil }}
	p.beat(true) // Bubble Tea draws at its own pace
}

// finder looks for the ticker of the program that it is the model of.
type finder struct {
	program **tea.Program
	found   **time.Ticker
}

func (f finder) Init() tea.Cmd { return nil }

func (f finder) Update(tea.Msg) (tea.Model, tea.Cmd) {
	*f.found = tickerOf(*f.program)
	return f, tea.Quit
}

func (f finder) View() tea.View { return tea.NewView("x") }

// A Bubble Tea without this ticker would draw as it always did; the idle cost and the answer to a key would be missed, see bench/screen.
func TestBubbleTeaHasItsTicker(t *testing.T) {
	var program *tea.Program
	var found *time.Ticker
	program = tea.NewProgram(finder{&program, &found}, tea.WithContext(t.Context()), tea.WithInput(nil), tea.WithOutput(io.Discard),
		tea.WithWindowSize(20, 5))
	if _, err := program.Run(); err != nil {
		t.Fatal(err)
	}
	if found == nil {
		t.Fatal("the ticker that Bubble Tea draws by was not found: pulse needs another way")
	}
}
