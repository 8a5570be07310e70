package cert

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
)

// loadPair reads a certificate and its key as the reader of the files will, and says what goes wrong.
func (j *fileJudge) loadPair(pair FilePair) loadedPair {
	loaded := loadedPair{pair: pair}
	if !pair.Cert.Given() && !pair.Key.Given() {
		return loaded
	}
	before := len(j.findings)
	keyFile := pair.Key
	if !keyFile.Given() {
		keyFile = pair.Cert // it may hold both
	}
	certs, certsOK := j.readCerts(pair.Cert, pair.Passphrase, &loaded)
	key, keyOK := j.readKey(keyFile, pair, certs)
	if certsOK && keyOK {
		loaded.whole = j.matchPair(&loaded, keyFile, key)
	}
	j.judgeAccess(pair)
	if loaded.whole || len(j.findings) > before {
		j.check("key", before, "belongs to the certificate")
	}
	return loaded
}

// readCerts reads the file of a certificate with its chain.
func (j *fileJudge) readCerts(file LocalFile, pass Passphrase, loaded *loadedPair) (contents, bool) {
	if !file.Given() {
		return contents{}, false
	}
	if file.Err != nil {
		j.unreadable(file, RoleCert)
		return contents{}, false
	}
	held, err := source{path: file.Path, role: RoleCert, pass: pass}.open(file.Data)
	switch {
	case err != nil:
		j.add(j.fileFault(file, err))
		return held, false
	case len(held.certs) == 0 && len(held.keys) > 0 && j.holdsCertificate(loaded.pair.Key):
		j.swapped(loaded.pair)
		return held, false
	case len(held.certs) == 0:
		j.add(j.fileFault(file, held.lacks("a certificate")))
		return held, false
	}
	loaded.all = held.certs
	strict, ok := j.strictCerts(file, RoleCert)
	if !ok && j.set.Reader != ReaderAny {
		return held, false
	}
	if loaded.certs = strict; !ok {
		loaded.certs = held.certs
	}
	return held, true
}

// strictCerts returns the certificates of a file as OpenSSL reads it, and says why it reads none.
func (j *fileJudge) strictCerts(file LocalFile, role Role) ([]*x509.Certificate, bool) {
	blocks, err := strictPEM(file.Data)
	var certs []*x509.Certificate
	for _, b := range blocks {
		switch b.label {
		case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE":
		default:
			continue
		}
		element, _, _ := cutElement(b.der)
		c, parseErr := x509.ParseCertificate(element)
		if parseErr != nil && err == nil {
			err = fmt.Errorf("line %d: the certificate cannot be read: %w", b.line, parseErr)
		}
		if parseErr == nil {
			certs = append(certs, c)
		}
	}
	if j.set.Reader == ReaderStunnel && role == RoleCert && isPKCS12(file.Data) {
		held, openErr := source{path: file.Path, role: role}.open(file.Data)
		return held.certs, openErr == nil
	}
	if err == nil && len(certs) > 0 {
		return certs, true
	}
	j.add(j.notForOpenSSL(file, role, err))
	return nil, false
}

// readKey reads the file of a private key.
func (j *fileJudge) readKey(file LocalFile, pair FilePair, certs contents) (crypto.PrivateKey, bool) {
	if file.Err != nil {
		if file.Path != pair.Cert.Path {
			j.unreadable(file, RoleKey)
		}
		return nil, false
	}
	from := source{path: file.Path, role: RoleKey, pass: pair.Passphrase}
	held, err := from.open(file.Data)
	switch {
	case err != nil && file.Path == pair.Cert.Path:
		return nil, false // it has been said of the certificate
	case err != nil:
		j.add(j.fileFault(file, err))
		return nil, false
	case len(held.keys) == 0 && !pair.Key.Given():
		j.keyMissing(pair.Cert)
		return nil, false
	case len(held.keys) == 0:
		if len(held.certs) == 0 || len(certs.keys) == 0 {
			j.add(j.fileFault(file, held.lacks("a private key")))
		}
		return nil, false
	}
	sealed, ok := j.strictKey(file, held)
	if !ok {
		return nil, false
	}
	key, err := sealed.unseal(from)
	if err != nil {
		j.add(j.keyFault(file, err))
		return nil, false
	}
	if pair.Passphrase != nil && !sealed.isEncrypted() && !isPKCS12(file.Data) && j.set.Reader != ReaderAny {
		j.add(Finding{
			Code: CodeKeyPassSpare, Severity: SeverityInfo, Scope: file.scope(),
			Message: file.name() + " is not encrypted, so that the passphrase given for it is of no use", Evidence: file.facts(),
		})
	}
	return key, true
}

// strictKey returns the key of a file that OpenSSL would take: the first one.
func (j *fileJudge) strictKey(file LocalFile, held contents) (sealedKey, bool) {
	blocks, err := strictPEM(file.Data)
	for _, b := range blocks {
		if strings.HasSuffix(b.label, "PRIVATE KEY") {
			if isMislabelled(b) {
				err = fmt.Errorf("line %d: what follows BEGIN %s is a key of another kind", b.line, b.label)
				break
			}
			return sealedKey{label: b.label, headers: b.headers, der: b.der, where: fmt.Sprintf("line %d: ", b.line)}, true
		}
	}
	if j.set.Reader == ReaderStunnel && isPKCS12(file.Data) {
		return held.keys[0], true
	}
	j.add(j.notForOpenSSL(file, RoleKey, err))
	return held.keys[0], j.set.Reader == ReaderAny
}

// isMislabelled reports whether a block holds a key of another kind than its label says: OpenSSL goes by the label.
func isMislabelled(b block) bool {
	var err error
	switch {
	case b.headers["DEK-Info"] != "":
	case b.label == "RSA PRIVATE KEY":
		_, err = x509.ParsePKCS1PrivateKey(b.der)
	case b.label == "EC PRIVATE KEY":
		_, err = x509.ParseECPrivateKey(b.der)
	}
	if err == nil {
		return false
	}
	_, otherErr := parseKey(b.der)
	return otherErr == nil
}

// matchPair checks that key belongs to the first certificate.
func (j *fileJudge) matchPair(loaded *loadedPair, keyFile LocalFile, key crypto.PrivateKey) bool {
	public, ok := publicKey(key)
	if !ok {
		j.add(Finding{
			Code: CodeKeyUnsupported, Severity: SeverityCrit, Scope: keyFile.scope(), Evidence: keyFile.facts(),
			Message: fmt.Sprintf("%s holds a key that TLS cannot use (%T)%s", keyFile.name(), key, keyFile.Setting.at()),
			Fixes:   []Fix{j.advice(usableKeys)},
		})
		return false
	}
	leaf := loaded.certs[0]
	if public.Equal(leaf.PublicKey) {
		return true
	}
	for place, c := range loaded.certs[1:] {
		if public.Equal(c.PublicKey) {
			j.add(j.chainOrder(loaded, place+1))
			loaded.certs = slices.Concat([]*x509.Certificate{c}, loaded.certs[:place+1], loaded.certs[place+2:])
			return false
		}
	}
	j.add(j.keyMismatch(loaded, keyFile, public))
	return false
}

func (j *fileJudge) chainOrder(loaded *loadedPair, place int) Finding {
	file := loaded.pair.Cert
	return Finding{
		Code: CodeChainOrder, Severity: SeverityCrit, Scope: file.scope(), Evidence: file.facts(),
		Message: fmt.Sprintf("%s has its certificates in the wrong order: the key belongs to number %d (%s), which must come first%s",
			file.name(), place+1, subject(loaded.certs[place]), file.Setting.at()),
		Cause: "the first certificate of the file is taken for the one to show, and it is not the key's: " + j.refuses(),
		Fixes: []Fix{j.bundle(file, "")},
	}
}

func (j *fileJudge) keyMismatch(loaded *loadedPair, keyFile LocalFile, public comparableKey) Finding {
	file, leaf := loaded.pair.Cert, loaded.certs[0]
	otherKind := reflect.TypeOf(public) != reflect.TypeOf(leaf.PublicKey)
	f := Finding{
		Code: CodeKeyMismatch, Severity: SeverityCrit, Scope: keyFile.scope(),
		Message: fmt.Sprintf("%s is not the key of the certificate in %s%s: the key is %s, the certificate was made for %s",
			keyFile.name(), file.name(), keyFile.Setting.at(), describeKey(public), describeKey(leaf.PublicKey)),
		Cause:    "the log says \"key values mismatch\": " + j.refuses(),
		Evidence: append(keyFile.facts(), Fact{"certificate_spki", SPKI(leaf.PublicKey)}, Fact{"key_spki", SPKI(public)}),
	}
	if otherKind && j.set.Reader != ReaderStunnel {
		f.Cause = "redis-server does not notice, CONFIG SET answers OK, and then every handshake fails with alert 40"
	}
	if j.set.Reader == ReaderAny && !otherKind {
		f.Cause = "whoever loads the two refuses them"
	}
	if other, fits := j.otherKey(keyFile, leaf); fits {
		f.Cause += "; the key in " + printable(other.Path) + " does belong to it"
		f.Fixes = append(f.Fixes, j.setPath(keyFile, other))
		return f
	}
	f.Fixes = append(f.Fixes, j.shell(fmt.Sprintf("openssl x509 -in %s -noout -pubkey; openssl pkey -in %s -pubout",
		ShellQuote(file.Path), ShellQuote(keyFile.Path)), "both print the same for a certificate and its key: find the pair, or have the certificate issued for this key"))
	return f
}

// otherKey finds the key of leaf among the other files that were named.
func (j *fileJudge) otherKey(than LocalFile, leaf *x509.Certificate) (LocalFile, bool) {
	for _, file := range []LocalFile{j.set.Own.Key, j.set.Own.Cert, j.set.Client.Key, j.set.Client.Cert} {
		if !file.Given() || file.Path == than.Path {
			continue
		}
		if nearby, ok := ReadNearby(file.Path, file.Data); ok && nearby.KeySPKI != "" && nearby.KeySPKI == SPKI(leaf.PublicKey) {
			return file, true
		}
	}
	return LocalFile{}, false
}

// setPath has a setting name another file.
func (j *fileJudge) setPath(file, other LocalFile) Fix {
	if file.Setting.Line > 0 {
		return j.setInFile(file.Setting.Name, other.Setting.Value)
	}
	return j.advice(file.Setting.Name + " " + ShellQuote(other.Path))
}

func (j *fileJudge) holdsCertificate(file LocalFile) bool {
	if !file.Given() || file.Err != nil {
		return false
	}
	held, err := source{path: file.Path, role: RoleCert}.open(file.Data)
	return err == nil && len(held.certs) > 0 && len(held.keys) == 0
}

func (j *fileJudge) swapped(pair FilePair) {
	f := Finding{
		Code: CodeFilesSwapped, Severity: SeverityCrit, Scope: pair.Cert.scope(), Evidence: append(pair.Cert.facts(), pair.Key.facts()...),
		Message: pair.Cert.name() + " holds a private key, and " + pair.Key.name() + " holds a certificate: the two are swapped" +
			pair.Cert.Setting.at(),
		Cause: j.refuses(),
	}
	if pair.Cert.Setting.Line > 0 {
		f.Fixes = []Fix{j.setInFile(pair.Cert.Setting.Name, pair.Key.Setting.Value, pair.Key.Setting.Name, pair.Cert.Setting.Value)}
	} else {
		f.Fixes = []Fix{j.shell(fmt.Sprintf("%s cert files --cert %s --key %s", j.set.Program, ShellQuote(pair.Key.Path), ShellQuote(pair.Cert.Path)), "")}
	}
	j.add(f)
}

// keyMissing says that no key was given: of loose files that is not asked for.
func (j *fileJudge) keyMissing(cert LocalFile) {
	if cert.Setting.Line == 0 {
		j.unchecked("key", "no --key")
		return
	}
	name := strings.Replace(cert.Setting.Name, "cert", "key", 1)
	if j.set.Reader != ReaderStunnel && j.speaksTLS() {
		return // judgeRequired says it
	}
	j.add(Finding{
		Code: CodeKeyMissing, Severity: SeverityCrit, Scope: cert.scope(), Evidence: cert.facts(),
		Message: cert.name() + " holds a certificate without its private key, and no other file is given for that" + cert.Setting.at(),
		Cause:   j.refuses(), Fixes: []Fix{j.placeholder(j.setInFile(name, "KEYFILE"))},
	})
}

func (j *fileJudge) placeholder(f Fix) Fix {
	f.Placeholders = f.Command != ""
	return f
}

// isDenied reports whether an error says that we may not read a file; others perhaps may.
func isDenied(err error) bool { return errors.Is(err, fs.ErrPermission) }
