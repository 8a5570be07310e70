package repl

import (
	"context"
	"strings"

	"redan/commands/guard"
)

// permitted asks the guard about a command, and the person where the guard wants that, and returns what may be sent: the command, what the
// person chose instead, or nothing.
func (p *prompt) permitted(ctx context.Context, words []string) (send []string) {
	if !p.guard.Policy().Active() {
		return words
	}
	var (
		objection   *guard.NotSentError
		interrupted error
	)
	p.interruptible(ctx, func(ctx context.Context) {
		objection = p.guard.Check(ctx, words) // may ask the server
		interrupted = ctx.Err()
	})
	switch {
	case interrupted != nil:
		p.say("Nothing was sent.")
		return nil
	case objection == nil:
		return words
	}
	p.say(objection.Error() + ".")
	if objection.Decision == guard.Refuse {
		return nil
	}
	return p.confirmed(ctx, words, objection)
}

// confirmed asks the person for the profile's name, or for the first word of what does the same without harm.
func (p *prompt) confirmed(ctx context.Context, words []string, objection *guard.NotSentError) (send []string) {
	question := "type " + word(objection.Profile) + " to send it"
	gentle := ""
	if len(objection.Other) > 0 {
		gentle = strings.ToLower(objection.Other[0])
		question += ", " + gentle + " to send that instead"
	}
	p.flush()
	typed, err := p.editor.ReadLine(ctx, question+": ")
	p.sink.midLine = false
	typed = strings.TrimSpace(typed)
	switch {
	case err != nil:
	case typed == word(objection.Profile):
		return words
	case gentle != "" && strings.EqualFold(typed, gentle):
		return objection.Other
	}
	p.say("Nothing was sent.")
	return nil
}

// word is what is typed to confirm: the name of the profile, so that it is clear where one is.
func word(profile string) string {
	if profile == "" {
		return "yes"
	}
	return profile
}
