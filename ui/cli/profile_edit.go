package cli

import (
	"context"
	"errors"
	"slices"

	"redan/conn"
	"redan/profiles"
	"redan/profiles/secret"
)

type editFlags struct {
	profileFlags
	defineFlags
	Unset       []string `name:"unset" sep:"none" placeholder:"KEY"`
	SetPassword bool     `name:"set-password"`
}

const profileEditHelp = `redan profile edit: change a profile

  redan profile edit orders-prod               in your editor
  redan profile edit orders-prod --read-only --group Orders
  redan -p 6381 --sni db.lab profile edit orders-prod
  redan profile edit orders-prod --unset tls.server_name
  redan profile edit orders-prod --set-password

  redan [connection options] profile edit NAME [options]

With options, the lines that they are about change, and no others.
Without any, the file opens in VISUAL or EDITOR; it is checked
before it takes the old one's place.

` + defineHelp + `  --read-write          take --read-only back
  --unset KEY           remove a key, or a table such as tls; may be
                        given several times
  --set-password        ask for a new password, and put it where the
                        old one was (keyring, encrypted file)
  --secret REF          where the password is: see profile add --help;
                        none removes it from the profile
  --key-secret REF      the same for the passphrase of the key
  --config DIR          another directory (else REDAN_CONFIG)
  --json                the answer as JSON

An empty value removes a key: --group "".
`

func profileEdit(ctx context.Context, a *app, args []string) int {
	var flags editFlags
	r, code, done := a.newProfileRun(args, &flags, true, profileEditHelp)
	if done {
		return code
	}
	if err := r.wants(1, 1, "edit NAME"); err != nil {
		return r.end(err)
	}
	if len(r.inv.order) == len(flags.given(r.inv)) {
		return r.end(r.inEditor(ctx, r.names[0]))
	}
	return r.end(r.edit(ctx, &flags))
}

func (r *profileRun) edit(ctx context.Context, f *editFlags) error {
	name := r.names[0]
	before, err := r.store.Text(name)
	if err != nil {
		return err
	}
	if err := r.inv.exclusive(); err != nil {
		return err
	}
	d, err := draftOf(r.inv, &f.defineFlags, false)
	if err != nil {
		return err
	}
	removed, err := removals(f.Unset)
	if err != nil {
		return err
	}
	if f.Secret == noSecret {
		removed = append(removed, profiles.Unset(passwordKey()...))
	}
	changes := slices.Concat(d.changes, removed)
	secrets, err := r.newSecrets(ctx, name, f)
	if err != nil {
		return err
	}
	return r.change(ctx, name, before, changes, secrets)
}

// newSecrets are the secrets that a command line changes.
func (r *profileRun) newSecrets(ctx context.Context, name string, f *editFlags) ([]placing, error) {
	password, _, err := r.givenPassword(false)
	if err != nil {
		return nil, err
	}
	var secrets []placing
	switch {
	case f.Secret == noSecret && (f.SetPassword || password.IsSet()):
		return nil, bothSecrets()
	case f.Secret == noSecret:
	case f.Secret != "":
		p, err := r.place(ctx, name, passwordKey(), f.Secret, password)
		if err != nil {
			return nil, err
		}
		secrets = append(secrets, p)
	case f.SetPassword || password.IsSet():
		p, err := r.replacement(ctx, name, password)
		if err != nil {
			return nil, err
		}
		secrets = append(secrets, p)
	}
	if f.KeySecret != "" {
		p, err := r.place(ctx, name, passphraseKey(), f.KeySecret, conn.Secret{})
		if err != nil {
			return nil, err
		}
		secrets = append(secrets, p)
	}
	return secrets, nil
}

// replacement is a new password in the place of the old one: its account of the keyring, or a new one where there was none.
func (r *profileRun) replacement(ctx context.Context, name string, password conn.Secret) (placing, error) {
	p := placing{path: passwordKey(), text: password}
	own, err := r.store.Load(name)
	if err == nil && own.Own("password") {
		reference, err := secret.Parse(string(own.Password))
		if err == nil && reference.Kind == secret.Keyring {
			p.kind, p.reference = secret.Keyring, own.Password
			p.note = keptInKeyring(p)
			return r.withText(name, p)
		}
		if r.store.HasOwnSecretFile(name, p.key(), own.Password) {
			return r.placeInFile(ctx, name, p)
		}
		if err == nil && !reference.Clear() && reference.Kind != secret.Prompt {
			return p, errors.New("the password of " + name + " is " + reference.String() + ", which redan cannot change: change it there, or add --secret keyring")
		}
	}
	return r.placeInKeyring(ctx, name, p)
}

// change applies changes to a profile. What makes it contradict itself is taken back.
func (r *profileRun) change(ctx context.Context, name string, before []byte, changes []profiles.Change, secrets []placing) error {
	old := r.ownSecrets(name)
	err := r.rewritten(ctx, name, before, secrets, func(references []profiles.Change) error {
		return r.store.Edit(ctx, name, withoutConflicts(slices.Concat(changes, references))...)
	})
	if err != nil {
		return err
	}
	after, err := r.store.Text(name)
	if err != nil {
		return err
	}
	notes := []string{}
	for _, p := range secrets {
		notes = append(notes, p.note)
	}
	notes = append(notes, r.superseded(ctx, name, old, secrets)...)
	if slices.Equal(before, after) && len(secrets) == 0 {
		return r.report("unchanged", name, "", append(notes, "it says all of that already")...)
	}
	return r.report("changed", name, "", append(notes, r.missingFiles(name)...)...)
}

// rewritten has write change a profile, with references to its new secrets. When that, or keeping the secrets, fails, all is as before.
func (r *profileRun) rewritten(ctx context.Context, name string, before []byte, secrets []placing, write func([]profiles.Change) error) error {
	var references []profiles.Change
	for i := range secrets {
		if err := r.encrypt(ctx, name, &secrets[i]); err != nil {
			return errors.Join(err, r.takeBack(ctx, name, secrets, false))
		}
		references = append(references, secrets[i].change())
	}
	if err := write(references); err != nil {
		return errors.Join(err, r.takeBack(ctx, name, secrets, false))
	}
	err := r.usable(name)
	if err == nil {
		err = r.keepAll(ctx, name, secrets)
	}
	if err != nil {
		return errors.Join(err, r.store.Write(ctx, name, before), r.takeBack(ctx, name, secrets, false))
	}
	return nil
}

// withoutConflicts removes what a later change of the same key makes void: Unset("host") before Set("host").
func withoutConflicts(changes []profiles.Change) []profiles.Change {
	var kept []profiles.Change
	for i, c := range changes {
		later := slices.ContainsFunc(changes[i+1:], func(other profiles.Change) bool { return slices.Equal(c.Path, other.Path) })
		if !later {
			kept = append(kept, c)
		}
	}
	return kept
}
