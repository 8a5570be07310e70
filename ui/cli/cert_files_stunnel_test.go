package cli

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// tunnels starts stunnel with a configuration and reports whether it got ready, and what it said.
func tunnels(t *testing.T, conf string) (ready bool, log string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var output buffer
	program := exec.CommandContext(ctx, "stunnel", conf)
	program.Stdout, program.Stderr = &output, &output
	if err := program.Start(); err != nil {
		t.Fatalf("these tests need stunnel in PATH (Debian: apt-get install stunnel4): %v", err)
	}
	done := make(chan struct{})
	go func() { _ = program.Wait(); close(done) }()
	defer func() { _ = program.Process.Kill(); <-done }()
	for !strings.Contains(output.String(), "Configuration successful") {
		select {
		case <-done:
			return false, output.String()
		case <-time.After(5 * time.Millisecond):
		}
	}
	return true, output.String()
}

// testFilesAgreeWithStunnel compares what is said of a service with what stunnel does with it: "crit" means that it does not start, but where
// later says that it starts and its peers refuse it. And what is printed as the first fix, run as printed, mends it.
func testFilesAgreeWithStunnel(t *testing.T) {
	tests := []struct {
		name, conf string
		code       string
		severity   string // crit when empty
		later      bool
		mends      bool
	}{
		{name: "client", conf: "client = yes\nverifyChain = yes\nCAfile = ca.crt\ncheckHost = localhost\n"},
		{name: "spelling", conf: "CLIENT=YES\nVERIFY = 2\ncafile=ca.crt\n  CheckHost = localhost\n"},
		{name: "client by address", conf: "client = yes\nverifyChain = yes\nCAfile = ca.crt\ncheckIP = 127.0.0.1\n"},
		{name: "pinned", conf: "client = yes\nverifyPeer = yes\nCAfile = srv.crt\n"},
		{name: "pinned the old way", conf: "client = yes\nverify = 4\nCAfile = srv.crt\n"},
		{name: "server", conf: "cert = srv.crt\nkey = srv.key\n"},
		{name: "server with clients' certificates", conf: "cert = srv.crt\nkey = srv.key\nverify = 2\nCAfile = ca.crt\n"},
		{name: "key in the same file", conf: "cert = pair.pem\n"},
		{name: "PKCS#12", conf: "cert = srv.p12\n"},
		{name: "mutual", conf: "client = yes\ncert = cli.crt\nkey = cli.key\nverifyChain = yes\nCAfile = ca.crt\ncheckHost = localhost\n"},

		{name: "no verification", conf: "client = yes\n", code: "UNVERIFIED", severity: "warn"},
		{name: "CA file without verification", conf: "client = yes\nCAfile = ca.crt\n", code: "UNVERIFIED", severity: "warn", mends: true},
		{name: "no name", conf: "client = yes\nverify = 2\nCAfile = ca.crt\n", code: "NO_NAME_CHECK", severity: "warn", mends: true},
		{name: "no name, chain", conf: "client = yes\nverifyChain = yes\nCAfile = ca.crt\n", code: "NO_NAME_CHECK", severity: "warn", mends: true},
		{name: "optional", conf: "cert = srv.crt\nkey = srv.key\nverify = 1\nCAfile = ca.crt\n", code: "UNVERIFIED", severity: "warn", mends: true},

		{name: "server without certificate", conf: "", code: "CERT_MISSING"},
		{name: "key of another", conf: "cert = srv.crt\nkey = own.key\n", code: "KEY_MISMATCH"},
		{name: "key of another kind", conf: "cert = srv.crt\nkey = ec.key\n", code: "KEY_MISMATCH"},
		{name: "no key", conf: "cert = srv.crt\n", code: "KEY_MISSING"},
		{name: "encrypted key", conf: "cert = srv.crt\nkey = sealed.key\n", code: "KEY_ENCRYPTED"},
		{name: "DER", conf: "cert = srv.der\nkey = srv.key\n", code: "FILE_NOT_PEM", mends: true},
		{name: "RSA 1024", conf: "cert = weak.crt\nkey = weak.key\n", code: "WEAK_RSA"},
		{name: "no CA", conf: "client = yes\nverify = 2\n", code: "NO_CA"},
		{name: "no CA for a server", conf: "cert = srv.crt\nkey = srv.key\nverifyChain = yes\n", code: "NO_CA"},
		{name: "name without verification", conf: "client = yes\nCAfile = ca.crt\ncheckHost = localhost\n", code: "UNVERIFIED", mends: true},
		{name: "missing CA file", conf: "client = yes\nverify = 2\nCAfile = nosuch.crt\ncheckHost = localhost\n", code: "FILE_MISSING"},
		{name: "missing CA directory", conf: "client = yes\nverify = 2\nCApath = nosuch\ncheckHost = localhost\n", code: "FILE_MISSING"},
		{name: "DER CA file", conf: "client = yes\nverify = 2\nCAfile = ca.der\ncheckHost = localhost\n", code: "FILE_NOT_PEM", mends: true},
		{name: "misspelt", conf: "client = yes\nverifyChian = yes\n", code: "CONF_LINE"},
		{name: "word instead of yes", conf: "client = true\n", code: "CONF_LINE"},
		{name: "level", conf: "client = yes\nverify = 9\n", code: "CONF_LINE"},
		{name: "version", conf: "client = yes\nsslVersionMin = TLSv1.9\n", code: "CONF_LINE"},
		{name: "no value", conf: "client\n", code: "CONF_LINE"},
		{name: "unknown cipher", conf: "client = yes\nciphers = NOSUCH\n", code: "CIPHERS"},

		{name: "old version", conf: "client = yes\nsslVersion = TLSv1\n", code: "VERSION", later: true},
		{name: "certificate for servers", conf: "client = yes\ncert = serveronly.crt\nkey = serveronly.key\n", code: "CLIENT_WRONG_EKU", later: true},
		{name: "certificate for clients", conf: "cert = cli.crt\nkey = cli.key\n", code: "WRONG_EKU", later: true},
		{name: "expired", conf: "cert = expired.crt\nkey = srv.key\n", code: "EXPIRED", later: true},
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			name := "stunnel" + strconv.Itoa(i) + ".conf"
			conf := "foreground = yes\npid =\n; the tunnel\n[redis]\naccept = 127.0.0.1:" + strconv.Itoa(freePort(t)) + "\nconnect = localhost:6379\n" + test.conf
			if err := os.WriteFile(name, []byte(conf), 0o600); err != nil {
				t.Fatal(err)
			}
			said, got := judgeConf(t, name)
			ready, log := tunnels(t, name)
			if ready == (said.Verdict == "crit" && !test.later) {
				t.Errorf("stunnel: ready %v; redan says %s\n%s\n%s", ready, said.Verdict, got.stdout, log)
			}
			severity := test.severity
			if severity == "" && test.code != "" {
				severity = "crit"
			}
			if test.code != "" && !strings.Contains(strings.Join(said.codes(severity), " "), test.code) {
				t.Errorf("found crit %v, warn %v; want %s %s", said.codes("crit"), said.codes("warn"), severity, test.code)
			}
			if test.code == "" && said.Verdict != "ok" {
				t.Errorf("found %+v", said.Sets[0].Findings)
			}
			if !test.mends {
				return
			}
			mend(t, said, test.code)
			if ready, log := tunnels(t, name); !ready {
				t.Errorf("after the fix: %s", log)
			}
			if said, got := judgeConf(t, name); said.Verdict != "ok" {
				t.Errorf("after the fix redan says %s", got.stdout)
			}
		})
	}
}
