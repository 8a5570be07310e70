package cert

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// startRedis starts a server that speaks only TLS and returns its address.
func startRedis(t *testing.T, authority, server *entity, args ...string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	_, port, _ := net.SplitHostPort(address)
	args = append([]string{
		"--port", "0", "--tls-port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir(),
		"--tls-ca-cert-file", write(t, "ca.crt", authority.pem()), "--tls-cert-file", write(t, "redis.crt", server.pem()),
		"--tls-key-file", write(t, "redis.key", server.keyPEM(t)),
	}, args...)
	var log strings.Builder
	command := exec.Command("redis-server", args...)
	command.Stdout = &log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = command.Wait(); close(ended) }()
	t.Cleanup(func() { _ = command.Process.Kill(); <-ended })
	for {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
			return address
		}
		select {
		case <-ended:
			t.Fatalf("redis-server ended:\n%s", log.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// ping connects, sends PING and reads the answer; it returns the first error and what the handshake taught.
func ping(t *testing.T, address string, config *tls.Config) (AlertContext, error) {
	t.Helper()
	var requested atomic.Bool
	client := config.Clone()
	client.InsecureSkipVerify = true
	client.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		requested.Store(true)
		if len(config.Certificates) == 0 {
			return &tls.Certificate{}, nil
		}
		return &config.Certificates[0], nil
	}
	raw, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	_ = raw.SetDeadline(time.Now().Add(20 * time.Second))
	conn := tls.Client(raw, client)
	err = conn.Handshake()
	if err == nil {
		_, _ = conn.Write([]byte("PING\r\n")) // may fail already; the alert is still there to be read
		_, err = io.ReadFull(conn, make([]byte, len("+PONG\r\n")))
	}
	return AlertContext{
		CertificateRequested: requested.Load(), CertificateSent: requested.Load() && len(config.Certificates) > 0,
		TLS13: conn.ConnectionState().Version == tls.VersionTLS13,
	}, err
}

func TestAlertsOfRedis(t *testing.T) {
	t.Parallel()
	now := time.Now()
	issue := func(name string, issuer *entity, changes ...change) *entity {
		return sign(t, template(t, name, now, changes...), newKey(t), issuer)
	}
	root, stranger := issue("Root", nil, asCA), issue("Stranger", nil, asCA)
	server := issue("redis", root, withDNS("localhost"))
	client := func(issuer *entity, changes ...change) []tls.Certificate {
		return []tls.Certificate{issue("client", issuer, changes...).chain()}
	}
	usual := startRedis(t, root, server)
	modern := startRedis(t, root, server, "--tls-protocols", "TLSv1.3", "--tls-auth-clients", "no")
	unusable := startRedis(t, root, server, "--tls-protocols", "TLSv1.2", "--tls-ciphers", "ECDHE-RSA-AES128-GCM-SHA256", "--tls-auth-clients", "no")
	const v12, v13 = tls.VersionTLS12, tls.VersionTLS13
	tests := map[string]struct {
		address  string
		version  uint16
		certs    []tls.Certificate
		number12 uint8 // under TLS 1.2
		number13 uint8 // under TLS 1.3
		code     string
	}{
		"accepted":          {usual, 0, client(root), 0, 0, ""},
		"none sent":         {usual, 0, nil, AlertHandshakeFailure, AlertCertificateRequired, CodeClientCertMissing},
		"unknown CA":        {usual, 0, client(stranger), AlertUnknownCA, AlertUnknownCA, CodeClientCAUnknown},
		"expired":           {usual, 0, client(root, validBetween(now.Add(-99*time.Hour), now.Add(-time.Hour))), AlertCertificateExpired, AlertCertificateExpired, CodeClientExpired},
		"for servers":       {usual, 0, client(root, withEKU(x509.ExtKeyUsageServerAuth)), AlertUnsupportedCertificate, AlertUnsupportedCertificate, CodeClientWrongEKU},
		"version too old":   {modern, v12, nil, AlertProtocolVersion, 0, CodeVersion},
		"version too new":   {unusable, v13, nil, 0, AlertProtocolVersion, CodeVersion},
		"no cipher for key": {unusable, v12, nil, AlertHandshakeFailure, 0, CodeNoCommonCipher},
	}
	for name, test := range tests {
		for version, number := range map[uint16]uint8{v12: test.number12, v13: test.number13} {
			if test.version != 0 && test.version != version {
				continue
			}
			t.Run(name+", "+tls.VersionName(version), func(t *testing.T) {
				t.Parallel()
				about, err := ping(t, test.address, &tls.Config{MinVersion: version, MaxVersion: version, Certificates: test.certs})
				if test.code == "" {
					if err != nil {
						t.Fatal(err)
					}
					return
				}
				got, ok := AlertOf(err)
				if !ok || got != number {
					t.Fatalf("alert %d (%v), want %d", got, err, number)
				}
				wantExplanation(t, ExplainAlert(got, about), test.code)
			})
		}
	}
}

func wantExplanation(t *testing.T, e Explanation, code string) {
	t.Helper()
	if e.Code != code || e.Cause == "" || e.Fix == "" || e.Name == "" || e.Number == 0 {
		t.Errorf("got %+v, want code %s and all the rest filled", e, code)
	}
	t.Logf("%s: %s; %s", e.Code, e.Cause, e.Fix)
}

func TestAlertsOfOtherServers(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Root")
	server := root.issue(t, "x", withDNS("x.lab")).chain()
	client := root.issue(t, "client").chain()
	serve := func(config *tls.Config) *tls.Config {
		config.Certificates = []tls.Certificate{server}
		return config
	}
	tests := map[string]struct {
		server, client *tls.Config
		about          AlertContext
		number         uint8
		code           string
	}{
		"protocol by ALPN": {
			serve(&tls.Config{NextProtos: []string{"h2"}}), &tls.Config{NextProtos: []string{"redis"}},
			AlertContext{},
			AlertNoApplicationProtocol, CodeALPNRequired,
		},
		"fault of the server": {
			serve(&tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, errors.New("fault") }}),
			&tls.Config{},
			AlertContext{},
			AlertInternalError, CodeServerInternal,
		},
		"rule of the server": {
			serve(&tls.Config{
				ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12,
				VerifyPeerCertificate: func([][]byte, [][]*x509.Certificate) error { return errors.New("not on the list") },
			}),
			&tls.Config{Certificates: []tls.Certificate{client}},
			AlertContext{CertificateRequested: true, CertificateSent: true},
			AlertBadCertificate, CodeClientRefused,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.client.InsecureSkipVerify = true
			_, err := shake(t, test.server, test.client)
			got, ok := AlertOf(err)
			if !ok || got != test.number {
				t.Fatalf("alert %d (%v), want %d", got, err, test.number)
			}
			wantExplanation(t, ExplainAlert(got, test.about), test.code)
		})
	}
}

func TestAlertsByNumber(t *testing.T) {
	t.Parallel()
	sent := AlertContext{CertificateRequested: true, CertificateSent: true}
	requested := AlertContext{CertificateRequested: true}
	for _, test := range []struct {
		number uint8
		about  AlertContext
		code   string
	}{
		{112, AlertContext{}, CodeSNIRequired},
		{41, requested, CodeClientCertMissing},
		{42, requested, CodeClientCertMissing},
		{42, sent, CodeClientRefused},
		{43, sent, CodeClientWrongEKU},
		{44, sent, CodeClientRevoked},
		{46, sent, CodeClientRefused},
		{49, sent, CodeClientRefused},
		{40, sent, CodeClientRefused},
		{71, AlertContext{}, CodeNoCommonCipher},
		{86, AlertContext{}, CodeVersion},
		{40, AlertContext{}, CodeNoCommonCipher},
		{40, AlertContext{TLS13: true}, CodeAlert},
		{90, AlertContext{}, CodeAlert},
		{47, sent, CodeAlert},
		{200, AlertContext{}, CodeAlert},
	} {
		near, far := socketPair(t)
		go func() {
			// One record with one fatal alert, as an answer to whatever comes.
			_, _ = far.Read(make([]byte, 4096))
			_, _ = far.Write([]byte{21, 3, 3, 0, 2, 2, test.number})
			_, _ = io.Copy(io.Discard, far)
		}()
		err := tls.Client(near, &tls.Config{ServerName: "x"}).Handshake()
		got, ok := AlertOf(err)
		if !ok || got != test.number {
			t.Errorf("alert %d (%v), want %d", got, err, test.number)
		}
		_ = near.Close()
		wantExplanation(t, ExplainAlert(got, test.about), test.code)
	}
}

// localAlertError is like the type crypto/tls keeps to itself.
type localAlertError uint8

func (localAlertError) Error() string { return "an alert" }

func TestAlertOfNoAlert(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		nil, io.EOF, errors.New("remote error: tls: handshake failure"),
		&net.OpError{Op: "read", Err: errors.New("x")}, &net.OpError{Op: "remote error", Err: errors.New("x")}, &net.OpError{Op: "remote error"},
		&net.OpError{Op: "local error", Err: localAlertError(42)},
	} {
		if number, ok := AlertOf(err); ok {
			t.Errorf("%v is said to be alert %d", err, number)
		}
	}
}

func TestOpenSSLAlert(t *testing.T) {
	t.Parallel()
	for number := range 256 {
		name, text := alertText(uint8(number))
		if name == "unassigned" {
			continue
		}
		// OpenSSL gives alerts the reason codes from 1000.
		const library = 0x0a << 24
		code := strings.ToUpper(strings.TrimSpace(string(openssl(t, "errstr", strconv.FormatInt(int64(library+1000+number), 16)))))
		if !strings.HasSuffix(code, ":"+strings.ToUpper(text)) {
			t.Errorf("alert %d: openssl says %q, we %q", number, code, text)
		}
	}
	if got := OpenSSLAlert(200); got != "reason(1200)" {
		t.Errorf("unknown alert: %q", got)
	}
}
