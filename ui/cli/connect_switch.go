package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"redan/profiles"
	"redan/ui/repl"
)

// place is the server that the run is at, for the prompt.
func (a *app) place() repl.Place {
	place := repl.Place{Dialer: a.reach.dialer, Options: a.reach.options, Follow: a.reach.follow, Policy: a.policy()}
	if p := a.profile; p != nil {
		place.Profile, place.Environment, place.Template = p.Name, string(p.Environment), p.Prompt
	}
	return place
}

// switchTo settles how the server of another profile is reached, as that profile says: what the command line said was about the server
// before. Only --read-only stays. When it fails all stays as it was.
func (a *app) switchTo(ctx context.Context, name string) (repl.Place, error) {
	inv := &invocation{order: map[string]int{"profile": 0}}
	flags := &a.inv.options
	inv.options.Profile, inv.options.Config = name, flags.Config
	inv.options.NoAuthWarn, inv.options.Verbose = flags.NoAuthWarn, flags.Verbose
	before, running := a.profile, len(a.befores)
	a.profile = nil // it is read anew: it may have been changed
	r, err := a.newReach(ctx, inv)
	if err != nil {
		a.profile = before
		for _, f := range a.befores[running:] {
			f.stop()
		}
		return repl.Place{}, err
	}
	for _, f := range a.befores[:running] {
		f.stop()
	}
	a.reach = &r
	return a.place(), nil
}

// profileLines lists the profiles, the one in use with a mark.
func (a *app) profileLines() ([]string, error) {
	store, err := a.store()
	if err != nil {
		return nil, err
	}
	entries, err := store.List()
	if err != nil {
		return nil, err
	}
	width := 0
	for _, entry := range entries {
		width = max(width, len(entry.Name))
	}
	lines := make([]string, len(entries))
	for i, entry := range entries {
		mark := " "
		if a.profile != nil && entry.Name == a.profile.Name {
			mark = "*"
		}
		lines[i] = strings.TrimRight(fmt.Sprintf("%s %-*s  %s", mark, width, entry.Name, about(entry)), " ")
	}
	return lines, nil
}

// about tells in one line what a profile is for.
func about(entry profiles.Entry) string {
	if entry.Err != nil {
		return "cannot be used: " + complaint(faultsOf(entry.Err))
	}
	p := entry.Profile
	what := cmp.Or(p.Description, p.Group)
	if p.Environment == "" {
		return what
	}
	return strings.TrimRight(string(p.Environment)+"  "+what, " ")
}
