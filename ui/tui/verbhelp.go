package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// helpOn shows all keys, or in the console what is known of a command.
func (m model) helpOn(args []string) (model, tea.Cmd) {
	if len(args) == 0 || m.link.server == nil {
		return m.push(newHelp(m)), nil
	}
	return m.runCommand(kit.RunCommand{Words: append([]string{"help"}, args...)})
}

// verbBindings tell of the verbs in the help, where they stand for keys.
func verbBindings() []kit.Binding {
	var list []kit.Binding
	for _, v := range verbs() {
		list = append(list, kit.Binding{Keys: []string{strings.TrimSpace(":" + v.name + " " + v.takes)}, Help: v.help, Group: "Behind a colon"})
	}
	return append(list, kit.Binding{Keys: []string{":get key"}, Help: "any command of the server, in the console", Group: "Behind a colon"})
}
