package tui

import (
	"runtime/debug"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// guarded is the model that Bubble Tea sees: one whose panics end the program in good order, terminal restored, and leave a report
// without secrets. Bubble Tea's own would print the value of the panic.
type guarded struct {
	model model
	wreck *wreck
	pulse *pulse // nil in tests, which draw by themselves
}

// wreck is what is left after a panic. It is shared, because View has no other way to tell.
type wreck struct {
	crash *kit.Crashed
	quit  func() // ends the program from outside its loop
}

// Init implements tea.Model.
func (g guarded) Init() tea.Cmd { return caught(g.model.Init()) }

// Update implements tea.Model.
func (g guarded) Update(msg tea.Msg) (next tea.Model, cmd tea.Cmd) {
	defer func() {
		if r := recover(); r != nil {
			next, cmd = g.crashed(kit.Crash(r, debug.Stack()))
		}
	}()
	if crash, ok := msg.(kit.Crashed); ok {
		return g.crashed(crash)
	}
	g.model, cmd = g.model.Update(msg)
	if g.pulse != nil {
		g.pulse.beat(fromUser(msg))
	}
	return g, caught(cmd)
}

// caught is a command whose panic is told as those of tasks are, whoever made it; so are those of the commands it returns.
func caught(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = kit.Crash(r, debug.Stack())
			}
		}()
		msg = cmd()
		batch, ok := msg.(tea.BatchMsg)
		if !ok {
			return msg
		}
		for i, one := range batch {
			batch[i] = caught(one)
		}
		return batch
	}
}

// fromUser tells that somebody waits for what a message brings.
func fromUser(msg tea.Msg) bool {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.MouseMsg, tea.PasteMsg, tea.WindowSizeMsg:
		return true
	}
	return false
}

func (g guarded) crashed(crash kit.Crashed) (tea.Model, tea.Cmd) {
	if g.wreck.crash == nil {
		g.wreck.crash = &crash
	}
	return g, tea.Quit
}

// View implements tea.Model.
func (g guarded) View() (view tea.View) {
	defer func() {
		if r := recover(); r != nil {
			_, _ = g.crashed(kit.Crash(r, debug.Stack()))
			go g.wreck.quit()
			view = tea.NewView("")
		}
	}()
	if g.wreck.crash != nil {
		return tea.NewView("")
	}
	return g.model.View()
}
