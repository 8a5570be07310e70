package certreport

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"redan/conn/cert"
)

func TestLeft(t *testing.T) {
	for _, test := range []struct {
		left time.Duration
		want string
	}{
		{90 * day, "90 d"},
		{26 * time.Hour, "26 h"},
		{3 * time.Minute, "3 min"},
		{0, "0 min"},
		{5 * 365 * day, "5.0 y"},
		{3650 * day, "10 y"},
		{3649 * day, "10 y"},
		{3600 * day, "9.9 y"},
		{729 * day, "729 d"},
		{-3 * day, "expired 3 d"},
		{math.MinInt64, "expired 292 y"},
		{math.MaxInt64, "292 y"},
	} {
		if got := Left(test.left); got != test.want {
			t.Errorf("%v: got %q, want %q", test.left, got, test.want)
		}
	}
}

func TestExitCode(t *testing.T) {
	ok, info := cert.Report{}, cert.Report{Verdict: cert.SeverityInfo}
	warn, crit := cert.Report{Verdict: cert.SeverityWarn}, cert.Report{Verdict: cert.SeverityCrit}
	unsure, sure := cert.Report{Unknown: true}, cert.Report{Unknown: true, Verdict: cert.SeverityCrit}
	for _, test := range []struct {
		reports []cert.Report
		want    int
	}{
		{nil, 3},
		{[]cert.Report{ok, info}, 0},
		{[]cert.Report{ok, warn}, 1},
		{[]cert.Report{warn, unsure, ok}, 3},
		{[]cert.Report{unsure, crit, warn}, 2},
		{[]cert.Report{sure}, 2},
	} {
		if got := ExitCode(test.reports); got != test.want {
			t.Errorf("%+v: got %d, want %d", test.reports, got, test.want)
		}
	}
}

func TestShort(t *testing.T) {
	cause, fix := Short(clientMissing(t))
	if want := "the server demands a client certificate, and none was given"; !strings.HasPrefix(cause, want) {
		t.Errorf("the cause is %q", cause)
	}
	if want := base + " --cert client.crt --key client.key"; fix != want {
		t.Errorf("the fix is %q, want %q", fix, want)
	}
	cause, _ = Short(threeFaults(t))
	if !strings.Contains(cause, "2 more: OTHER_NAME, CLIENT_CERT_MISSING") {
		t.Errorf("the others are missing in %q", cause)
	}
	if cause, fix := Short(healthy(t)); cause != "" || fix != "" {
		t.Errorf("a healthy server has cause %q and fix %q", cause, fix)
	}
	evil := clientMissing(t)
	evil.Findings[0].Message = "a\x1b[2J\nb"
	if cause, _ := Short(evil); strings.ContainsAny(cause, "\x1b\n") {
		t.Errorf("not escaped: %q", cause)
	}
}

// A clock that differs by less than it can be told differs by 0, and not by -0, which JSON would say.
func TestClockSkew(t *testing.T) {
	now := time.Now()
	for ahead, want := range map[time.Duration]string{-100 * time.Microsecond: "0", -1500 * time.Millisecond: "-1.5", time.Hour: "3600"} {
		got, err := json.Marshal(serverOf(cert.Server{Clock: now.Add(ahead), AskedAt: now}).ClockSkew)
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v", ahead, got, err)
		}
	}
}
