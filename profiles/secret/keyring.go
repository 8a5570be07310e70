package secret

import (
	"context"
	"errors"
	"time"

	"github.com/zalando/go-keyring"

	"redan/conn"
)

// Service is the name under which redan keeps secrets in the keyring of the operating system.
const Service = "redan"

// Keys is a keyring. Its errors are those of go-keyring, or [ErrNotInKeyring].
type Keys interface {
	Get(service, account string) (string, error)
	Set(service, account, secret string) error
	Delete(service, account string) error
}

// SystemKeys is the keyring of the operating system: the Keychain, the Credential Manager, or a Secret Service on the session's D-Bus.
type SystemKeys struct{}

// Get implements Keys.
func (SystemKeys) Get(service, account string) (string, error) { return keyring.Get(service, account) }

// Set implements Keys.
func (SystemKeys) Set(service, account, secret string) error {
	return keyring.Set(service, account, secret)
}

// Delete implements Keys.
func (SystemKeys) Delete(service, account string) error { return keyring.Delete(service, account) }

// unlockLimit is how long a keyring may take: it may ask the person to unlock it.
const unlockLimit = time.Minute

// ErrNoKeyring is a system on which no keyring answers.
var ErrNoKeyring = errors.New("no keyring answers here")

// ErrNotInKeyring is an account that the keyring does not have.
var ErrNotInKeyring = errors.New("the keyring has no such entry")

// ErrTooBig is a secret, such as a private key, that the keyring of this system does not take: Windows' and macOS' are for passwords.
var ErrTooBig = errors.New("the secret is too large for the keyring of this system")

const (
	fixTooBig    = "use an encrypted file: age:PATH"
	fixNoKeyring = "name another place: env:NAME, file:PATH, command:PROGRAM, or age:PATH for an encrypted file"
	fixNotFound  = "store it with: redan profile edit NAME --set-password"
)

func (s Sources) fromKeyring(ctx context.Context, r Reference) (Resolved, error) {
	var text string
	err := s.keyring(ctx, func(k Keys) (err error) {
		text, err = k.Get(Service, r.Name)
		return err
	})
	if err != nil {
		return Resolved{}, &Error{Reference: r, Err: err, Fix: fixOf(err)}
	}
	return Resolved{Secret: conn.NewSecret(text)}, nil
}

// Store puts a secret where a reference leads: into the keyring, or into a file encrypted by a passphrase that is asked for.
// Other places are not ours to write.
func (s Sources) Store(ctx context.Context, r Reference, secret conn.Secret) error {
	if r.Kind != Keyring {
		return &Error{Reference: r, Err: errors.New("only the keyring can be written to")}
	}
	err := s.keyring(ctx, func(k Keys) error { return k.Set(Service, r.Name, secret.Reveal()) })
	if err != nil {
		return &Error{Reference: r, Err: err, Fix: fixOf(err)}
	}
	return nil
}

// Forget removes a secret from the keyring. One that is not there is no error.
func (s Sources) Forget(ctx context.Context, r Reference) error {
	if r.Kind != Keyring {
		return nil
	}
	err := s.keyring(ctx, func(k Keys) error { return k.Delete(Service, r.Name) })
	if err != nil && !errors.Is(err, ErrNotInKeyring) {
		return &Error{Reference: r, Err: err, Fix: fixOf(err)}
	}
	return nil
}

func fixOf(err error) string {
	switch {
	case errors.Is(err, ErrNotInKeyring):
		return fixNotFound
	case errors.Is(err, ErrNoKeyring):
		return fixNoKeyring
	case errors.Is(err, ErrTooBig):
		return fixTooBig
	}
	return ""
}

// keyring does one thing with the keyring, and gives up when that hangs: a locked one asks for its password on a screen that
// nobody may be looking at.
func (s Sources) keyring(ctx context.Context, do func(Keys) error) error {
	if s.Keyring == nil {
		return ErrNoKeyring
	}
	ctx, cancel := context.WithTimeout(ctx, unlockLimit)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- do(s.Keyring) }()
	select {
	case err := <-done:
		return keyringFailure(err)
	case <-ctx.Done():
		return errors.Join(ErrNoKeyring, errors.New("it did not answer in time; is it locked, and asks for its password elsewhere?"))
	}
}

func keyringFailure(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound), errors.Is(err, ErrNotInKeyring):
		return ErrNotInKeyring
	case errors.Is(err, keyring.ErrSetDataTooBig), errors.Is(err, ErrTooBig):
		return ErrTooBig
	}
	return &unreachable{err}
}

// unreachable is a keyring that cannot be spoken to, with what the library says of it.
type unreachable struct{ error }

// Error implements error.
func (u *unreachable) Error() string { return ErrNoKeyring.Error() + " (" + u.error.Error() + ")" }

// Unwrap gives both: that there is none, and why.
func (u *unreachable) Unwrap() []error { return []error{ErrNoKeyring, u.error} }
