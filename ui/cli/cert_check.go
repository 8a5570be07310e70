package cli

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"

	"redan/commands/nearest"
	"redan/conn"
	"redan/conn/cert"
	"redan/profiles"
	"redan/ui/certreport"
)

// exitUnknown is the exit code of Nagios for what could not be found out, a command line that cannot be understood among it.
const exitUnknown = 3

// checkFlags are the options of redan cert check.
type checkFlags struct {
	Verbose bool   `short:"v" name:"verbose" help:"List what was checked and found good, serial numbers and fingerprints."`
	JSON    bool   `name:"json" help:"The report as JSON, schema redan.cert/1."`
	Nagios  bool   `name:"nagios" help:"One line for Nagios and its like."`
	Prom    bool   `name:"prom" aliases:"prometheus" help:"Metrics for Prometheus."`
	Warn    string `short:"w" name:"warn" placeholder:"DAYS" help:"Warn when a certificate has less than that left: 30, or 33%."`
	Quiet   bool   `name:"no-auth-warning" help:"Do not warn about a password on the command line."`
	Crit    string `name:"crit" placeholder:"DAYS" help:"Fail when it has less than that left: 7, or 10%."`
}

const checkHelp = `redan cert check: is TLS to a Redis fine, and if not, what to do

  redan cert -h db.example.com -p 6380 --cacert ca.crt
  redan cert --cacert ca.crt db1:6380 db2:6380 [::1]:6380
  redan cert -u rediss://db.example.com:6380 --cert client.crt --key client.key
  redan cert --nagios --warn 20 --crit 5 db1:6380     in a monitoring system
  redan cert --prom db1:6380 > redis_tls.prom         for the textfile collector

  redan [connection options] cert [check] [options] [HOST:PORT|URI ...]

Without HOST:PORT, the server of the connection options. The word check may be
left out. Nothing is changed on the server; PING, TIME, INFO, ROLE and CONFIG
GET of named parameters are asked, and what is not permitted is left out.

  -v, --verbose        list what was found good, serials, fingerprints
  --json               the report as JSON, schema redan.cert/1
  --nagios             one line and performance data
  --prom               metrics
  -w, --warn DAYS      warn when less is left (default 30); N% is of its life
  --crit DAYS          fail when less is left (default 7)
  -t SECONDS           time for each server (default 10)

Connection options are those of redan --help: -h -p -s -u --user --askpass
--cacert --cert --key --sni --tls-verify --tls-verify-name --insecure ...

Exit code: 0 fine, 1 warning, 2 critical, 3 not known or wrong usage.
`

// certCheck is redan cert check.
func certCheck(ctx context.Context, a *app, args []string) int {
	var flags checkFlags
	inv, err := parseVerb(args, &flags, true)
	if err == nil && inv.help {
		a.print(checkHelp)
		return exitOK
	}
	var plan checkPlan
	if err == nil {
		plan, err = a.planCheck(ctx, inv, flags)
	}
	if err != nil {
		a.fail(err)
		return exitUnknown
	}
	reports := plan.run(ctx)
	if err := a.printReports(reports, plan, flags); err != nil {
		a.fail(err)
		return exitUnknown
	}
	return certreport.ExitCode(reports)
}

// checkPlan is what is to be examined, and what is to be warned about.
type checkPlan struct {
	options    []conn.Options // one a target
	warn, crit cert.Threshold
	thresholds bool // they were given
	dial       conn.DialFunc
	roots      cert.Roots
}

// planCheck makes the options of every target out of those of the command line.
func (a *app) planCheck(ctx context.Context, inv *invocation, flags checkFlags) (checkPlan, error) {
	inv.options.NoAuthWarn = flags.Quiet
	plan := checkPlan{dial: a.sys.Dial, thresholds: flags.Warn != "" || flags.Crit != ""}
	var err error
	if plan.warn, err = parseThreshold("--warn", flags.Warn, defaultWarnDays); err != nil {
		return plan, err
	}
	if plan.crit, err = parseThreshold("--crit", flags.Crit, defaultCritDays); err != nil {
		return plan, err
	}
	if contradict(plan.warn, plan.crit) {
		return plan, &usageError{text: "--crit is more than --warn: a certificate is critical when it has less left."}
	}
	if moreThanOne(flags.JSON, flags.Nagios, flags.Prom) {
		return plan, &usageError{text: "--json, --nagios and --prom exclude each other: give one of them."}
	}
	if err := inv.exclusive(); err != nil {
		return plan, err
	}
	o, err := a.examinedOptions(ctx, inv, &plan)
	if err != nil {
		return plan, err
	}
	plain := inv.options.URI != "" && o.TLS == nil
	if o.TLS == nil && !plain {
		if err := a.applyImpliedTLS(inv, &o); err != nil {
			return plan, err
		}
	}
	if len(inv.command) == 0 {
		plan.options = []conn.Options{o}
		return plan, nil
	}
	plan.options, err = a.planTargets(inv, o)
	return plan, err
}

// examinedOptions are the options of the server that profile and command line lead to, with their secrets, and the network to it.
func (a *app) examinedOptions(ctx context.Context, inv *invocation, plan *checkPlan) (conn.Options, error) {
	c, err := a.server(inv)
	if err != nil {
		return c.Options, err
	}
	if plan.dial, err = a.network(ctx, inv, c.Options.Addr()); err != nil {
		return c.Options, err
	}
	o, err := a.reveal(ctx, inv, c)
	if err != nil {
		return o, err
	}
	return o, a.settlePassword(inv, &o)
}

// planTargets makes the options of each server that a word names, and warns of the passwords in them as settlePassword does of o's.
func (a *app) planTargets(inv *invocation, o conn.Options) ([]conn.Options, error) {
	var targets []conn.Options
	if err := mistypedCommand(inv.command[0]); err != nil {
		return nil, err
	}
	for _, word := range inv.command {
		target, err := a.targetOptions(inv, o, word)
		if err != nil {
			return nil, err
		}
		targets = append(targets, target)
	}
	if inv.options.NoAuthWarn {
		return targets, nil
	}
	if !showsPassword(&inv.options) && slices.ContainsFunc(inv.command, holdsPassword) {
		a.warn(passwordWarning)
	}
	if !isBlind(o) && slices.ContainsFunc(targets, isBlind) {
		a.warn(blindWarning)
	}
	return targets, nil
}

// mistypedCommand returns an error when word, where a server may stand, is a sub-command but for a letter or two.
func mistypedCommand(word string) error {
	if strings.ContainsAny(word, ".:/[") || len(word) < 4 {
		return nil
	}
	for _, name := range []string{"check", "show", "files", "explain", "init", "issue", "bundle"} {
		if nearest.Slips(word, name) <= 1 {
			return &usageError{text: "redan cert " + word + ": is that redan cert " + name + "? A server of that name is written " + word + ":6380."}
		}
	}
	return nil
}

// The thresholds of expiry, in days, when none are given.
const (
	defaultWarnDays = 30
	defaultCritDays = 7
)

// applyImpliedTLS makes a connection TLS that no option made so: that is what is to be checked.
func (a *app) applyImpliedTLS(inv *invocation, o *conn.Options) error {
	o.TLS = &conn.TLSOptions{}
	c := profiles.Connection{Options: *o}
	err := a.applyTLS(inv, &c)
	*o = c.Options
	return err
}

// targetOptions are o for the server that word names: HOST:PORT, HOST, an address, or a URI.
func (a *app) targetOptions(inv *invocation, o conn.Options, word string) (conn.Options, error) {
	if scheme, _, isURI := strings.Cut(word, "://"); isURI {
		isTLS := strings.EqualFold(scheme, "rediss") || strings.EqualFold(scheme, "valkeys")
		if err := o.ApplyURI(word); err != nil {
			return o, &usageError{text: "redan cert: " + strings.TrimSuffix(err.Error(), ".") + ": " + scheme + "://..."}
		}
		switch {
		case !isTLS:
			o.TLS = nil
		case o.TLS == nil || len(o.TLS.CAFiles) == 0:
			return o, a.applyImpliedTLS(inv, &o)
		}
		return o, nil
	}
	host, port, err := splitTarget(word, o.Port)
	if err != nil {
		return o, err
	}
	o.Host, o.Port, o.Socket = host, port, ""
	if o.TLS == nil {
		return o, a.applyImpliedTLS(inv, &o)
	}
	return o, nil
}

// splitTarget reads HOST:PORT, [ADDRESS]:PORT, or a host or address without port.
func splitTarget(word string, fallback int) (host string, port int, err error) {
	if ip := net.ParseIP(strings.Trim(word, "[]")); word != "" && (ip != nil || !strings.Contains(word, ":")) {
		return strings.Trim(word, "[]"), fallback, nil
	}
	host, text, err := net.SplitHostPort(word)
	if err == nil {
		port, err = strconv.Atoi(text)
	}
	if err != nil || host == "" || port < 1 || port > 65535 {
		return "", 0, &usageError{text: fmt.Sprintf("'%s' is no server: write HOST:PORT, [ADDRESS]:PORT or rediss://HOST:PORT.", word)}
	}
	return host, port, nil
}

// parseThreshold reads "30" or "33%".
func parseThreshold(option, text string, fallback float64) (cert.Threshold, error) {
	if text == "" {
		return cert.Threshold{Days: fallback}, nil
	}
	number, isPercent := strings.CutSuffix(text, "%")
	value, err := strconv.ParseFloat(number, 64)
	const most = 1e5
	if err != nil || !(value >= 0) || value > most || isPercent && value > 100 {
		return cert.Threshold{}, &usageError{text: option + " takes days, such as 30, or a percentage such as 33%, not '" + text + "'."}
	}
	if isPercent {
		return cert.Threshold{Percent: value}, nil
	}
	return cert.Threshold{Days: value}, nil
}

// contradict reports whether a certificate would be critical before it is warned about. Days and a share of a life cannot be compared.
func contradict(warn, crit cert.Threshold) bool {
	if (warn.Percent > 0) != (crit.Percent > 0) {
		return false
	}
	return crit.Percent > warn.Percent || crit.Days > warn.Days
}

func moreThanOne(given ...bool) bool {
	n := 0
	for _, is := range given {
		if is {
			n++
		}
	}
	return n > 1
}

// maxProbes is how many servers are looked at side by side: each takes a socket or two.
const maxProbes = 250

// run examines every target, side by side: one that is silent holds up no other.
func (p *checkPlan) run(ctx context.Context) []cert.Report {
	reports := make([]cert.Report, len(p.options))
	examiners := make([]*conn.Examiner, len(p.options))
	for i, o := range p.options { // one after the other: a passphrase may be asked for
		examiners[i] = conn.NewExaminer(o, p.dial)
		examiners[i].Thresholds(p.warn, p.crit, !p.thresholds)
		p.roots = examiners[i].Roots()
	}
	seats := make(chan struct{}, maxProbes)
	var all sync.WaitGroup
	for i, examiner := range examiners {
		seats <- struct{}{}
		all.Go(func() {
			defer func() { <-seats }()
			reports[i] = examiner.Examine(ctx, p.options[i].Addr())
		})
	}
	all.Wait()
	return reports
}

func (a *app) printReports(reports []cert.Report, plan checkPlan, flags checkFlags) error {
	switch {
	case flags.JSON:
		text, err := certreport.JSON(reports, a.reportMeta(plan))
		if err != nil {
			return err
		}
		a.print(string(text))
	case flags.Nagios:
		a.print(certreport.Nagios(reports, plan.warn, plan.crit))
	case flags.Prom:
		a.print(certreport.Prometheus(reports))
	default:
		a.print(certreport.Text(reports, a.reportStyle(), certreport.Options{Verbose: flags.Verbose}))
	}
	return nil
}

// reportMeta is what the reports were made with.
func (a *app) reportMeta(plan checkPlan) certreport.Meta {
	meta := certreport.Meta{
		Time: a.sys.Now(), Tool: "redan " + version(),
		Policy: certreport.Policy{
			Verify: cert.LevelFull.String(), Warn: plan.warn, Crit: plan.crit,
			Roots: certreport.RootsSource{Source: "system", Count: len(plan.roots.List)},
		},
	}
	for _, o := range plan.options {
		t := o.TLS
		if t == nil {
			continue
		}
		meta.Policy.Verify = t.Level.String()
		switch {
		case len(t.CAFiles) > 0:
			meta.Policy.Roots.Source, meta.Policy.Roots.Path = "file", strings.Join(t.CAFiles, ":")
		case len(t.CADirs) > 0:
			meta.Policy.Roots.Source, meta.Policy.Roots.Path = "dir", strings.Join(t.CADirs, ":")
		case len(t.CAData) > 0:
			meta.Policy.Roots.Source = "inline"
		}
		break
	}
	return meta
}
