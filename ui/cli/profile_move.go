package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"redan/profiles"
	"redan/profiles/secret"
)

const profileRenameHelp = `redan profile rename: another name for a profile

  redan profile rename orders orders-prod

Its password in the keyring or in an encrypted file moves along.
Profiles that extend it extend it under the new name.

  --config DIR  another directory of profiles (else REDAN_CONFIG)
  --json        the answer as JSON
`

const profileCopyHelp = `redan profile copy: a second profile like another

  redan profile copy orders-prod orders-staging

The file is copied as it is, with its comments. A secret in the keyring
or in an encrypted file is copied, too, so that each has its own.

  --config DIR  another directory of profiles (else REDAN_CONFIG)
  --json        the answer as JSON
`

const profileRemoveHelp = `redan profile remove: take profiles away

  redan profile remove orders-old
  redan profile remove --yes orders-old orders-older

The entry in the keyring and the encrypted file that redan made for it
go with it. A profile that others extend stays. On a terminal it is
asked first; for production, the name has to be typed.

  --yes         do not ask
  --config DIR  another directory of profiles (else REDAN_CONFIG)
  --json        the answer as JSON
`

func profileRename(ctx context.Context, a *app, args []string) int {
	return a.moveProfile(ctx, args, profileRenameHelp, "rename OLD NEW", (*profileRun).rename)
}

func profileCopy(ctx context.Context, a *app, args []string) int {
	return a.moveProfile(ctx, args, profileCopyHelp, "copy FROM TO", (*profileRun).duplicate)
}

func (a *app) moveProfile(ctx context.Context, args []string, help, form string, move func(r *profileRun, ctx context.Context, from, to string) error) int {
	var flags profileFlags
	r, code, done := a.newProfileRun(args, &flags, false, help)
	if done {
		return code
	}
	if err := r.wants(2, 2, form); err != nil {
		return r.end(err)
	}
	return r.end(move(r, ctx, r.names[0], r.names[1]))
}

// ownSecret is a secret that redan keeps for one profile alone, under its name.
type ownSecret struct {
	path      []string
	reference profiles.Reference
	account   string // of the keyring; empty for an encrypted file
}

func (s ownSecret) key() string { return strings.Join(s.path, ".") }

// ownSecrets are those that a profile's own file refers to. A broken file has none that can be told.
func (r *profileRun) ownSecrets(name string) []ownSecret {
	p, err := r.store.Load(name)
	if err != nil {
		return nil
	}
	var own []ownSecret
	for key, reference := range referencesOf(p) {
		if !p.Own(key) {
			continue
		}
		path := strings.Split(key, ".")
		parsed, err := reference.Parse()
		if err != nil {
			continue
		}
		account := parsed.Name
		switch {
		case parsed.Kind == secret.Keyring && isAccountOf(account, name):
			own = append(own, ownSecret{path, reference, account})
		case r.store.HasOwnSecretFile(name, key, reference):
			own = append(own, ownSecret{path: path, reference: reference})
		}
	}
	return own
}

// isAccountOf reports whether redan made an account for a profile: NAME, NAME.2, NAME/key_passphrase.
func isAccountOf(account, name string) bool {
	rest, ok := strings.CutPrefix(account, name)
	if !ok {
		return false
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "/key_passphrase"), "/key_data")
	number, dotted := strings.CutPrefix(rest, ".")
	return rest == "" || dotted && number != "" && strings.Trim(number, "0123456789") == ""
}

// isShared reports whether another profile refers to the same secret.
func (r *profileRun) isShared(name string, s ownSecret) bool {
	entries, err := r.store.List()
	if err != nil {
		return true // nobody knows
	}
	return slices.ContainsFunc(entries, func(e profiles.Entry) bool {
		p := e.Profile
		return e.Name != name && slices.Contains([]profiles.Reference{p.Password, p.TLS.KeyPassphrase, p.TLS.KeyData}, s.reference)
	})
}

func (r *profileRun) rename(ctx context.Context, from, to string) error {
	notes, err := r.renameWithSecrets(ctx, from, to)
	if err != nil {
		return err
	}
	return r.report("renamed", to, from, notes...)
}

// renameWithSecrets renames a profile; the secrets that redan keeps for it move along.
func (r *profileRun) renameWithSecrets(ctx context.Context, from, to string) (notes []string, err error) {
	secrets := r.ownSecrets(from)
	shared := map[string]bool{}
	for _, s := range secrets {
		shared[s.key()] = r.isSharedBeyondHeirs(from, s)
	}
	if err := r.free(to, from); err != nil {
		return nil, err
	}
	if err := r.store.Rename(ctx, from, to); err != nil {
		return nil, clarified(err, to)
	}
	for _, s := range secrets {
		note, err := r.moveSecret(ctx, from, to, s, shared[s.key()])
		if err != nil {
			note = "warning: its secret keeps its name: " + err.Error()
		}
		notes = append(notes, note)
	}
	return notes, nil
}

// isSharedBeyondHeirs is isShared without those that inherit the reference from the profile: they inherit the new one, too.
func (r *profileRun) isSharedBeyondHeirs(name string, s ownSecret) bool {
	entries, err := r.store.List()
	if err != nil {
		return true
	}
	return slices.ContainsFunc(entries, func(e profiles.Entry) bool {
		at, _ := e.Profile.Origin(s.key())
		p := e.Profile
		uses := slices.Contains([]profiles.Reference{p.Password, p.TLS.KeyPassphrase, p.TLS.KeyData}, s.reference)
		return e.Name != name && uses && at.File != r.store.Path(name)
	})
}

// free returns an error when a profile cannot be given a name, which may be its own in other capitals.
func (r *profileRun) free(to, from string) error {
	if err := profiles.CheckName(to); err != nil {
		return err
	}
	if strings.EqualFold(to, from) {
		return nil
	}
	if _, err := r.store.Text(to); err == nil {
		return taken(to)
	}
	return nil
}

// moveSecret gives the secret of a profile that was renamed its new name. The file refers to the old one until the new one is there.
func (r *profileRun) moveSecret(ctx context.Context, from, to string, s ownSecret, shared bool) (string, error) {
	moved, err := r.copySecret(ctx, from, to, s)
	if err != nil {
		return "", err
	}
	if err := r.store.Edit(ctx, to, moved.change()); err != nil {
		return "", err
	}
	switch {
	case shared:
		return moved.note + "; the old one stays, since another profile uses it", nil
	case s.account == "":
		return moved.note, r.store.RemoveSecretFile(ctx, from, s.key())
	}
	return moved.note, r.secretSources().Forget(ctx, secret.Reference{Kind: secret.Keyring, Name: s.account})
}

// copySecret makes a second one of a secret, for the profile that is called to.
func (r *profileRun) copySecret(ctx context.Context, from, to string, s ownSecret) (placing, error) {
	if s.account == "" {
		reference, err := r.store.CopySecretFile(ctx, from, to, s.key())
		return placing{path: s.path, reference: reference, kind: secret.Age, note: "its encrypted file is " + accountOf(reference)}, err
	}
	found, err := r.secretSources().Resolve(ctx, secret.Reference{Kind: secret.Keyring, Name: s.account}, "")
	if err != nil {
		return placing{}, err
	}
	p, err := r.placeInKeyring(ctx, to, placing{path: s.path, text: found.Secret})
	if err != nil {
		return p, err
	}
	return p, r.keep(ctx, to, p)
}

func (r *profileRun) duplicate(ctx context.Context, from, to string) error {
	notes, err := r.copyWithSecrets(ctx, from, to)
	if err != nil {
		return err
	}
	return r.report("copied", to, from, notes...)
}

// copyWithSecrets makes a second profile like another, with secrets of its own.
func (r *profileRun) copyWithSecrets(ctx context.Context, from, to string) (notes []string, err error) {
	secrets := r.ownSecrets(from)
	if err := r.free(to, ""); err != nil {
		return nil, err
	}
	if err := r.store.Copy(ctx, from, to); err != nil {
		return nil, clarified(err, to)
	}
	for _, s := range secrets {
		copied, err := r.copySecret(ctx, from, to, s)
		if err == nil {
			err = r.store.Edit(ctx, to, copied.change())
		}
		if err != nil {
			notes = append(notes, "warning: it uses the secret of "+from+": "+err.Error())
			continue
		}
		notes = append(notes, copied.note)
	}
	return notes, nil
}

type removeFlags struct {
	profileFlags
	Yes bool `name:"yes"`
}

func profileRemove(ctx context.Context, a *app, args []string) int {
	var flags removeFlags
	r, code, done := a.newProfileRun(args, &flags, false, profileRemoveHelp)
	if done {
		return code
	}
	if err := r.wants(1, -1, "remove NAME ..."); err != nil {
		return r.end(err)
	}
	order, err := r.removalOrder()
	if err != nil {
		return r.end(err)
	}
	for _, name := range order {
		if err := r.remove(ctx, name, flags.Yes); err != nil {
			return r.end(err)
		}
	}
	return exitOK
}

// removalOrder is the order in which profiles can be removed: those that extend others first. It returns an error when one of them has to
// stay, before the first is gone.
func (r *profileRun) removalOrder() ([]string, error) {
	heirs := map[string][]string{}
	for _, name := range r.names {
		extending, err := r.store.Heirs(name)
		if err != nil {
			return nil, err
		}
		outside := slices.DeleteFunc(slices.Clone(extending), func(heir string) bool { return slices.Contains(r.names, heir) })
		if len(outside) > 0 {
			return nil, fmt.Errorf("%q stays: %w: %s. Remove these first, or have them extend another one: redan profile edit %s --extends NAME",
				name, profiles.ErrInUse, strings.Join(outside, ", "), outside[0])
		}
		heirs[name] = extending
	}
	var order []string
	for range r.names {
		for _, name := range r.names {
			left := slices.ContainsFunc(heirs[name], func(heir string) bool { return !slices.Contains(order, heir) })
			if !left && !slices.Contains(order, name) {
				order = append(order, name)
			}
		}
	}
	return order, nil
}

// errStays is a profile that the person did not want to lose after all.
var errStays = errors.New("nothing is removed")

func (r *profileRun) remove(ctx context.Context, name string, yes bool) error {
	if err := r.confirmRemoval(name, yes); err != nil {
		return err
	}
	notes, err := r.removeWithSecrets(ctx, name)
	if err != nil {
		return err
	}
	return r.report("removed", name, "", notes...)
}

// removeWithSecrets removes a profile, and the secrets that redan keeps for it alone.
func (r *profileRun) removeWithSecrets(ctx context.Context, name string) (notes []string, err error) {
	secrets := slices.DeleteFunc(r.ownSecrets(name), func(s ownSecret) bool { return r.isShared(name, s) })
	if err := r.store.Remove(ctx, name); err != nil {
		return nil, err
	}
	for _, s := range secrets {
		notes = append(notes, r.forget(ctx, name, s))
	}
	return notes, nil
}

// forget removes a secret that nobody refers to any more, and says so.
func (r *profileRun) forget(ctx context.Context, name string, s ownSecret) string {
	if s.account == "" {
		if err := r.store.RemoveSecretFile(ctx, name, s.key()); err != nil {
			return "warning: its encrypted file stays: " + err.Error()
		}
		return "its encrypted file is removed, too"
	}
	if err := r.secretSources().Forget(ctx, secret.Reference{Kind: secret.Keyring, Name: s.account}); err != nil {
		return "warning: its secret stays in the keyring: " + err.Error()
	}
	return "the keyring's entry " + s.account + " is removed, too"
}

// confirmRemoval asks before a profile is lost; for production it wants the name.
func (r *profileRun) confirmRemoval(name string, yes bool) error {
	if yes {
		return nil
	}
	p, err := r.store.Load(name)
	production := err != nil || p.Environment.IsProduction() // of a broken file nobody knows
	if !r.isTerminal() {
		if err == nil && !production {
			return nil
		}
		return errors.New("removing " + name + " is asked about, and this is no terminal: add --yes")
	}
	r.flush()
	if production {
		_, _ = fmt.Fprintf(r.sys.Stderr, "Remove %s (production)?\ntype %s to remove it: ", name, name)
		if answer, err := r.stdin.ReadString('\n'); err != nil || strings.TrimSpace(answer) != name {
			return errStays
		}
		return nil
	}
	_, _ = fmt.Fprintf(r.sys.Stderr, "Remove %s? [y/N] ", name)
	answer, err := r.stdin.ReadString('\n')
	if err != nil || !strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), "y") {
		return errStays
	}
	return nil
}
