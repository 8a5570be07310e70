package tui

import (
	"testing"

	"redan/ui/tui/kit"
)

// TestTypedAnswersAreNotLost holds that what was typed into a sheet and left comes back with up, whatever is asked for next.
func TestTypedAnswersAreNotLost(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	s.send(kit.Ask{ID: 1, Title: "One", Text: "given"})
	s.text(" and more").keys("esc")
	s.send(kit.Ask{ID: 2, Title: "Two", Text: "other"})
	s.sees("> other", "↑ typed before").keys("up").sees("> given and more")
	s.keys("up").sees("> given and more").keys("down").sees("> other")
	s.keys("up", "enter")
	s.send(kit.Ask{ID: 3, Title: "Three"})
	s.keys("up").sees("> given and more").keys("up").sees("> given and more") // it is kept once
}
