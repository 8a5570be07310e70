package cli

import (
	"context"
	"errors"
	"fmt"

	"redan/conn"
	"redan/conn/cert"
	"redan/profiles"
)

type addFlags struct {
	profileFlags
	defineFlags
}

const profileAddHelp = `redan profile add: make a profile

  redan -h db.lab -p 6380 --cacert ca.crt --user ann --askpass \
        profile add orders-prod --environment production
  redan -u rediss://ann@db.lab:6380/2 profile add orders \
        --secret env:ORDERS_PASSWORD --group Orders --tag eu
  redan profile add              asks for all of it (on a terminal)

  redan [connection options] profile add NAME [options]

Connection options are those of redan --help; each becomes a key
of the file. Relative paths of files become absolute ones.

` + defineHelp + `
A password of -a, --askpass, a URI or REDISCLI_AUTH goes into the
system's keyring and never into the file. --secret names another
place for it:

  --secret keyring[:ACCOUNT]  the keyring (default)
  --secret env:NAME           an environment variable
  --secret file:PATH          a file that only you can read
  --secret command:PROGRAM    what a program prints
  --secret age                an encrypted file; asks for its passphrase
  --secret age:PATH           an encrypted file that is there
  --secret prompt             asked each time, kept nowhere
  --secret none               no password, also if REDISCLI_AUTH is set
  --key-secret REF            the same for the passphrase of --key

  --config DIR  another directory of profiles (else REDAN_CONFIG)
  --json        the answer as JSON
`

// defineHelp is about the options of add and edit that are not about the connection.
const defineHelp = `  --group GROUP         heading in lists
  --tag TAG             word to search by; may be given several times
  --environment WORD    production (prod, live) is guarded
  --read-only           nothing is written
  --description TEXT    what people should know
  --color COLOR         of the name: red, 208, #d70000
  --extends NAME        inherit from another profile
  --set KEY=VALUE       any other key of docs/profiles.md; for lists,
                        once for each value
`

func profileAdd(ctx context.Context, a *app, args []string) int {
	var flags addFlags
	r, code, done := a.newProfileRun(args, &flags, true, profileAddHelp)
	if done {
		return code
	}
	if len(r.names) == 0 && len(r.inv.order) <= len(flags.shared().given(r.inv)) && r.isTerminal() {
		return r.end(r.form(ctx))
	}
	if err := r.wants(1, 1, "add NAME"); err != nil {
		return r.end(err)
	}
	return r.end(r.add(ctx, &flags.defineFlags))
}

// given lists which of the options were given that all sub-commands have.
func (f *profileFlags) given(inv *invocation) []string {
	var given []string
	for _, name := range []string{"config", "json", "no-auth-warning"} {
		if inv.given(name) {
			given = append(given, name)
		}
	}
	return given
}

func (r *profileRun) add(ctx context.Context, f *defineFlags) error {
	name := r.names[0]
	if r.inv.given("profile") {
		return &usageError{
			text: "redan profile add makes a profile of options, and not of @" + r.inv.options.Profile + ".",
			hint: "redan profile copy " + r.inv.options.Profile + " " + name + ", or --extends " + r.inv.options.Profile,
		}
	}
	if err := r.vacant(name); err != nil {
		return err
	}
	if err := r.inv.exclusive(); err != nil {
		return err
	}
	d, err := draftOf(r.inv, f, true)
	if err != nil {
		return err
	}
	password, from, err := r.givenPassword(f.Secret == "")
	if err != nil {
		return err
	}
	if f.Secret == noSecret {
		if password.IsSet() {
			return bothSecrets()
		}
		f.Secret = ""
	}
	var secrets []placing
	if password.IsSet() || f.Secret != "" {
		p, err := r.place(ctx, name, passwordKey(), f.Secret, password)
		if err != nil {
			return err
		}
		if from != "" {
			p.note += " (taken from " + from + "; --secret none leaves it out)"
		}
		secrets = append(secrets, p)
	}
	if f.KeySecret != "" {
		p, err := r.place(ctx, name, passphraseKey(), f.KeySecret, conn.Secret{})
		if err != nil {
			return err
		}
		secrets = append(secrets, p)
	}
	return r.create(ctx, name, onlySet(d.changes), secrets)
}

// noSecret is what --secret takes for a profile without a password.
const noSecret = "none"

func bothSecrets() error {
	return &usageError{text: "--secret none is for a profile without a password, and one was given, too.", hint: "Leave one of them out."}
}

// vacant returns an error when a profile cannot have the name, before anything is asked.
func (r *profileRun) vacant(name string) error {
	if err := profiles.CheckName(name); err != nil {
		return err
	}
	_, err := r.store.Text(name)
	switch {
	case err == nil:
		return taken(name)
	case errors.Is(err, profiles.ErrNotFound):
		return nil
	}
	return err
}

// taken says that there is a profile already, and what to do.
func taken(name string) error {
	return fmt.Errorf("%w: %q. Change it with redan profile edit %s, or make another one of it with redan profile copy %s NAME",
		profiles.ErrExists, name, name, name)
}

// create makes a profile with its secrets, and says so.
func (r *profileRun) create(ctx context.Context, name string, changes []profiles.Change, secrets []placing) error {
	if err := r.made(ctx, name, changes, secrets); err != nil {
		return err
	}
	notes := []string{}
	for _, p := range secrets {
		notes = append(notes, p.note)
	}
	notes = append(notes, r.missingFiles(name)...)
	return r.report("added", name, "", append(notes, r.nextSteps(name)...)...)
}

// nextSteps says how to use a new profile.
func (r *profileRun) nextSteps(name string) []string {
	program := "redan"
	if r.flags.Config != "" {
		program += " --config " + cert.ShellQuote(r.flags.Config)
	}
	return []string{program + " @" + name + " connects", program + " profile test " + name + " tells what works"}
}

// made makes a profile with its secrets, or nothing at all.
func (r *profileRun) made(ctx context.Context, name string, changes []profiles.Change, secrets []placing) error {
	for i := range secrets {
		if err := r.encrypt(ctx, name, &secrets[i]); err != nil {
			return errors.Join(err, r.takeBack(ctx, name, secrets, false))
		}
		changes = append(changes, secrets[i].change())
	}
	if err := r.store.Create(ctx, name, changes...); err != nil {
		return errors.Join(clarified(err, name), r.takeBack(ctx, name, secrets, false))
	}
	err := r.usable(name)
	if err == nil {
		err = r.keepAll(ctx, name, secrets)
	}
	if err != nil {
		return errors.Join(err, r.takeBack(ctx, name, secrets, true))
	}
	return nil
}

// clarified is an error of making a profile, with what to do when its name is taken.
func clarified(err error, name string) error {
	if errors.Is(err, profiles.ErrExists) {
		return fmt.Errorf("%w. redan profile edit %s changes it", err, name)
	}
	return err
}

// usable returns an error when what a profile says contradicts itself.
func (r *profileRun) usable(name string) error {
	p, err := r.store.Load(name)
	if err == nil {
		_, err = connectionOf(p)
	}
	return err
}

// takeBack undoes what was made of a profile that could not be made.
func (r *profileRun) takeBack(ctx context.Context, name string, secrets []placing, made bool) error {
	var errs []error
	for _, p := range secrets {
		if p.fresh {
			errs = append(errs, r.store.RemoveSecretFile(ctx, name, p.key()))
		}
	}
	if made {
		errs = append(errs, r.store.Remove(ctx, name))
	}
	return errors.Join(errs...)
}

// missingFiles says of the certificate files of a profile which cannot be used. It is made all the same: they may be on a disk that is
// not there today.
func (r *profileRun) missingFiles(name string) []string {
	p, err := r.store.Load(name)
	if err != nil {
		return nil
	}
	c, err := p.Connection()
	if err != nil || c.Options.TLS == nil {
		return nil
	}
	t := c.Options.TLS
	var notes []string
	for _, path := range append(append([]string{}, t.CAFiles...), t.CertFile, t.KeyFile) {
		if path == "" {
			continue
		}
		if _, err := r.sys.ReadFile(path); err != nil {
			notes = append(notes, fmt.Sprintf("warning: %s: %v", path, rootCause(err)))
		}
	}
	return notes
}
