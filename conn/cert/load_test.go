package cert

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// utf16Text is what Windows programs write when told "Unicode".
func utf16Text(text []byte) []byte {
	data := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(string(text))) {
		data = append(data, byte(unit), byte(unit>>8))
	}
	return data
}

func indent(text []byte) []byte {
	return []byte("    " + strings.ReplaceAll(string(text), "\n", "\n    "))
}

func TestLoadCertificates(t *testing.T) {
	t.Parallel()
	root, second := newRoot(t, "Lab Root A"), newRoot(t, "Lab Root B")
	rootFile := write(t, "root.crt", root.pem())
	bothFile := write(t, "both.crt", root.pem(), second.pem())
	bare := bytes.TrimSuffix(root.pem(), []byte("\n"))
	tests := map[string]struct {
		data []byte
		want int
	}{
		"PEM":                     {root.pem(), 1},
		"two blocks":              {append(root.pem(), second.pem()...), 2},
		"byte order mark":         {append([]byte("\xef\xbb\xbf"), root.pem()...), 1},
		"CRLF":                    {bytes.ReplaceAll(root.pem(), []byte("\n"), []byte("\r\n")), 1},
		"CR":                      {bytes.ReplaceAll(root.pem(), []byte("\n"), []byte("\r")), 1},
		"text around":             {bytes.Join([][]byte{[]byte("Subject: CN=x\n---- five\n"), root.pem(), []byte("\nbye -----")}, nil), 1},
		"no last line break":      {bare, 1},
		"indented":                {indent(root.pem()), 1},
		"one line, blanks":        {bytes.ReplaceAll(root.pem(), []byte("\n"), []byte(" ")), 1},
		"one line, nothing":       {bytes.ReplaceAll(root.pem(), []byte("\n"), nil), 1},
		`one line, \n`:            {bytes.ReplaceAll(root.pem(), []byte("\n"), []byte(`\n`)), 1},
		"no padding":              {bytes.ReplaceAll(root.pem(), []byte("="), nil), 1},
		"X509 CERTIFICATE":        {bytes.ReplaceAll(root.pem(), []byte("CERTIFICATE"), []byte("X509 CERTIFICATE")), 1},
		"TRUSTED CERTIFICATE":     {openssl(t, "x509", "-in", rootFile, "-trustout", "-addtrust", "serverAuth", "-setalias", "x"), 1},
		"openssl x509 -text":      {openssl(t, "x509", "-in", rootFile, "-text"), 1},
		"DER":                     {root.cert.Raw, 1},
		"two DER, stray bytes":    {append(append(append([]byte(nil), root.cert.Raw...), second.cert.Raw...), '\n'), 2},
		"PKCS#7 PEM":              {openssl(t, "crl2pkcs7", "-nocrl", "-certfile", bothFile), 2},
		"PKCS#7 DER":              {openssl(t, "crl2pkcs7", "-nocrl", "-certfile", bothFile, "-outform", "DER"), 2},
		"key beside it":           {append(root.keyPEM(t), root.pem()...), 1},
		"a bad block before":      {append([]byte("-----BEGIN CERTIFICATE-----\nMII*\n-----END CERTIFICATE-----\n"), root.pem()...), 1},
		"a bad block behind":      {append(root.pem(), "-----BEGIN CERTIFICATE-----\nMIIB\n"...), 1},
		"a BEGIN that never ends": {append([]byte("-----BEGIN CERTIFICATE-----\nMIIB\n"), root.pem()...), 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bundle, err := LoadCertificates("ca.crt", test.data, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(bundle.Certificates) != test.want || !bundle.Certificates[0].Equal(root.cert) {
				t.Fatalf("got %d certificates, want %d, Lab Root A first", len(bundle.Certificates), test.want)
			}
			if isBad := strings.Contains(name, "bad") || strings.Contains(name, "never"); isBad != (len(bundle.Notes) == 1) {
				t.Errorf("notes: %q", bundle.Notes)
			}
		})
	}
}

func TestLoadCertificatesFromPKCS12(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	leaf := root.issue(t, "client")
	certs, key := write(t, "c.pem", leaf.pem(), root.pem()), write(t, "k.pem", leaf.keyPEM(t))
	asked := 0
	pass := func(string) ([]byte, error) { asked++; return []byte("secret"), nil }
	for _, kind := range [][]string{{}, {"-legacy"}, {"-certpbe", "NONE"}} {
		args := append([]string{"pkcs12", "-export", "-in", certs, "-inkey", key, "-passout", "pass:secret"}, kind...)
		data := openssl(t, args...)
		bundle, err := LoadCertificates("client.p12", data, pass)
		if err != nil || len(bundle.Certificates) != 2 || !bundle.Certificates[0].Equal(leaf.cert) {
			t.Errorf("%v: %v, %d certificates", kind, err, len(bundle.Certificates))
		}
		_, err = LoadCertificates("client.p12", data, nil)
		wantFileError(t, err, CodeKeyEncrypted)
		_, err = LoadCertificates("client.p12", data, func(string) ([]byte, error) { return []byte("wrong"), nil })
		wantFileError(t, err, CodeKeyPassphrase)
	}
	if asked != 3 {
		t.Errorf("asked %d times for 3 files", asked)
	}
	open := openssl(t, "pkcs12", "-export", "-in", certs, "-inkey", key, "-passout", "pass:")
	if _, err := LoadCertificates("client.p12", open, nil); err != nil {
		t.Errorf("empty passphrase: %v", err)
	}
	keyless := openssl(t, "pkcs12", "-export", "-in", certs, "-nokeys", "-passout", "pass:")
	_, err := LoadCertificates("client.p12", keyless, nil)
	wantFileError(t, err, CodeFileUnsupported)
}

func TestLoadCertificatesSaysWhatAFileIs(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	rootPEM := string(root.pem())
	lines := strings.Split(rootPEM, "\n")
	garbled := strings.Join(append(append(append([]string{"text"}, lines[:3]...), lines[3][:10]+"*"+lines[3][11:]), lines[4:]...), "\n")
	padded := strings.Replace(rootPEM, lines[2][:8], "ab==cdef", 1)
	keyFile := write(t, "k.pem", root.keyPEM(t))
	csr := openssl(t, "req", "-new", "-key", keyFile, "-subj", "/CN=x")
	csrFile := write(t, "csr.pem", csr)
	broken := append([]byte(nil), root.cert.Raw...)
	broken[len(broken)/2] ^= 0xff
	tests := map[string]struct {
		data   []byte
		code   string
		detail string
	}{
		"nothing":             {nil, CodeFileEmpty, "is empty"},
		"blanks":              {[]byte(" \r\n\n"), CodeFileEmpty, "is empty"},
		"BOM only":            {[]byte("\xef\xbb\xbf"), CodeFileEmpty, "is empty"},
		"UTF-16":              {utf16Text(root.pem()), CodeFileNotPEM, "UTF-16"},
		"UTF-16, no mark":     {utf16Text(root.pem())[2:], CodeFileNotPEM, "UTF-16"},
		"HTML":                {[]byte("\n<!DOCTYPE html><title>Sign in</title>"), CodeFileNotPEM, "holds HTML"},
		"XML":                 {[]byte("<?xml version='1.0'?><a/>"), CodeFileNotPEM, "XML"},
		"JSON":                {[]byte(`{"error": "denied"}`), CodeFileNotPEM, "JSON"},
		"SSH key":             {[]byte("ssh-ed25519 AAAAC3Nza me@here"), CodeFileNotPEM, "SSH public key"},
		"text":                {[]byte("hello"), CodeFileNotPEM, "without a PEM block"},
		"text that begins 0":  {[]byte("0123456789 is no DER"), CodeFileNotPEM, "without a PEM block"},
		"binary":              {[]byte{1, 2, 0, 4, 5}, CodeFileNotPEM, "binary"},
		"gzip":                {[]byte("\x1f\x8b\x08\x00\x00"), CodeFileNotPEM, "archive"},
		"Java keystore":       {[]byte("\xfe\xed\xfe\xed\x00\x00\x00\x02"), CodeFileUnsupported, "JKS"},
		"base64 alone":        {[]byte(base64.StdEncoding.EncodeToString(root.cert.Raw)), CodeFileNotPEM, "base64 without"},
		"head misspelt":       {[]byte(strings.ReplaceAll(rootPEM, "BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE----")), CodeFileNotPEM, "head that is broken"},
		"private key":         {root.keyPEM(t), CodeFileNoCertificate, "holds a private key, not a certificate"},
		"private key, DER":    {root.keyDER(t), CodeFileNoCertificate, "holds a private key, not a certificate"},
		"request":             {csr, CodeFileNoCertificate, "a certificate request (CSR)"},
		"request, DER":        {openssl(t, "req", "-in", csrFile, "-outform", "DER"), CodeFileNoCertificate, "a certificate request (CSR)"},
		"public key":          {openssl(t, "pkey", "-in", keyFile, "-pubout"), CodeFileNoCertificate, "a public key"},
		"public key, DER":     {openssl(t, "pkey", "-in", keyFile, "-pubout", "-outform", "DER"), CodeFileNoCertificate, "a public key"},
		"parameters":          {openssl(t, "ecparam", "-name", "prime256v1"), CodeFileNoCertificate, "does not hold a certificate"},
		"PGP":                 {[]byte("-----BEGIN PGP MESSAGE-----\nAAAA\n-----END PGP MESSAGE-----\n"), CodeFileNoCertificate, "PGP"},
		"PKCS#7 without any":  {pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: emptyPKCS7()}), CodeFileNoCertificate, "PKCS#7 data without certificates"},
		"PKCS#7 damaged":      {pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: []byte{0x30, 0}}), CodeFileGarbled, "line 1: the PKCS#7 data cannot be read"},
		"illegal character":   {[]byte(garbled), CodeFileGarbled, "line 5: illegal base64 character '*'"},
		"padding inside":      {[]byte(padded), CodeFileGarbled, "line 3: illegal base64, text goes on behind the padding"},
		"no END":              {[]byte(strings.Join(lines[:4], "\n")), CodeFileGarbled, "line 1: BEGIN CERTIFICATE has no END line"},
		"another END":         {[]byte(strings.Replace(rootPEM, "END CERTIFICATE", "END PRIVATE KEY", 1)), CodeFileGarbled, "closed by END PRIVATE KEY"},
		"nothing between":     {[]byte("\n-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"), CodeFileGarbled, "line 2: nothing stands between"},
		"lines lost":          {[]byte(strings.Join(append(append([]string(nil), lines[:3]...), lines[4:]...), "\n")), CodeFileGarbled, "line 1: "},
		"a character lost":    {[]byte(strings.Replace(rootPEM, lines[1][:3], "", 1)), CodeFileGarbled, "line 1"},
		"damaged DER":         {broken, CodeFileGarbled, "the certificate cannot be read"},
		"DER cut short":       {root.cert.Raw[:100], CodeFileGarbled, "cut short"},
		"BER":                 {[]byte{0x30, 0x80, 6, 1, 1, 0, 0}, CodeFileUnsupported, "BER"},
		"OpenSSH private key": {[]byte("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"), CodeFileNoCertificate, "an OpenSSH private key"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := LoadCertificates("ca.crt", test.data, nil)
			wantFileError(t, err, test.code, test.detail)
			if text := fileFault(t, err).RedisCLI(); text != "Invalid CA Certificate File/Directory" {
				t.Errorf("redis-cli would say %q", text)
			}
		})
	}
}

// emptyPKCS7 is signed data without anything in it.
func emptyPKCS7() []byte {
	signedData := []byte{0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2}
	inner := []byte{0x30, 7, 2, 1, 1, 0x31, 0, 0x30, 0}
	explicit := append([]byte{0xa0, byte(len(inner))}, inner...)
	return append(append([]byte{0x30, byte(len(signedData) + len(explicit))}, signedData...), explicit...)
}

func TestLoadRoots(t *testing.T) {
	t.Parallel()
	a, b, c, d := newRoot(t, "A"), newRoot(t, "B"), newRoot(t, "C"), newRoot(t, "D")
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"b.pem": b.pem(), "c.der": c.cert.Raw, "key.pem": b.keyPEM(t), "README": []byte("these are ours"), "empty": nil, "b again.crt": b.pem(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// As openssl rehash leaves it, with a link that leads nowhere and a folder.
	for name, target := range map[string]string{"90ad1e1b.0": "b.pem", "dangling.0": "gone.pem"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	file := write(t, "a.crt", a.pem())
	roots, err := LoadRoots(RootSources{Files: []string{file, write(t, "ab.crt", a.pem(), b.pem())}, Dirs: []string{dir}, Data: d.pem()})
	if err != nil {
		t.Fatal(err)
	}
	if len(roots.List) != 4 {
		t.Errorf("got %d roots, want A, B, C and D once each", len(roots.List))
	}
	if roots.List[0].Path != file {
		t.Errorf("A is said to come from %s", roots.List[0].Path)
	}
	for _, root := range []*entity{a, b, c, d} {
		leaf := root.issue(t, "x", withDNS("x.lab"))
		if err := (Policy{Roots: roots, Names: []string{"x.lab"}, Now: testNow}).Verify(leaf.chainCerts()); err != nil {
			t.Errorf("%s is not trusted: %v", root.cert.Subject, err)
		}
	}
	none, err := LoadRoots(RootSources{})
	if err != nil || none.Pool != nil {
		t.Errorf("without sources: pool %v, %v; want the system's store", none.Pool, err)
	}
}

func TestLoadRootsFails(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "A")
	file, dir := write(t, "a.crt", root.pem()), t.TempDir()
	huge := filepath.Join(dir, "huge")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, maxFileSize+1); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		from RootSources
		code string
		text string
	}{
		"missing file":       {RootSources{Files: []string{filepath.Join(dir, "gone")}}, CodeFileUnreadable, "does not exist"},
		"unexpanded home":    {RootSources{Files: []string{"~/ca.crt"}}, CodeFileUnreadable, "$HOME"},
		"directory as file":  {RootSources{Files: []string{dir}}, CodeFileUnreadable, "use --cacertdir " + dir},
		"huge file":          {RootSources{Files: []string{huge}}, CodeFileUnreadable, "larger"},
		"name too long":      {RootSources{Files: []string{strings.Repeat("x", 300)}}, CodeFileUnreadable, "cannot be read"},
		"missing directory":  {RootSources{Dirs: []string{filepath.Join(dir, "gone")}}, CodeFileUnreadable, "does not exist"},
		"file as directory":  {RootSources{Dirs: []string{file}}, CodeFileUnreadable, "use --cacert " + file},
		"directory of none":  {RootSources{Dirs: []string{dir}}, CodeDirEmpty, "no file with a certificate"},
		"one bad, two good":  {RootSources{Files: []string{file, huge, file}}, CodeFileUnreadable, huge},
		"inline, no PEM":     {RootSources{Data: []byte("hello")}, CodeFileNotPEM, "inline"},
		"key instead of CA":  {RootSources{Files: []string{write(t, "k", root.keyPEM(t))}}, CodeFileNoCertificate, "ca.crt"},
		"good one, then bad": {RootSources{Files: []string{file}, Dirs: []string{dir}}, CodeDirEmpty, dir},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			roots, err := LoadRoots(test.from)
			wantFileError(t, err, test.code, test.text)
			if roots.Pool != nil {
				t.Error("a pool came with the error")
			}
		})
	}
}

func TestLoadRootsWithoutPermission(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "ca.crt")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	// Tests may run as root, who may read everything.
	denied := Loader{ReadFile: func(path string) ([]byte, error) {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
	}}
	_, err := denied.LoadRoots(RootSources{Files: []string{file}})
	wantFileError(t, err, CodeFileUnreadable, "may not be read by you", "owned by ", "-rw-------")
	if !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v does not wrap its cause", err)
	}
	_, err = denied.LoadRoots(RootSources{Dirs: []string{dir}})
	wantFileError(t, err, CodeDirEmpty, "files refused: 1")
	gone := Loader{Stat: func(string) (fs.FileInfo, error) { return nil, fs.ErrPermission }, ReadFile: denied.ReadFile}
	_, err = gone.LoadRoots(RootSources{Files: []string{file}})
	wantFileError(t, err, CodeFileUnreadable)
}

// pipeInfo is the FileInfo of a named pipe.
type pipeInfo struct{ fs.FileInfo }

func (pipeInfo) Mode() fs.FileMode { return fs.ModeNamedPipe | 0o600 }

func TestLoadRootsOpensNoPipes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"a.crt", "pipe"} {
		if err := os.WriteFile(filepath.Join(dir, name), newRoot(t, name).pem(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	load := Loader{Stat: func(path string) (fs.FileInfo, error) {
		info, err := os.Stat(path)
		if filepath.Base(path) == "pipe" {
			return pipeInfo{info}, err
		}
		return info, err
	}}
	roots, err := load.LoadRoots(RootSources{Dirs: []string{dir}})
	if err != nil || len(roots.List) != 1 {
		t.Errorf("%d roots, %v; want only a.crt, since reading a pipe may take for ever", len(roots.List), err)
	}
}

func FuzzLoadCertificates(f *testing.F) {
	root := sign(f, template(f, "Fuzz", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), asCA), newKey(f), nil)
	for _, seed := range [][]byte{
		root.pem(), root.cert.Raw, root.keyPEM(f), root.keyDER(f), utf16Text(root.pem()), indent(root.pem()), emptyPKCS7(),
		[]byte("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----"),
		[]byte("-----BEGIN CERTIFICATE----------END CERTIFICATE-----"), []byte("-----BEGIN -----\n-----END -----"), []byte("0\x800\x80"),
	} {
		f.Add(seed)
	}
	pass := func(string) ([]byte, error) { return []byte("x"), nil }
	f.Fuzz(func(t *testing.T, data []byte) {
		bundle, err := LoadCertificates("f", data, pass)
		if refused, ok := errors.AsType[*FileError](err); err != nil && (!ok || refused.Detail == "" || refused.Fix == "") {
			t.Errorf("error %#v is not fit to be shown", err)
		}
		if (err == nil) != (len(bundle.Certificates) > 0) {
			t.Errorf("%d certificates and error %v", len(bundle.Certificates), err)
		}
		load := Loader{ReadFile: func(string) ([]byte, error) { return data, nil }, Passphrase: pass}
		if pair, err := load.LoadKeyPair("c", "k"); err == nil && (pair.PrivateKey == nil || pair.Leaf == nil) {
			t.Error("half a key pair without an error")
		}
	})
}
