package explain_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"redan/conn/cert/explain"
)

// TestMany explains each distinct error of a log once, the most frequent first.
func TestMany(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	const (
		plain = "1:M 22 Nov 2026 00:00:00.000 # Error accepting a client connection: error:0A00010B:SSL routines::wrong version number (conn: fd=%d)\n"
		noise = "1:M 22 Nov 2026 00:00:00.000 * 100 changes in %d seconds. Saving...\n"
		none  = "1:M 22 Nov 2026 00:00:00.000 # Error accepting a client connection: error:0A0000C7:SSL routines::peer did not return a certificate (conn: fd=%d)\n"
	)
	var log strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&log, noise, i)
		if i%10 == 3 {
			fmt.Fprintf(&log, none, i)
		}
		if i%5 == 2 {
			fmt.Fprintf(&log, plain, i)
		}
	}
	result := x.Text(log.String())
	if codesOf(result) != "PLAIN_TO_TLS CLIENT_CERT_MISSING" {
		t.Fatal(codesOf(result))
	}
	first, second := result.Explanations[0], result.Explanations[1]
	if first.Count != 200 || first.Line != 4 || second.Count != 100 || second.Line != 6 || result.Lines != 1300 {
		t.Errorf("counts %d and %d from lines %d and %d of %d", first.Count, second.Count, first.Line, second.Line, result.Lines)
	}
}

// TestFolded leaves out what says less about the same failure.
func TestFolded(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	for _, test := range []struct{ text, codes, also string }{
		{
			"depth=0 CN = localhost\nverify error:num=10:certificate has expired\nnotAfter=Jan  1 00:00:00 2021 GMT\n" +
				"4057FD9B007F0000:error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed:../ssl/statem/statem_clnt.c:1889:\n",
			"EXPIRED", "certificate verify failed",
		},
		{
			"Could not connect to Redis at db.lab:6380: SSL_connect failed: certificate verify failed\n  cause: the server's certificate (CN=db.lab) expired 26 hours ago",
			"EXPIRED", "SSL_connect failed: certificate verify failed",
		},
		{
			"javax.net.ssl.SSLHandshakeException: PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed\n" +
				strings.Repeat("\tat java.base/sun.security.ssl.Alert.createSSLException(Alert.java:131)\n", 30) +
				"Caused by: java.security.cert.CertificateExpiredException: NotAfter: Fri Jan 01 00:00:00 UTC 2021\n",
			"EXPIRED", "validity check failed",
		},
		{
			"1:M 22 Nov 2026 05:39:16.687 # Failed to load private key: redis.key: error:05800074:x509 certificate routines::key values mismatch\n" +
				"1:M 22 Nov 2026 05:39:16.687 # Failed to configure TLS. Check logs for more info.\n",
			"SERVER_KEY_MISMATCH?", "Failed to configure TLS",
		},
	} {
		result := x.Text(test.text)
		if got := codesOf(result); got != test.codes {
			t.Errorf("explained as %s, want %s: %s", got, test.codes, test.text)
			continue
		}
		if also := strings.Join(result.Explanations[0].Also, ", "); also != test.also {
			t.Errorf("folded %q, want %q", also, test.also)
		}
	}
	apart := strings.Repeat("nothing\n", 100)
	text := "certificate has expired\n" + apart + "certificate verify failed\n"
	if got := codesOf(x.Text(text)); got != "EXPIRED UNKNOWN_CA?" {
		t.Errorf("two failures far apart are explained as %s", got)
	}
}

// endless is a log of a length, made as it is read.
type endless struct {
	line []byte
	left int
	rest []byte
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	if len(e.rest) == 0 {
		e.rest = e.line
	}
	n := copy(p[:min(len(p), e.left)], e.rest)
	e.rest, e.left = e.rest[n:], e.left-n
	return n, nil
}

// TestConstantMemory reads much and allocates little.
func TestConstantMemory(t *testing.T) { // not parallel: it measures the process
	x := newExplainer(t)
	const size, enough = 24 << 20, 16 << 20
	for name, line := range map[string]string{
		"lines without errors": "1:M 22 Nov 2026 00:00:00.000 * 100 changes in 300 seconds. Saving...\n",
		"one line":             `{"level":"error","message":"nothing that is known"},`,
		"one line of errors":   `{"message":"wrong version number"},`,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		result, err := x.Read(&endless{line: []byte(line), left: size})
		runtime.ReadMemStats(&after)
		if err != nil {
			t.Fatal(err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > enough {
			t.Errorf("%s: %d MB allocated for a text of %d MB", name, took>>20, size>>20)
		}
		if strings.Contains(line, "wrong") != (len(result.Explanations) == 1) {
			t.Errorf("%s: %s", name, codesOf(result))
		}
	}
}

// TestParts finds what lies across the parts a long line is read in.
func TestParts(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	const part = 64 << 10
	for shift := range 40 {
		text := strings.Repeat("x", part-20+shift) + " unable to get local issuer certificate " + strings.Repeat("y", part)
		if got := codesOf(x.Text(text)); got != "UNKNOWN_CA?" {
			t.Fatalf("at %d: %s", shift, got)
		}
	}
}

func TestReadErrors(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	broken := errors.New("disk on fire")
	result, err := x.Read(io.MultiReader(strings.NewReader("certificate has expired\nand"), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || codesOf(result) != "EXPIRED" {
		t.Errorf("%s, %v", codesOf(result), err)
	}
	result, err = x.Read(iotest.OneByteReader(strings.NewReader("certificate has\nexpired")))
	if err != nil || codesOf(result) != "EXPIRED" || result.Lines != 2 {
		t.Errorf("%s, %v, %d lines", codesOf(result), err, result.Lines)
	}
	if result := x.Text(""); result.Lines != 0 || len(result.Explanations) != 0 || len(result.Hints) != 0 {
		t.Errorf("an empty text: %+v", result)
	}
}

func TestHints(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	for _, test := range []struct{ text, hint string }{
		{"certificat verify faild", "certificate verify failed"},
		{"EXPIRD", "EXPIRED"},
		{"CLIENT_CERT_MISING", "CLIENT_CERT_MISSING"},
		{"the hostname missmatch thing", "hostname mismatch"},
		{"unable to get the local isuer certificate", "unable to get local issuer certificate"},
	} {
		result := x.Text(test.text)
		if len(result.Explanations) > 0 || len(result.Hints) == 0 || result.Hints[0].Text != test.hint || len(result.Hints[0].Codes) == 0 {
			t.Errorf("%q: %s, hints %v, want %q first", test.text, codesOf(result), result.Hints, test.hint)
		}
		if len(result.Hints) > 3 {
			t.Errorf("%q has %d hints", test.text, len(result.Hints))
		}
	}
	for _, text := range []string{"hello world", "lorem ipsum dolor sit amet", "0", ""} {
		if result := x.Text(text); len(result.Hints) > 0 || len(result.Explanations) > 0 {
			t.Errorf("%q: %s, hints %v", text, codesOf(result), result.Hints)
		}
	}
}

// FuzzText holds that no text brings the explainer down, or gets through it to a terminal.
func FuzzText(f *testing.F) {
	for _, s := range corpus(f) {
		f.Add(s.text)
	}
	f.Add("\x1b]0;title\a certificate is valid for \x1b[2J\u009b, not \x00\x01\xff\n")
	f.Add(`error:0A000418\u001b[31m\u0000\x1`)
	f.Add(strings.Repeat("Failed to load certificate: \x1b[1m: error:0A00018F\n", 3))
	f.Add("not an SSL/TLS record: 1b5b324a1b5b324a")
	x := newExplainer(f)
	f.Fuzz(func(t *testing.T, text string) {
		result := x.Text(text)
		if len(result.Hints) > 3 || len(result.Explanations) > 200 {
			t.Errorf("%d explanations, %d hints", len(result.Explanations), len(result.Hints))
		}
		for _, e := range result.Explanations {
			if e.Count < 1 || e.Line < 1 || e.Line > result.Lines || e.Code != e.Codes[0] || e.Meaning == "" {
				t.Errorf("%+v", e)
			}
			for _, s := range everything(e) {
				if bad := strings.IndexFunc(s, func(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 || r == '\ufffd' }); bad >= 0 {
					t.Errorf("%q is not fit for a terminal", s)
				}
				if len(s) > 2000 {
					t.Errorf("%d bytes: %q", len(s), s)
				}
			}
		}
	})
}

func everything(e explain.Explanation) []string {
	all := append([]string{e.Quote, e.Speaker, e.Meaning, e.Next}, e.Also...)
	for _, cause := range e.Causes {
		all = append(all, cause.Text)
	}
	for _, fix := range e.Fixes {
		all = append(all, fix.Command, fix.Note)
	}
	for _, fact := range e.Facts {
		all = append(all, fact.Value)
	}
	return all
}

func BenchmarkRead(b *testing.B) {
	x := newExplainer(b)
	const size = 8 << 20
	b.SetBytes(size)
	for b.Loop() {
		if _, err := x.Read(&endless{line: []byte("1:M 22 Nov 2026 00:00:00.000 * 100 changes in 300 seconds. Saving...\n"), left: size}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := explain.New(explain.About{}); err != nil {
			b.Fatal(err)
		}
	}
}
