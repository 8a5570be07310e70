package cli

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"redan/conn"
	"redan/profiles"
	"redan/profiles/secret"
	"redan/profiles/tomlfile"
)

// secretPlaces are where the secrets of profiles come from.
func (a *app) secretPlaces() secret.Sources {
	place := profiles.Place{Getenv: a.sys.Getenv}
	return secret.Sources{
		Getenv: a.sys.Getenv, ReadFile: a.sys.ReadWithInfo, Keyring: a.sys.Keyring, Now: a.sys.Now, Home: place.Home(),
		WorkFactor: a.sys.WorkFactor,
		Start:      func(name string, args ...string) *exec.Cmd { return a.program(name, args, nil) },
		Ask: func(_ context.Context, question string) (string, error) {
			a.flush()
			return a.sys.ReadPassword(strings.ToUpper(question[:1]) + question[1:] + ": ")
		},
	}
}

// program is the command of a program that gets our environment, but for the variables that hold secrets meant for us.
func (a *app) program(name string, args, secretVariables []string) *exec.Cmd {
	cmd := exec.Command(name, args...) //nolint:noctx // whoever runs it ends it; the profile says what to run
	if a.sys.Environ == nil {
		return cmd
	}
	cmd.Env = slices.DeleteFunc(withoutSecrets(slices.Clone(a.sys.Environ())), func(entry string) bool {
		variable, _, _ := strings.Cut(entry, "=")
		return slices.Contains(secretVariables, variable)
	})
	return cmd
}

// secretError is a secret of a profile that could not be had.
type secretError struct {
	profile, key string
	at           tomlfile.Position
	err          error
}

// Error implements error. What is wrong with the secret itself tells where it is looked for, and never what it is.
func (e *secretError) Error() string {
	return fmt.Sprintf("%s: %s of profile %s: %v", e.at, e.key, e.profile, e.err)
}

// Unwrap returns why.
func (e *secretError) Unwrap() error { return e.err }

// reveal resolves the secrets that a profile refers to, now that a connection is to be made. A password that ends is got anew in time.
func (a *app) reveal(ctx context.Context, inv *invocation, c profiles.Connection) (conn.Options, error) {
	p := a.profile
	if p == nil {
		return c.Options, nil
	}
	a.warnOfClearText(inv, c)
	a.noteEnvironment(inv, p)
	var password secret.Resolved
	o, err := c.Reveal(func(key string, r profiles.Reference) (conn.Secret, error) {
		found, err := a.resolve(ctx, p, key, r)
		if key == "password" {
			password = found
		}
		return found.Secret, err
	})
	if err != nil {
		return o, err
	}
	if c.Password.IsSet() {
		o.PasswordFromEnvironment = true // no option is needed for it
	}
	user := func(said string) string {
		if inv.given("user") || said == "" {
			return o.User
		}
		return said
	}
	o.User = user(password.User)
	if password.Expires.IsZero() {
		return o, nil
	}
	reference := c.Password
	o.Tokens = conn.NewTokens(credentials(password, o.User), func(ctx context.Context) (conn.Credentials, error) {
		again, err := a.resolve(ctx, p, "password", reference)
		return credentials(again, user(again.User)), err
	}, a.sys.Now)
	return o, nil
}

func credentials(r secret.Resolved, user string) conn.Credentials {
	return conn.Credentials{User: user, Password: r.Secret, Expires: r.Expires}
}

// resolve gets one secret of a profile.
func (a *app) resolve(ctx context.Context, p *profiles.Profile, key string, r profiles.Reference) (secret.Resolved, error) {
	return resolveFrom(ctx, a.secretPlaces(), p, key, r)
}

// resolveFrom gets one secret of a profile from certain places.
func resolveFrom(ctx context.Context, sources secret.Sources, p *profiles.Profile, key string, r profiles.Reference) (secret.Resolved, error) {
	parsed, err := r.Parse()
	var found secret.Resolved
	if err == nil {
		subject := secretSubject(key) + " of " + p.Name
		if key == "tls.key_data" {
			found, err = sources.ResolveText(ctx, parsed, subject)
		} else {
			found, err = sources.Resolve(ctx, parsed, subject)
		}
	}
	if err != nil {
		at, _ := p.Origin(key)
		return found, &secretError{p.Name, key, at, err}
	}
	return found, nil
}

// secretSubject is what a person calls the secret of a key.
func secretSubject(key string) string {
	switch key {
	case "tls.key_passphrase":
		return "passphrase of the private key"
	case "tls.key_data":
		return "private key"
	}
	return "password"
}

// warnOfClearText tells a person at the terminal of secrets that anybody can read who gets to see the profile's file.
func (a *app) warnOfClearText(inv *invocation, c profiles.Connection) {
	if !a.sys.ErrTTY || inv.options.NoAuthWarn {
		return
	}
	keys := slices.DeleteFunc(a.profile.ClearSecrets(), func(key string) bool {
		used := map[string]profiles.Reference{
			"password": c.Password, "uri": c.Password, "tls.key_passphrase": c.KeyPassphrase, "tls.key_data": c.KeyData,
		}[key]
		return !used.IsClear()
	})
	if len(keys) == 0 {
		return
	}
	at, _ := a.profile.Origin(keys[0])
	a.warn(printable(fmt.Sprintf("Warning: %s: a secret in clear text (%s). To keep it safe: redan profile secure %s",
		at, strings.Join(keys, ", "), a.profile.Name)))
}

// noteEnvironment tells a person at the terminal that the password is not the profile's.
func (a *app) noteEnvironment(inv *invocation, p *profiles.Profile) {
	_, set := a.environmentPassword(p)
	if set && a.sys.ErrTTY && !inv.options.NoAuthWarn && p.Password.IsSet() && inv.last("pass", "askpass") == "" {
		a.warn("REDISCLI_AUTH is used, and not the password of profile " + p.Name + ".")
	}
}

// secretVariables are the environment variables that a profile's secrets are in.
func secretVariables(p *profiles.Profile) []string {
	var names []string
	for _, r := range []profiles.Reference{p.Password, p.TLS.KeyData, p.TLS.KeyPassphrase} {
		if parsed, err := r.Parse(); err == nil && parsed.Kind == secret.Env {
			names = append(names, parsed.Name)
		}
	}
	return names
}
