package cert

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// inspected returns what data holds; pass is the passphrase that is at hand, "" for none.
func inspected(t *testing.T, data []byte, pass string) Inspection {
	t.Helper()
	found, err := Inspect("file", data, passphraseOf(pass))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func passphraseOf(pass string) Passphrase {
	if pass == "" {
		return nil
	}
	return func(string) ([]byte, error) { return []byte(pass), nil }
}

// outline is the items in short: kind, container, name, and what is known of the key.
func outline(i Inspection) []string {
	lines := []string{i.Format}
	for _, item := range i.Items {
		line := string(item.Kind)
		if item.Container != "" {
			line += " in " + item.Container
		}
		if item.Name != "" {
			line += fmt.Sprintf(" called %q", item.Name)
		}
		if item.Certificate != nil {
			line += " " + item.Certificate.Subject.CommonName
		}
		if item.What != "" {
			line += ": " + item.What
		}
		if item.Key != nil {
			line += " [" + item.Key.Kind + "]"
			if item.Key.Encrypted {
				line += " encrypted"
			}
			if item.Key.SPKI != "" {
				line += " open"
			}
		}
		if item.Problem != nil {
			line += " problem"
		}
		lines = append(lines, line)
	}
	return lines
}

func wantOutline(t *testing.T, got Inspection, want ...string) {
	t.Helper()
	if lines := outline(got); !slices.Equal(lines, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(lines, "\n  "), strings.Join(want, "\n  "))
		for _, item := range got.Items {
			if item.Problem != nil {
				t.Log(item.Problem)
			}
		}
	}
}

func TestInspectPEM(t *testing.T) {
	root := newRoot(t, "root")
	leaf := root.issue(t, "leaf", withDNS("redis.lab"))
	legacy := write(t, "key", leaf.keyPEM(t))
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "asked"}}, leaf.key)
	if err != nil {
		t.Fatal(err)
	}
	list, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(7), ThisUpdate: testNow(), NextUpdate: testNow().Add(time.Hour)},
		root.cert, root.key)
	if err != nil {
		t.Fatal(err)
	}
	block := func(label string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}) }
	public, err := x509.MarshalPKIXPublicKey(leaf.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	trusted := openssl(t, "x509", "-in", write(t, "root", root.pem()), "-trustout", "-addtrust", "clientAuth", "-addreject", "serverAuth", "-setalias", "my root")
	sealed := openssl(t, "pkey", "-in", legacy, "-aes256", "-passout", "pass:pw")
	old := openssl(t, "ec", "-in", legacy, "-aes128", "-passout", "pass:pw")
	text := []byte("Some words\n")
	for _, c := range []struct {
		name string
		data [][]byte
		pass string
		want []string
	}{
		{"chain and key amid text", [][]byte{text, leaf.pem(), text, root.pem(), leaf.keyPEM(t)}, "", []string{
			"PEM", "certificate leaf", "certificate root", "private_key [EC P-256] open",
		}},
		{"request, revocation list, public key", [][]byte{block("CERTIFICATE REQUEST", request), block("X509 CRL", list), block("PUBLIC KEY", public)}, "", []string{
			"PEM", "certificate_request [EC P-256] open", "revocation_list", "public_key [EC P-256] open",
		}},
		{"trusted certificate", [][]byte{trusted}, "", []string{"PEM", `certificate called "my root" root`}},
		{"encrypted key, no passphrase", [][]byte{sealed}, "", []string{"PEM", "private_key [] encrypted"}},
		{"encrypted key", [][]byte{sealed}, "pw", []string{"PEM", "private_key [EC P-256] encrypted open"}},
		{"encrypted key, wrong passphrase", [][]byte{sealed}, "no", []string{"PEM", "private_key [] encrypted problem"}},
		{"old encrypted key, no passphrase", [][]byte{old}, "", []string{"PEM", "private_key [EC] encrypted"}},
		{"old encrypted key", [][]byte{old}, "pw", []string{"PEM", "private_key [EC P-256] encrypted open"}},
		{"damage beside what is good", [][]byte{[]byte("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"), leaf.pem(), block("PGP MESSAGE", []byte("x"))}, "", []string{
			"PEM", "damaged problem", "certificate leaf", "unknown: a PGP block",
		}},
		{"a cut file", [][]byte{leaf.pem(), leaf.pem()[:300]}, "", []string{"PEM", "certificate leaf", "damaged problem"}},
		{"PKCS#7 under the wrong label", [][]byte{block("CERTIFICATE", degenerate(t, leaf, root))}, "", []string{
			"PEM", "certificate in PKCS#7 leaf", "certificate in PKCS#7 root",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := slices.Concat(c.data...)
			got := inspected(t, data, c.pass)
			wantOutline(t, got, c.want...)
			lines := strings.Split(string(data), "\n")
			for _, item := range got.Items {
				if at := item.Line - 1; at < 0 || at >= len(lines) || !strings.HasPrefix(lines[at], "-----BEGIN ") {
					t.Errorf("%s: line %d is none with BEGIN", item.Kind, item.Line)
				}
			}
			noSecret(t, got)
		})
	}
	settings := inspected(t, trusted, "").Items[0].Trust
	if settings == nil || !slices.Equal(settings.Trusted, []string{"clientAuth"}) || !slices.Equal(settings.Rejected, []string{"serverAuth"}) {
		t.Errorf("trust settings %+v", settings)
	}
}

// noSecret checks that nothing in an inspection leads to a private key.
func noSecret(t *testing.T, i Inspection) {
	t.Helper()
	if text := fmt.Sprintf("%+v", i); strings.Contains(text, "PrivateKey{") {
		t.Errorf("a private key is in %s", text)
	}
}

// degenerate returns PKCS#7 that holds certificates.
func degenerate(t *testing.T, held ...*entity) []byte {
	t.Helper()
	args := []string{"crl2pkcs7", "-nocrl", "-outform", "DER"}
	for _, e := range held {
		args = append(args, "-certfile", write(t, "cert", e.pem()))
	}
	return openssl(t, args...)
}

func TestInspectDER(t *testing.T) {
	root := newRoot(t, "root")
	leaf := root.issue(t, "leaf")
	list, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(7), ThisUpdate: testNow(), NextUpdate: testNow().Add(time.Hour)},
		root.cert, root.key)
	if err != nil {
		t.Fatal(err)
	}
	listFile := write(t, "crl", pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: list}))
	keyFile := write(t, "key", leaf.keyPEM(t))
	for _, c := range []struct {
		name string
		data []byte
		pass string
		want []string
	}{
		{"certificates", append(slices.Clone(leaf.cert.Raw), root.cert.Raw...), "", []string{"DER", "certificate leaf", "certificate root"}},
		{"certificate, then rubbish", append(slices.Clone(leaf.cert.Raw), "\x30\x03\x02\x01\x05\x30\x00"...), "", []string{"DER", "certificate leaf", "damaged problem"}},
		{"key", leaf.keyDER(t), "", []string{"DER", "private_key [EC P-256] open"}},
		{"SEC 1 key", openssl(t, "ec", "-in", keyFile, "-outform", "DER"), "", []string{"DER", "private_key [EC P-256] open"}},
		{"encrypted key", openssl(t, "pkcs8", "-topk8", "-in", keyFile, "-outform", "DER", "-passout", "pass:pw"), "", []string{"DER", "private_key [] encrypted"}},
		{"public key", openssl(t, "pkey", "-in", keyFile, "-pubout", "-outform", "DER"), "", []string{"DER", "public_key [EC P-256] open"}},
		{"request", openssl(t, "req", "-new", "-key", keyFile, "-subj", "/CN=x", "-outform", "DER"), "", []string{"DER", "certificate_request [EC P-256] open"}},
		{"revocation list", list, "", []string{"DER", "revocation_list"}},
		{"PKCS#7", degenerate(t, leaf, root), "", []string{"PKCS#7", "certificate in PKCS#7 leaf", "certificate in PKCS#7 root"}},
		{"PKCS#7 with a list", openssl(t, "crl2pkcs7", "-in", listFile, "-certfile", write(t, "c", root.pem()), "-outform", "DER"), "", []string{
			"PKCS#7", "certificate in PKCS#7 root", "revocation_list in PKCS#7",
		}},
	} {
		t.Run(c.name, func(t *testing.T) { wantOutline(t, inspected(t, c.data, c.pass), c.want...) })
	}
}

func TestInspectPKCS12(t *testing.T) {
	root := newRoot(t, "root")
	middle := root.issue(t, "middle", asCA)
	leaf := middle.issue(t, "leaf")
	key, cert := write(t, "key", leaf.keyPEM(t)), write(t, "cert", leaf.pem())
	issuers := write(t, "ca", root.pem(), middle.pem()) // in the wrong order
	export := func(more ...string) []byte {
		args := []string{"pkcs12", "-export", "-inkey", key, "-in", cert, "-certfile", issuers, "-name", "my redis", "-passout", "pass:pw"}
		return openssl(t, append(args, more...)...)
	}
	opened := []string{
		"PKCS#12", `certificate in PKCS#12 called "my redis" leaf`, "certificate in PKCS#12 middle", "certificate in PKCS#12 root",
		`private_key in PKCS#12 called "my redis" [EC P-256] encrypted open`,
	}
	sealed := []string{
		"PKCS#12", "encrypted in PKCS#12: an encrypted part, usually the certificates", `private_key in PKCS#12 called "my redis" [] encrypted`,
	}
	wrong := []string{sealed[0], sealed[1] + " problem", sealed[2] + " problem"}
	for _, c := range []struct {
		name string
		data []byte
		pass string
		want []string
	}{
		{"of today", export(), "pw", opened},
		{"of today, no passphrase", export(), "", sealed},
		{"of today, wrong passphrase", export(), "no", wrong},
		{"triple DES", export("-descert"), "pw", opened},
		{"triple DES as it was", export("-legacy", "-descert"), "pw", opened},
		{"triple DES as it was, wrong passphrase", export("-legacy", "-descert"), "no", wrong},
		{"RC2", export("-legacy"), "pw", opened},
		{"nothing encrypted", export("-keypbe", "NONE", "-certpbe", "NONE", "-nomac"), "", append(slices.Clone(opened[:4]), `private_key in PKCS#12 called "my redis" [EC P-256] open`)},
		{"certificates only", openssl(t, "pkcs12", "-export", "-nokeys", "-in", issuers, "-passout", "pass:pw", "-caname", "my root"), "pw", []string{
			"PKCS#12", `certificate in PKCS#12 called "my root" root`, "certificate in PKCS#12 middle",
		}},
		{"empty passphrase", openssl(t, "pkcs12", "-export", "-inkey", key, "-in", cert, "-passout", "pass:"), "", []string{
			"PKCS#12", "certificate in PKCS#12 leaf", "private_key in PKCS#12 [EC P-256] encrypted open",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := inspected(t, c.data, c.pass)
			wantOutline(t, got, c.want...)
			noSecret(t, got)
		})
	}
}

func TestInspectWhatIsNothing(t *testing.T) {
	leaf := newRoot(t, "root")
	for _, c := range []struct {
		name string
		data []byte
		code string
		word string
	}{
		{"empty", nil, CodeFileEmpty, "is empty"},
		{"text", []byte("hello"), CodeFileNotPEM, "without a PEM block"},
		{"damage alone", leaf.pem()[:200], CodeFileGarbled, "line 1"},
		{"cut DER", leaf.cert.Raw[:100], CodeFileGarbled, "cut short"},
		{"DER of something else", []byte{0x30, 0x03, 0x02, 0x01, 0x05}, CodeFileGarbled, "no certificate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Inspect("file", c.data, nil)
			wantFileError(t, err, c.code, c.word)
		})
	}
	_, err := Loader{}.Inspect(filepath.Join(t.TempDir(), "none"))
	wantFileError(t, err, CodeFileUnreadable, "does not exist")
	_, err = InspectReader("standard input", bytes.NewReader(make([]byte, maxFileSize+1)), nil)
	wantFileError(t, err, CodeFileUnreadable, "larger than any certificate file")
}

func TestInspectAsksOnce(t *testing.T) {
	leaf := newRoot(t, "root")
	sealed := openssl(t, "pkey", "-in", write(t, "key", leaf.keyPEM(t)), "-aes256", "-passout", "pass:pw")
	asked := 0
	got, err := Inspect("file", bytes.Repeat(sealed, 20), func(string) ([]byte, error) { asked++; return []byte("pw"), nil })
	if err != nil {
		t.Fatal(err)
	}
	opened := 0
	for _, item := range got.Items {
		if item.Key.SPKI != "" {
			opened++
		}
	}
	if asked != 1 || opened != maxSealedKeys || len(got.Items) != 20 {
		t.Errorf("asked %d times, opened %d of %d", asked, opened, len(got.Items))
	}
	_, err = Inspect("file", leaf.pem(), func(string) ([]byte, error) { t.Error("asked for nothing"); return nil, errors.New("no") })
	if err != nil {
		t.Error(err)
	}
}

// A hostile PKCS#12 must not make the program compute for hours.
func TestInspectRefusesEndlessKeyDerivation(t *testing.T) {
	leaf := newRoot(t, "root")
	key, cert := write(t, "key", leaf.keyPEM(t)), write(t, "cert", leaf.pem())
	data := openssl(t, "pkcs12", "-export", "-inkey", key, "-in", cert, "-iter", "2048", "-passout", "pass:pw")
	rounds, endless := []byte{0x02, 0x02, 0x08, 0x00}, []byte{0x02, 0x02, 0x7f, 0xff}
	if bytes.Count(data, rounds) < 2 {
		t.Fatal("the rounds are not where they are expected")
	}
	parts, _, err := readPFX(data)
	if err != nil {
		t.Fatal(err)
	}
	got := readSafe(&inspector{}, parts, []byte("pw"), maxRounds+1)
	for _, item := range got.in.items {
		if item.Problem == nil || !strings.Contains(item.Problem.Error(), "rounds") {
			t.Errorf("%s: %v", item.Kind, item.Problem)
		}
	}
	parts, _, err = readPFX(bytes.ReplaceAll(data, rounds, endless))
	if err != nil {
		t.Fatal(err)
	}
	if got := readSafe(&inspector{}, parts, nil, 0); got.rounds != 2*0x7fff {
		t.Errorf("counted %d rounds", got.rounds)
	}
}

func FuzzInspect(f *testing.F) {
	root := newRoot(f, "root")
	key, cert := write(f, "key", root.keyPEM(f)), write(f, "cert", root.pem())
	f.Add(root.pem())
	f.Add(root.cert.Raw)
	f.Add(root.keyPEM(f))
	f.Add(openssl(f, "pkcs12", "-export", "-inkey", key, "-in", cert, "-iter", "1", "-passout", "pass:pw"))
	f.Add(openssl(f, "pkcs12", "-export", "-legacy", "-inkey", key, "-in", cert, "-iter", "1", "-passout", "pass:pw"))
	f.Add(openssl(f, "crl2pkcs7", "-nocrl", "-certfile", cert, "-outform", "DER"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Inspect("file", data, func(string) ([]byte, error) { return []byte("pw"), nil })
		if fault, ok := errors.AsType[*FileError](err); err != nil && !ok {
			t.Fatalf("%T %v %v", err, err, fault)
		}
		if err == nil && len(got.Items) == 0 {
			t.Fatal("neither an error nor anything found")
		}
		Relate([]Inspection{got})
	})
}
