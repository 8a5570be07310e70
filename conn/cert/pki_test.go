package cert

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// testNow is the time at which the tests of verification play: not the present, so that nothing may read the clock unnoticed.
func testNow() time.Time { return time.Date(2031, 5, 22, 12, 0, 0, 0, time.UTC) }

// entity is a certificate and its key.
type entity struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// change alters the template of a certificate.
type change func(*x509.Certificate)

func newKey(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// template is a certificate for name, valid around at.
func template(t testing.TB, name string, at time.Time, changes ...change) *x509.Certificate {
	t.Helper()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name, Organization: []string{"Lab"}},
		NotBefore:    at.Add(-time.Hour),
		NotAfter:     at.Add(90 * 24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
	for _, change := range changes {
		change(c)
	}
	return c
}

// sign makes the certificate of template, signed by issuer, or by itself when that is nil.
func sign(t testing.TB, template *x509.Certificate, key crypto.Signer, issuer *entity) *entity {
	t.Helper()
	parent, signer := template, key
	if issuer != nil {
		parent, signer = issuer.cert, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &entity{cert: parsed, key: key}
}

func newRoot(t testing.TB, name string, changes ...change) *entity {
	t.Helper()
	return sign(t, template(t, name, testNow(), append([]change{asCA}, changes...)...), newKey(t), nil)
}

func (e *entity) issue(t testing.TB, name string, changes ...change) *entity {
	t.Helper()
	return sign(t, template(t, name, testNow(), changes...), newKey(t), e)
}

func asCA(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid = true, true
	c.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	c.NotAfter = c.NotAfter.AddDate(10, 0, 0)
}

func withDNS(names ...string) change { return func(c *x509.Certificate) { c.DNSNames = names } }

func withIP(addresses ...string) change {
	return func(c *x509.Certificate) {
		for _, a := range addresses {
			c.IPAddresses = append(c.IPAddresses, net.ParseIP(a))
		}
	}
}

func withEKU(usages ...x509.ExtKeyUsage) change {
	return func(c *x509.Certificate) { c.ExtKeyUsage = usages }
}

func validBetween(from, to time.Time) change {
	return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = from, to }
}

func withExtension(id []int, value []byte) change {
	return func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: id, Value: value})
	}
}

// chain is what a server with e and the certificates behind it sends.
func (e *entity) chain(behind ...*entity) tls.Certificate {
	c := tls.Certificate{PrivateKey: e.key, Certificate: [][]byte{e.cert.Raw}}
	for _, other := range behind {
		c.Certificate = append(c.Certificate, other.cert.Raw)
	}
	return c
}

// chainCerts is e alone, as the verifier sees it.
func (e *entity) chainCerts() []*x509.Certificate { return []*x509.Certificate{e.cert} }

func (e *entity) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: e.cert.Raw})
}

func (e *entity) keyDER(t testing.TB) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(e.key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func (e *entity) keyPEM(t testing.TB) []byte {
	t.Helper()
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: e.keyDER(t)})
}

// rootsOf trusts entities, as if they came from a file root.crt.
func rootsOf(trusted ...*entity) Roots {
	roots := Roots{Pool: x509.NewCertPool()}
	for _, e := range trusted {
		roots.add(Bundle{Certificates: []*x509.Certificate{e.cert}}, "root.crt")
	}
	return roots
}

// write puts data into a file of a directory that goes with the test, and returns its path.
func write(t testing.TB, name string, data ...[]byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, bytes.Join(data, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// openssl runs the program and returns its output.
func openssl(t testing.TB, args ...string) []byte {
	t.Helper()
	var output, complaint bytes.Buffer
	command := exec.CommandContext(t.Context(), "openssl", args...)
	command.Stdout, command.Stderr = &output, &complaint
	if err := command.Run(); err != nil {
		t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, complaint.Bytes())
	}
	return output.Bytes()
}

// shake lets a client with the given configuration shake hands with a server, over loopback, and returns the client's error. A pipe
// would not do: without buffers both ends would wait for each other when the client refuses in the middle of the server's flight.
func shake(t *testing.T, server, client *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	near, far := socketPair(t)
	served := make(chan struct{})
	go func() {
		defer close(served)
		conn := tls.Server(far, server)
		// The byte carries the session ticket along, which follows the handshake.
		if conn.Handshake() == nil {
			_, _ = conn.Write([]byte("."))
		}
		_ = conn.Close()
	}()
	conn := tls.Client(near, client)
	err := conn.Handshake()
	if err == nil {
		_, err = io.ReadFull(conn, make([]byte, 1))
	}
	state := conn.ConnectionState()
	_ = conn.Close()
	<-served
	return state, err
}

// socketPair returns the two ends of a TCP connection over loopback, which do not wait for ever.
func socketPair(t *testing.T) (near, far net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if near, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if far, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	for _, end := range []net.Conn{near, far} {
		t.Cleanup(func() { _ = end.Close() })
		if err := end.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	return near, far
}

// connect verifies served by policy in a real handshake.
func connect(t *testing.T, served tls.Certificate, policy Policy) error {
	t.Helper()
	client := &tls.Config{}
	policy.Apply(client)
	_, err := shake(t, &tls.Config{Certificates: []tls.Certificate{served}}, client)
	return err
}

// refusal returns the VerifyError that err is.
func refusal(t *testing.T, err error) *VerifyError {
	t.Helper()
	refused, ok := errors.AsType[*VerifyError](err)
	if !ok {
		t.Fatalf("got %v (%T), want a VerifyError", err, err)
	}
	return refused
}

// fileFault returns the FileError that err is.
func fileFault(t *testing.T, err error) *FileError {
	t.Helper()
	fault, ok := errors.AsType[*FileError](err)
	if !ok {
		t.Fatalf("got %v (%T), want a FileError", err, err)
	}
	return fault
}

// wantVerifyError checks that err is a VerifyError with the code, that it is fit to be shown, and that its sentence has the words.
func wantVerifyError(t *testing.T, err error, code string, words ...string) {
	t.Helper()
	refused := refusal(t, err)
	if refused.Code != code || refused.Detail == "" || refused.Fix == "" {
		t.Fatalf("got %s: %q, fix %q; want %s, with both", refused.Code, refused.Detail, refused.Fix, code)
	}
	wantWords(t, refused.Error(), words)
}

// wantFileError checks that err is a FileError with the code, that it is fit to be shown, and that its sentence has the words.
func wantFileError(t *testing.T, err error, code string, words ...string) {
	t.Helper()
	fault := fileFault(t, err)
	if fault.Code != code || fault.Path == "" || fault.Detail == "" || fault.Fix == "" {
		t.Fatalf("got %s: path %q, detail %q, fix %q; want %s, with all", fault.Code, fault.Path, fault.Detail, fault.Fix, code)
	}
	wantWords(t, fault.Error(), words)
}

func wantWords(t *testing.T, sentence string, words []string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(sentence, word) {
			t.Errorf("%q lacks %q", sentence, word)
		}
	}
	t.Log(sentence)
}
