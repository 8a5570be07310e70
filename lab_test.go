package main_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// This is the fault laboratory: every fault that redan cert knows is made, with real servers wherever a real one can show it, and
// redan has to say which it is, how bad it is, and what mends it. What it prints as the remedy is then done, to the letter, and the
// fault has to be gone.
//
//	go test -run 'TestFaultLaboratory/EXPIRED'    the cases of one code
//
// lab_*_faults_test.go have the cases, lab_bench_test.go what they are made of, lab_report_test.go reads the reports.
// lab_hostile_test.go is about servers that mean harm.

// fault is one case of the laboratory.
type fault struct {
	name string // after the code, when the code alone would not tell the case
	code string
	// severity, scope and exit are what the report is to say of it. What is crit fails the connection made with the same options, and
	// nothing else does.
	severity string
	scope    string
	exit     int
	// also are the codes of the other faults and warnings that come with it. There must be no more.
	also []string
	// mends are the sides that can end the fault: for each of them there is a remedy that can be run as printed.
	mends []string
	// nobody says why no command can, where mends is empty.
	nobody string
	// reply says that the server refuses by a reply, which redan prints like any other.
	reply bool
	// briefer says why a connection that fails knows less than redan cert check, and so may name another remedy.
	briefer string
	// build makes the fault, and returns the options that lead to it.
	build func(b *bench) (options string)
}

func (f fault) title() string {
	return strings.TrimSuffix(f.code+"/"+strings.ReplaceAll(f.name, " ", "-"), "/")
}

// Sides of a mend.
const (
	client = "client"
	server = "server"
)

// redisCommand is the language of remedies that are sent to the server.
const redisCommand = "redis"

// knowsLess is why a connection that fails may name another remedy: it has not looked any further.
const knowsLess = "only redan cert check looks further: at other ports, and at the server's settings"

// codesToMake are the codes of which each must be made by a case at the least.
const codesToMake = `
	PLAIN_TO_TLS TLS_TO_PLAIN NOT_REDIS_TLS REFUSED STALL CLOSE_AT_ONCE DNS MAXCLIENTS PROTECTED_MODE
	UNKNOWN_CA SELF_SIGNED_LEAF SAME_DN_CA MISSING_INTERMEDIATE CHAIN_WITH_ROOT WRONG_ROOT_SAME_NAME EXPIRED NOT_YET_VALID CLOCK_SKEW
	CN_ONLY NO_NAMES NO_IP_SAN IP_AS_DNS OTHER_IP OTHER_NAME WILDCARD_DEPTH PARTIAL_WILDCARD WRONG_EKU LEAF_AS_CA PATHLEN NAME_CONSTRAINT
	CLIENT_CERT_MISSING CLIENT_CA_UNKNOWN CLIENT_INTERMEDIATE_NOT_SENT CLIENT_EXPIRED CLIENT_WRONG_EKU CLIENT_REFUSED CLIENT_CERT_UNUSED
	KEY_MISMATCH KEY_ENCRYPTED FILE_UNREADABLE FILE_NOT_PEM FILES_SWAPPED
	VERSION NO_COMMON_CIPHER NO_SIGALG SHA1_SIGNED WEAK_RSA OVERSIZED_RSA SERVER_KEY_MISMATCH SNI_REQUIRED
	AUTH_REQUIRED WRONG_PASSWORD NO_PERMISSION STALE_CERT`

// faults are all cases.
func faults() []fault {
	return slices.Concat(transportFaults(), trustFaults(), issuerFaults(), nameFaults(), clientFaults(), fileFaults(),
		handshakeFaults(), redisFaults(), combinedFaults())
}

func TestFaultLaboratory(t *testing.T) {
	t.Parallel()
	made := map[string]bool{}
	for _, f := range faults() {
		made[f.code] = true
		t.Run(f.title(), func(t *testing.T) {
			t.Parallel()
			f.run(t)
		})
	}
	for code := range strings.FieldsSeq(codesToMake) {
		if !made[code] {
			t.Errorf("no case makes %s", code)
		}
	}
}

// run makes the fault, has it found, and mends it in every way that redan names.
func (f fault) run(t *testing.T) { //nolint:thelper // it is the test
	if (len(f.mends) == 0) == (f.nobody == "") {
		t.Fatal("a case says who can mend the fault, or why nobody can")
	}
	b := newBench(t)
	options := f.build(b)
	report := f.diagnose(b, options)
	if t.Failed() {
		return
	}
	f.seenInText(b, options, report.first(f.code))
	f.seenByConnections(b, options, report)
	found, _ := report.finding(f.code)

	mended := map[string]bool{}
	for i, remedy := range found.Fix {
		if !b.canRun(remedy) {
			continue
		}
		if mended[server] { // and changed with that
			b = newBench(t)
			options = f.build(b)
			found, _ = f.diagnose(b, options).finding(f.code)
			if i >= len(found.Fix) {
				t.Fatalf("the same fault had other remedies: %q", found.Fix)
			}
			remedy = found.Fix[i]
		}
		f.mend(b, options, remedy)
		if !remedy.isLastResort() {
			mended[remedy.Side] = true
		}
	}
	for _, side := range f.mends {
		if !mended[side] {
			t.Errorf("no remedy for the %s that can be run as printed, in %s", side, found.Fix)
		}
	}
	if f.nobody != "" && len(mended) > 0 {
		t.Errorf("nobody can mend it (%s), and yet there are remedies: %s", f.nobody, found.Fix)
	}
}

// diagnose runs redan cert check and compares with what the case says.
func (f fault) diagnose(b *bench, options string) labReport {
	b.t.Helper()
	report, exit := b.check(options)
	found, ok := report.finding(f.code)
	if !ok {
		b.t.Errorf("redan cert check %s\nfound no %s, but %s", options, f.code, report)
		return report
	}
	if found.Severity != f.severity || found.Scope != f.scope || exit != f.exit {
		b.t.Errorf("redan cert check %s\n%s is %s in %s, exit %d, want %s in %s, exit %d: %s",
			options, f.code, found.Severity, found.Scope, exit, f.severity, f.scope, f.exit, report)
	}
	if report.Exit != exit {
		b.t.Errorf("the report says exit %d, and redan ended with %d", report.Exit, exit)
	}
	want := slices.Clone(f.also)
	if f.severity != "info" {
		want = append(want, f.code)
	}
	slices.Sort(want)
	if got := report.alarms(); !slices.Equal(got, want) {
		b.t.Errorf("redan cert check %s\nraised %v, want %v: %s", options, got, want, report)
	}
	if found.Message == "" || strings.ContainsAny(found.Message, "!\n") || strings.HasSuffix(found.Message, ".") {
		b.t.Errorf("%s has the message %q", f.code, found.Message)
	}
	for _, remedy := range found.Fix {
		if remedy.Side != client && remedy.Side != server || remedy.Command == "" && remedy.Note == "" {
			b.t.Errorf("%s has the remedy %s", f.code, remedy)
		}
	}
	return report
}

// seenInText looks whether the first three lines for people answer what is wrong and what is to be done.
func (f fault) seenInText(b *bench, options string, first finding) {
	b.t.Helper()
	out := b.redan("cert check " + options)
	lines := strings.SplitAfterN(out.stdout, "\n", 4)
	top := squeezed(strings.Join(lines[:min(3, len(lines))], ""))
	if f.severity == "info" { // the verdict is that all is well
		top = squeezed(out.stdout)
	}
	if !strings.Contains(top, first.Code) || !strings.Contains(out.stdout, f.code) {
		b.t.Errorf("the first lines of redan cert check %s do not name %s, or the others not %s:\n%s", options, first.Code, f.code, out.stdout)
	}
	if len(first.Fix) > 0 && !strings.Contains(top, squeezed(first.Fix[0].Command)) {
		b.t.Errorf("the first lines of redan cert check %s do not have the remedy %s:\n%s", options, first.Fix[0], out.stdout)
	}
	if out.exit != f.exit {
		b.t.Errorf("exit %d for people and %d for JSON", out.exit, f.exit)
	}
}

// seenByConnections looks whether a normal connection fails because of the fault, and says the same, or works in spite of it.
func (f fault) seenByConnections(b *bench, options string, report labReport) {
	b.t.Helper()
	out := b.redan(options + " ping")
	fails := report.Verdict == "crit" || report.Verdict == "unknown" // the latter: a file of this side cannot be read
	if works := out.stdout == "PONG\n"; works != (!fails && !f.reply) {
		b.t.Errorf("redan cert check says %s, but redan %s ping ended with %d:\n%s%s", report.Verdict, options, out.exit, out.stdout, out.stderr)
	}
	if !fails || f.reply {
		return
	}
	first := report.first(f.code)
	_, cause, _ := strings.Cut(out.stderr, "\n  cause: ")
	cause, remedy, _ := strings.Cut(cause, "\n  fix:   ")
	if cause == "" || remedy == "" {
		b.t.Errorf("redan %s ping fails without cause and fix:\n%s", options, out.stderr)
	}
	if len(first.Fix) > 0 && !strings.Contains(remedy, first.Fix[0].Command) && f.briefer == "" {
		b.t.Errorf("redan %s ping does not say how to mend it, which is %s:\n%s", options, first.Fix[0], out.stderr)
	}
}

// mend does what a remedy says, and looks whether the fault is gone, and with it the connection's failure, unless there are others.
func (f fault) mend(b *bench, options string, remedy remedy) {
	b.t.Helper()
	var done labRun
	pings := strings.HasSuffix(remedy.Command, " ping")
	if remedy.Language == redisCommand {
		b.configure(remedy.Command)
	} else {
		done = b.shell(remedy.Command)
		if remedy.Side == client {
			options = optionsOf(remedy.Command, options)
		}
		if done.exit != 0 && !pings {
			b.t.Errorf("%s\nas printed ended with %d:\n%s%s", remedy, done.exit, done.stdout, done.stderr)
		}
	}
	report, _ := b.check(options)
	if again, still := report.finding(f.code); still && again.Severity == f.severity {
		b.t.Errorf("%s\nwas done as printed, and redan cert check %s still finds %s", remedy, options, report)
	}
	for _, code := range report.alarms() {
		if code != f.code && !slices.Contains(f.also, code) {
			b.t.Errorf("%s\nwas done as printed, and now redan cert check %s finds %s", remedy, options, report)
		}
	}
	if report.Verdict == "crit" {
		return // the other faults
	}
	if pings && (done.stdout != "PONG\n" || done.exit != 0) {
		b.t.Errorf("%s\nas printed ended with %d:\n%s%s", remedy, done.exit, done.stdout, done.stderr)
	}
	if out := b.redan(options + " ping"); out.stdout != "PONG\n" {
		b.t.Errorf("%s\nwas done as printed, and redan %s ping ended with %d:\n%s%s", remedy, options, out.exit, out.stdout, out.stderr)
	}
}

// optionsOf returns the options of the last redan in a remedy, which are how to connect once it is mended; otherwise before.
func optionsOf(command, before string) string {
	at := strings.LastIndex(command, "redan ")
	if at < 0 || !strings.HasSuffix(command, " ping") {
		return before
	}
	options := strings.TrimSuffix(command[at+len("redan "):], " ping")
	if host, port, ok := addressIn(options); ok && !strings.Contains(options, "--tls") {
		return "-u redis://" + host + ":" + port // without TLS, which redan cert takes for granted
	}
	return options
}

func addressIn(options string) (host, port string, ok bool) {
	fields := strings.Fields(options)
	if len(fields) < 4 || fields[0] != "-h" || fields[2] != "-p" {
		return "", "", false
	}
	return fields[1], fields[3], true
}

// squeezed is text without what a layout may add: line breaks, indentation, and marks.
func squeezed(text string) string { return strings.Join(strings.Fields(text), " ") }

// at is how to reach an address.
func at(host string, port int) string { return fmt.Sprintf("-h %s -p %d ", host, port) }
