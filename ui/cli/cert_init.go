package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"redan/conn/cert"
	"redan/conn/cert/issue"
)

type certInitFlags struct {
	madeFlags
	Nodes        []string `name:"nodes" placeholder:"NAME,..."`
	Clients      []string `name:"client" placeholder:"NAME"`
	CADays       *int     `name:"ca-days" placeholder:"N"`
	Intermediate bool     `name:"intermediate"`
	Sentinel     bool     `name:"sentinel"`
	Stunnel      bool     `name:"stunnel"`
}

const certInitHelp = `Make a CA and certificates for Redis nodes and their clients.

  redan cert init
  redan cert init --nodes 10.0.0.11,10.0.0.12,redis-3.lab
  redan cert init --nodes redis-1.lab+10.0.0.11 --client app1
  redan cert init --nodes redis-4.eu.lab --out eu \
        --ca redis-tls/ca.crt --ca-key redis-tls/ca.key

Every node certificate is for the node's names (+ joins several),
localhost, 127.0.0.1 and ::1, and for both sides of a connection:
replication and the cluster bus need that. Without --nodes there
is one, for this host. Nothing is overwritten without --force.

  --nodes NAME,...      the nodes: host names or addresses
  --client NAME         a client certificate; may be repeated
                        (default: one named client)
  --out DIR             where to write (default redis-tls)
  --days N              life of the certificates (default 397)
  --ca-days N           life of the CA (default 3650)
  --rsa BITS            RSA keys of 2048, 3072 or 4096 bits
                        (default: ECDSA P-256)
  --intermediate        issue with a CA below the root, whose key
                        can then be kept elsewhere
  --ca FILE, --ca-key FILE
                        use this CA; its root may follow it in FILE
  --key-pass-file FILE  the passphrase of the CA's key; else
                        REDAN_KEY_PASS, else it is asked
  --p12                 NAME.p12 too (PKCS#12, for Java and .NET)
  --p12-pass-file FILE  its passphrase (default: changeit)
  --port PORT           the TLS port in what is printed
                        (default 6380)
  --sentinel, --stunnel print lines for these too
  --no-localhost        leave out localhost, 127.0.0.1 and ::1
  --force               replace files that are there
`

func certInit(_ context.Context, a *app, args []string) int {
	var flags certInitFlags
	inv, err := parseVerb(args, &flags, false)
	if err != nil {
		return a.fail(err)
	}
	if inv.help {
		a.print(certInitHelp)
		return exitOK
	}
	if len(inv.command) > 0 {
		return a.fail(&usageError{
			text: "cert init takes no names without an option: '" + inv.command[0] + "'",
			hint: "Did you mean --nodes " + cert.ShellQuote(strings.Join(inv.command, ",")) + "?",
		})
	}
	run := initRun{app: a, flags: flags, dir: flags.Out, now: a.sys.Now()}
	if run.dir == "" {
		run.dir = defaultOut
	}
	if err := run.make(); err != nil {
		return a.fail(err)
	}
	run.report()
	return exitOK
}

// initRun is one run of cert init.
type initRun struct {
	*app
	flags certInitFlags
	dir   string
	now   time.Time

	port     int
	set      issue.Set
	same     []string // files that were there with the same content
	replaced bool     // a CA was
}

func (r *initRun) make() error {
	plan, err := r.plan()
	if err != nil {
		return err
	}
	if r.set, err = plan.Make(); err != nil {
		return err
	}
	if plan.CA == nil {
		_, err := issue.OS{}.Lstat(filepath.Join(r.dir, r.set.CAFile))
		r.replaced = err == nil
	}
	r.same, err = issue.Write(issue.OS{}, r.dir, r.set.Files, r.flags.Force)
	var exists *issue.ExistsError
	if errors.As(err, &exists) && plan.CA == nil && r.replaced {
		at := func(name string) string { return cert.ShellQuote(filepath.Join(r.dir, name)) }
		return &usageError{text: err.Error(), hint: "Keep that CA with --ca " + at(r.set.CACertFile) + " --ca-key " + at(r.set.CAKeyFile) +
			" (or redan cert issue for one more certificate), write elsewhere with --out DIR, or replace the files, CA and all, with --force."}
	}
	return explainExists(err)
}

func (r *initRun) plan() (issue.Plan, error) {
	f := &r.flags
	plan := issue.Plan{Now: r.now, Clients: f.Clients, RSABits: f.RSA, Intermediate: f.Intermediate}
	if len(plan.Clients) == 0 {
		plan.Clients = []string{"client"}
	}
	var err error
	if r.port, err = f.port(); err != nil {
		return plan, err
	}
	if plan.Days, err = days("--days", f.Days, defaultDays); err != nil {
		return plan, err
	}
	if plan.CADays, err = days("--ca-days", f.CADays, defaultCADays); err != nil {
		return plan, err
	}
	if err := issue.CheckRSA(f.RSA); err != nil {
		return plan, fmt.Errorf("--rsa: %w", err)
	}
	if plan.Nodes, err = r.nodes(); err != nil {
		return plan, err
	}
	if plan.PKCS12, err = r.passphraseOfP12(&f.madeFlags); err != nil {
		return plan, err
	}
	if f.CA == "" && f.CAKey == "" {
		return plan, nil
	}
	plan.CA, err = r.authority(&f.madeFlags, r.now)
	return plan, err
}

// nodes returns the names of each node; without --nodes those of this host.
func (r *initRun) nodes() ([]issue.Names, error) {
	if len(r.flags.Nodes) == 0 {
		names, err := issue.ParseNames(issue.OS{}.Hostname())
		if err != nil && r.flags.NoLocalhost {
			return nil, fmt.Errorf("this host's name is of no use, so --nodes is needed: %w", err)
		}
		return []issue.Names{r.flags.whole(names)}, nil // a host may be called anything; then localhost has to do
	}
	var nodes []issue.Names
	for _, text := range r.flags.Nodes {
		names, err := issue.ParseNames(strings.Split(text, "+")...)
		if err != nil {
			return nil, fmt.Errorf("--nodes: %w", err)
		}
		nodes = append(nodes, r.flags.whole(names))
	}
	return nodes, nil
}

// report says what was made and how it is used. It fits 60 columns, but for names and commands, which stay whole.
func (r *initRun) report() {
	r.print("Made in " + printable(r.dir) + " (mode 0600):\n\n" + r.caText())
	for _, node := range r.set.Nodes {
		r.print(madeText(node, "node", r.now))
	}
	for _, client := range r.set.Clients {
		r.print(madeText(client, "client", r.now))
	}
	if r.flags.P12 && r.flags.P12PassFile == "" {
		r.print("\n  The passphrase of the .p12 is " + issue.DefaultPassphrase + ".\n")
	}
	if len(r.same) > 0 {
		r.print("\n  Left as it was, since it is the same: " + strings.Join(r.same, ", ") + "\n")
	}
	if r.replaced {
		r.print("\n  The CA that was there is replaced: what it issued\n  must be issued anew.\n")
	}
	node := r.set.Nodes[0]
	r.print(r.confText(node))
	r.print("\nConnect:\n\n" + indent(r.connect(node)))
	r.print(r.renewal())
}

func (r *initRun) caText() string {
	set := r.set
	kind, keep := "a CA", ""
	files := set.CAFile
	switch {
	case r.flags.Intermediate && r.flags.CA == "":
		files += "  ca.key"
		keep = "    Keep ca.key offline; only intermediate.key issues.\n"
	case set.CAKeyFile == "":
		kind = "the CA given"
	case !r.flags.Intermediate:
		files += "  " + set.CAKeyFile
		keep = "    Keep " + set.CAKeyFile + " off the servers: it makes certificates.\n"
	}
	text := "  " + files + "\n    " + kind + ", until " + r.date(set.CA.Root.NotAfter) + ": " + issue.Subject(set.CA.Root) + "\n" + keep
	if r.flags.Intermediate {
		c := set.CA.Certificate
		text += "  " + set.CACertFile + "  " + set.CAKeyFile + "\n    a CA below it, until " + r.date(c.NotAfter) + ": " + issue.Subject(c) + "\n"
	}
	return printable(text)
}

func (r *initRun) date(t time.Time) string { return localDate(t, r.now) }

func (r *initRun) paths(certFile, keyFile string, place func(string) string) issue.Paths {
	return issue.Paths{
		CA: place(filepath.Join(r.dir, r.set.CAFile)), Cert: place(filepath.Join(r.dir, certFile)), Key: place(filepath.Join(r.dir, keyFile)),
	}
}

// confText is what goes into configuration files. A server's working directory is not ours, so paths are absolute.
func (r *initRun) confText(node issue.Made) string {
	paths := r.paths(node.CertFile, node.KeyFile, issue.OS{}.Abs)
	fleet := len(r.set.Nodes) > 1
	text := serverText(node.Name, paths, r.port, fleet)
	host := hostOf(node.Name)
	if r.flags.Sentinel {
		text += "\nsentinel.conf:\n\n" + indent(issue.SentinelConf(paths, host, r.port)...)
	}
	if r.flags.Stunnel {
		client := r.set.Clients[0]
		text += "\nstunnel.conf of a client without TLS:\n\n" +
			indent(issue.StunnelConf(r.paths(client.CertFile, client.KeyFile, issue.OS{}.Abs), host, r.port)...)
	}
	return text
}

// connect returns the commands that connect to node, with the first client's certificate.
func (r *initRun) connect(node issue.Made) string {
	client := r.set.Clients[0]
	host := hostOf(node.Name)
	if len(r.flags.Nodes) == 0 {
		host = "" // this host, where the default is right and its name may lead elsewhere
	}
	return connectText(r.programName(), host, r.port, r.paths(client.CertFile, client.KeyFile, func(path string) string { return path }))
}

// renewal says when the first certificate must be made anew, and how.
func (r *initRun) renewal() string {
	end := issue.FirstEnd(append(append([]issue.Made(nil), r.set.Nodes...), r.set.Clients...))
	by := issue.RenewBy(r.now, end)
	f := r.flags
	inv := cert.Invocation{Program: r.programName() + " cert init"}.WithSwitch("--force")
	ca, key := f.CA, f.CAKey
	if r.set.CAKeyFile != "" {
		ca, key = filepath.Join(r.dir, r.set.CACertFile), filepath.Join(r.dir, r.set.CAKeyFile)
	}
	for _, option := range []cert.Option{
		{Name: "--ca", Value: ca},
		{Name: "--ca-key", Value: key},
		{Name: "--key-pass-file", Value: f.KeyPassFile},
		{Name: "--nodes", Value: strings.Join(f.Nodes, ",")},
		{Name: "--client", Value: strings.Join(f.Clients, ",")},
		{Name: "--days", Value: number(f.Days)},
		{Name: "--rsa", Value: number(&f.RSA)},
		{Name: "--p12-pass-file", Value: f.P12PassFile},
		{Name: "--port", Value: f.Port},
		{Name: "--out", Value: f.Out},
	} {
		if option.Value != "" {
			inv = inv.With(option.Name, option.Value)
		}
	}
	if f.P12 {
		inv = inv.WithSwitch("--p12")
	}
	if f.NoLocalhost {
		inv = inv.WithSwitch("--no-localhost")
	}
	return "\nRenew by " + r.date(by) + " (the first certificate ends\n" + r.date(end) +
		"); this CA makes the same again with\n\n" + indent(inv.String()) + "\n  and CONFIG SET as above makes a server take them.\n"
}

func number(n *int) string {
	if n == nil || *n == 0 {
		return ""
	}
	return strconv.Itoa(*n)
}
