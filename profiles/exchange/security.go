package exchange

import (
	"bytes"
	"encoding/pem"
	"path/filepath"
	"strings"

	"redan/conn"
	"redan/profiles"
)

// security is what a file says of TLS. Certificates and keys are the path of a file or the thing itself; see [security.apply].
type security struct {
	ca, cert, key        string
	caDirs               []string
	passphrase           conn.Secret
	verify, serverName   string
	verifyNames          []string
	min, max             string
	ciphers, ciphersuite string

	// folder is where paths are relative to: the folder of the file that they stand in.
	folder string
}

// apply adds the changes and secrets of TLS.
func (t *security) apply(e *Entry, s *server) {
	before := len(e.Changes)
	t.authorities(e, s)
	t.certificate(e, s)
	e.set(t.verify, "tls", "verify")
	e.set(printable(t.serverName), "tls", "server_name")
	e.set(unique(t.verifyNames...), "tls", "verify_names")
	e.set(t.min, "tls", "min")
	e.set(t.max, "tls", "max")
	e.set(t.ciphers, "tls", "ciphers")
	e.set(t.ciphersuite, "tls", "ciphersuites")
	if t.verify == "none" {
		s.notef("the server's certificate is not verified, as it was there (tls.verify)")
	}
	if len(e.Changes) == before {
		e.set(true, "tls", "enabled")
	}
}

func (t *security) authorities(e *Entry, s *server) {
	switch certificates, _, inline := material(t.ca); {
	case !inline && t.ca != "":
		e.set([]string{t.path(t.ca)}, "tls", "ca")
	case inline && certificates == "":
		s.notef("what stands for the CA certificate is none, and was left out")
	case inline:
		e.set(certificates, "tls", "ca_data")
	}
	for i, dir := range t.caDirs {
		t.caDirs[i] = t.path(dir)
	}
	e.set(t.caDirs, "tls", "ca_dirs")
}

func (t *security) certificate(e *Entry, s *server) {
	certificates, beside, inline := material(t.cert)
	switch {
	case !inline && t.cert != "":
		e.set(t.path(t.cert), "tls", "cert")
	case inline && certificates == "":
		s.notef("what stands for the client certificate is none, and was left out")
	case inline:
		e.set(certificates, "tls", "cert_data")
	}
	_, key, inline := material(t.key)
	switch {
	case !inline && t.key != "":
		e.set(t.path(t.key), "tls", "key")
	case inline && key == "":
		s.notef("what stands for the private key is none, and was left out")
	case inline:
		e.Secrets["tls.key_data"] = conn.NewSecret(key)
	case beside != "":
		e.Secrets["tls.key_data"] = conn.NewSecret(beside)
	}
	if t.passphrase.IsSet() {
		e.Secrets["tls.key_passphrase"] = t.passphrase
	}
}

// path returns the path of a file as a profile can have it, whose own paths are relative to another folder.
func (t *security) path(path string) string {
	path = strings.TrimPrefix(printable(path), "file://")
	drive := len(path) > 2 && path[1] == ':' && (path[2] == '\\' || path[2] == '/')
	if t.folder == "" || drive || filepath.IsAbs(path) || strings.HasPrefix(path, "~/") || strings.HasPrefix(path, `\\`) {
		return path
	}
	return filepath.Join(t.folder, path)
}

// material returns the certificates and the private keys of a text that holds them itself, as PEM: so that no key stays beside a
// certificate in a file. inline is false for what is the path of a file.
func material(text string) (certificates, keys string, inline bool) {
	if !strings.Contains(text, "-----BEGIN ") {
		return "", "", false
	}
	// Some tools keep line breaks as two characters.
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, `\n`, "\n")
	}
	var certs, private bytes.Buffer
	for rest := []byte(text); ; {
		var block *pem.Block
		block, rest = pem.Decode(rest)
		if block == nil {
			return certs.String(), private.String(), true
		}
		switch {
		case strings.HasSuffix(block.Type, "CERTIFICATE"):
			block.Headers = nil
			_ = pem.Encode(&certs, block) // a buffer takes everything
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			_ = pem.Encode(&private, block) // as above; the headers of an old encrypted key belong to it
		}
	}
}

// decoded returns what base64 stands for as PEM, or "" when it is none.
func decoded(text string) string {
	data, err := profiles.DecodeInline(text)
	switch {
	case err != nil:
		return ""
	case bytes.Contains(data, []byte("-----BEGIN ")):
		return string(data)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: data}))
}
