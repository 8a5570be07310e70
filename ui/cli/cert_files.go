package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"redan/conn/cert"
	"redan/conn/cert/conffile"
	"redan/ui/certreport"
)

// filesFlags are the options of redan cert files.
type filesFlags struct {
	Cert        string   `name:"cert" placeholder:"FILE" help:"Certificate, with its chain."`
	Key         string   `name:"key" placeholder:"FILE" help:"Its private key."`
	KeyPassFile string   `name:"key-pass-file" placeholder:"FILE" help:"File with the passphrase of the key."`
	CACert      []string `name:"cacert" aliases:"certfile" sep:"none" placeholder:"FILE" help:"CA certificates."`
	CACertDir   []string `name:"cacertdir" sep:"none" placeholder:"DIR" help:"Directory of CA certificates."`
	Host        []string `name:"host" sep:"none" placeholder:"NAME" help:"Name or address that the certificate must cover."`
	As          string   `name:"as" placeholder:"ROLE" help:"server, client or both."`

	Verbose bool   `short:"v" name:"verbose" help:"List what was checked and found good."`
	JSON    bool   `name:"json" help:"The report as JSON."`
	Nagios  bool   `name:"nagios" help:"One line for Nagios and its like."`
	Warn    string `short:"w" name:"warn" placeholder:"DAYS" help:"Warn when a certificate has less than that left."`
	Crit    string `short:"c" name:"crit" placeholder:"DAYS" help:"Fail when it has less than that left."`
}

const filesHelp = `redan cert files: will these files work, before a server loads them

  redan cert files /etc/redis/redis.conf
  redan cert files redis.conf sentinel.conf stunnel.conf
  redan cert files --cert node.crt --key node.key --cacert ca.crt \
        --host redis-1.lab --host 10.0.0.11
  redan cert files --cert app.crt --key app.key --as client
  redan cert files --nagios --warn 20 /etc/redis/redis.conf

  redan cert files CONF...
  redan cert files --cert FILE --key FILE [--cacert FILE]... [--host NAME]...

What a configuration file is, its content says. Its includes are read too, and
paths count from its dir, as Redis does it. It is told which lines, files and
settings the server refuses at its start, which make handshakes fail later, and
what will break: dates, names, chains, roots, ports, cluster and replication.
Nothing is connected to, and nothing is changed. Lines that have nothing to do
with TLS are not looked at.

  --cert FILE          the certificate, with the chain behind it
  --key FILE           its private key (default: in the same file)
  --key-pass-file FILE the passphrase of that key; else REDAN_KEY_PASS, else
                       it is asked. For a redis.conf, tls-key-file-pass counts
  --cacert FILE        CA certificates; may be given several times
  --cacertdir DIR      a directory of CA certificates
  --host NAME          a name or address that clients connect to, which the
                       certificate must cover; may be given several times
  --as ROLE            what the certificate is for: server, client, or both as
                       nodes of a cluster need it (default: what it says)

  -v, --verbose        list what was found good, serials, fingerprints
  --json               the report as JSON, schema ` + filesSchema + `
  --nagios             one line and performance data
  -w, --warn DAYS      warn when less is left (default 30); N% is of its life
  -c, --crit DAYS      fail when less is left (default 7)

Exit code: 0 fine, 1 warning, 2 critical (it will not start, or handshakes will
fail), 3 not known (a file that you may not read) or wrong usage.
`

// certFiles is redan cert files.
func certFiles(_ context.Context, a *app, args []string) int {
	var flags filesFlags
	inv, err := parseVerb(args, &flags, false)
	if err == nil && inv.help {
		a.print(filesHelp)
		return exitOK
	}
	var sets []cert.FileSet
	var plan filesPlan
	if err == nil {
		plan, err = a.planFiles(flags, inv.command)
	}
	if err == nil {
		sets, err = plan.sets()
	}
	if err != nil {
		a.fail(err)
		return exitUnknown
	}
	reports := make([]cert.Report, 0, len(sets))
	for _, set := range sets {
		reports = append(reports, cert.JudgeFiles(set, a.sys.Now()))
	}
	if err := a.printFiles(reports, plan); err != nil {
		a.fail(err)
		return exitUnknown
	}
	return certreport.ExitCode(reports)
}

// filesPlan is what is to be looked at, and how.
type filesPlan struct {
	app        *app
	flags      filesFlags
	confs      []string
	warn, crit cert.Threshold
	standard   bool
	use        cert.FileUse
	loader     cert.Loader
}

func (a *app) planFiles(flags filesFlags, confs []string) (filesPlan, error) {
	plan := filesPlan{app: a, flags: flags, confs: confs, standard: flags.Warn == "" && flags.Crit == ""}
	var err error
	if plan.warn, err = parseThreshold("--warn", flags.Warn, defaultWarnDays); err != nil {
		return plan, err
	}
	if plan.crit, err = parseThreshold("--crit", flags.Crit, defaultCritDays); err != nil {
		return plan, err
	}
	if plan.crit.Percent == 0 && plan.warn.Percent == 0 && plan.crit.Days > plan.warn.Days {
		return plan, &usageError{text: "--crit is more than --warn: a certificate is critical when it has less left."}
	}
	switch flags.As {
	case "", "server", "client", "both":
		plan.use = cert.FileUse(flags.As)
	default:
		return plan, &usageError{text: "--as takes server, client or both, not '" + flags.As + "'."}
	}
	loose := flags.Cert != "" || flags.Key != "" || len(flags.CACert) > 0 || len(flags.CACertDir) > 0
	switch {
	case loose && len(confs) > 0:
		return plan, &usageError{
			text: "cert files takes either configuration files or --cert, --key and --cacert, not both.",
			hint: "A certificate is given with --cert FILE, its key with --key FILE.",
		}
	case !loose && len(confs) == 0:
		return plan, &usageError{
			text: "cert files needs something to look at: redis.conf, sentinel.conf, stunnel.conf, or --cert FILE.",
			hint: "redan cert files --help shows examples.",
		}
	case loose && flags.Cert == "" && flags.Key != "":
		return plan, &usageError{text: "--key without --cert: a key is checked with its certificate.", hint: "Add --cert FILE."}
	case flags.As != "" && !loose:
		return plan, &usageError{text: "--as is for certificates given with --cert; a configuration file says what they are for."}
	}
	return plan, nil
}

// sets reads everything that is to be looked at.
func (p filesPlan) sets() ([]cert.FileSet, error) {
	if len(p.confs) == 0 {
		return []cert.FileSet{p.loose()}, nil
	}
	var all []cert.FileSet
	for _, path := range p.confs {
		sets, err := p.fromConf(path)
		if err != nil {
			return nil, err
		}
		all = append(all, sets...)
	}
	return all, nil
}

// base is a set with all that does not depend on files.
func (p filesPlan) base(title string) cert.FileSet {
	return cert.FileSet{
		Title: title, Program: p.app.programName(), Use: p.use, Hosts: p.flags.Host,
		Warn: p.warn, Crit: p.crit, DefaultThresholds: p.standard,
	}
}

// loose is the set of the files given one by one.
func (p filesPlan) loose() cert.FileSet {
	title := p.flags.Cert
	if title == "" {
		title = append(append([]string{}, p.flags.CACert...), p.flags.CACertDir...)[0]
	}
	set := p.base(title)
	named := func(option, path string) cert.LocalFile {
		return p.loader.ReadLocal(cert.Setting{Name: option, Value: path}, path, nil)
	}
	set.Own = cert.FilePair{
		Cert: named("--cert", p.flags.Cert), Key: named("--key", p.flags.Key), Passphrase: p.app.keyPassphrase(p.flags.KeyPassFile),
	}
	for _, path := range p.flags.CACert {
		set.CAs = append(set.CAs, named("--cacert", path))
	}
	for _, path := range p.flags.CACertDir {
		set.CADirs = append(set.CADirs, p.loader.ReadLocalDir(cert.Setting{Name: "--cacertdir", Value: path}, path))
	}
	return set
}

// fromConf is what a configuration file loads: one set, and of a stunnel.conf one for each service.
func (p filesPlan) fromConf(path string) ([]cert.FileSet, error) {
	redis, stunnel, err := p.reader().Read(path)
	switch {
	case errors.Is(err, conffile.ErrUnknownKind):
		return nil, &usageError{
			text: printable(path) + " is neither a redis.conf, a sentinel.conf nor a stunnel.conf.",
			hint: "A certificate is given with --cert FILE, its key with --key FILE, CA certificates with --cacert FILE.",
		}
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read: %w", path, rootOfPathError(err))
	case redis != nil:
		return []cert.FileSet{p.redisSet(redis)}, nil
	default:
		return p.stunnelSets(stunnel), nil
	}
}

// rootOfPathError is an error of a file without its path, which the sentence has already.
func rootOfPathError(err error) error {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		return failed.Err
	}
	return err
}

func (a *app) printFiles(reports []cert.Report, plan filesPlan) error {
	switch {
	case plan.flags.JSON:
		text, err := filesJSON(reports, a.sys.Now(), "redan "+version())
		if err != nil {
			return err
		}
		a.print(string(text))
	case plan.flags.Nagios:
		a.print(certreport.Nagios(reports, plan.warn, plan.crit))
	default:
		a.print(certreport.Text(reports, a.reportStyle(), certreport.Options{Verbose: plan.flags.Verbose}))
	}
	return nil
}
