package cert

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// secret is a Passphrase that counts how often it is asked.
type secret struct {
	text  string
	asked []string
}

func (s *secret) pass(path string) ([]byte, error) {
	s.asked = append(s.asked, path)
	return []byte(s.text), nil
}

// wantPair checks that pair proves to be leaf's in a handshake, with the given number of certificates.
func wantPair(t *testing.T, pair tls.Certificate, err error, leaf *entity, length int) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if len(pair.Certificate) != length || !bytes.Equal(pair.Certificate[0], leaf.cert.Raw) || !pair.Leaf.Equal(leaf.cert) {
		t.Fatalf("got a chain of %d, want %d with %s first", len(pair.Certificate), length, leaf.cert.Subject)
	}
	if err := connect(t, pair, policyFor("client.lab", leaf)); err != nil {
		t.Fatalf("the pair is of no use: %v", err)
	}
}

func TestLoadKeyPairFormats(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Root")
	intermediate := root.issue(t, "Intermediate", asCA)
	leaf := intermediate.issue(t, "client", withDNS("client.lab"))
	certFile := write(t, "client.crt", leaf.pem(), intermediate.pem())
	keyFile := write(t, "k.pem", leaf.keyPEM(t))
	convert := func(args ...string) []byte { return openssl(t, append(args, "-in", keyFile)...) }
	params := openssl(t, "ecparam", "-name", "prime256v1")
	keys := map[string]struct {
		data      []byte
		encrypted bool
	}{
		"PKCS#8":                 {leaf.keyPEM(t), false},
		"PKCS#8 DER":             {leaf.keyDER(t), false},
		"SEC 1":                  {convert("ec"), false},
		"SEC 1 DER":              {convert("ec", "-outform", "DER"), false},
		"parameters before":      {append(params, convert("ec")...), false},
		"certificate before":     {append(leaf.pem(), leaf.keyPEM(t)...), false},
		"indented":               {indent(leaf.keyPEM(t)), false},
		"label wrong":            {bytes.ReplaceAll(leaf.keyPEM(t), []byte("PRIVATE KEY"), []byte("RSA PRIVATE KEY")), false},
		"legacy AES-256":         {convert("ec", "-aes256", "-passout", "pass:secret"), true},
		"legacy AES-128, CRLF":   {bytes.ReplaceAll(convert("ec", "-aes128", "-passout", "pass:secret"), []byte("\n"), []byte("\r\n")), true},
		"legacy 3DES, indented":  {indent(convert("ec", "-des3", "-passout", "pass:secret")), true},
		"PBES2":                  {convert("pkcs8", "-topk8", "-passout", "pass:secret"), true},
		"PBES2 DER":              {convert("pkcs8", "-topk8", "-passout", "pass:secret", "-outform", "DER"), true},
		"PBES2 AES-128 SHA-1":    {convert("pkcs8", "-topk8", "-passout", "pass:secret", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"), true},
		"PBES2 AES-192 SHA-512":  {convert("pkcs8", "-topk8", "-passout", "pass:secret", "-v2", "aes-192-cbc", "-v2prf", "hmacWithSHA512"), true},
		"PBES2 3DES SHA-384":     {convert("pkcs8", "-topk8", "-passout", "pass:secret", "-v2", "des3", "-v2prf", "hmacWithSHA384"), true},
		"PBES2 AES-256 SHA-224":  {convert("pkcs8", "-topk8", "-passout", "pass:secret", "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA224"), true},
		"PBES2 scrypt":           {convert("pkcs8", "-topk8", "-passout", "pass:secret", "-scrypt", "-scrypt_N", "1024"), true},
		"PBES2 many iterations":  {convert("pkcs8", "-topk8", "-passout", "pass:secret", "-iter", "100000"), true},
		"PKCS#12 as key":         {openssl(t, "pkcs12", "-export", "-in", certFile, "-inkey", keyFile, "-passout", "pass:secret"), true},
		"PKCS#12 as key, legacy": {openssl(t, "pkcs12", "-export", "-legacy", "-in", certFile, "-inkey", keyFile, "-passout", "pass:secret"), true},
	}
	for name, test := range keys {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := write(t, "client.key", test.data)
			right := &secret{text: "secret"}
			pair, err := LoadKeyPair(certFile, file, right.pass)
			wantPair(t, pair, err, leaf, 2)
			if !test.encrypted {
				if len(right.asked) != 0 {
					t.Errorf("asked for the passphrase of %v", right.asked)
				}
				return
			}
			if len(right.asked) != 1 || right.asked[0] != file {
				t.Errorf("asked for the passphrases of %v, want only %s", right.asked, file)
			}
			for _, wrong := range []string{"wrong", "", "Secret", "secret "} {
				_, err = LoadKeyPair(certFile, file, (&secret{text: wrong}).pass)
				wantFileError(t, err, CodeKeyPassphrase)
				if strings.Contains(err.Error(), "ecret") {
					t.Errorf("%q tells the passphrase", err)
				}
			}
			_, err = LoadKeyPair(certFile, file, nil)
			wantFileError(t, err, CodeKeyEncrypted, "--key-pass-file")
			errAborted := errors.New("aborted")
			_, err = LoadKeyPair(certFile, file, func(string) ([]byte, error) { return nil, errAborted })
			wantFileError(t, err, CodeKeyEncrypted, "aborted")
			if !errors.Is(err, errAborted) {
				t.Errorf("%v does not wrap why there is no passphrase", err)
			}
		})
	}
}

func TestLoadKeyPairWithUnluckyPassphrase(t *testing.T) {
	t.Parallel()
	leaf := newRoot(t, "client")
	plain := write(t, "k", leaf.keyPEM(t))
	data := openssl(t, "pkcs8", "-topk8", "-in", plain, "-passout", "pass:secret", "-iter", "1")
	sealed, err := parsePBES2(scanPEM(data)[0].der)
	if err != nil {
		t.Fatal(err)
	}
	// One wrong passphrase in 256 decrypts to something with the right padding. It must be called wrong all the same.
	unlucky := ""
	for i := 0; unlucky == ""; i++ {
		if _, err := sealed.decrypt([]byte(strconv.Itoa(i))); err == nil {
			unlucky = strconv.Itoa(i)
		}
	}
	_, err = LoadKeyPair(write(t, "c", leaf.pem()), write(t, "k", data), (&secret{text: unlucky}).pass)
	wantFileError(t, err, CodeKeyPassphrase)
}

func TestLoadKeyPairKinds(t *testing.T) {
	t.Parallel()
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ed := sign(t, template(t, "client", testNow(), withDNS("client.lab")), edKey, nil)
	pair, err := LoadKeyPair(write(t, "c", ed.pem()), write(t, "k", ed.keyPEM(t)), nil)
	wantPair(t, pair, err, ed, 1)

	rsaPEM := openssl(t, "genrsa", "-traditional", "2048")
	rsaKey, err := sealedKey{label: "RSA PRIVATE KEY", der: scanPEM(rsaPEM)[0].der}.unseal(source{})
	if err != nil {
		t.Fatal(err)
	}
	signer, ok := rsaKey.(crypto.Signer)
	if !ok {
		t.Fatalf("%T is no signer", rsaKey)
	}
	client := sign(t, template(t, "client", testNow(), withDNS("client.lab")), signer, nil)
	certFile, keyFile := write(t, "c", client.pem()), write(t, "k", rsaPEM)
	pair, err = LoadKeyPair(certFile, keyFile, nil)
	wantPair(t, pair, err, client, 1)
	legacy := openssl(t, "rsa", "-in", keyFile, "-traditional", "-aes128", "-passout", "pass:x")
	if !bytes.Contains(legacy, []byte("Proc-Type: 4,ENCRYPTED")) {
		t.Fatal("openssl made no legacy key")
	}
	pair, err = LoadKeyPair(certFile, write(t, "k", legacy), (&secret{text: "x"}).pass)
	wantPair(t, pair, err, client, 1)
}

func TestLoadKeyPairFromOneFile(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Root")
	intermediate := root.issue(t, "Intermediate", asCA)
	leaf := intermediate.issue(t, "client", withDNS("client.lab"))
	both := write(t, "both.pem", leaf.keyPEM(t), leaf.pem(), intermediate.pem())
	for _, keyFile := range []string{"", both} {
		reads := 0
		load := Loader{ReadFile: func(path string) ([]byte, error) { reads++; return readBounded(path) }}
		pair, err := load.LoadKeyPair(both, keyFile)
		wantPair(t, pair, err, leaf, 2)
		if reads != 1 {
			t.Errorf("read %d times; a pipe can be read once", reads)
		}
	}
	// PKCS#12 keeps no order: the chain must come out right whatever it was.
	shuffled := write(t, "shuffled.pem", root.pem(), intermediate.pem())
	data := openssl(t, "pkcs12", "-export", "-in", both, "-inkey", both, "-certfile", shuffled, "-passout", "pass:x")
	p12 := write(t, "client.p12", data)
	for _, keyFile := range []string{"", p12} {
		asking := &secret{text: "x"}
		pair, err := LoadKeyPair(p12, keyFile, asking.pass)
		wantPair(t, pair, err, leaf, 4)
		if len(asking.asked) != 1 {
			t.Errorf("asked %d times", len(asking.asked))
		}
		if !bytes.Equal(pair.Certificate[1], intermediate.cert.Raw) {
			t.Error("the intermediate does not follow the leaf")
		}
	}
	none, err := LoadKeyPair("", "", nil)
	if err != nil || none.PrivateKey != nil {
		t.Errorf("without files: %v, %v", none, err)
	}
}

func TestOrderChain(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Root")
	upper := root.issue(t, "Upper", asCA)
	lower := upper.issue(t, "Lower", asCA)
	leaf, other := lower.issue(t, "client"), root.issue(t, "other")
	got := orderChain(leaf.key, []*x509.Certificate{root.cert, other.cert, upper.cert, leaf.cert, lower.cert})
	want := []*x509.Certificate{leaf.cert, lower.cert, upper.cert, root.cert, other.cert}
	if !slices.EqualFunc(got, want, (*x509.Certificate).Equal) {
		t.Errorf("got %d certificates in another order than leaf, issuers, rest", len(got))
	}
	if got := orderChain(newKey(t), want); !slices.EqualFunc(got, want, (*x509.Certificate).Equal) {
		t.Error("certificates of another key were reordered")
	}
}

func TestLoadKeyPairFails(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Root")
	intermediate := root.issue(t, "Intermediate", asCA)
	leaf, stranger := intermediate.issue(t, "client"), root.issue(t, "stranger")
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	otherKind := sign(t, template(t, "ed", testNow()), edKey, nil)
	cert := write(t, "client.crt", leaf.pem())
	key := write(t, "client.key", leaf.keyPEM(t))
	pem := func(args ...string) string { return write(t, "made.pem", openssl(t, args...)) }
	dsa := openssl(t, "genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt", "dsa_paramgen_bits:1024")
	dsaKey := pem("genpkey", "-paramfile", write(t, "p", dsa))
	wrongCipher := bytes.Replace(openssl(t, "ec", "-aes128", "-passout", "pass:x", "-in", key), []byte("AES-128-CBC"), []byte("IDEA-CBC"), 1)
	cutKey := leaf.keyDER(t)
	cutKey[len(cutKey)-1] ^= 1
	openSSH := []byte("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n")
	tests := map[string]struct {
		cert, key string
		code      string
		role      Role
		words     []string
	}{
		"certificate alone":        {cert, "", CodeKeyMissing, RoleKey, []string{"--key"}},
		"key alone":                {"", key, CodeCertMissing, RoleCert, []string{"--cert"}},
		"swapped":                  {key, cert, CodeFilesSwapped, RoleCert, []string{"--cert " + cert, "--key " + key}},
		"two keys":                 {key, key, CodeFileNoCertificate, RoleCert, []string{"holds a private key, not a certificate"}},
		"two certificates":         {cert, cert, CodeFileNoKey, RoleKey, []string{"holds a certificate, not a private key"}},
		"two certificate files":    {cert, write(t, "c", leaf.pem()), CodeFileNoKey, RoleKey, []string{"holds a certificate, not a private key"}},
		"no certificate file":      {"gone", key, CodeFileUnreadable, RoleCert, []string{"gone does not exist"}},
		"no key file":              {cert, "gone", CodeFileUnreadable, RoleKey, []string{"gone does not exist"}},
		"key is a directory":       {cert, t.TempDir(), CodeFileUnreadable, RoleKey, []string{"name a file in it"}},
		"another key":              {cert, write(t, "k", stranger.keyPEM(t)), CodeKeyMismatch, RoleKey, []string{cert, "ECDSA P-256", "CN=client", "openssl pkey"}},
		"a key of another kind":    {cert, write(t, "k", otherKind.keyPEM(t)), CodeKeyMismatch, RoleKey, []string{"Ed25519", "ECDSA P-256"}},
		"issuer before leaf":       {write(t, "c", intermediate.pem(), leaf.pem()), key, CodeChainOrder, RoleCert, []string{"number 2 (CN=client"}},
		"DSA key":                  {cert, dsaKey, CodeKeyUnsupported, RoleKey, []string{"RSA"}},
		"DSA key, old form":        {cert, pem("dsa", "-in", dsaKey), CodeKeyUnsupported, RoleKey, []string{"RSA"}},
		"key on a foreign curve":   {cert, pem("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"), CodeKeyUnsupported, RoleKey, []string{"curve"}},
		"the same, old form":       {cert, pem("ecparam", "-name", "brainpoolP256r1", "-genkey", "-noout"), CodeKeyUnsupported, RoleKey, []string{"curve"}},
		"X25519 key":               {cert, pem("genpkey", "-algorithm", "X25519"), CodeKeyUnsupported, RoleKey, []string{"RSA", "Ed25519"}},
		"Ed448 key":                {cert, pem("genpkey", "-algorithm", "ED448"), CodeKeyUnsupported, RoleKey, nil},
		"OpenSSH key":              {cert, write(t, "k", openSSH), CodeFileUnsupported, RoleKey, []string{"ssh-keygen"}},
		"old encryption of PKCS#8": {cert, pem("pkcs8", "-topk8", "-in", key, "-passout", "pass:x", "-v1", "PBE-SHA1-3DES"), CodeFileUnsupported, RoleKey, []string{"openssl pkey"}},
		"unknown legacy cipher":    {cert, write(t, "k", wrongCipher), CodeFileUnsupported, RoleKey, []string{"IDEA-CBC"}},
		"key is HTML":              {cert, write(t, "k", []byte("<html>")), CodeFileNotPEM, RoleKey, []string{"HTML"}},
		"key is empty":             {cert, write(t, "k", nil), CodeFileEmpty, RoleKey, nil},
		"key damaged":              {cert, write(t, "k", []byte("-----BEGIN PRIVATE KEY-----\nMII?\n-----END PRIVATE KEY-----")), CodeFileGarbled, RoleKey, []string{"line 2"}},
		"no key at all":            {cert, write(t, "k", []byte("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----")), CodeFileGarbled, RoleKey, []string{"line 1"}},
		"sealed without sense":     {cert, write(t, "k", []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----")), CodeFileGarbled, RoleKey, nil},
		"encrypted, as certificate": {
			pem("pkcs8", "-topk8", "-in", key, "-passout", "pass:x"), key, CodeFileNoCertificate, RoleCert,
			[]string{"an encrypted private key"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := LoadKeyPair(test.cert, test.key, (&secret{text: "x"}).pass)
			wantFileError(t, err, test.code, test.words...)
			refused := fileFault(t, err)
			if refused.Role != test.role {
				t.Errorf("blames the file given as %d, want %d", refused.Role, test.role)
			}
			want := map[Role]string{RoleCert: "Invalid client certificate", RoleKey: "Invalid private key"}[test.role]
			if refused.RedisCLI() != want {
				t.Errorf("redis-cli would say %q, want %q", refused.RedisCLI(), want)
			}
		})
	}
	denied := Loader{ReadFile: func(string) ([]byte, error) { return nil, fs.ErrPermission }}
	_, err = denied.LoadKeyPair(cert, key)
	wantFileError(t, err, CodeFileUnreadable)
}
