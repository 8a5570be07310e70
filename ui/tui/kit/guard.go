package kit

// Guard is how careful a pane is with its server.
type Guard struct {
	// ReadOnly says why nothing is written; empty where writes are allowed.
	ReadOnly string
	// Word must be typed before a command is sent that Danger has a word against; with an empty one, a plain yes is enough.
	Word string
	// Danger says, in words that go on after the command, why it wants a second look here, and nothing of one that does not; nil never does.
	Danger func(words []string) string
}

// Objection is what Danger says of the first of several commands that it has a word against.
func (g Guard) Objection(commands ...[]string) string {
	if g.Danger == nil {
		return ""
	}
	for _, words := range commands {
		if reason := g.Danger(words); reason != "" {
			return reason
		}
	}
	return ""
}
