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

// secretSources are the places that secrets of profiles come from.
func (r *profileRun) secretSources() secret.Sources {
	sources := r.secretPlaces()
	sources.Directory = r.store.Folder()
	return sources
}

func upperFirst(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// placing is a secret and where it is to be.
type placing struct {
	// path is the key of the profile that gets the reference.
	path      []string
	reference profiles.Reference
	kind      secret.Kind
	// text is what has to be put there; not set when somebody else has put it there already.
	text conn.Secret
	// passphrase opens the encrypted file that is to be made.
	passphrase conn.Secret
	// file is what is in that file; fresh is set when it was made, and not yet put in the place of an old one.
	file  []byte
	fresh bool
	note  string
}

// key is the dotted name of what gets the reference.
func (p placing) key() string { return strings.Join(p.path, ".") }

// secretOf names a secret in questions.
func secretOf(path []string, name string) string {
	return secretSubject(strings.Join(path, ".")) + " of " + name
}

// placesHint is the way out where the keyring is none.
func (r *profileRun) placesHint() string {
	switch r.placeOption {
	case "--secrets":
		return "Say what to do instead: --secrets age (an encrypted\nfile each), or --secrets skip."
	case "--to":
		return "Say where it goes instead: --to age (an encrypted\nfile), or env:NAME, file:PATH or command:PROGRAM that has the same."
	}
	return "Say where it is instead:\n  --secret env:NAME, file:PATH or command:PROGRAM\n" +
		"  --secret prompt (asked each time)\n  --secret age (an encrypted file)\n  --secret none (no password)"
}

// place decides where a secret goes: to where want says, else into the keyring. known is the secret, if it was given. Nothing is
// stored yet.
func (r *profileRun) place(ctx context.Context, name string, path []string, want string, known conn.Secret) (placing, error) {
	p := placing{path: path, text: known}
	if want == "" {
		want = string(secret.Keyring)
	}
	switch want {
	case string(secret.Keyring):
		return r.placeInKeyring(ctx, name, p)
	case string(secret.Age):
		return r.placeInFile(ctx, name, p)
	}
	reference, err := secret.Parse(want)
	switch {
	case err != nil:
		return p, &usageError{text: err.Error()}
	case reference.Clear():
		return p, &usageError{
			text: "--secret takes the place of a secret, and no secret.",
			hint: "env:NAME, file:PATH, command:PROGRAM, keyring, keyring:ACCOUNT, age or prompt.",
		}
	}
	p.reference, p.kind = profiles.Reference(want), reference.Kind
	if !known.IsSet() {
		return p, nil
	}
	if reference.Kind != secret.Keyring {
		return p, &usageError{
			text: "--secret " + reference.String() + " says where the " + secretOf(path, name) + " is, and one was given, too.",
			hint: "Leave one of them out; --secret keyring and --secret age keep the one that was given.",
		}
	}
	p.note = keptInKeyring(p)
	return p, nil
}

func keptInKeyring(p placing) string {
	account := accountOf(p.reference)
	return "the " + strings.ReplaceAll(p.path[len(p.path)-1], "_", " ") + " is in the system's keyring, as " + account + " of " + secret.Service
}

// accountOf is the name behind the colon of a reference.
func accountOf(reference profiles.Reference) string {
	parsed, err := reference.Parse()
	if err != nil {
		return ""
	}
	return parsed.Name
}

// placeInKeyring finds an account that nobody uses: another directory of profiles may have one of this name.
func (r *profileRun) placeInKeyring(ctx context.Context, name string, p placing) (placing, error) {
	const most = 100
	account := name
	if last := p.path[len(p.path)-1]; last != "password" {
		account += "/" + last
	}
	base := account
	for n := 2; n < most; n++ {
		p.kind, p.reference = secret.Keyring, profiles.Reference("keyring:"+account)
		_, err := r.secretSources().Resolve(ctx, secret.Reference{Kind: secret.Keyring, Name: account}, "")
		switch {
		case errors.Is(err, secret.ErrNotInKeyring):
			p.note = keptInKeyring(p)
			return r.withText(name, p)
		case err != nil:
			return p, r.noKeyring(err, p)
		}
		account = fmt.Sprintf("%s.%d", base, n)
	}
	return p, errors.New("the keyring has too many entries for " + name + "; name one: --secret keyring:ACCOUNT")
}

// noKeyring says that the keyring does not take a secret, and what to do instead.
func (r *profileRun) noKeyring(err error, p placing) error {
	if errors.Is(err, secret.ErrTooBig) {
		return fmt.Errorf("%w (%s).\nNothing is saved. %s", secret.ErrTooBig, p.key(), r.placesHint())
	}
	if failed, ok := errors.AsType[*secret.Error](err); ok {
		err = failed.Err
	}
	return fmt.Errorf("the secret cannot go to the keyring: %w.\nNothing is saved. %s", err, r.placesHint())
}

// placeInFile has the person choose the passphrase of an encrypted file beside the profile.
func (r *profileRun) placeInFile(_ context.Context, name string, p placing) (placing, error) {
	p.kind = secret.Age
	if !r.sys.InTTY {
		return p, errors.New("--secret age asks for a passphrase, and this is no terminal; make the file with the program age, and give --secret age:PATH")
	}
	p, err := r.withText(name, p)
	if err != nil {
		return p, err
	}
	first, err := r.sys.ReadPassword("Passphrase for the encrypted file: ")
	if err != nil {
		return p, err
	}
	again, err := r.sys.ReadPassword("Once more: ")
	switch {
	case err != nil:
		return p, err
	case first != again:
		return p, errors.New("the two passphrases differ; nothing is saved")
	case first == "":
		return p, errors.New("an empty passphrase protects nothing; nothing is saved")
	}
	p.passphrase = conn.NewSecret(first)
	p.note = "the " + secretOf(p.path, name) + " is in an encrypted file, whose passphrase is asked for"
	return p, nil
}

// withText asks for the secret, if it was not given.
func (r *profileRun) withText(name string, p placing) (placing, error) {
	if p.text.IsSet() {
		return p, nil
	}
	if !r.sys.InTTY {
		return p, fmt.Errorf("there is no %s to keep: give --askpass with it on standard input, or REDISCLI_AUTH", secretOf(p.path, name))
	}
	text, err := r.sys.ReadPassword(upperFirst(secretOf(p.path, name)) + ": ")
	if err != nil {
		return p, err
	}
	p.text = conn.NewSecret(text)
	return p, nil
}

// encrypt makes the encrypted file, which the reference needs before a profile can have it. One that the profile has already stays as it
// is until [profileRun.keep].
func (r *profileRun) encrypt(ctx context.Context, name string, p *placing) error {
	if p.kind != secret.Age || !p.passphrase.IsSet() {
		return nil
	}
	text, err := r.secretSources().Encrypt(p.text, p.passphrase)
	if err != nil {
		return err
	}
	p.file = text
	if own, err := r.store.Load(name); err == nil && own.Own(p.key()) && r.store.HasOwnSecretFile(name, p.key(), referencesOf(own)[p.key()]) {
		p.reference = profiles.SecretFileReference(name, p.key())
		return nil
	}
	p.reference, err = r.store.PutSecretFile(ctx, name, p.key(), text)
	p.fresh = err == nil
	return err
}

// referencesOf are the secrets of a profile by their key.
func referencesOf(p profiles.Profile) map[string]profiles.Reference {
	return map[string]profiles.Reference{
		"password": p.Password, "tls.key_passphrase": p.TLS.KeyPassphrase, "tls.key_data": p.TLS.KeyData,
	}
}

// keep puts a secret into the keyring, or in the place of the one in an encrypted file. The profile has its reference already: when two
// make one of the same name, the one that comes second has not touched the secret of the first.
func (r *profileRun) keep(ctx context.Context, name string, p placing) error {
	if p.kind == secret.Age && p.file != nil && !p.fresh {
		return r.store.ReplaceSecretFile(ctx, name, p.key(), p.file)
	}
	if p.kind != secret.Keyring || !p.text.IsSet() {
		return nil
	}
	account := accountOf(p.reference)
	if err := r.secretSources().Store(ctx, secret.Reference{Kind: secret.Keyring, Name: account}, p.text); err != nil {
		return r.noKeyring(err, p)
	}
	return nil
}

// keepAll keeps secrets, those first that may fail because a keyring is not there today.
func (r *profileRun) keepAll(ctx context.Context, name string, secrets []placing) error {
	for _, files := range []bool{false, true} {
		for _, p := range secrets {
			if (p.kind == secret.Age) != files {
				continue
			}
			if err := r.keep(ctx, name, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// superseded removes the secrets that others have taken the place of, now that nobody refers to them, and tells which.
func (r *profileRun) superseded(ctx context.Context, name string, old []ownSecret, secrets []placing) []string {
	var notes []string
	for _, s := range old {
		now := slices.IndexFunc(secrets, func(p placing) bool { return slices.Equal(p.path, s.path) && p.text.IsSet() })
		same := func(reference profiles.Reference) bool {
			return accountOf(reference) == s.account || s.account == "" && r.store.HasOwnSecretFile(name, s.key(), reference)
		}
		if now < 0 || same(secrets[now].reference) || r.isShared(name, s) {
			continue
		}
		notes = append(notes, "the old one: "+r.forget(ctx, name, s))
	}
	return notes
}

// change is the key of a profile that says where the secret is.
func (p placing) change() profiles.Change { return profiles.Set(string(p.reference), p.path...) }

// passwordKey and passphraseKey are the keys that secrets of the command line belong to.
func passwordKey() []string { return []string{"password"} }

func passphraseKey() []string { return []string{"tls", "key_passphrase"} }

// givenPassword is the one of the command line or, with environment, of REDISCLI_AUTH; from says which in words.
func (r *profileRun) givenPassword(environment bool) (password conn.Secret, from string, err error) {
	var o conn.Options
	flags := &r.inv.options
	if err := r.applyAddress(r.inv, &o); err != nil {
		return o.Password, "", err
	}
	if o.Password.Reveal() == "" { // redis://user:@host says that there is a user, and no password
		o.Password = conn.Secret{}
	}
	if o.Password.IsSet() && !flags.NoAuthWarn {
		r.warn(passwordWarning)
	}
	switch {
	case flags.Askpass:
		err := r.askPassword(&o)
		return o.Password, "", err
	case o.Password.IsSet():
		return o.Password, "", nil
	}
	if text, set := r.sys.Getenv("REDISCLI_AUTH"); set && environment {
		return conn.NewSecret(text), "REDISCLI_AUTH", nil
	}
	return o.Password, "", nil
}
