package main_test

import (
	"bytes"
	"crypto/sha1"
	"flag"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/conn/conntest"
)

// rig is a server for one comparison at a time, and what puts it into the same state before each run.
type rig struct {
	server *conntest.Server
	seeds  []byte
}

func newRig(t *testing.T) *rig {
	t.Helper()
	server := conntest.Start(t, conntest.TLS(), conntest.UnixSocket(),
		conntest.Config("enable-debug-command", "yes"),
		// Rehashing by the clock would change the order of SCAN from run to run.
		conntest.Config("activerehashing", "no"),
		conntest.Config("slowlog-log-slower-than", "-1"),
		conntest.ACL(
			`user reader on >secret ~s:* &* +@read +@connection`,
			`user odd@%:name on ">p w@#%:/+\xc3\xa9" ~* &* +@all`,
			`user nobody on >nothing -@all`,
		))
	for _, line := range lines(libraries) {
		server.Do(words(line)...)
	}
	server.Do("SCRIPT", "LOAD", seedScript())
	return &rig{server: server, seeds: seedCommands()}
}

// seeded ends the reply to the seeds.
const seeded = "seeded"

// reset brings the server back to the seeds, with nobody else connected.
func (r *rig) reset(t *testing.T) {
	t.Helper()
	control, err := net.Dial("tcp", r.server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = control.Close() }()
	if err := control.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := control.Write(r.seeds); err != nil {
		t.Fatalf("seed: %v", err)
	}
	var reply []byte
	buffer := make([]byte, 4096)
	for !bytes.HasSuffix(reply, []byte("\r\n"+seeded+"\r\n")) {
		n, err := control.Read(buffer)
		if err != nil {
			t.Fatalf("seed: %v after %q", err, reply)
		}
		reply = append(reply, buffer[:n]...)
	}
	if at := bytes.Index(reply, []byte("\r\n-")); at >= 0 || reply[0] == '-' {
		t.Fatalf("seed: the server refused: %q", reply)
	}
}

// seedCommands removes what an earlier run may have left, and puts in what the next one is to find.
func seedCommands() []byte {
	return onTheWire(
		"client kill type normal", "client kill type pubsub", "client unpause", "config resetstat", "acl log reset",
		`config set maxmemory 0 requirepass ""`, "evalsha "+seedScriptHash()+" 0 "+seeded)
}

// seedScript makes the keys anew and returns its argument. As a script, it can also stand between two lines of piped input.
func seedScript() string {
	var b strings.Builder
	b.WriteString("redis.call('flushall') redis.call('set','s:large',string.rep('0123456789abcdef',1500)) " +
		"local t={} for i=1,120 do t[i]='element '..i end redis.call('rpush','l:long',unpack(t)) ")
	for _, line := range lines(seeds) {
		b.WriteString("redis.call(")
		for i, word := range words(line) {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(luaString(word))
		}
		b.WriteString(") ")
	}
	// The table of keys grows by a little at each lookup. One that is still growing changes the order of SCAN while it is read.
	b.WriteString("for i=1,200 do redis.call('exists','nosuch') end return ARGV[1]")
	return b.String()
}

func luaString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "\\%03d", c)
	}
	b.WriteByte('"')
	return b.String()
}

func seedScriptHash() string { return fmt.Sprintf("%x", sha1.Sum([]byte(seedScript()))) }

// onTheWire encodes commands.
func onTheWire(lines ...string) []byte {
	var wire []byte
	for _, line := range lines {
		args := words(line)
		wire = fmt.Appendf(wire, "*%d\r\n", len(args))
		for _, arg := range args {
			wire = fmt.Appendf(wire, "$%d\r\n%s\r\n", len(arg), arg)
		}
	}
	return wire
}

// words splits a line of the tables of this test: words between spaces, "Go strings", 'plain text'. Lines that begin with # are
// comments. It is not redis-cli's way to split, which is what is being tested.
func words(line string) []string {
	var all []string
	for line = strings.TrimSpace(line); line != "" && line[0] != '#'; line = strings.TrimLeft(line, " ") {
		switch end := strings.IndexByte(line, ' '); line[0] {
		case '"':
			quoted, err := strconv.QuotedPrefix(line)
			if err != nil {
				panic("words: not a Go string: " + line)
			}
			word, err := strconv.Unquote(quoted)
			if err != nil {
				panic("words: " + err.Error() + ": " + line)
			}
			all, line = append(all, word), line[len(quoted):]
		case '\'':
			word, rest, _ := strings.Cut(line[1:], "'")
			all, line = append(all, word), rest
		default:
			if end < 0 {
				end = len(line)
			}
			all, line = append(all, line[:end]), line[end:]
		}
	}
	return all
}

// lines are the lines of a table that are not empty and no comments.
func lines(table string) []string {
	var all []string
	for line := range strings.SplitSeq(table, "\n") {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			all = append(all, line)
		}
	}
	return all
}

// filler fills in what only a running test knows.
func (r *rig) filler(l *lab) *strings.Replacer {
	s := r.server
	pairs := []string{
		"{port}", strconv.Itoa(s.Port), "{tls}", strconv.Itoa(s.TLSPort), "{socket}", s.Socket,
		"{ca}", s.CAFile, "{cert}", s.CertFile, "{key}", s.KeyFile, "{dir}", l.home,
	}
	for name, value := range l.elsewhere {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...)
}

func (r *rig) fillOutcome(l *lab, o outcome) outcome {
	fill := r.filler(l)
	filled := outcome{stdout: fill.Replace(o.stdout), code: o.code}
	for _, line := range o.stderr {
		filled.stderr = append(filled.stderr, fill.Replace(line))
	}
	return filled
}

// mask hides what is different in each run, in replies that contain its hint.
type mask struct {
	hint    string
	pattern *regexp.Regexp
	instead string
}

// masks are identities, times and sizes of buffers in the replies that list them, and versions of redan.
var masks = []mask{
	{"proto", regexp.MustCompile(`(\bid"?[\s,:=>]+(?:\d+\) )?(?:\(integer\) )?)\d+`), "$1~"}, // HELLO
	{"addr=", regexp.MustCompile(`\b((?:id|addr|fd|age|idle|qbuf|qbuf-free|argv-mem|multi-mem|rbs|rbp|obl|oll|omem|tot-mem)=)\S+`), "$1~"},
	{"avg_ttl=", regexp.MustCompile(`\b(avg_ttl=)\d+`), "$1~"},
	{"seen-time", regexp.MustCompile(`\b1\d{12}\b`), "~"},
	{" [0 ", regexp.MustCompile(`\b\d{10}\.\d{6} \[0 [^ ]+\]`), "~"},          // MONITOR
	{"cluster_stats", regexp.MustCompile(`\b(cluster_stats_\w+:)\d+`), "$1~"}, // the bus goes on talking
	{"redan ", regexp.MustCompile(`^redan (devel|v\S+)\n`), "redan ~\n"},
}

var elapsed = regexp.MustCompile(`(?m)^\(\d+\.\d\ds\)\n`)

// stable is text with its masks on. That a reply was slow is told only where it was meant to be.
func stable(text string, slow bool) string {
	for _, m := range masks {
		if strings.Contains(text, m.hint) {
			text = m.pattern.ReplaceAllString(text, m.instead)
		}
	}
	switch {
	case slow:
		return elapsed.ReplaceAllString(text, "(~s)\n")
	case strings.Contains(text, "s)\n"):
		return elapsed.ReplaceAllString(text, "")
	}
	return text
}

// stderrLines is standard error as scripts look at it. Redis-cli says some things twice; redan adds a cause and a remedy, indented
// or after a sentence about the usage.
func stderrLines(text string) []string {
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRight(line, "\r")
		switch {
		case isClosed(line):
			line = serverClosed
		case isProtocolError(line):
			line = protocolError
		}
		switch {
		case line == "", strings.HasPrefix(line, "  "):
			continue
		case len(kept) > 0 && (kept[len(kept)-1] == line || isHint(line)):
			continue
		}
		kept = append(kept, line)
	}
	return kept
}

// serverClosed stands for all the ways in which the end of a connection is noticed: which one it is depends on the moment.
const serverClosed = "Error: Server closed the connection"

func isClosed(line string) bool {
	return line == "Error: Connection reset by peer" || line == "Error: Broken pipe" || line == "I/O error"
}

// protocolError stands for all that can be wrong with a reply.
const protocolError = "Error: Protocol error"

var isProtocolError = regexp.MustCompile(
	`^Error: (Bad \w+ (string )?(value|length)|[\w-]+ length out of range|Protocol error, .*)$`).MatchString

// isHint reports whether a line only explains the one before it.
var isHint = regexp.MustCompile(`^(Did you mean |Try (redan|redis-cli) --help|-\w takes |-\S+ needs a value )`).MatchString

func onlySome() bool {
	return strings.Contains(flag.Lookup("test.run").Value.String(), "/") || flag.Lookup("test.skip").Value.String() != ""
}

func differences(redan, redisCLI outcome) string {
	return differencesFrom("redis-cli", redan, redisCLI)
}

// differencesFrom shows what is not equal.
func differencesFrom(other string, redan, want outcome) string {
	var b strings.Builder
	show := func(what string, ours, theirs any) {
		fmt.Fprintf(&b, "  %s of %-9s %v\n  %s of %-9s %v\n", what, other, theirs, what, "redan", ours)
	}
	if redan.stdout != want.stdout {
		at := firstDifference(redan.stdout, want.stdout)
		show(fmt.Sprintf("stdout from byte %d", at), fmt.Sprintf("%q", clip(redan.stdout[at:])), fmt.Sprintf("%q", clip(want.stdout[at:])))
	}
	if fmt.Sprint(redan.stderr) != fmt.Sprint(want.stderr) {
		show("stderr", fmt.Sprintf("%q", redan.stderr), fmt.Sprintf("%q", want.stderr))
	}
	if redan.code != want.code {
		show("exit code", redan.code, want.code)
	}
	return b.String()
}

// firstDifference is where a and b differ, moved back to show what was there before it.
func firstDifference(a, b string) int {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	return max(0, at-60)
}

func describe(o outcome) string {
	return fmt.Sprintf("  stdout %q\n  stderr %q\n  exit code %d", clip(o.stdout), o.stderr, o.code)
}

// clip keeps failures readable.
func clip(s string) string {
	const enough = 600
	if len(s) > enough {
		return s[:enough] + fmt.Sprintf("... (%d bytes)", len(s))
	}
	return s
}

func portOf(t *testing.T, addr string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return port
}
