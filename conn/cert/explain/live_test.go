package explain_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/conn/cert/explain"
	"redan/conn/conntest"
)

// patience bounds every wait for another program.
const patience = 20 * time.Second

// run returns what a program prints, whatever its exit code.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, name, args...)
	command.Stdin = strings.NewReader("")
	output, err := command.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		t.Fatalf("this test needs %s in PATH: %v", name, err)
	}
	return string(output)
}

// expect explains what a program really printed.
func expect(t *testing.T, x *explain.Explainer, text, codes string) {
	t.Helper()
	if got := codesOf(x.Text(text)); got != codes {
		t.Errorf("explained as %s, want %s:\n%s", got, codes, text)
	}
}

// await waits until the file at path is explained with codes among others.
func await(t *testing.T, x *explain.Explainer, path, codes string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got := codesOf(x.Text(string(log)))
		if strings.Contains(" "+got+" ", " "+codes+" ") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the log is explained as %s, want %s among it:\n%s", got, codes, log)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func goTLS(t *testing.T, addr, caFile string, certs ...tls.Certificate) string {
	t.Helper()
	ca, err := os.ReadFile(caFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	dialer := tls.Dialer{Config: &tls.Config{RootCAs: roots, Certificates: certs}}
	conn, err := dialer.DialContext(t.Context(), "tcp", addr)
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	_, _ = conn.Write([]byte("PING\r\n"))
	if _, err = conn.Read(make([]byte, 100)); err != nil {
		return err.Error()
	}
	return "PONG"
}

func redisCLI(t *testing.T, addr, caFile string, more ...string) string {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return run(t, "redis-cli", append(append([]string{"-h", host, "-p", port, "--tls", "--cacert", caFile}, more...), "ping")...)
}

func sClient(t *testing.T, addr, caFile string, more ...string) string {
	t.Helper()
	return run(t, "openssl", append([]string{"s_client", "-brief", "-verify_return_error", "-connect", addr, "-CAfile", caFile}, more...)...)
}

// TestLiveServerCertificates lets programs refuse the certificates of real servers.
func TestLiveServerCertificates(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	root := conntest.NewAuthority(t, func(o *conntest.IssueOptions) { o.CN = "Lab Root A" })
	again := conntest.NewAuthority(t, func(o *conntest.IssueOptions) { o.CN = "Lab Root A" })
	other := conntest.NewAuthority(t, func(o *conntest.IssueOptions) { o.CN = "Lab Root B" })
	middle := root.Intermediate(t, conntest.IssueOptions{CN: "Lab Intermediate"})
	issue := func(o conntest.IssueOptions) *conntest.Pair { return root.Issue(t, o) }
	bare := func(p *conntest.Pair) *conntest.Pair { p.ChainFile = p.CertFile; return p }
	for _, test := range []struct {
		name                       string
		pair                       *conntest.Pair
		ca                         *conntest.Authority
		redisCLI, openSSL, crypto  string
		log                        string // the server's, when Go was the client
		redisCLIAccepts, sAccepted bool
	}{
		{
			name: "unknown CA", pair: other.Issue(t, conntest.IssueOptions{}), ca: root,
			redisCLI: "UNKNOWN_CA?", openSSL: "UNKNOWN_CA?", crypto: "UNKNOWN_CA?", log: "UNKNOWN_CA?",
		},
		{
			name: "same name, other root", pair: issue(conntest.IssueOptions{}), ca: again,
			redisCLI: "UNKNOWN_CA?", openSSL: "UNKNOWN_CA?", crypto: "WRONG_ROOT_SAME_NAME", log: "UNKNOWN_CA?",
		},
		{
			name: "self-signed", pair: conntest.SelfSigned(t, conntest.IssueOptions{CN: "localhost"}), ca: root,
			redisCLI: "UNKNOWN_CA?", openSSL: "SELF_SIGNED_LEAF?", crypto: "UNKNOWN_CA?", log: "UNKNOWN_CA?",
		},
		{
			name: "missing intermediate", pair: bare(middle.Issue(t, conntest.IssueOptions{})), ca: root,
			redisCLI: "UNKNOWN_CA?", openSSL: "UNKNOWN_CA?", crypto: "UNKNOWN_CA?", log: "UNKNOWN_CA?",
		},
		{
			name: "expired", pair: issue(conntest.IssueOptions{NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(-24 * time.Hour)}), ca: root,
			redisCLI: "UNKNOWN_CA?", openSSL: "EXPIRED", crypto: "EXPIRED", log: "UNKNOWN_CA?",
		},
		{
			name: "not yet valid", pair: issue(conntest.IssueOptions{NotBefore: time.Now().Add(24 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour)}), ca: root,
			redisCLI: "UNKNOWN_CA?", openSSL: "NOT_YET_VALID?", crypto: "NOT_YET_VALID?", log: "UNKNOWN_CA?",
		},
		{
			name: "client's certificate", pair: issue(conntest.IssueOptions{EKU: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}), ca: root,
			redisCLI: "UNKNOWN_CA?", openSSL: "WRONG_EKU", crypto: "WRONG_EKU", log: "UNKNOWN_CA?",
		},
		{name: "another name", pair: issue(conntest.IssueOptions{DNS: []string{"redis-1.lab"}}), ca: root, crypto: "NO_IP_SAN", log: "UNKNOWN_CA?"},
		{name: "another address", pair: issue(conntest.IssueOptions{IPs: []net.IP{net.IPv4(10, 101, 2, 3)}}), ca: root, crypto: "OTHER_IP", log: "UNKNOWN_CA?"},
		{name: "no names", pair: issue(conntest.IssueOptions{CN: "Generic-cert", DNS: []string{}, IPs: []net.IP{}}), ca: root, crypto: "NO_IP_SAN"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := conntest.Start(t, conntest.TLSOnly(), conntest.WithCerts(again, test.pair))
			expect(t, x, goTLS(t, server.TLSAddr(), test.ca.CertFile), test.crypto)
			if test.log != "" {
				await(t, x, server.LogFile, test.log)
			}
			if test.redisCLI == "" { // it does not look at names
				return
			}
			expect(t, x, redisCLI(t, server.TLSAddr(), test.ca.CertFile), test.redisCLI)
			expect(t, x, sClient(t, server.TLSAddr(), test.ca.CertFile), test.openSSL)
		})
	}
}

// TestLiveNames has Go tell names apart.
func TestLiveNames(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	root := conntest.NewAuthority(t)
	for _, test := range []struct {
		names   conntest.IssueOptions
		dialled string
		codes   string
	}{
		{conntest.IssueOptions{DNS: []string{"redis-1.lab", "redis-2.lab"}}, "other.lab", "OTHER_NAME"},
		{conntest.IssueOptions{DNS: []string{"*.lab.internal"}}, "a.b.lab.internal", "WILDCARD_DEPTH"},
		{conntest.IssueOptions{DNS: []string{"*.lab.internal"}}, "lab.internal", "WILDCARD_DEPTH"},
		{conntest.IssueOptions{DNS: []string{"redis-*.lab"}}, "redis-12000.lab", "PARTIAL_WILDCARD"},
		{conntest.IssueOptions{CN: "redis.lab", DNS: []string{}, IPs: []net.IP{}}, "redis.lab", "CN_ONLY"},
		{conntest.IssueOptions{CN: "Generic-cert", DNS: []string{}, IPs: []net.IP{}}, "redis.lab", "NO_NAMES"},
		{conntest.IssueOptions{DNS: []string{"127.0.0.1"}}, "127.0.0.1", "NO_IP_SAN"},
		{conntest.IssueOptions{IPs: []net.IP{net.IPv4(10, 0, 0, 1)}}, "127.0.0.1", "OTHER_IP"},
	} {
		err := root.Issue(t, test.names).Cert.VerifyHostname(test.dialled)
		if err == nil {
			t.Errorf("%v is accepted for %s", test.names.DNS, test.dialled)
			continue
		}
		expect(t, x, err.Error(), test.codes)
	}
}

// TestLiveClientCertificates lets a real server refuse the certificates of programs.
func TestLiveClientCertificates(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	root, other := conntest.NewAuthority(t), conntest.NewAuthority(t)
	for _, test := range []struct {
		name string
		pair *conntest.Pair
		code string // of the alert
		tls2 string // under TLS 1.2, if it differs
		log  string
	}{
		{"none", nil, "CLIENT_CERT_MISSING", "NO_COMMON_CIPHER?", "CLIENT_CERT_MISSING"},
		{"unknown CA", other.Issue(t, conntest.IssueOptions{}), "CLIENT_CA_UNKNOWN?", "", "CLIENT_CA_UNKNOWN?"},
		{
			"expired", root.Issue(t, conntest.IssueOptions{NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(-24 * time.Hour)}),
			"CLIENT_EXPIRED", "", "CLIENT_CA_UNKNOWN?",
		},
		{
			"server's", root.Issue(t, conntest.IssueOptions{EKU: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}),
			"CLIENT_WRONG_EKU", "", "CLIENT_CA_UNKNOWN?",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := conntest.Start(t, conntest.TLSOnly(), conntest.MutualTLS("yes"), conntest.WithCerts(root, root.Issue(t, conntest.IssueOptions{})))
			var certs []tls.Certificate
			var cli, openSSL []string
			if test.pair != nil {
				certs = []tls.Certificate{test.pair.TLS()}
				cli = []string{"--cert", test.pair.CertFile, "--key", test.pair.KeyFile}
				openSSL = []string{"-cert", test.pair.CertFile, "-key", test.pair.KeyFile}
			}
			expect(t, x, goTLS(t, server.TLSAddr(), server.CAFile, certs...), test.code)
			// Whether it sees the end of the connection or its reset is a matter of luck.
			said := redisCLI(t, server.TLSAddr(), server.CAFile, cli...)
			if got := codesOf(x.Text(said)); got != "CLIENT_CERT_MISSING?" && got != "PLAIN_TO_TLS?" {
				t.Errorf("explained as %s: %s", got, said)
			}
			if test.tls2 == "" {
				test.tls2 = test.code
			}
			expect(t, x, sClient(t, server.TLSAddr(), server.CAFile, append(openSSL, "-tls1_2")...), test.tls2)
			await(t, x, server.LogFile, test.log)
		})
	}
}

// TestLivePorts mixes TLS and plain, and has servers that are none.
func TestLivePorts(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	server := conntest.Start(t, conntest.TLS())
	host, port, err := net.SplitHostPort(server.TLSAddr())
	if err != nil {
		t.Fatal(err)
	}
	expect(t, x, run(t, "redis-cli", "-h", host, "-p", port, "ping"), "PLAIN_TO_TLS?")
	await(t, x, server.LogFile, "PLAIN_TO_TLS")

	web := conntest.Fake(t, conntest.ReplyOnce("HTTP/1.1 400 Bad Request\r\n\r\n"))
	expect(t, x, redisCLI(t, web, server.CAFile), "TLS_TO_PLAIN?")
	expect(t, x, sClient(t, web, server.CAFile), "TLS_TO_PLAIN?")
	expect(t, x, goTLS(t, web, server.CAFile), "TLS_TO_PLAIN?")
	webHost, webPort, err := net.SplitHostPort(web)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, x, run(t, "redis-cli", "-h", webHost, "-p", webPort, "ping"), "NOT_REDIS_TLS?")
	gone := conntest.Fake(t, conntest.HangUp())
	expect(t, x, goTLS(t, gone, server.CAFile), "CLIENT_CERT_MISSING?")

	server.Stop()
	expect(t, x, run(t, "redis-cli", "-h", host, "-p", port, "ping"), "REFUSED")
	expect(t, x, goTLS(t, server.TLSAddr(), server.CAFile), "REFUSED")
	expect(t, x, sClient(t, server.TLSAddr(), server.CAFile), "REFUSED")
	expect(t, x, run(t, "redis-cli", "-h", "nosuch.invalid", "ping"), "DNS")
}

// TestLiveNegotiation has servers that clients share nothing with.
func TestLiveNegotiation(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	old := conntest.Start(t, conntest.TLS(), conntest.TLSProtocols("TLSv1.3"))
	expect(t, x, sClient(t, old.TLSAddr(), old.CAFile, "-tls1_2"), "VERSION")
	await(t, x, old.LogFile, "VERSION")
	dhe := conntest.Start(t, conntest.TLS(), conntest.TLSProtocols("TLSv1.2"))
	dhe.Do("CONFIG", "SET", "tls-ciphers", "DHE-RSA-AES256-GCM-SHA384")
	expect(t, x, goTLS(t, dhe.TLSAddr(), dhe.CAFile), "NO_COMMON_CIPHER?")
	await(t, x, dhe.LogFile, "NO_COMMON_CIPHER?")
	password := conntest.Start(t, conntest.Password("secret"))
	host, port, err := net.SplitHostPort(password.Addr())
	if err != nil {
		t.Fatal(err)
	}
	expect(t, x, run(t, "redis-cli", "-h", host, "-p", port, "ping"), "AUTH_REQUIRED")
	expect(t, x, run(t, "redis-cli", "-h", host, "-p", port, "-a", "wrong", "--no-auth-warning", "ping"), "WRONG_PASSWORD AUTH_REQUIRED")
}

// TestLiveReplica lets a replica fail to reach its master.
func TestLiveReplica(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	root, other := conntest.NewAuthority(t), conntest.NewAuthority(t)
	master := conntest.Start(t, conntest.MutualTLS("yes"), conntest.WithCerts(root, root.Issue(t, conntest.IssueOptions{})))
	replicaOf := func(port int) conntest.Option { return conntest.Config("replicaof", master.Host, strconv.Itoa(port)) }
	secure := conntest.Config("tls-replication", "yes")
	foreign := conntest.WithCerts(other, other.Issue(t, conntest.IssueOptions{}))

	plain := conntest.Start(t, replicaOf(master.TLSPort))
	await(t, x, plain.LogFile, "REPLICA_PLAIN")
	await(t, x, master.LogFile, "PLAIN_TO_TLS")
	result := x.Text(readFile(t, plain.LogFile))
	if facts := fmt.Sprint(result.Explanations[0].Facts); !strings.Contains(facts, strconv.Itoa(master.TLSPort)) {
		t.Errorf("the master's address is not taken from the line before: %s", facts)
	}
	untrusting := conntest.Start(t, replicaOf(master.TLSPort), conntest.TLS(), secure, foreign)
	await(t, x, untrusting.LogFile, "UNKNOWN_CA?")
	await(t, x, master.LogFile, "UNKNOWN_CA?")
	wrongPort := conntest.Start(t, replicaOf(master.Port), conntest.TLS(), secure, conntest.Config("repl-timeout", "1"))
	await(t, x, wrongPort.LogFile, "REPLICA_TO_PLAIN")
}

// TestLiveStunnel reads the log of stunnel as a client.
func TestLiveStunnel(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	server := conntest.Start(t, conntest.TLS())
	other := conntest.NewAuthority(t)
	for _, test := range []struct {
		lines []string
		codes string
	}{
		{[]string{"verifyChain = yes", "CAfile = " + other.CertFile}, "UNKNOWN_CA?"},
		{[]string{"verifyChain = yes", "CAfile = " + server.CAFile, "checkHost = redis-9.lab"}, "OTHER_NAME?"},
		{[]string{"verifyPeer = yes", "CAfile = " + other.CertFile}, "PARTIAL_CHAIN"},
		{[]string{"verifyChain = yes", "CAfile = " + server.CAFile}, "NO_NAME_CHECK"},
		{nil, "UNVERIFIED"},
	} {
		dir := t.TempDir()
		accept, log := "127.0.0.1:"+freePort(t), filepath.Join(dir, "log")
		config := append([]string{
			"foreground = yes", "pid =", "syslog = no", "output = " + log, "[redis]", "client = yes", "accept = " + accept,
			"connect = " + server.TLSAddr(),
		}, test.lines...)
		path := filepath.Join(dir, "stunnel.conf")
		if err := os.WriteFile(path, []byte(strings.Join(config, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		command := exec.CommandContext(t.Context(), "stunnel4", path)
		if err := command.Start(); err != nil {
			t.Fatalf("this test needs stunnel4 in PATH: %v", err)
		}
		knock(t, accept)
		await(t, x, log, test.codes)
		_ = command.Process.Kill()
		_ = command.Wait()
	}
}

// knock sends a PING to addr as soon as something listens there.
func knock(t *testing.T, addr string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			t.Cleanup(func() { _ = conn.Close() })
			_, _ = conn.Write([]byte("PING\r\n"))
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
