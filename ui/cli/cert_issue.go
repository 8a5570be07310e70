package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"redan/conn/cert"
	"redan/conn/cert/issue"
)

type certIssueFlags struct {
	madeFlags
	Client bool   `name:"client"`
	CSR    string `name:"csr" placeholder:"FILE"`
}

const certIssueHelp = `Make one more certificate with a CA that is there.

  redan cert issue redis-4.lab 10.0.0.14 \
        --ca redis-tls/ca.crt --ca-key redis-tls/ca.key
  redan cert issue app2 --client \
        --ca redis-tls/ca.crt --ca-key redis-tls/ca.key
  redan cert issue --csr node.csr --ca ca.crt --ca-key ca.key

The names of a node go into one certificate, with localhost,
127.0.0.1 and ::1. A request (CSR) decides about its names alone.
NAME.crt holds the chain, as Redis and its clients take it.

  --ca FILE             the CA's certificate; its issuers and its
                        root may follow it in FILE
  --ca-key FILE         its private key, if not in the same file
  --key-pass-file FILE  the passphrase of that key; else
                        REDAN_KEY_PASS, else it is asked
  --client              for a client: one name, no server use
  --csr FILE            sign this request; no key is made
  --out DIR             where to write (default: here)
  --days N              life of the certificate (default 397),
                        at most that of the CA
  --rsa BITS            an RSA key of 2048, 3072 or 4096 bits
                        (default: ECDSA P-256)
  --p12                 NAME.p12 too (PKCS#12, for Java and .NET)
  --p12-pass-file FILE  its passphrase (default: changeit)
  --port PORT           the TLS port in what is printed
                        (default 6380)
  --no-localhost        leave out localhost, 127.0.0.1 and ::1
  --force               replace files that are there
`

func certIssue(_ context.Context, a *app, args []string) int {
	var flags certIssueFlags
	inv, err := parseVerb(args, &flags, false)
	if err != nil {
		return a.fail(err)
	}
	if inv.help {
		a.print(certIssueHelp)
		return exitOK
	}
	run := issueRun{app: a, flags: flags, names: inv.command, dir: flags.Out}
	if run.dir == "" {
		run.dir = "."
	}
	if err := run.make(); err != nil {
		return a.fail(err)
	}
	run.report()
	return exitOK
}

// issueRun is one run of cert issue.
type issueRun struct {
	*app
	flags certIssueFlags
	names []string
	dir   string

	request issue.Request
	port    int
	ca      *issue.Authority
	made    issue.Made
	notes   []string
}

func (r *issueRun) make() error {
	if err := r.check(); err != nil {
		return err
	}
	f := &r.flags
	r.request = issue.Request{RSABits: f.RSA, Life: issue.Life{Now: r.sys.Now()}}
	if f.Client {
		r.request.Role = issue.RoleClient
	}
	var err error
	if r.port, err = f.port(); err != nil {
		return err
	}
	if r.request.Life.Days, err = days("--days", f.Days, defaultDays); err != nil {
		return err
	}
	if err := issue.CheckRSA(f.RSA); err != nil {
		return fmt.Errorf("--rsa: %w", err)
	}
	if r.request.PKCS12, err = r.passphraseOfP12(&f.madeFlags); err != nil {
		return err
	}
	if err := r.issue(); err != nil {
		return err
	}
	_, err = issue.Write(issue.OS{}, r.dir, r.made.Files, f.Force)
	return explainExists(err)
}

// check refuses words that do not go together.
func (r *issueRun) check() error {
	f := &r.flags
	switch {
	case f.CA == "":
		return &usageError{text: "cert issue needs the CA: --ca FILE --ca-key FILE", hint: "redan cert init makes one."}
	case f.CSR != "" && len(r.names) > 0:
		return &usageError{text: "The request of --csr has the names; leave out '" + r.names[0] + "'"}
	case f.CSR != "" && (f.RSA != 0 || f.P12 || f.P12PassFile != ""):
		return &usageError{text: "The key of a request was made by somebody else: --rsa and --p12 do not go with --csr"}
	case f.CSR == "" && len(r.names) == 0:
		return &usageError{text: "cert issue needs a name", hint: "redan cert issue HOST ... or, for a client, redan cert issue NAME --client"}
	case f.Client && len(r.names) > 1:
		return &usageError{text: "The certificate of a client has one name, not " + strings.Join(r.names, " and "), hint: "Issue one for each."}
	}
	return nil
}

// issue makes the certificate.
func (r *issueRun) issue() error {
	names, csr, err := r.wanted()
	if err != nil {
		return err
	}
	if r.ca, err = r.authority(&r.flags.madeFlags, r.request.Life.Now); err != nil {
		return err
	}
	switch {
	case csr != nil:
		r.notes = csr.Notes
		r.made, err = r.ca.IssueFor(*csr, r.request)
		return err
	case r.flags.Client:
		r.request.Name = r.names[0]
	default:
		r.request.Name, r.request.Names = names.First, r.flags.whole(names)
	}
	r.made, err = r.ca.Issue(r.request)
	return err
}

// wanted reads the names or the request, before anybody is asked for a passphrase.
func (r *issueRun) wanted() (issue.Names, *issue.SigningRequest, error) {
	switch {
	case r.flags.CSR != "":
		data, err := r.sys.ReadFile(r.flags.CSR)
		if err != nil {
			return issue.Names{}, nil, unreadable(r.flags.CSR, err)
		}
		csr, err := issue.ParseRequest(r.flags.CSR, data, r.request.Role)
		return issue.Names{}, &csr, err
	case r.flags.Client:
		return issue.Names{}, nil, issue.CheckClient(r.names[0])
	}
	names, err := issue.ParseNames(r.names...)
	return names, nil, err
}

// unreadable explains a file that cannot be read.
func unreadable(path string, err error) error {
	e := &cert.FileError{Code: cert.CodeFileUnreadable, Path: path, Err: err, Fix: "check the path"}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Detail = "does not exist"
	case errors.Is(err, fs.ErrPermission):
		e.Detail, e.Fix = "may not be read by you", "change its permissions, or run as a user who may"
	default:
		e.Detail = "cannot be read: " + rootCause(err).Error()
	}
	return e
}

// report says what was made and how it is used.
func (r *issueRun) report() {
	now, client := r.request.Life.Now, r.flags.Client
	kind := "node"
	if client {
		kind = "client"
	}
	r.print("Made in " + printable(r.dir) + " (mode 0600):\n\n" + madeText(r.made, kind, now))
	for _, note := range r.notes {
		r.print("\nNote: " + printable(note) + "\n")
	}
	if r.made.P12File != "" && r.flags.P12PassFile == "" {
		r.print("\n  The passphrase of the .p12 is " + issue.DefaultPassphrase + ".\n")
	}
	usable := r.caUsable()
	key := r.made.KeyFile
	if key == "" {
		key = "KEY.key" // somebody else has it
	}
	paths := issue.Paths{CA: r.flags.CA, Cert: filepath.Join(r.dir, r.made.CertFile), Key: filepath.Join(r.dir, key)}
	switch {
	case !usable:
	case client:
		r.print("\nConnect:\n\n" + indent(connectText(r.programName(), "", r.port, paths)))
	case r.made.KeyFile != "":
		whole := issue.OS{}.Abs
		r.print(serverText(r.made.Name, issue.Paths{CA: whole(paths.CA), Cert: whole(paths.Cert), Key: whole(paths.Key)}, r.port, true))
	}
	r.print("\nRenew by " + localDate(issue.RenewBy(now, r.made.Certificate.NotAfter), now) + ".\n")
}

// caUsable reports whether redis-server and redis-cli can verify with the file of --ca, and says what is wrong when they cannot.
func (r *issueRun) caUsable() bool {
	data, err := r.sys.ReadFile(r.flags.CA)
	switch {
	case err != nil:
		return false
	case r.ca.Root == nil:
		r.print("\nNote: " + printable(r.flags.CA) + " lacks the root above the CA.\n" +
			"redis-server and redis-cli trust only what ends in a root.\n")
	case !bytes.Contains(data, []byte("-----BEGIN ")):
		r.print("\nNote: " + printable(r.flags.CA) + " is not PEM. For Redis, convert it with\n\n" + r.withoutKey())
	case bytes.Contains(data, []byte("PRIVATE KEY-----")):
		r.print("\nNote: " + printable(r.flags.CA) + " holds the CA's key, too.\nServers and clients get the certificate alone:\n\n" + r.withoutKey())
	default:
		return true
	}
	return false
}

// withoutKey is the command that makes a file of the CA's certificate alone.
func (r *issueRun) withoutKey() string {
	inv := cert.Invocation{Program: r.programName() + " cert bundle"}.WithSwitch("--ca").With("--out", "ca.crt")
	return indent(inv.Doing(r.flags.CA).String())
}
