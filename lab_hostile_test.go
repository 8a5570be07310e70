package main_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"redan/conn/conntest"
)

// hostile is a server that means harm, or is badly broken: redan cert check has to come to an end, in bounded memory, and what it
// prints must not act on the terminal.
type hostile struct {
	name    string
	start   func(b *bench) (addr string)
	options string
	// endless says that its reply has no end.
	endless bool
	// shown is what of the server's words appears in the report, as a terminal may have it.
	shown string
}

// mostMemory is what redan may take, in MiB, whatever a server sends. A program under the race detector has 100 of its own.
const mostMemory = 200

func hostiles() []hostile {
	overTLS := func(b *bench, script conntest.Script, change func(*tls.Config)) (addr string) {
		pair := b.authority("ca").Issue(b.t, conntest.IssueOptions{})
		config := &tls.Config{Certificates: []tls.Certificate{pair.TLS()}}
		if change != nil {
			change(config)
		}
		return conntest.Fake(b.t, script, conntest.OverTLS(config))
	}
	pong := conntest.Answer(func([]string) string { return "+PONG\r\n" })
	return []hostile{
		{name: "endless greeting", endless: true, start: func(b *bench) string { return conntest.Fake(b.t, endless("", "AAAAAAAA")) }},
		{name: "endless reply inside TLS", endless: true, start: func(b *bench) string { return overTLS(b, endless("", "AAAAAAAA"), nil) }},
		{name: "endless error reply", endless: true, start: func(b *bench) string { return overTLS(b, endless("-ERR ", "\x1b[2J"), nil) }},
		{name: "endless answer to INFO", endless: true, start: func(b *bench) string {
			return overTLS(b, func(conn net.Conn) {
				r := bufio.NewReader(conn)
				if args, err := conntest.ReadCommand(r); err == nil && strings.EqualFold(args[0], "ping") {
					pour(conn, "+PONG\r\n*2\r\n$1\r\n1\r\n$1\r\n1\r\n$2000000000\r\n", "redis_version:7.0.15\r\n")
				}
			}, nil)
		}},
		{name: "endless array", endless: true, start: func(b *bench) string {
			return overTLS(b, endless("+PONG\r\n*2147483647\r\n", "$1\r\n1\r\n"), nil)
		}},
		{name: "endless depth", endless: true, start: func(b *bench) string {
			return overTLS(b, endless("+PONG\r\n*2147483647\r\n", "*1\r\n"), nil)
		}},
		{name: "endless handshake records", start: func(b *bench) string {
			record := string([]byte{22, 3, 3, 0x3f, 0xff}) + strings.Repeat("\x0b\xff", 0x3fff/2) + "\x0b"
			return conntest.Fake(b.t, endless("", record))
		}},
		{name: "endless empty records", start: func(b *bench) string { return conntest.Fake(b.t, endless("", "\x16\x03\x03\x00\x00")) }},
		{name: "endless alerts", start: func(b *bench) string { return conntest.Fake(b.t, endless("", "\x15\x03\x03\x00\x02\x01\x00")) }},
		{name: "a byte now and then", start: func(b *bench) string { return conntest.Fake(b.t, drip) }},
		{name: "certificate of 10 MB", start: func(b *bench) string {
			return overTLS(b, pong, func(c *tls.Config) {
				c.Certificates[0].Certificate = [][]byte{bytes.Repeat([]byte{0x30}, 10<<20)}
			})
		}},
		{name: "no certificate but bytes", start: func(b *bench) string {
			return overTLS(b, pong, func(c *tls.Config) { c.Certificates[0].Certificate = [][]byte{[]byte("\x1b[31mred\x1b[0m")} })
		}},
		{name: "chain of 100", start: func(b *bench) string {
			authority := b.authority("ca")
			for i := range 99 {
				authority = authority.Intermediate(b.t, conntest.IssueOptions{CN: fmt.Sprintf("Lab Intermediate %d", i)})
			}
			pair := authority.Issue(b.t, conntest.IssueOptions{})
			return conntest.Fake(b.t, pong, conntest.OverTLS(&tls.Config{Certificates: []tls.Certificate{pair.TLS()}}))
		}, shown: "Lab Intermediate"},
		{name: "the same certificate 100 times", start: func(b *bench) string {
			return overTLS(b, pong, func(c *tls.Config) {
				one := c.Certificates[0].Certificate[0]
				c.Certificates[0].Certificate = nil
				for range 100 {
					c.Certificates[0].Certificate = append(c.Certificates[0].Certificate, one)
				}
			})
		}},
		{name: "names that act on a terminal", options: "--tls-verify-name redis-2.lab", start: func(b *bench) string {
			pair := b.authority("ca").Issue(b.t, conntest.IssueOptions{
				CN: "red\x1b[31m\u202elab\nfine\u200b", DNS: []string{"a\x1b]0;owned\x07.lab", "line\r\nbreak.lab", "tab\t.lab"},
			})
			return conntest.Fake(b.t, pong, conntest.OverTLS(&tls.Config{Certificates: []tls.Certificate{pair.TLS()}}))
		}, shown: `a\x1b]0;owned\a.lab`},
		{name: "10000 names", options: "--tls-verify-name redis-2.lab", start: func(b *bench) string {
			var names []string
			for i := range 10000 {
				names = append(names, fmt.Sprintf("n%d.lab", i))
			}
			pair := b.authority("ca").Issue(b.t, conntest.IssueOptions{DNS: names})
			return conntest.Fake(b.t, pong, conntest.OverTLS(&tls.Config{Certificates: []tls.Certificate{pair.TLS()}}))
		}},
		{name: "error that acts on a terminal", start: func(b *bench) string {
			return overTLS(b, conntest.Answer(func([]string) string { return "-ERR \x1b]0;owned\x07\x9b31m\u202e\r\n" }), nil)
		}},
		{name: "answers that act on a terminal", start: func(b *bench) string {
			return overTLS(b, conntest.Answer(func(args []string) string {
				switch strings.ToUpper(args[0]) {
				case "PING":
					return "+PONG\r\n"
				case "INFO":
					return bulk("redis_version:7\x1b[31m\u202e\r\nredis_mode:clu\x07ster\r\n")
				case "CONFIG":
					return "*2\r\n" + bulk(args[2]) + bulk("\x1b[2Jno\u202e")
				case "ROLE":
					return "*1\r\n" + bulk("mas\x1b[31mter")
				}
				return "-ERR \x1b[31m\r\n"
			}), nil)
		}},
		{name: "CA names that act on a terminal", start: func(b *bench) string {
			return overTLS(b, pong, func(c *tls.Config) {
				c.ClientAuth, c.ClientCAs = tls.RequestClientCert, x509.NewCertPool()
				for i := range 1000 {
					c.ClientCAs.AddCert(&x509.Certificate{Raw: fmt.Append(nil, i), RawSubject: distinguishedName(b, fmt.Sprintf("\x1b[31m\u202e%d", i))})
				}
			})
		}},
	}
}

func TestHostileServers(t *testing.T) {
	t.Parallel()
	for _, h := range hostiles() {
		t.Run(strings.ReplaceAll(h.name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			host, port, err := net.SplitHostPort(h.start(b))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(filepath.Join(b.dir, "ca.crt")); err != nil {
				b.authority("ca")
			}
			options := "-h " + host + " -p " + port + " -t 2 --cacert ca.crt " + h.options
			forms := []string{"cert check ", "cert check -v ", "cert check --json ", "cert check --nagios ", "cert check --prom "}
			if !h.endless {
				forms = append(forms, "") // which prints what comes, for as long as it comes
			}
			for _, form := range forms {
				h.survived(b, form, options)
			}
		})
	}
}

// survived runs redan against the server and looks at how it ended and what it printed.
func (h hostile) survived(b *bench, form, options string) {
	b.t.Helper()
	b.env = []string{peakFile + "=" + filepath.Join(b.dir, "peak"), "COLUMNS=100"}
	line := form + options
	if form == "" {
		line = options + " ping"
	}
	out := b.redan(line)
	printed := out.stdout + out.stderr
	if form == "" {
		printed = out.stderr // replies go into a pipe as they come
	}
	if out.exit > 3 || strings.Contains(printed, "goroutine ") {
		b.t.Fatalf("redan %s\nended with %d:\n%s", line, out.exit, clip(printed))
	}
	if at := strings.IndexFunc(printed, func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) || r == utf8.RuneError }); at >= 0 {
		b.t.Errorf("redan %s\nprinted %q to the terminal, in\n%q", line, printed[at:min(at+8, len(printed))], printed[max(0, at-100):min(at+100, len(printed))])
	}
	const most = 1 << 20
	if len(printed) > most {
		b.t.Errorf("redan %s\nprinted %d bytes", line, len(printed))
	}
	if strings.Contains(form, "--json") && !json.Valid([]byte(out.stdout)) {
		b.t.Errorf("redan %s\nprinted no JSON:\n%s", line, clip(out.stdout))
	}
	if form == "cert check -v " && !strings.Contains(out.stdout, h.shown) {
		b.t.Errorf("redan %s\ndoes not show %q:\n%s", line, h.shown, clip(out.stdout))
	}
	if held := b.peak(); held > mostMemory {
		b.t.Errorf("redan %s\nheld %d MiB", line, held)
	}
}

// peak is the most memory that the last redan held, in MiB; 0 where the system does not tell.
func (b *bench) peak() int {
	b.t.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	path := filepath.Join(b.dir, "peak")
	text, err := os.ReadFile(path)
	fields := strings.Fields(string(text)) // VmHWM: 12345 kB
	if err != nil || len(fields) != 3 {
		b.t.Fatalf("redan left no note of its memory: %q (%v)", text, err)
	}
	kib, err := strconv.Atoi(fields[1])
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		b.t.Fatal(err)
	}
	return kib >> 10
}

// endless reads something, sends opening, and then more for ever.
func endless(opening, more string) conntest.Script {
	return func(conn net.Conn) {
		if _, err := conn.Read(make([]byte, 4096)); err == nil {
			pour(conn, opening, more)
		}
	}
}

// pour sends opening, and then more for as long as it is taken.
func pour(conn net.Conn, opening, more string) {
	block := []byte(strings.Repeat(more, 1+1<<16/len(more)))
	_, err := io.WriteString(conn, opening)
	for err == nil {
		_, err = conn.Write(block)
	}
}

// drip answers a byte at a time, with pauses, for ever: what waits for the next byte with a new deadline never ends.
func drip(conn net.Conn) {
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for _, err := conn.Read(make([]byte, 4096)); err == nil; _, err = conn.Write([]byte{22}) {
		<-ticker.C
	}
}

// bulk is text as a bulk string.
func bulk(text string) string { return fmt.Sprintf("$%d\r\n%s\r\n", len(text), text) }

func distinguishedName(b *bench, cn string) []byte {
	b.t.Helper()
	der, err := asn1.Marshal(pkix.Name{CommonName: cn}.ToRDNSequence())
	if err != nil {
		b.t.Fatal(err)
	}
	return der
}

// One stalled server holds up no other: a hundred of them take as long as one. It does not run beside other tests, for the sake of the clock.
func TestStalledServersAreLookedAtSideBySide(t *testing.T) { //nolint:paralleltest // it measures time
	const timeout, targets = 3 * time.Second, 100
	b := newBench(t)
	line := "cert check --json --tls -t " + strconv.Itoa(int(timeout.Seconds()))
	for range targets {
		line += " " + conntest.Fake(t, conntest.Silence())
	}
	begin := time.Now()
	out := b.redan(line)
	took := time.Since(begin)
	var report labReport
	if err := json.Unmarshal([]byte(out.stdout), &report); err != nil {
		t.Fatalf("exit %d, and no report (%v):\n%s", out.exit, err, out.stderr)
	}
	if len(report.Targets) != targets {
		t.Errorf("a report about %d servers, want %d", len(report.Targets), targets)
	}
	for _, target := range report.Targets {
		if len(target.Findings) == 0 || target.Findings[0].Code != "STALL" {
			t.Fatalf("%s: %v", target.Target, target.Findings)
		}
	}
	if took < timeout || took > timeout+time.Second {
		t.Errorf("%d stalled servers took %v, with a timeout of %v", targets, took, timeout)
	}
}

// What is not asked cannot leak: CONFIG GET of a pattern brings the passphrase of the server's key.
func TestServersAreAskedForNamedParametersOnly(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked []string
	b := newBench(t)
	pair := b.authority("ca").Issue(t, conntest.IssueOptions{})
	addr := conntest.FakeLines(t, func(args []string) string {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, strings.ToUpper(strings.Join(args, " ")))
		return "+PONG\r\n"
	}, conntest.OverTLS(&tls.Config{Certificates: []tls.Certificate{pair.TLS()}}))
	b.check("--cacert ca.crt " + addr)
	mu.Lock()
	defer mu.Unlock()
	reads, configs := map[string]bool{"PING": true, "TIME": true, "INFO": true, "ROLE": true, "CONFIG": true, "ACL": true, "CLIENT": true}, 0
	for _, command := range asked {
		name, rest, _ := strings.Cut(command, " ")
		if !reads[name] || name == "CONFIG" && !strings.HasPrefix(rest, "GET ") {
			t.Errorf("the server was asked %s", command)
		}
		if name == "CONFIG" {
			configs++
		}
		if strings.ContainsAny(rest, "*?[") || strings.Contains(rest, "PASS") || strings.Contains(rest, "AUTH ") {
			t.Errorf("the server was asked for secrets: %s", command)
		}
	}
	if configs == 0 {
		t.Errorf("the server's configuration was not asked for: %q", asked)
	}
}

// Rights that are missing are no faults.
func TestMissingRightsAreNoFaults(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.env, b.secrets = []string{"REDISCLI_AUTH=only-ping-9"}, []string{"only-ping-9"}
	options := b.serving(b.authority("ca"), nil, conntest.ACL("user probe on >only-ping-9 +ping")) + "--cacert ca.crt --user probe"
	report, exit := b.check(options)
	if alarms := report.alarms(); len(alarms) > 0 || exit != 0 {
		t.Errorf("exit %d with %v", exit, alarms)
	}
	if out := b.redan("cert check -v " + options); !strings.Contains(out.stdout, "not permitted") {
		t.Errorf("what was not permitted is not told:\n%s", out.stdout)
	}
}

// Several servers on one command line keep their order, and the worst of them decides how redan ends.
func TestSeveralServersAreReportedInOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ca := b.authority("ca")
	fine := conntest.Start(t, conntest.WithCerts(ca, nil))
	late := conntest.Start(t, conntest.WithCerts(ca, ca.Issue(t, expired(conntest.IssueOptions{}))))
	targets := []string{late.TLSAddr(), fmt.Sprintf("127.0.0.1:%d", unusedPort(b)), fine.TLSAddr(), "rediss://" + late.TLSAddr()}
	out := b.redan("cert check --json --cacert ca.crt " + strings.Join(targets, " "))
	var report labReport
	if err := json.Unmarshal([]byte(out.stdout), &report); err != nil {
		t.Fatalf("exit %d, and no report (%v):\n%s", out.exit, err, out.stderr)
	}
	var codes []string
	for _, target := range report.Targets {
		code := ""
		if len(target.Findings) > 0 && target.Findings[0].Severity != "info" {
			code = target.Findings[0].Code
		}
		codes = append(codes, code)
	}
	if want := []string{"EXPIRED", "REFUSED", "", "EXPIRED"}; !slices.Equal(codes, want) || out.exit != 2 {
		t.Errorf("redan found %q and ended with %d, want %q and 2", codes, out.exit, want)
	}
	for i, target := range report.Targets {
		if want := strings.TrimPrefix(targets[i], "rediss://"); target.Target != want {
			t.Errorf("server %d is called %s, want %s", i, target.Target, want)
		}
	}
}
