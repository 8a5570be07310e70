package conn

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"redan/conn/cert"
)

// siblingPorts are where Redis usually listens, plain and with TLS.
func siblingPorts() []int { return []int{6379, 6380} }

// An Examiner looks at servers as a connection with its options would meet them, and says what it found. Unlike a [Dialer] it makes
// do without the files that cannot be read, which become findings.
type Examiner struct {
	dialer     *Dialer
	failures   []error
	thresholds *thresholds
}

// NewExaminer returns an Examiner for o over network. Options without TLS are examined as such: a finding tells whether the port speaks it.
func NewExaminer(o Options, network DialFunc) *Examiner {
	d, failures := newDialer(o, network)
	return &Examiner{dialer: d, failures: failures}
}

// Roots are the certificates trusted as issuers.
func (x *Examiner) Roots() cert.Roots {
	if x.dialer.tls == nil {
		return cert.Roots{}
	}
	return x.dialer.tls.roots
}

// Probe looks at what listens at addr. It is done within the connect timeout. The password goes out only to a server that has proven
// who it is, as the options demand it.
func (x *Examiner) Probe(ctx context.Context, addr Addr) cert.Observation {
	d := x.dialer.seededAt(addr.Host)
	prober := d.prober(addr)
	prober.Siblings = siblingPorts()
	prober.Interview = func(ctx context.Context, c net.Conn) cert.Server {
		server := d.options.interview(ctx, c, d.mayTrust(addr, c))
		if addr.IsLoopback() || isLocal(c.RemoteAddr()) {
			readServedFiles(&server)
		}
		return server
	}
	return prober.Probe(ctx, d.target(addr))
}

// Examine probes addr and says what there is to say about it. When something is wrong, it reads the files beside those of the options,
// to find the one that fits.
func (x *Examiner) Examine(ctx context.Context, addr Addr) cert.Report {
	o := x.Probe(ctx, addr)
	d := x.dialer.seededAt(addr.Host)
	want := d.expectation(addr)
	want.FileErrors = x.failures
	if x.thresholds != nil {
		want.Warn, want.Crit, want.DefaultThresholds = x.thresholds.warn, x.thresholds.crit, x.thresholds.byDefault
	}
	return d.judge(o, want)
}

// Thresholds sets when a certificate is to be warned about. Default ones give way to a share of its life for one that lives less than
// a month.
func (x *Examiner) Thresholds(warn, crit cert.Threshold, byDefault bool) {
	x.thresholds = &thresholds{warn, crit, byDefault}
}

type thresholds struct {
	warn, crit cert.Threshold
	byDefault  bool
}

// judge judges, and once more with what lies beside the files of the options, when something is wrong that they might mend.
func (d *Dialer) judge(o cert.Observation, want cert.Expectation) cert.Report {
	now := time.Now()
	report := cert.Judge(o, want, now)
	report.Program = want.Invocation.Program
	if first, bad := report.First(); !bad || first.Severity < cert.SeverityCrit {
		return report
	}
	files := TLSOptions{}
	if d.options.TLS != nil {
		files = *d.options.TLS
	}
	if want.Nearby = files.nearbyFiles(); len(want.Nearby) == 0 {
		return report
	}
	report = cert.Judge(o, want, now)
	report.Program = want.Invocation.Program
	return report
}

// mayTrust reports whether the server at the other end of c has proven who it is, as far as the options ask for it.
func (d *Dialer) mayTrust(addr Addr, c net.Conn) bool {
	if d.tls == nil {
		return true // plaintext, as asked for
	}
	if d.tls.rootsMissing && d.tls.options.Level != cert.LevelNone {
		return false // the system's roots, which are what is left, are not those that were asked for
	}
	secured, ok := c.(interface{ ConnectionState() tls.ConnectionState })
	if !ok {
		return false
	}
	policy := d.tls.policy(addr)
	policy.Notice = nil
	state := secured.ConnectionState()
	return policy.VerifyConnection(state) == nil && cert.CheckSuite(state, d.tls.suites) == nil
}

// target is addr as a probe takes it.
func (d *Dialer) target(addr Addr) cert.Target {
	t := cert.Target{Name: addr.String(), Network: addr.Network, Address: addr.Target(), Host: addr.Host, Port: addr.Port, Plain: d.tls == nil}
	if addr.Network == "unix" {
		t.Host = ""
	} else if strings.Contains(addr.Host, ":") {
		t.Name = addr.Target()
	}
	if d.tls != nil {
		t.ServerName, t.Names = d.tls.serverName(addr), d.tls.expectedNames(addr)
	}
	return t
}

// expectation is what a connection to addr was meant to be.
func (d *Dialer) expectation(addr Addr) cert.Expectation {
	o := d.options
	want := cert.Expectation{HasPassword: o.Password.IsSet(), User: o.User, DefaultThresholds: true, Invocation: o.invocation(addr)}
	want.Warn, want.Crit = cert.DefaultThresholds()
	if d.tls == nil {
		return want
	}
	t := d.tls.options
	want.Level, want.Roots, want.Names = t.Level, d.tls.roots, d.tls.expectedNames(addr)
	want.RootsMissing = d.tls.rootsMissing
	want.NamesFrom = "dialled"
	switch {
	case len(t.VerifyNames) > 0:
		want.NamesFrom = "verify-name"
	case t.ServerName != "":
		want.NamesFrom = "sni"
	}
	if want.Loopback = d.tls.loopback(addr); want.Loopback {
		want.LocalNames = localNames()
	}
	want.Client, want.CertFile, want.KeyFile = d.tls.client, t.CertFile, t.KeyFile
	want.MinVersion, want.MaxVersion = t.MinVersion, t.MaxVersion
	want.Ciphers, want.Ciphersuites = t.Ciphers, t.Ciphersuites
	return want
}

// Invocation returns the command line that leads to the server of o, without secrets: PING by redan, unless Program says otherwise.
func (o Options) Invocation() cert.Invocation { return o.invocation(o.Addr()) }

// invocation is the command line that leads to addr, without secrets.
func (o Options) invocation(addr Addr) cert.Invocation {
	i := cert.Invocation{Program: o.Program, Command: []string{"ping"}}
	if i.Program == "" {
		i.Program = "redan"
	}
	add := func(name, value string) { i.Options = append(i.Options, cert.Option{Name: name, Value: value}) }
	set := func(name string, on bool) {
		if on {
			i.Options = append(i.Options, cert.Option{Name: name, Switch: true})
		}
	}
	switch addr.Network {
	case "unix":
		add("-s", addr.Host)
	default:
		add("-h", addr.Host)
		add("-p", strconv.Itoa(addr.Port))
	}
	set("-4", o.Family == 4)
	set("-6", o.Family == 6)
	if o.User != "" {
		add("--user", o.User)
	}
	set("--askpass", o.Password.IsSet() && !o.PasswordFromEnvironment)
	if o.DB != 0 {
		add("-n", strconv.Itoa(o.DB))
	}
	if o.TLS != nil {
		set("--tls", true)
		i.Options = append(i.Options, o.TLS.words()...)
	}
	if o.Base != nil && i.Program != "redis-cli" { // that name knows no @NAME
		i.Profile, i.Implied = o.Profile, o.Base.invocation(o.Base.Addr()).Options
	}
	return i
}

// words are the options of the command line that say the same.
func (o TLSOptions) words() []cert.Option {
	var words []cert.Option
	add := func(name string, values ...string) {
		for _, value := range values {
			if value != "" {
				words = append(words, cert.Option{Name: name, Value: value})
			}
		}
	}
	add("--cacert", o.CAFiles...)
	add("--cacertdir", o.CADirs...)
	if len(o.CAData) > 0 {
		add("--certb64", base64.StdEncoding.EncodeToString(o.CAData))
	}
	add("--cert", o.CertFile)
	add("--key", o.KeyFile)
	add("--key-pass-file", o.PassphraseFile)
	add("--sni", o.ServerName)
	add("--tls-verify-name", o.VerifyNames...)
	switch o.Level {
	case cert.LevelFull:
	case cert.LevelCA:
		add("--tls-verify", o.Level.String())
	default:
		words = append(words, cert.Option{Name: "--insecure", Switch: true})
	}
	add("--tls-min", cert.VersionNumber(o.MinVersion))
	add("--tls-max", cert.VersionNumber(o.MaxVersion))
	add("--tls-ciphers", o.Ciphers)
	add("--tls-ciphersuites", o.Ciphersuites)
	return words
}

// isLocal reports whether addr is one of this host's.
func isLocal(addr net.Addr) bool {
	if addr == nil {
		return false
	}
	host, _, err := net.SplitHostPort(addr.String())
	if err != nil {
		return false
	}
	return cert.IsLoopback(host) || slices.Contains(localNames(), host)
}

// readServedFiles reads the certificates that the server's configuration names, when it runs on this host and not in a container
// with other files under the same paths.
func readServedFiles(server *cert.Server) {
	if _, err := os.Stat("/proc/self"); err == nil && !runsHere(server.ProcessID) {
		return
	}
	dir, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(server.ProcessID), "cwd"))
	if err != nil {
		dir = server.Parameters["dir"] // another user's process; Redis goes to that directory when it starts
	}
	server.CertFile = certificatesIn(dir, server.Parameters["tls-cert-file"])
	server.CAFile = certificatesIn(dir, server.Parameters["tls-ca-cert-file"])
}

// runsHere reports whether the process of that number is a Redis seen from the same root directory as ours.
func runsHere(pid int) bool {
	if pid <= 0 {
		return false
	}
	name, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/comm")
	if err != nil || !strings.Contains(string(name), "redis") && !strings.Contains(string(name), "valkey") {
		return false
	}
	ours, err1 := os.Readlink("/proc/self/ns/mnt")
	theirs, err2 := os.Readlink("/proc/" + strconv.Itoa(pid) + "/ns/mnt")
	return err1 != nil || err2 != nil || ours == theirs
}
