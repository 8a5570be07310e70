package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"redan/conn"
	"redan/profiles"
	"redan/profiles/secret"
	"redan/ui/tui"
)

// manner is how the full screen shows and guards the server of this run, and plain how it does others.
func (a *app) manner() (manner, plain tui.Manner) {
	plain = tui.Manner{ReadOnly: a.inv.options.ReadOnly, Delimiter: a.preferences().Defaults.Delimiter}
	if a.profile == nil {
		return plain, plain
	}
	return tui.MannerOf(*a.profile), plain
}

// savedServers are the profiles as the full screen works with them.
type savedServers struct {
	a      *app
	store  profiles.Store
	recent *profiles.Recent // nil where there is no place for it

	mu       sync.Mutex
	forwards []*forward
}

// savedServers returns the profiles; nil where there is no place for them, and under the name redis-cli, which promises a program that
// has none.
func (a *app) savedServers() *savedServers {
	store, err := a.store()
	if err != nil || a.asRedisCLI() {
		return nil
	}
	s := &savedServers{a: a, store: store}
	if dir := a.stateDirectory(); dir != "" {
		recent := profiles.NewRecent(filepath.Join(dir, "recent-profiles"))
		s.recent = &recent
	}
	return s
}

// forScreen hands the profiles to the full screen: a nil pointer must not become an interface that holds something.
func (s *savedServers) forScreen() tui.Profiles {
	if s == nil {
		return nil
	}
	return s
}

// several reports whether there is something to choose from.
func (s *savedServers) several() bool {
	if s == nil {
		return false
	}
	names, err := s.store.Names()
	return err == nil && len(names) > 1
}

// namesServer reports whether it was said which server is meant.
func (a *app) namesServer() bool {
	return a.profile != nil || a.demo != nil || a.inv.last("host", "port", "socket", "uri") != ""
}

// List implements [tui.Profiles].
func (s *savedServers) List(context.Context) ([]tui.Profile, error) {
	entries, err := s.store.List()
	if err != nil {
		return nil, err
	}
	list := make([]tui.Profile, len(entries))
	for i, entry := range entries {
		entry.Profile.Name, entry.Profile.Path = entry.Name, entry.Path
		list[i] = tui.Profile{Name: entry.Name, Saved: entry.Profile, Fault: entry.Err}
		if entry.Err == nil {
			_, list[i].Fault = connectionOf(entry.Profile)
		}
	}
	if s.recent == nil {
		return list, nil
	}
	used, err := s.recent.Load()
	if err != nil { // an order by name is no fault
		return list, nil //nolint:nilerr // as said
	}
	for i := range list {
		list[i].Used = used[list[i].Name]
	}
	return list, nil
}

// Open implements [tui.Profiles].
func (s *savedServers) Open(ctx context.Context, name string, answers map[string]conn.Secret) (tui.Way, error) {
	p, err := s.store.Load(name)
	if err != nil {
		return tui.Way{}, err
	}
	c, err := connectionOf(p)
	if err != nil {
		return tui.Way{}, err
	}
	base := c.Options
	c.Options.Program, c.Options.Profile, c.Options.Base = s.a.programName(), p.Name, &base
	way := tui.Way{Follow: c.Follow}
	if way.Options, err = s.reveal(ctx, &p, c, answers); err != nil {
		return tui.Way{}, err
	}
	if len(p.Before.Command) == 0 {
		return way, nil
	}
	f, err := s.forward(ctx, &p, c.Options.Addr())
	if err != nil {
		return tui.Way{}, err
	}
	way.Network, way.Done = f.Dial, f.stop
	return way, nil
}

// reveal resolves the secrets of a profile. What only the person knows is in answers.
func (s *savedServers) reveal(ctx context.Context, p *profiles.Profile, c profiles.Connection, answers map[string]conn.Secret) (conn.Options, error) {
	sources := s.a.secretPlaces()
	sources.Ask = func(_ context.Context, question string) (string, error) {
		if answer, ok := answers[question]; ok {
			return answer.Reveal(), nil
		}
		return "", &tui.QuestionError{Question: question}
	}
	var password secret.Resolved
	o, err := c.Reveal(func(key string, r profiles.Reference) (conn.Secret, error) {
		found, err := resolveFrom(ctx, sources, p, key, r)
		if key == "password" {
			password = found
		}
		return found.Secret, err
	})
	if err == nil && c.KeyPassphrase.IsSet() && o.TLS != nil && o.TLS.Passphrase != nil { // now, while the person can be asked
		_, err = o.TLS.Passphrase(o.TLS.KeyFile)
	}
	if err != nil {
		return o, err
	}
	if password.User != "" {
		o.User = password.User
	}
	if !password.Expires.IsZero() {
		user := o.User
		o.Tokens = conn.NewTokens(credentials(password, user), func(ctx context.Context) (conn.Credentials, error) {
			again, err := resolveFrom(ctx, sources, p, "password", c.Password)
			if again.User != "" {
				user = again.User
			}
			return credentials(again, user), err
		}, s.a.sys.Now)
	}
	return o, nil
}

// forward starts the command of a profile.
func (s *savedServers) forward(ctx context.Context, p *profiles.Profile, addr conn.Addr) (*forward, error) {
	f, err := s.a.newForward(ctx, p, addr)
	if err != nil {
		return nil, err
	}
	f.silent, f.faced = true, true
	s.mu.Lock()
	s.forwards = append(s.forwards, f)
	s.mu.Unlock()
	if err := f.start(ctx); err != nil {
		f.stop()
		return nil, err
	}
	return f, nil
}

// close ends all commands that run for profiles.
func (s *savedServers) close() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.forwards {
		f.stop()
	}
}

// Used implements [tui.Profiles].
func (s *savedServers) Used(ctx context.Context, name string) error {
	if s.recent == nil {
		return nil
	}
	return s.recent.Note(ctx, name, s.a.sys.Now())
}

// Save implements [tui.Profiles].
func (s *savedServers) Save(ctx context.Context, from, name string, changes []profiles.Change) error {
	if from == "" {
		return s.create(ctx, name, changes)
	}
	if len(changes) > 0 {
		if err := s.edit(ctx, from, changes); err != nil {
			return err
		}
	}
	if name == from {
		return nil
	}
	notes, err := s.verbs().renameWithSecrets(ctx, from, name)
	if err == nil {
		return warned("renamed", notes)
	}
	if len(changes) > 0 && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("what was changed is written, but under the old name: %w", err)
	}
	return err
}

// create makes a profile, unless what it says contradicts itself.
func (s *savedServers) create(ctx context.Context, name string, changes []profiles.Change) error {
	if err := s.store.Create(ctx, name, changes...); err != nil {
		return err
	}
	err := s.verbs().usable(name)
	if err != nil {
		err = errors.Join(err, s.store.Remove(ctx, name))
	}
	return err
}

// edit changes a profile; when what it then says contradicts itself it is as before.
func (s *savedServers) edit(ctx context.Context, name string, changes []profiles.Change) error {
	before, err := s.store.Text(name)
	if err != nil {
		return err
	}
	wasUsable := s.verbs().usable(name) == nil
	if err := s.store.Edit(ctx, name, changes...); err != nil {
		return err
	}
	err = s.verbs().usable(name)
	if err == nil || !wasUsable { // a broken one may be mended step by step
		return nil
	}
	return errors.Join(err, s.store.Write(ctx, name, before))
}

// Copy implements [tui.Profiles].
func (s *savedServers) Copy(ctx context.Context, from, to string) error {
	notes, err := s.verbs().copyWithSecrets(ctx, from, to)
	if err != nil {
		return err
	}
	return warned("copied", notes)
}

// Remove implements [tui.Profiles].
func (s *savedServers) Remove(ctx context.Context, name string) error {
	notes, err := s.verbs().removeWithSecrets(ctx, name)
	if err != nil {
		return err
	}
	return warned("removed", notes)
}

// verbs are what redan profile does, without its words: the secrets that redan keeps for a profile go where it goes.
func (s *savedServers) verbs() *profileRun {
	return &profileRun{app: s.a, inv: s.a.inv, store: s.store, flags: &profileFlags{}}
}

// warned makes an error of what went wrong beside a change that was made; what went well needs no telling.
func warned(done string, notes []string) error {
	for _, note := range notes {
		if text, bad := strings.CutPrefix(note, "warning: "); bad {
			return fmt.Errorf("it is %s, but %s", done, text)
		}
	}
	return nil
}
