package cli

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"redan/conn"
	"redan/conn/cert"
	"redan/ui/certreport"
)

// showFlags are the options of redan cert show.
type showFlags struct {
	Full  bool `name:"full" help:"Everything that is in the certificates."`
	PEM   bool `name:"pem" help:"The certificates as PEM and nothing else."`
	JSON  bool `name:"json" help:"Everything as JSON, schema redan.cert-show/1."`
	First bool `short:"1" name:"first" help:"Nothing but the first certificate."`
}

const showHelp = `redan cert show: what is in a certificate file, or what a server sends

  redan cert show redis.crt ca.crt redis.key     do these belong together?
  redan cert show bundle.p12                     asks for the passphrase
  redan cert show db.example.com:6380            the chain a server sends
  redan cert show --pem db.example.com:6380 > chain.pem
  redan cert show --full --first redis.crt
  redan -h 10.0.0.5 -p 6380 --sni redis.lab cert show
  openssl s_client -connect db:6380 -showcerts </dev/null | redan cert show

  redan [connection options] cert show [options] [FILE|HOST:PORT|URI|-] ...

Reads PEM, DER, PKCS#7 and PKCS#12: certificates and whole chains, private and
public keys, requests (CSR), revocation lists; also amid other text. - is
standard input. What is the name of a file is a file, all else a server; a host
alone is asked on the port of -p. Servers are only looked at: nothing is
verified (redan cert check does that), no password and only PING is sent.

Certificates are shown as a tree, each above the one that issued it, with the
private key that belongs to it. Issuers are told by their signatures. Private
keys and passphrases are never shown.

  --full                everything: serials, extensions, fingerprints
  --pem                 the certificates as PEM, in their order
  --json                everything as JSON, schema redan.cert-show/1
  -1, --first           nothing but the first certificate
  --key-pass-file FILE  the passphrase of what is encrypted; else
                        REDAN_KEY_PASS, else it is asked for on a terminal

Connection options are those of redan --help: -h -p -s -u -t --sni --cert ...

Exit code: 0 when all was shown, 1 when something could not be.
`

// certShow is redan cert show.
func certShow(ctx context.Context, a *app, args []string) int {
	var flags showFlags
	inv, err := parseVerb(args, &flags, true)
	if err != nil {
		return a.fail(err)
	}
	if inv.help {
		a.print(showHelp)
		return exitOK
	}
	s := &showing{app: a, inv: inv, flags: flags}
	if err := s.prepare(); err != nil {
		return a.fail(err)
	}
	sources, ok := s.collect(ctx)
	if len(sources) == 0 {
		return exitError
	}
	if err := s.write(sources); err != nil {
		return a.fail(err)
	}
	if !ok {
		return exitError
	}
	return exitOK
}

// showing is one run of redan cert show.
type showing struct {
	*app
	inv     *invocation
	flags   showFlags
	options conn.Options // for the servers
	words   []string     // what is to be shown; an empty one is the server of the options
	loader  cert.Loader
}

// prepare settles what is to be shown and where passphrases come from.
func (s *showing) prepare() error {
	if s.flags.PEM && s.flags.JSON {
		return excludes("--pem", "--json")
	}
	if err := s.inv.exclusive(); err != nil {
		return err
	}
	var err error
	if s.options, err = s.connectOptions(s.inv); err != nil {
		return err
	}
	s.options.Password = conn.Secret{} // nothing is said to the server
	passphrase := s.keyPassphrase("")
	if file := s.inv.options.KeyPassFile; file != "" {
		content, err := s.sys.ReadFile(file) // once, since it may be a pipe
		if err != nil {
			return fmt.Errorf("--key-pass-file: %w", err)
		}
		passphrase = func(string) ([]byte, error) { return bytes.TrimRight(content, "\r\n"), nil }
	}
	s.loader.Passphrase = s.patiently(passphrase)
	switch s.words = s.inv.command; {
	case len(s.words) > 0:
	case s.connects():
		s.words = []string{""}
	case !s.sys.InTTY:
		s.words = []string{"-"}
	default:
		return &usageError{text: "redan cert show: which file or server?", hint: "redan cert show FILE, or HOST:PORT; --help shows more."}
	}
	return nil
}

// connects reports whether an option was given that belongs to a connection.
func (s *showing) connects() bool {
	for name := range s.inv.order {
		switch name {
		case "full", "pem", "json", "first", "key-pass-file":
		default:
			return true
		}
	}
	return false
}

var errNoPassphrase = errors.New("none was given")

// patiently takes an empty answer for none, and asks no more once a question was broken off.
func (s *showing) patiently(ask cert.Passphrase) cert.Passphrase {
	brokenOff := false
	return func(path string) ([]byte, error) {
		if brokenOff {
			return nil, errNoPassphrase
		}
		passphrase, err := ask(path)
		brokenOff = errors.Is(err, errInterrupted)
		if err == nil && len(passphrase) == 0 {
			err = errNoPassphrase
		}
		return passphrase, err
	}
}

// shownSource is what became of a word.
type shownSource struct {
	found cert.Inspection
	err   error
}

// collect reads all files and asks all servers, these side by side. It reports on standard error what failed, and then is not ok.
func (s *showing) collect(ctx context.Context) (sources []cert.Inspection, ok bool) {
	results := make([]shownSource, len(s.words))
	seats := make(chan struct{}, maxProbes)
	var servers sync.WaitGroup
	usedStdin := false
	for i, word := range s.words {
		result := &results[i]
		switch {
		case word == "-" && usedStdin:
			result.err = &usageError{text: "standard input can be shown only once."}
		case word == "-":
			usedStdin = true
			result.found, result.err = s.inspectStdin()
		case s.isFile(word):
			result.found, result.err = s.inspectFile(word)
		default:
			o, err := s.serverOptions(word)
			if err != nil {
				result.err = err
				continue
			}
			seats <- struct{}{}
			servers.Go(func() {
				defer func() { <-seats }()
				result.found, result.err = s.inspectServer(ctx, o, word)
			})
		}
	}
	servers.Wait()
	ok = true
	for _, result := range results {
		if result.err != nil {
			ok = false
			s.fail(result.err)
			continue
		}
		sources = append(sources, result.found)
		ok = s.reportWrongPassphrase(result.found) && ok
	}
	return sources, ok
}

// reportWrongPassphrase tells, once a source, that the passphrase that was given opens nothing. It reports whether all is well.
func (s *showing) reportWrongPassphrase(in cert.Inspection) bool {
	for _, item := range in.Items {
		if fault, isFault := errors.AsType[*cert.FileError](item.Problem); isFault && fault.Code == cert.CodeKeyPassphrase {
			s.fail(fault)
			return false
		}
	}
	return true
}

const standardInput = "standard input"

func (s *showing) inspectStdin() (cert.Inspection, error) {
	return cert.InspectReader(standardInput, s.stdin, s.loader.Passphrase)
}

// inspectFile reads a file. For --pem a passphrase is asked for only when certificates are behind it.
func (s *showing) inspectFile(path string) (cert.Inspection, error) {
	loader := s.loader
	if s.flags.PEM {
		loader.Passphrase = nil
	}
	found, err := loader.Inspect(path)
	if s.flags.PEM && slices.ContainsFunc(found.Items, func(item cert.Item) bool { return item.Kind == cert.ItemSealed }) {
		return s.loader.Inspect(path)
	}
	if errors.Is(err, syscall.EISDIR) && !strings.ContainsAny(path, `/\`) {
		return found, &usageError{text: path + " is a directory.", hint: "Name a file in it; for the server of that name, write " + path + ":" + strconv.Itoa(s.options.Port) + "."}
	}
	return found, err
}

// isFile reports whether a word is meant as a file: it is one, or could be nothing else.
func (s *showing) isFile(word string) bool {
	if word == "" || strings.Contains(word, "://") {
		return false
	}
	isAddress := looksLikeAddress(word)
	if s.loader.Exists(word) {
		if isAddress {
			s.warn(printable("Note: " + word + " is a file here; for the server of that name write rediss://" + word + "."))
		}
		return true
	}
	if isAddress {
		return false
	}
	return strings.ContainsAny(word, `/\~`) || isCertificateExtension(filepath.Ext(word))
}

// looksLikeAddress reports whether word is HOST:PORT or an IP address.
func looksLikeAddress(word string) bool {
	if net.ParseIP(strings.Trim(word, "[]")) != nil {
		return true
	}
	host, port, err := net.SplitHostPort(word)
	n, numberErr := strconv.Atoi(port)
	return err == nil && numberErr == nil && n > 0 && host != "" && !strings.ContainsAny(host, `/\`)
}

// isCertificateExtension reports whether a file of that extension holds certificates or keys. No top-level domain has one of these names.
func isCertificateExtension(ext string) bool {
	switch strings.ToLower(ext) {
	case ".crt", ".cer", ".cert", ".pem", ".der", ".key", ".pub", ".csr", ".req", ".crl", ".p7b", ".p7c", ".p12", ".pfx", ".jks", ".ca-bundle", ".txt", ".conf":
		return true
	}
	return false
}

// serverOptions are the connection options for the server of a word.
func (s *showing) serverOptions(word string) (conn.Options, error) {
	o := s.options
	if word != "" {
		var err error
		if o, err = s.targetOptions(s.inv, o, word); err != nil {
			return o, err
		}
		o.Password = conn.Secret{}
	}
	if o.TLS == nil {
		if err := s.applyImpliedTLS(s.inv, &o); err != nil {
			return o, err
		}
	}
	return o, nil
}

// inspectServer asks a server for its certificates, by a handshake that refuses nothing.
func (s *showing) inspectServer(ctx context.Context, o conn.Options, word string) (cert.Inspection, error) {
	prober := cert.Prober{Dial: s.sys.Dial, Timeout: o.ConnectTimeout, Now: s.sys.Now, MinVersion: o.TLS.MinVersion, MaxVersion: o.TLS.MaxVersion}
	if prober.MinVersion == 0 {
		prober.MinVersion = tls.VersionTLS10 // what an old server sends is to be seen as well
	}
	if o.TLS.CertFile != "" {
		pair, err := s.loader.LoadKeyPair(o.TLS.CertFile, o.TLS.KeyFile)
		if err != nil {
			return cert.Inspection{}, err
		}
		prober.Client = &pair
	}
	addr := o.Addr()
	target := cert.Target{Name: addr.Target(), Network: addr.Network, Address: addr.Target(), Host: addr.Host, Port: addr.Port, ServerName: o.TLS.ServerName}
	if addr.Network == "unix" {
		target.Host = ""
	} else if target.ServerName == "" {
		target.ServerName = addr.Host
	}
	seen := prober.Probe(ctx, target)
	chain, unparsed := seen.Chain, seen.Unparsed
	if len(chain)+len(unparsed) == 0 { // nothing in common with crypto/tls; a further look offered more
		chain, unparsed = parseAll(seen.Hello.Chain)
	}
	if len(chain)+len(unparsed) == 0 {
		return cert.Inspection{}, s.noCertificates(seen, addr, o, word)
	}
	return cert.InspectChain(target.Name, chain, unparsed), nil
}

func parseAll(ders [][]byte) (chain []*x509.Certificate, unparsed []error) {
	for _, der := range ders {
		parsed, err := x509.ParseCertificate(der)
		if err != nil {
			unparsed = append(unparsed, err)
			continue
		}
		chain = append(chain, parsed)
	}
	return chain, unparsed
}

// noCertificates says why a server sent none.
func (s *showing) noCertificates(seen cert.Observation, addr conn.Addr, o conn.Options, word string) error {
	failed := &conn.Error{Addr: addr, Line: addr.Target() + " sent no certificate", Err: seen.Err}
	if dns, ok := errors.AsType[*net.DNSError](seen.Err); ok && dns.IsNotFound && word != "" && !strings.Contains(word, ":") {
		failed.Line = word + " is neither a file here nor a host that can be found"
		failed.Fix = "check the path, or give the server as HOST:PORT"
		return failed
	}
	reached := cert.Invocation{Program: s.programName(), Options: []cert.Option{{Name: "-h", Value: addr.Host}, {Name: "-p", Value: strconv.Itoa(addr.Port)}}}
	if addr.Network == "unix" {
		reached.Options = []cert.Option{{Name: "-s", Value: addr.Host}}
	}
	typed := reached.WithSwitch("--tls").Doing("cert", "show")
	if o.TLS.ServerName != "" {
		typed = typed.With("--sni", o.TLS.ServerName)
	}
	report := cert.Judge(seen, cert.Expectation{Level: cert.LevelNone, Invocation: typed}, s.sys.Now())
	failed.Cause, failed.Fix = report.Brief()
	if first, ok := report.First(); ok && first.Code == cert.CodeTLSToPlain {
		failed.Fix = "give the port that speaks TLS; " + reached.Doing("config", "get", "tls-port").String() + " names it"
	}
	if failed.Cause == "" && seen.Err != nil {
		failed.Cause = seen.Err.Error()
	}
	return failed
}

// write prints the listing in the form asked for.
func (s *showing) write(sources []cert.Inspection) error {
	opts := certreport.ShowOptions{Full: s.flags.Full, First: s.flags.First}
	if text := certreport.ShowPEM(sources, s.flags.First); s.flags.PEM || s.flags.First {
		if text == "" {
			names := make([]string, 0, len(sources))
			for _, source := range sources {
				names = append(names, source.Name)
			}
			return errors.New("there is no certificate in " + strings.Join(names, ", "))
		}
		if s.flags.PEM {
			s.print(text)
			return nil
		}
	}
	if !s.flags.JSON {
		s.print(certreport.ShowText(sources, s.sys.Now(), s.reportStyle(), opts))
		return nil
	}
	text, err := certreport.ShowJSON(sources, s.sys.Now(), s.programName()+" "+version(), opts)
	if err == nil {
		s.print(string(text))
	}
	return err
}
