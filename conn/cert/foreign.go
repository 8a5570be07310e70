package cert

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"
)

// foreign explains a file that holds no PEM block and is not DER either: what it is instead.
func (s source) foreign(data []byte) *FileError {
	text := bytes.TrimSpace(data)
	start := asciiLower(text[:min(len(text), 64)])
	starts := func(prefixes ...string) bool {
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(start, prefix) })
	}
	what, fix := "holds text without a PEM block (-----BEGIN ...-----)", "check the path"
	switch {
	case len(text) == 0:
		return s.fail(CodeFileEmpty, "is empty", "check how it was written; an earlier step may have failed", nil)
	case isUTF16(data):
		what = "is UTF-16 text, which Windows calls Unicode"
		fix = "convert it: iconv -f UTF-16 -t UTF-8 " + s.path
	case starts("\xfe\xed\xfe\xed", "\xce\xce\xce\xce"):
		return s.fail(CodeFileUnsupported, "is a Java keystore (JKS)",
			"convert it: keytool -importkeystore -srckeystore "+s.path+" -destkeystore NEW.p12 -deststoretype PKCS12", nil)
	case starts("\x1f\x8b", "pk\x03\x04", "bzh", "\xfd7zxz"):
		what, fix = "is a compressed archive", "unpack it first"
	case starts("<!doctype html", "<html"):
		what, fix = "holds HTML", "download it again; the server answered with a web page, often a login or error page"
	case starts("<?xml", "<"):
		what = "holds XML"
	case starts("{", "["):
		what, fix = "holds JSON", "extract the PEM text from it"
	case starts("ssh-", "ecdsa-sha2-", "---- begin ssh2"):
		what = "holds an SSH public key"
	case bytes.Contains(text, []byte("-----BEGIN")):
		what = "has a PEM head that is broken"
		fix = "the first line must read exactly -----BEGIN CERTIFICATE----- (or ... PRIVATE KEY-----)"
	case isBareBase64(text):
		what, fix = "holds base64 without the BEGIN and END lines of PEM", "decode it: base64 -d "+s.path
	case bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text):
		what = "holds binary data that is no certificate or key"
	}
	return s.fail(CodeFileNotPEM, what, fix, nil)
}

// asciiLower lowers ASCII letters and leaves all other bytes as they are, which need not be text.
func asciiLower(data []byte) string {
	lower := append([]byte(nil), data...)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return string(lower)
}

// isUTF16 reports whether data has the byte order mark of UTF-16 or is ASCII with a zero beside every character.
func isUTF16(data []byte) bool {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return true
	}
	return bytes.Contains(data, []byte("-\x00-\x00-\x00-\x00"))
}

func isBareBase64(text []byte) bool {
	joined := strings.Join(strings.Fields(string(text)), "")
	_, err := base64.StdEncoding.DecodeString(joined)
	return err == nil && len(joined) > 64
}

// nameOfLabel says what a PEM label stands for.
func nameOfLabel(label string) string {
	switch label {
	case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST":
		return "a certificate request (CSR)"
	case "X509 CRL":
		return "a revocation list (CRL)"
	case "PUBLIC KEY", "RSA PUBLIC KEY", "SSH2 PUBLIC KEY":
		return "a public key"
	case "PGP PUBLIC KEY BLOCK", "PGP PRIVATE KEY BLOCK", "PGP MESSAGE":
		return "a PGP block"
	default:
		return "a " + label + " block"
	}
}
