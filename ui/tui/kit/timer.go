package kit

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// Timer returns the command that delivers a message after a while. Panes are given one, so that tests need not wait.
type Timer func(d time.Duration, m Message) tea.Cmd

// After is the Timer of the real clock.
func After(d time.Duration, m Message) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg { return m })
}
