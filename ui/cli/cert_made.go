package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"redan/conn/cert"
	"redan/conn/cert/issue"
)

// madeFlags are the options that init and issue share: how certificates are made.
type madeFlags struct {
	CA          string `name:"ca" placeholder:"FILE"`
	CAKey       string `name:"ca-key" placeholder:"FILE"`
	KeyPassFile string `name:"key-pass-file" placeholder:"FILE"`
	Out         string `name:"out" placeholder:"DIR"`
	Days        *int   `name:"days" placeholder:"N"`
	RSA         int    `name:"rsa" placeholder:"BITS"`
	P12         bool   `name:"p12"`
	P12PassFile string `name:"p12-pass-file" placeholder:"FILE"`
	Port        string `name:"port" placeholder:"PORT"`
	NoLocalhost bool   `name:"no-localhost"`
	Force       bool   `name:"force"`
}

// Defaults of the options, and the port that services with a plain port beside it use for TLS.
const (
	defaultDays    = 397
	defaultCADays  = 3650
	defaultOut     = "redis-tls"
	defaultTLSPort = 6380
	mostDays       = 100 * 365
)

// explainExists says what can be done about files that are in the way.
func explainExists(err error) error {
	if _, exists := errors.AsType[*issue.ExistsError](err); exists {
		return &usageError{text: err.Error(), hint: "--force replaces such files; --out names another place."}
	}
	return err
}

// whole returns the names of a node with those it has for itself.
func (f *madeFlags) whole(names issue.Names) issue.Names {
	if f.NoLocalhost {
		return names
	}
	return names.WithLoopback()
}

func days(option string, given *int, otherwise int) (int, error) {
	switch {
	case given == nil:
		return otherwise, nil
	case *given < 1 || *given > mostDays:
		return 0, &usageError{text: fmt.Sprintf("%s takes a number of days from 1 to %d, not %d", option, mostDays, *given)}
	}
	return *given, nil
}

func (f *madeFlags) port() (int, error) {
	if f.Port == "" {
		return defaultTLSPort, nil
	}
	port, err := strconv.Atoi(f.Port)
	if err != nil || port < 1 || port > 65535 {
		return 0, &usageError{text: "--port takes a number from 1 to 65535, not '" + f.Port + "'"}
	}
	return port, nil
}

// passphraseOfP12 returns the passphrase of the PKCS#12 files that are wanted, nil for none.
func (a *app) passphraseOfP12(f *madeFlags) (*string, error) {
	switch {
	case f.P12PassFile != "":
		data, err := a.sys.ReadFile(f.P12PassFile)
		if err != nil {
			return nil, fmt.Errorf("--p12-pass-file: %w", err)
		}
		passphrase := strings.TrimRight(string(data), "\r\n")
		return &passphrase, nil
	case f.P12:
		passphrase := issue.DefaultPassphrase
		return &passphrase, nil
	}
	return nil, nil
}

// authority reads the CA of --ca and --ca-key.
func (a *app) authority(f *madeFlags, now time.Time) (*issue.Authority, error) {
	if f.CA == "" {
		return nil, &usageError{text: "--ca-key " + f.CAKey + " is given without the CA's certificate", hint: "Add --ca FILE."}
	}
	loader := cert.Loader{ReadFile: a.sys.ReadFile, Passphrase: a.keyPassphrase(f.KeyPassFile)}
	return issue.LoadAuthority(loader, f.CA, f.CAKey, now)
}

func localDate(t, now time.Time) string { return t.In(now.Location()).Format(time.DateOnly) }

// madeText lists the files of a certificate, how long it is valid, and its names as mkcert does.
func madeText(m issue.Made, kind string, now time.Time) string {
	var b strings.Builder
	for _, file := range []string{m.CertFile, m.KeyFile, m.P12File} {
		if file != "" {
			b.WriteString("  " + file)
		}
	}
	left := int(m.Certificate.NotAfter.Sub(now).Round(24*time.Hour) / (24 * time.Hour))
	fmt.Fprintf(&b, "\n    a %s, until %s (%d days)", kind, localDate(m.Certificate.NotAfter, now), left)
	names := cert.Names(m.Certificate)
	if len(names) > 0 {
		b.WriteString(", for")
	}
	b.WriteString("\n")
	for _, name := range names {
		b.WriteString("    - " + name + "\n")
	}
	if m.Shortened {
		b.WriteString("    Shortened: the CA ends then, too.\n")
	}
	return printable(b.String())
}

// indent makes a block of commands or lines of a configuration file.
func indent(lines ...string) string {
	return printable("  " + strings.Join(lines, "\n  ") + "\n")
}

// serverText is how a server is made to use its files: by redis.conf, or while it runs.
func serverText(name string, paths issue.Paths, port int, fleet bool) string {
	text := "\nredis.conf of " + printable(name) + ":\n\n" + indent(issue.RedisConf(paths, port, fleet)...) + "\n"
	if fleet {
		text += "  The other nodes: the same with their own files.\n"
	}
	return text + "  The user redis-server runs as must be able to read\n" +
		"  the files. port 0 closes the unencrypted port.\n" +
		"\nOr in a running server (Redis 7):\n\n" + indent(issue.ConfigSet(paths), "CONFIG SET tls-port "+strconv.Itoa(port))
}

func connectText(program, host string, port int, paths issue.Paths) string {
	inv := cert.Invocation{Program: program, Command: []string{"ping"}}
	if host != "" {
		inv = inv.With("-h", host)
	}
	inv = inv.With("-p", strconv.Itoa(port)).WithSwitch("--tls").With("--cacert", paths.CA)
	if paths.Cert != "" {
		inv = inv.With("--cert", paths.Cert).With("--key", paths.Key)
	}
	text := inv.String()
	if program != "redis-cli" {
		inv.Program = "redis-cli"
		text += "\n  " + inv.String()
	}
	return text
}

// hostOf returns the host of a node, with a placeholder where a wildcard leaves open which.
func hostOf(name string) string { return strings.Replace(name, "*", "HOST", 1) }
