package cli

import (
	"bufio"
	"cmp"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"redan/conn"
	"redan/conn/cert"
	"redan/profiles"
)

// passwordWarning is redis-cli's.
const passwordWarning = "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe."

// connectOptions merges profile, environment and flags into connection options, without the secrets that the profile refers to.
func (a *app) connectOptions(inv *invocation) (conn.Options, error) {
	c, err := a.server(inv)
	return c.Options, err
}

// applyAddress applies what says where to connect and as whom. The URI and the
// single options override each other in the order they were given.
func (a *app) applyAddress(inv *invocation, o *conn.Options) error {
	flags := &inv.options
	uriAt, hasURI := inv.order["uri"]
	after := func(name string) bool { return hasURI && inv.order[name] > uriAt }
	steps := []struct {
		name  string
		apply func() error
	}{
		{"host", func() error { o.Host = withoutBrackets(flags.Host); return nil }},
		{"port", func() (err error) { o.Port, err = parsePort(flags.Port); return err }},
		{"socket", func() error { o.Socket = flags.Socket; return nil }},
		{"user", func() error { o.User = flags.User; return nil }},
		{"pass", func() error { o.Password = conn.NewSecret(*flags.Password); return nil }},
		{"db", func() (err error) { o.DB, err = parseDB(flags.DB); return err }},
	}
	for _, late := range []bool{false, true} {
		for _, step := range steps {
			if inv.given(step.name) && after(step.name) == late {
				if err := step.apply(); err != nil {
					return err
				}
			}
		}
		if hasURI && !late {
			if err := o.ApplyURI(flags.URI); err != nil {
				return &usageError{text: err.Error()}
			}
		}
	}
	return nil
}

// withoutBrackets returns the address of "[::1]", as people know it from URIs.
func withoutBrackets(host string) string {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		return strings.TrimSuffix(inner, "]")
	}
	return host
}

func applyProtocol(inv *invocation, o *conn.Options) error {
	flags := &inv.options
	if flags.Cluster && o.Socket != "" { // the socket of a URI, too
		return excludes("-c", "-s")
	}
	if flags.RESP3 || (flags.JSON || flags.QuotedJSON) && !flags.RESP2 {
		o.Protocol = 3
	}
	if flags.RESP2 {
		o.Protocol = 0
	}
	if flags.IPv4 {
		o.Family = 4
	}
	if flags.IPv6 {
		o.Family = 6
	}
	if inv.given("timeout") {
		timeout, ok := parseSeconds(flags.Timeout)
		if !ok || timeout == 0 {
			return &usageError{
				text: "Invalid connection timeout for -t.",
				hint: fmt.Sprintf("-t takes seconds above 0, such as 0.5, not '%s'.", flags.Timeout),
			}
		}
		o.ConnectTimeout = timeout
	}
	return nil
}

// exclusive returns an error when two options were given of which only one can
// be meant.
func (inv *invocation) exclusive() error {
	flags := &inv.options
	for _, pair := range []struct {
		both         bool
		first, other string
	}{
		{flags.Cluster && flags.Socket != "", "-c", "-s"},
		{flags.RESP2 && flags.RESP3, "-2", "-3"},
		{flags.StdinArg && flags.StdinTag != nil, "-x", "-X"},
		{flags.IPv4 && flags.IPv6, "-4", "-6"},
	} {
		if pair.both {
			return excludes(pair.first, pair.other)
		}
	}
	return nil
}

func excludes(first, other string) error {
	return &usageError{text: "Options " + first + " and " + other + " are mutually exclusive."}
}

// maxSeconds keeps durations within what a time.Duration can hold.
const maxSeconds = float64(math.MaxInt64/int64(time.Second)) / 2

// parseSeconds reads a length of time from 0 on in seconds.
func parseSeconds(text string) (length time.Duration, ok bool) {
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || !(seconds >= 0 && seconds <= maxSeconds) {
		return 0, false
	}
	return time.Duration(seconds * float64(time.Second)), true
}

func parsePort(text string) (int, error) {
	port, err := strconv.Atoi(text)
	if err != nil || port < 1 || port > 65535 {
		return 0, &usageError{
			text: "Invalid server port.",
			hint: fmt.Sprintf("-p takes a number from 1 to 65535, not '%s'.", text),
		}
	}
	return port, nil
}

func parseDB(text string) (int, error) {
	db, err := strconv.Atoi(text)
	if err != nil || db < 0 {
		return 0, &usageError{text: fmt.Sprintf("Invalid database number: -n takes a number from 0 on, not '%s'.", text)}
	}
	return db, nil
}

// applyTLS turns the TLS options into conn's. Any of them turns TLS on: a
// certificate option never leaves the user in plaintext.
func (a *app) applyTLS(inv *invocation, c *profiles.Connection) error {
	o := &c.Options
	names := []string{
		"tls", "sni", "cacert", "cacertdir", "certb64", "cert", "key", "key-pass-file", "insecure", "tls-verify",
		"tls-verify-name", "tls-min", "tls-max", "tls-ciphers", "tls-ciphersuites",
	}
	if inv.last(names...) == "" && o.TLS == nil {
		return nil
	}
	t := conn.TLSOptions{}
	fromProfile := o.Base != nil && o.Base.TLS != nil
	if fromProfile {
		t = *o.Base.TLS
	}
	o.TLS = &t
	t.AsRedisCLI = a.asRedisCLI()
	a.applyFiles(inv, c, &t)
	if err := a.applyCAEnvironment(inv.options.CertB64, &t); err != nil {
		return err
	}
	if !fromProfile || inv.last("insecure", "tls-verify") != "" {
		level, err := a.verifyLevel(inv)
		if err != nil {
			return err
		}
		t.Level = level
	}
	return applyVersions(&inv.options, &t)
}

// applyVersions applies the range of TLS versions.
func applyVersions(flags *grammar, t *conn.TLSOptions) error {
	oldest, err := parseTLSVersion("--tls-min", flags.TLSMin)
	if err != nil {
		return err
	}
	newest, err := parseTLSVersion("--tls-max", flags.TLSMax)
	if err != nil {
		return err
	}
	t.MinVersion, t.MaxVersion = cmp.Or(oldest, t.MinVersion), cmp.Or(newest, t.MaxVersion)
	switch {
	case t.MaxVersion == 0:
	case t.MinVersion == 0:
		t.MinVersion = min(t.MaxVersion, tls.VersionTLS12) // who asks for an old version means it
	case t.MinVersion > t.MaxVersion:
		return &usageError{text: fmt.Sprintf(
			"--tls-min %s is newer than --tls-max %s.", cert.VersionNumber(t.MinVersion), cert.VersionNumber(t.MaxVersion))}
	}
	return nil
}

// applyCAEnvironment adds the CA given as base64, and redli's environment when
// neither command line nor profile name a CA.
func (a *app) applyCAEnvironment(b64 string, t *conn.TLSOptions) error {
	source := "--certb64"
	if b64 == "" && len(t.CAFiles)+len(t.CADirs)+len(t.CAData) == 0 {
		if file, _ := a.sys.Getenv("REDIS_CERTFILE"); file != "" {
			t.CAFiles = []string{file}
			return nil
		}
		b64, _ = a.sys.Getenv("REDIS_CERTB64")
		source = "REDIS_CERTB64"
	}
	if b64 == "" {
		return nil
	}
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(b64), ""))
	if err != nil {
		return &usageError{text: source + " is not valid base64: " + err.Error()}
	}
	t.CAData = data
	return nil
}

func parseTLSVersion(option, text string) (uint16, error) {
	if text == "" {
		return 0, nil
	}
	version, err := cert.ParseVersion(text)
	if err != nil {
		return 0, &usageError{text: option + ": " + err.Error()}
	}
	return version, nil
}

// verifyLevel returns how much of the server's certificate is verified. The
// name redis-cli promises redis-cli's behaviour: no check of host names.
func (a *app) verifyLevel(inv *invocation) (cert.Level, error) {
	text := inv.options.TLSVerify
	if inv.last("insecure", "tls-verify") == "insecure" {
		text = "none"
	}
	switch {
	case text != "":
		level, err := cert.ParseLevel(text)
		if err != nil {
			return level, &usageError{text: "--tls-verify: " + err.Error()}
		}
		return level, nil
	case a.asRedisCLI():
		return cert.LevelCA, nil
	}
	return cert.LevelFull, nil
}

// keyPassphrase returns where the passphrase of an encrypted key comes from:
// file, environment, terminal.
func (a *app) keyPassphrase(file string) cert.Passphrase {
	known := map[string][]byte{} // a person is asked once
	return func(keyFile string) ([]byte, error) {
		if pass, ok := known[keyFile]; ok {
			return pass, nil
		}
		if file != "" {
			data, err := a.sys.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("--key-pass-file: %w", err)
			}
			return []byte(strings.TrimRight(string(data), "\r\n")), nil
		}
		if pass, set := a.sys.Getenv("REDAN_KEY_PASS"); set {
			return []byte(pass), nil
		}
		if !a.sys.InTTY {
			return nil, errors.New("no passphrase for it: give --key-pass-file FILE or REDAN_KEY_PASS")
		}
		pass, err := a.sys.ReadPassword("Passphrase of " + filepath.Base(keyFile) + ": ")
		if err == nil {
			known[keyFile] = []byte(pass)
		}
		return []byte(pass), err
	}
}

// askPassword asks for the server's password. Without a terminal one line of
// standard input is it; none at all means no password.
func (a *app) askPassword(o *conn.Options) error {
	if a.sys.InTTY {
		password, err := a.sys.ReadPassword("Please input password: ")
		if err != nil {
			return err
		}
		o.Password = conn.NewSecret(password)
		return nil
	}
	line, err := a.stdin.ReadString('\n')
	switch {
	case errors.Is(err, io.EOF) && line == "":
		o.Password = conn.Secret{}
		return nil
	case err != nil && !errors.Is(err, io.EOF):
		return fmt.Errorf("cannot read the password from standard input: %w", rootCause(err))
	}
	o.Password = conn.NewSecret(strings.TrimRight(line, "\r\n"))
	return nil
}

// newStdin buffers standard input once, so that --askpass and commands can
// both read from it.
func newStdin(sys System) *bufio.Reader { return bufio.NewReaderSize(sys.Stdin, stdinBuffer) }

// stdinBuffer is one pipe's worth of commands.
const stdinBuffer = 64 << 10
