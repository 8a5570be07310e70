package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"redan/conn"
	"redan/conn/cert"
	"redan/conn/resp"
	"redan/profiles"
	"redan/ui/certreport"
)

type testFlags struct {
	profileFlags
	All     bool   `name:"all"`
	Timeout string `short:"t" name:"timeout" placeholder:"SECONDS"`
}

const profileTestHelp = `redan profile test: connect, and say what works

  redan profile test orders-prod
  redan profile test --all --json

One block for each profile: the file, secrets, name lookup, TCP, TLS
with what is wrong or soon will be with certificates (as redan cert
check says it), AUTH, the database, the server's role and version,
whether the user may read and write, and how the profile is guarded.
Nothing is changed on the server: PING, HELLO, INFO, ROLE, ACL WHOAMI
and ACL DRYRUN are asked.

  --all         all profiles
  -t, --timeout SECONDS  time for each (default 5)
  --config DIR  another directory of profiles (else REDAN_CONFIG)
  --json        {"profiles": [{"name", "ok", "steps": [{"step",
                "state", "text", "fix"}]}]}; state is ok, warn, fail
                or skip

Exit code: 0 when all can be used, else 1.
`

func profileTest(ctx context.Context, a *app, args []string) int {
	var flags testFlags
	r, code, done := a.newProfileRun(args, &flags, false, profileTestHelp)
	if done {
		return code
	}
	names, err := r.testNames(flags.All)
	if err != nil {
		return r.end(err)
	}
	limit, err := checkLimit(flags.Timeout)
	if err != nil {
		return r.end(err)
	}
	var trials []trial
	for i, name := range names {
		t := r.try(ctx, name, limit)
		trials = append(trials, t)
		if !r.flags.JSON {
			if i > 0 {
				r.print("\n")
			}
			r.print(printable(t.text()))
			r.flush()
		}
	}
	if r.flags.JSON {
		if err := r.printJSON(struct {
			Schema   string  `json:"schema"`
			Profiles []trial `json:"profiles"`
		}{profileSchema, append([]trial{}, trials...)}); err != nil {
			return r.end(err)
		}
	}
	if slices.ContainsFunc(trials, func(t trial) bool { return !t.OK }) {
		return exitError
	}
	return exitOK
}

func (r *profileRun) testNames(all bool) ([]string, error) {
	if !all {
		return r.names, r.wants(1, -1, "test NAME ...|--all")
	}
	if len(r.names) > 0 {
		return nil, &usageError{text: "redan profile test: --all or names, not both."}
	}
	names, err := r.store.Names()
	if err == nil && len(names) == 0 {
		err = errors.New("there are no profiles in " + r.store.Folder())
	}
	return names, err
}

// trial is what became of testing a profile.
type trial struct {
	Name  string      `json:"name"`
	OK    bool        `json:"ok"`
	Steps []trialStep `json:"steps"`
}

// trialStep is one thing that was tried.
type trialStep struct {
	Step  string `json:"step"`
	State string `json:"state"`
	Text  string `json:"text"`
	Fix   string `json:"fix,omitempty"`
}

// The states of a step.
const (
	stepOK   = "ok"
	stepWarn = "warn"
	stepFail = "fail"
	stepSkip = "skip"
)

func (t *trial) add(step, state, text, fix string) {
	t.Steps = append(t.Steps, trialStep{step, state, text, fix})
	if state == stepFail {
		t.OK = false
	}
}

// text is the block for people.
func (t *trial) text() string {
	var b strings.Builder
	verdict := "works"
	if !t.OK {
		verdict = "does not work"
	}
	b.WriteString(t.Name + ": " + verdict + "\n")
	for _, s := range t.Steps {
		mark := map[string]string{stepOK: "ok  ", stepWarn: "warn", stepFail: "FAIL", stepSkip: "-   "}[s.State]
		fmt.Fprintf(&b, "  %s  %-9s %s\n", mark, s.Step, strings.ReplaceAll(s.Text, "\n", "\n                  "))
		if s.Fix != "" {
			b.WriteString("                  fix: " + s.Fix + "\n")
		}
	}
	return b.String()
}

// try tests one profile, and stops at the first thing that keeps it from being used.
func (r *profileRun) try(ctx context.Context, name string, limit time.Duration) trial {
	t := trial{Name: name, OK: true, Steps: []trialStep{}}
	p, err := r.store.Load(name)
	var c profiles.Connection
	if err == nil {
		c, err = connectionOf(p)
	}
	if err != nil {
		t.add("profile", stepFail, err.Error(), "redan profile edit "+name)
		return t
	}
	o, _, err := r.revealed(ctx, name, c, true)
	if err != nil {
		t.add("secret", stepFail, err.Error(), "")
		return t
	}
	t.secrets(p, c)
	network, err := r.way(ctx, &t, p, o)
	if err != nil {
		t.add("before", stepFail, err.Error(), "")
		return t
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if r.tryNetwork(ctx, &t, o, network); !t.OK {
		return t
	}
	session, err := r.open(ctx, o, network)
	if err != nil {
		step := "auth"
		if failed, ok := errors.AsType[*conn.Error](err); ok && failed.Stage != conn.StageAuth {
			step = string(failed.Stage)
		}
		t.failed(step, err)
		return t
	}
	defer func() { _ = session.Close() }()
	r.trySession(ctx, &t, session, o)
	t.guard(p)
	return t
}

// way starts the command that opens the way to a profile's server.
func (r *profileRun) way(ctx context.Context, t *trial, p profiles.Profile, o conn.Options) (conn.DialFunc, error) {
	if len(p.Before.Command) == 0 {
		return r.sys.Dial, nil
	}
	r.profile = &p
	begin := r.sys.Now()
	network, err := r.network(ctx, r.inv, o.Addr())
	if err == nil {
		t.add("before", stepOK, p.Before.Command[0]+" runs, after "+milliseconds(r.since(begin)), "")
	}
	return network, err
}

// secrets says where secrets came from, and warns of those in clear text.
func (t *trial) secrets(p profiles.Profile, c profiles.Connection) {
	if readable := p.ClearSecrets(); len(readable) > 0 {
		t.add("secret", stepWarn, strings.Join(readable, ", ")+" in clear text", "redan profile secure "+p.Name)
		return
	}
	if c.Password.IsSet() {
		t.add("secret", stepOK, c.Password.String(), "")
	}
}

// failed is a step at which a connection ended.
func (t *trial) failed(step string, err error) {
	failed, ok := errors.AsType[*conn.Error](err)
	switch {
	case !ok:
		t.add(step, stepFail, err.Error(), "")
	case failed.Cause != "":
		t.add(step, stepFail, failed.Line+"\n"+failed.Cause, failed.Fix)
	default:
		t.add(step, stepFail, failed.Line, failed.Fix)
	}
}

// tryNetwork looks at the way to the server and at its certificates.
func (r *profileRun) tryNetwork(ctx context.Context, t *trial, o conn.Options, network conn.DialFunc) {
	d, err := conn.NewDialer(o, network)
	if err != nil {
		t.failed("files", err)
		return
	}
	begin := r.sys.Now()
	c, err := d.Dial(ctx, o.Addr())
	if err == nil {
		remote := c.RemoteAddr().String()
		if o.Socket != "" {
			remote = o.Socket
		}
		_ = c.Close()
		t.add("address", stepOK, o.Addr().String()+describeRemote(o, remote), "")
		t.add("connect", stepOK, milliseconds(r.since(begin)), "")
	}
	if o.TLS == nil {
		if err != nil {
			t.failed("connect", err)
		}
		return
	}
	if failed, ok := errors.AsType[*conn.Error](err); ok && failed.Stage != conn.StageTLS {
		t.failed("connect", err)
		return
	}
	t.certificates(conn.NewExaminer(o, network).Examine(ctx, o.Addr()), err)
}

func describeRemote(o conn.Options, remote string) string {
	if o.Socket != "" || remote == o.Addr().String() {
		return ""
	}
	return " -> " + remote
}

// certificates says what redan cert check would. err is what became of the real connection.
func (t *trial) certificates(report cert.Report, err error) {
	text := cert.VersionNumber(report.Observation.Version)
	if len(report.Chain) > 0 {
		text += ", certificate " + certreport.Left(report.Chain[0].Left)
	}
	if report.Names.Match != "" {
		text += ", made out to " + report.Names.Match
	}
	switch {
	case err != nil:
		t.failed("tls", err)
	case report.Observation.Version == 0:
		t.add("tls", stepOK, "handshake done", "")
	default:
		t.add("tls", stepOK, "TLS "+text, "")
	}
	for _, finding := range report.Findings {
		if finding.Usual || finding.Severity == cert.SeverityOK || err != nil && finding.Severity == cert.SeverityCrit {
			continue
		}
		fix := ""
		if len(finding.Fixes) > 0 {
			fix = finding.Fixes[0].Line()
		}
		t.add("cert", stepWarn, finding.Message, fix)
	}
}

// trySession asks the server, over a connection that is logged in, what this user may do there.
func (r *profileRun) trySession(ctx context.Context, t *trial, s *conn.Session, o conn.Options) {
	begin := r.sys.Now()
	reply, err := s.Do(ctx, "PING")
	switch {
	case err != nil:
		t.failed("auth", err)
		return
	case reply.Err() != nil:
		t.add("auth", stepFail, reply.Err().Error(), authFix(t.Name))
		return
	}
	took := r.since(begin)
	user := "default"
	if reply, err := s.Do(ctx, "ACL", "WHOAMI"); err == nil && reply.Err() == nil {
		user = reply.String()
	} else if o.User != "" {
		user = o.User
	}
	t.add("auth", stepOK, "user "+user+", PING "+milliseconds(took), "")
	t.database(ctx, s, o)
	t.server(ctx, s)
	t.permissions(ctx, s, user)
}

func authFix(name string) string { return "redan profile edit " + name + " --set-password" }

func (t *trial) database(ctx context.Context, s *conn.Session, o conn.Options) {
	reply, err := s.Do(ctx, "DBSIZE")
	switch {
	case err != nil:
		t.failed("db", err)
	case reply.Err() != nil:
		t.add("db", stepOK, strconv.Itoa(o.DB), "")
	default:
		t.add("db", stepOK, fmt.Sprintf("%d, %d keys", o.DB, reply.Int), "")
	}
}

// server says what it is, as far as it may be asked.
func (t *trial) server(ctx context.Context, s *conn.Session) {
	reply, err := s.Do(ctx, "INFO", "server")
	var facts []string
	if err == nil && reply.Err() == nil {
		for line := range strings.Lines(reply.String()) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
			switch key {
			case "redis_version", "valkey_version", "redis_mode":
				facts = append(facts, strings.TrimSuffix(strings.TrimSuffix(key, "_version"), "redis_mode")+" "+value)
			}
		}
	}
	role, err := s.Do(ctx, "ROLE")
	if err == nil && role.Err() == nil && len(role.Elems) > 0 {
		facts = append(facts, role.Elems[0].String())
	}
	if len(facts) == 0 {
		t.add("server", stepSkip, "this user may not ask INFO and ROLE", "")
		return
	}
	for i := range facts {
		facts[i] = strings.TrimSpace(facts[i])
	}
	t.add("server", stepOK, strings.Join(facts, ", "), "")
}

// permissions asks ACL DRYRUN whether the user may read and write.
func (t *trial) permissions(ctx context.Context, s *conn.Session, user string) {
	for _, probe := range []struct {
		step  string
		words []string
	}{{"read", []string{"GET", "key"}}, {"write", []string{"SET", "key", "value"}}} {
		reply, err := s.Do(ctx, append([]string{"ACL", "DRYRUN", user}, probe.words...)...)
		switch {
		case err != nil:
			t.failed(probe.step, err)
			return
		case reply.Err() != nil:
			t.add(probe.step, stepSkip, "not known: the server does not let this user ask ACL DRYRUN", "")
			return
		case reply.Kind == resp.SimpleString:
			t.add(probe.step, stepOK, "allowed", "")
		default:
			t.add(probe.step, stepWarn, reply.String(), "")
		}
	}
}

// guard says how careful redan is with the server.
func (t *trial) guard(p profiles.Profile) {
	var modes []string
	if p.ReadOnly {
		modes = append(modes, "read-only: redan sends nothing that writes")
	}
	if p.Environment.IsProduction() {
		modes = append(modes, "production: what destroys or blocks is asked about")
	}
	if len(modes) == 0 {
		modes = []string{"none"}
	}
	t.add("guard", stepOK, strings.Join(modes, "; "), "")
}
