package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"redan/conn"
	"redan/profiles"
	"redan/profiles/secret"
)

type secureFlags struct {
	profileFlags
	To string `name:"to" placeholder:"REF"`
}

const profileSecureHelp = `redan profile secure: take secrets out of a file

  redan profile secure orders-prod
  redan profile secure orders-prod --to age
  redan profile secure orders-prod --to env:ORDERS_PASSWORD

Secrets that stand in the profile's file in clear text (password, a
password in the URI, tls.key_passphrase, tls.key_data) go to the
system's keyring; the file keeps a reference. Copies of the file
(backups, version control) still have the secret: change it.

  --to REF      another place: age (an encrypted file), or env:NAME,
                file:PATH, command:PROGRAM, if the same secret is
                found there
  --config DIR  another directory of profiles (else REDAN_CONFIG)
  --json        the answer as JSON
`

func profileSecure(ctx context.Context, a *app, args []string) int {
	var flags secureFlags
	r, code, done := a.newProfileRun(args, &flags, false, profileSecureHelp)
	if done {
		return code
	}
	r.placeOption = "--to"
	if err := r.wants(1, 1, "secure NAME"); err != nil {
		return r.end(err)
	}
	return r.end(r.secure(ctx, r.names[0], flags.To))
}

func (r *profileRun) secure(ctx context.Context, name, to string) error {
	p, err := r.store.Load(name)
	if err != nil {
		return err
	}
	before, err := r.store.Text(name)
	if err != nil {
		return err
	}
	keys := p.ClearSecrets()
	var elsewhere []string
	keys = slices.DeleteFunc(keys, func(key string) bool {
		at, _ := p.Origin(key)
		if !p.Own(key) {
			elsewhere = append(elsewhere, fmt.Sprintf("%s stands in clear text at %s, which %s inherits", key, at, name))
		}
		return !p.Own(key)
	})
	if len(keys) == 0 {
		if len(elsewhere) > 0 {
			return errors.New(strings.Join(elsewhere, "\n"))
		}
		return r.report("unchanged", name, "", "no secret stands in it in clear text")
	}
	if to != "" && len(keys) > 1 && to != string(secret.Keyring) {
		return errors.New("there is more than one secret in " + name + " (" + strings.Join(keys, ", ") + "), and --to names one place; leave it out")
	}
	var changes []profiles.Change
	var secrets []placing
	for _, key := range keys {
		text, path, without := clearSecret(p, key)
		changes = append(changes, without...)
		placed, err := r.placeExisting(ctx, name, path, to, text)
		if err != nil {
			return err
		}
		secrets = append(secrets, placed)
	}
	if err := r.secured(ctx, name, before, changes, secrets); err != nil {
		return err
	}
	notes := elsewhere
	for _, p := range secrets {
		notes = append(notes, p.note)
	}
	return r.report("secured", name, "", notes...)
}

// secured stores the secrets first: the file is the only place that has them.
func (r *profileRun) secured(ctx context.Context, name string, before []byte, changes []profiles.Change, secrets []placing) error {
	for i := range secrets {
		if err := r.encrypt(ctx, name, &secrets[i]); err != nil {
			return errors.Join(err, r.takeBack(ctx, name, secrets, false))
		}
		if err := r.keep(ctx, name, secrets[i]); err != nil {
			return err
		}
		changes = append(changes, secrets[i].change())
	}
	if err := r.store.Edit(ctx, name, changes...); err != nil {
		return errors.Join(err, r.takeBack(ctx, name, secrets, false))
	}
	if err := r.usable(name); err != nil {
		return errors.Join(err, r.store.Write(ctx, name, before), r.takeBack(ctx, name, secrets, false))
	}
	return nil
}

// clearSecret returns a secret that stands in the file, the key that its reference belongs to, and, of a URI, the changes that take it
// out.
func clearSecret(p profiles.Profile, key string) (text conn.Secret, path []string, without []profiles.Change) {
	if key != "uri" {
		reference := map[string]profiles.Reference{
			"password": p.Password, "tls.key_passphrase": p.TLS.KeyPassphrase, "tls.key_data": p.TLS.KeyData,
		}[key]
		return conn.NewSecret(accountOf(reference)), strings.Split(key, "."), nil
	}
	o := conn.DefaultOptions()
	_ = o.ApplyURI(string(p.URI)) // it was read with the file
	without = []profiles.Change{profiles.Set(withoutUserinfo(string(p.URI)), "uri")}
	if o.User != "" && !p.Own("user") {
		without = append(without, profiles.Set(o.User, "user"))
	}
	return o.Password, passwordKey(), without
}

// withoutUserinfo is a URI without user and password, which end at the last @.
func withoutUserinfo(uri string) string {
	scheme, rest, _ := strings.Cut(uri, "://")
	return scheme + "://" + rest[strings.LastIndexByte(rest, '@')+1:]
}

// placeExisting is place for a secret that is known: where somebody else keeps it, it has to be the same.
func (r *profileRun) placeExisting(ctx context.Context, name string, path []string, to string, text conn.Secret) (placing, error) {
	reference, err := secret.Parse(to)
	if to == "" || to == string(secret.Keyring) || to == string(secret.Age) || err == nil && reference.Kind == secret.Keyring {
		return r.place(ctx, name, path, to, text)
	}
	switch {
	case err != nil:
		return placing{}, &usageError{text: err.Error()}
	case reference.Clear():
		return placing{}, &usageError{text: "--to takes the place of a secret: keyring, age, env:NAME, file:PATH or command:PROGRAM."}
	}
	p := placing{path: path, reference: profiles.Reference(to), kind: reference.Kind}
	if reference.Kind == secret.Prompt {
		p.note = "the " + secretOf(path, name) + " is asked for from now on, and kept nowhere"
		return p, nil
	}
	found, err := r.secretSources().Resolve(ctx, reference, secretOf(path, name))
	switch {
	case err != nil:
		return p, fmt.Errorf("%w. Nothing is changed: the secret in the file is the only one yet", err)
	case found.Secret.Reveal() != text.Reveal():
		return p, errors.New(reference.String() + " holds another secret than the file. Nothing is changed: put the same there first")
	}
	p.note = "the " + secretOf(path, name) + " is " + reference.String() + " from now on"
	return p, nil
}
