package repl

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"redan/commands/guard"
	"redan/conn"
	"redan/ui/format"
)

// Place is a server that the prompt can be at, and how careful one is there.
type Place struct {
	// Dialer and Options lead to the server. Follow is -c.
	Dialer  *conn.Dialer
	Options conn.Options
	Follow  bool

	// Profile is the name of the profile that led there, empty for none, and Environment what it says of that.
	Profile, Environment string
	// Template is what the profile wants the prompt to be, see [promptFields]; empty for the usual.
	Template string
	// Policy is how careful profile and command line are.
	Policy guard.Policy
}

// arm makes the guard of the place one is at. At another server that a person connects to it stays, and asks that one.
func (p *prompt) arm() error {
	p.guard = nil
	if p.Warden == nil {
		return nil
	}
	warden, err := p.Warden(p.Policy, p.Profile, p.asked)
	p.guard = warden
	return err
}

// colon does what a line asks for that begins with a colon, and reports whether it is one of these.
func (p *prompt) colon(ctx context.Context, words []string) bool {
	switch strings.ToLower(words[0]) {
	case ":profile":
		if p.Switch == nil {
			return false
		}
		if len(words) < 2 {
			p.listProfiles()
		} else {
			p.switchTo(ctx, strings.TrimPrefix(words[1], "@"))
		}
	case ":readonly":
		if p.guard == nil {
			return false
		}
		p.readOnly(ctx, words[1:])
	default:
		return false
	}
	return true
}

// readOnly turns read-only on and off, or tells which it is.
func (p *prompt) readOnly(ctx context.Context, words []string) {
	is := p.guard.Policy().ReadOnly
	switch {
	case len(words) == 0:
		p.say("read-only is " + onOff(is))
	case strings.EqualFold(words[0], "on"):
		p.guard.SetReadOnly(true)
	case !strings.EqualFold(words[0], "off"):
		p.say(":readonly takes on or off")
	case is && p.Policy.ReadOnly && !p.typed(ctx, "type "+word(p.Profile)+" to allow writing: ", word(p.Profile)):
		p.say("read-only stays on")
	default:
		p.guard.SetReadOnly(false)
	}
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// typed asks a person for a word.
func (p *prompt) typed(ctx context.Context, question, word string) bool {
	p.flush()
	answer, err := p.editor.ReadLine(ctx, question)
	p.sink.midLine = false
	return err == nil && strings.TrimSpace(answer) == word
}

func (p *prompt) listProfiles() {
	lines, err := p.Profiles()
	if err != nil {
		p.warn(p.ErrorText(err, true))
		return
	}
	if len(lines) == 0 {
		p.say("There are no profiles yet: redan profile add NAME")
	}
	for _, line := range lines {
		p.say(string(format.AppendTerminal(nil, []byte(line))))
	}
}

// switchTo leaves the server for that of a profile, with its guard and its prompt. What the person typed before stays in the history.
// When the profile cannot be used one stays.
func (p *prompt) switchTo(ctx context.Context, name string) {
	var (
		next Place
		err  error
	)
	p.flush()
	p.editor.Lend(func() { // it may ask for a password
		p.interruptible(ctx, func(ctx context.Context) { next, err = p.Switch(ctx, name) })
	})
	if err != nil {
		p.warn(p.ErrorText(err, true))
		return
	}
	if p.session != nil {
		p.tellLost(p.session.State())
		_ = p.session.Close()
		p.session = nil
	}
	p.Place, p.pool.follow, p.explained = next, next.Follow, false
	p.pool.close()
	if err := p.arm(); err != nil {
		p.warn(p.ErrorText(err, true))
	}
	p.interruptible(ctx, func(ctx context.Context) { p.reconnect(ctx) })
}

// stillGuarded tells where a person is who connected elsewhere, and that the care of the profile stays.
func (p *prompt) stillGuarded() {
	if policy := p.guard.Policy(); p.connected() && policy.Active() {
		p.say(fmt.Sprintf("Connected to %s. The guard of %s stays: %s.", p.session.Addr(), cmp.Or(p.Profile, "before"), Care(policy)))
	}
}

// Care says how careful a policy is.
func Care(policy guard.Policy) string {
	var words []string
	if policy.Production {
		words = append(words, "production")
	}
	if policy.ReadOnly {
		words = append(words, "read-only")
	}
	return strings.Join(words, ", ")
}
