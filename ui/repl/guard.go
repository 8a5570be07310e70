package repl

import (
	"context"
	"strings"

	"redan/commands/guard"
)

// permitted asks the guard about a command, and the person where the guard wants that, and reports whether it may be sent.
func (p *prompt) permitted(ctx context.Context, words []string) bool {
	if !p.Guard.Policy().Active() {
		return true
	}
	var (
		objection   *guard.NotSentError
		interrupted error
	)
	p.interruptible(ctx, func(ctx context.Context) {
		objection = p.Guard.Check(ctx, words) // may ask the server
		interrupted = ctx.Err()
	})
	switch {
	case interrupted != nil:
		p.say("Nothing was sent.")
		return false
	case objection == nil:
		return true
	}
	p.say(objection.Error() + ".")
	if objection.Decision == guard.Refuse {
		return false
	}
	p.flush()
	typed, err := p.editor.ReadLine(ctx, "type "+word(objection.Profile)+" to send it: ")
	p.sink.midLine = false
	if err != nil || strings.TrimSpace(typed) != word(objection.Profile) {
		p.say("Nothing was sent.")
		return false
	}
	return true
}

// word is what is typed to confirm: the name of the profile, so that it is clear where one is.
func word(profile string) string {
	if profile == "" {
		return "yes"
	}
	return profile
}
