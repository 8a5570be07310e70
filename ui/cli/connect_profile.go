package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"redan/conn"
	"redan/profiles"
)

// atName makes --profile=NAME of @NAME, where that stands as the first word like a verb. Behind it go on the options.
func (a *app) atName(inv *invocation) (*invocation, error) {
	if len(inv.command) == 0 || a.asRedisCLI() || a.afterDashes(inv) || inv.options.Eval != "" {
		return inv, nil
	}
	name, ok := strings.CutPrefix(inv.command[0], "@")
	if !ok {
		return inv, nil
	}
	if inv.given("profile") {
		return nil, &usageError{text: fmt.Sprintf("One profile at a time: @%s and @%s were given.", inv.options.Profile, name)}
	}
	if err := profiles.CheckName(name); err != nil {
		return nil, &usageError{text: err.Error(), hint: "-- @" + name + " sends it to the server."}
	}
	args := slices.Clone(a.sys.Args)
	args[len(args)-len(inv.command)] = "--profile=" + name
	a.sys.Args = args
	again, err := parseArgs(args)
	if err != nil {
		return nil, err
	}
	return a.atName(again)
}

// profileError is a profile that cannot be used, and what asked for it.
type profileError struct {
	from string // "REDAN_PROFILE"; empty when it stands on the command line
	err  error
}

// Error implements error.
func (e *profileError) Error() string {
	if e.from == "" {
		return e.err.Error()
	}
	return e.from + ": " + e.err.Error()
}

// Unwrap returns what is wrong with it.
func (e *profileError) Unwrap() error { return e.err }

// chosenProfile is the name of the profile that a command line or the environment asks for, and where it does. The name redis-cli promises a
// program that knows no such variable, and the demo is a server of its own.
func (a *app) chosenProfile(inv *invocation) (name, from string, chosen bool) {
	switch {
	case a.demo != nil:
		return "", "", false
	case inv.given("profile"):
		return inv.options.Profile, "", true
	case a.asRedisCLI():
		return "", "", false
	}
	name, _ = a.sys.Getenv("REDAN_PROFILE")
	return name, "REDAN_PROFILE", name != ""
}

// profileFor returns the profile that a command line asks for; nil for none. It is read once.
func (a *app) profileFor(inv *invocation) (*profiles.Profile, error) {
	name, from, chosen := a.chosenProfile(inv)
	if !chosen {
		return nil, nil //nolint:nilnil // no profile is what most runs have
	}
	if a.profile != nil && a.profile.Name == name {
		return a.profile, nil
	}
	store, err := a.storeFor(inv)
	if err != nil {
		return nil, &profileError{from, err}
	}
	p, err := store.Load(name)
	if err != nil {
		return nil, &profileError{from, withNames(err, store)}
	}
	a.profile = &p
	return a.profile, nil
}

// withNames adds to the error about a profile that there is not which there are.
func withNames(err error, store profiles.Store) error {
	const most = 8
	names, listErr := store.Names()
	switch {
	case listErr != nil || !errors.Is(err, profiles.ErrNotFound):
		return err
	case len(names) == 0:
		return fmt.Errorf("%w. There is none yet: redan profile add NAME", err)
	case len(names) > most:
		return fmt.Errorf("%w. redan profile list shows all", err)
	}
	return fmt.Errorf("%w. There are: %s", err, strings.Join(names, ", "))
}

// server returns how the server of a command line is reached: what its profile says, and over that environment and options. Secrets that
// the profile refers to are not resolved yet.
func (a *app) server(inv *invocation) (profiles.Connection, error) {
	c := profiles.Connection{Options: conn.DefaultOptions()}
	p, err := a.profileFor(inv)
	if err != nil {
		return c, err
	}
	if p != nil {
		if c, err = connectionOf(*p); err != nil {
			return c, err
		}
		base := c.Options
		c.Options.Profile, c.Options.Base = p.Name, &base
	}
	o := &c.Options
	forgetReplaced(inv, o)
	o.Program = a.programName()
	if password, set := a.environmentPassword(p); set {
		o.Password = conn.NewSecret(password)
		o.PasswordFromEnvironment = !inv.given("pass") && !inv.options.Askpass && !strings.Contains(inv.options.URI, "@")
	}
	if err := a.applyAddress(inv, o); err != nil {
		return c, err
	}
	if err := applyProtocol(inv, o); err != nil {
		return c, err
	}
	c.Follow = inv.options.Cluster || c.Follow && o.Socket == ""
	if o.Password.IsSet() || inv.options.Askpass {
		c.Password = ""
	}
	if inv.options.User != "" && !o.Password.IsSet() && !c.Password.IsSet() && !inv.options.Askpass {
		a.warn("Warning: --user " + inv.options.User + " has no effect without a password (--askpass, REDISCLI_AUTH or -a).")
	}
	return c, a.applyTLS(inv, &c)
}

// environmentPassword is that of REDISCLI_AUTH. Where there is a profile an empty one is none.
func (a *app) environmentPassword(p *profiles.Profile) (password string, set bool) {
	password, set = a.sys.Getenv("REDISCLI_AUTH")
	return password, set && (p == nil || password != "")
}

// forgetReplaced takes out of a profile's options what the command line replaces by something of another kind: an address by a socket, a
// whole address by a URI.
func forgetReplaced(inv *invocation, o *conn.Options) {
	if inv.given("host") || inv.given("port") || inv.given("uri") {
		o.Socket = ""
	}
	if inv.given("uri") {
		o.Host, o.Port = conn.DefaultHost, conn.DefaultPort
	}
}

// goesElsewhere reports whether the command line names another address than the profile's, to which the profile's way does not lead.
func goesElsewhere(inv *invocation) bool { return inv.last("host", "port", "socket", "uri") != "" }

// applyFiles lays the files of the command line over those of a profile: one kind of them replaces all of its kind.
func (a *app) applyFiles(inv *invocation, c *profiles.Connection, t *conn.TLSOptions) {
	flags := &inv.options
	if inv.last("cacert", "cacertdir", "certb64") != "" {
		t.CAFiles, t.CADirs, t.CAData = flags.CACert, flags.CACertDir, nil
	}
	if inv.given("cert") {
		t.CertFile, t.CertData = flags.Cert, nil
	}
	if inv.last("cert", "key") != "" { // a profile's key does not go with another certificate
		t.KeyFile, t.KeyData = flags.Key, conn.Secret{}
		c.KeyData, c.KeyPassphrase = "", ""
	}
	if _, set := a.sys.Getenv("REDAN_KEY_PASS"); set || inv.given("key-pass-file") {
		c.KeyPassphrase = ""
	}
	t.PassphraseFile = flags.KeyPassFile
	t.Passphrase = a.keyPassphrase(flags.KeyPassFile)
	if inv.given("sni") {
		t.ServerName = flags.SNI
	}
	if inv.given("tls-verify-name") {
		t.VerifyNames = flags.TLSVerifyName
	}
	if inv.given("tls-ciphers") {
		t.Ciphers = flags.TLSCiphers
	}
	if inv.given("tls-ciphersuites") {
		t.Ciphersuites = flags.TLSCiphersuites
	}
}

// origin says where an error comes from in the profile: which key of which file led there, if it was not the command line.
func (a *app) origin(err error) string {
	failed, ok := errors.AsType[*conn.Error](err)
	if !ok || a.profile == nil {
		return ""
	}
	for _, key := range a.keysOf(failed) {
		if at, ok := a.profile.Origin(key); ok {
			return printable(fmt.Sprintf("\n  from:  profile %s, %s: %s", a.profile.Name, at, key))
		}
	}
	return ""
}

// keysOf lists the keys of a profile that a failure may be about, the likeliest first. What an option of the command line replaced is not
// the profile's fault.
func (a *app) keysOf(failed *conn.Error) []string {
	given := func(names ...string) bool { return a.inv != nil && a.inv.last(names...) != "" }
	var keys []string
	add := func(key string, options ...string) {
		if !given(options...) {
			keys = append(keys, key)
		}
	}
	switch failed.Stage {
	case conn.StageFiles:
		for _, file := range a.files() {
			if strings.Contains(failed.Cause, file.path) {
				add(file.key, file.option)
			}
		}
	case conn.StageAuth:
		if failed.Code == conn.CodeSelect {
			add("db", "db", "uri")
			break
		}
		if _, set := a.environmentPassword(a.profile); !set {
			add("password", "pass", "askpass", "uri")
			add("uri", "pass", "askpass", "uri")
		}
	case conn.StageDNS, conn.StageConnect, conn.StageTLS:
		for _, key := range []string{"host", "uri", "socket", "port"} {
			add(key, "host", "port", "socket", "uri")
		}
	default:
	}
	return keys
}

// namedFile is a file that a key names, and the option that names another one.
type namedFile struct{ key, option, path string }

// files lists the certificate files of the profile.
func (a *app) files() []namedFile {
	t := a.profile.TLS
	var files []namedFile
	for _, path := range t.CA {
		files = append(files, namedFile{"tls.ca", "cacert", path})
	}
	for _, path := range t.CADirs {
		files = append(files, namedFile{"tls.ca_dirs", "cacertdir", path})
	}
	for _, one := range []namedFile{{"tls.cert", "cert", t.Cert}, {"tls.key", "key", t.Key}} {
		if one.path != "" {
			files = append(files, one)
		}
	}
	return files
}
