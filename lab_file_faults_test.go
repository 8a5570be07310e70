package main_test

import (
	"encoding/base64"
	"os/exec"
	"path/filepath"

	"redan/conn/conntest"
)

// passphrase encrypts the keys of the laboratory.
const passphrase = "correct-horse-battery"

// fileFaults are files of the command line that cannot be used as they are. Whatever they are, the server is looked at without them.
func fileFaults() []fault {
	const gone = "only the user knows where the right file is"
	// mutual is a server that wants a client certificate, and the right one for it.
	mutual := func(b *bench) (options string, pair *conntest.Pair, ca *conntest.Authority) {
		ca = b.authority("ca")
		pair = ca.Issue(b.t, conntest.IssueOptions{CN: "app"})
		return b.serving(ca, nil, conntest.MutualTLS("yes")) + "--cacert ca.crt ", pair, ca
	}
	return []fault{
		{
			code: "KEY_MISMATCH", severity: "crit", scope: "file:other.key", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				options, pair, ca := mutual(b)
				b.pair("app", pair)
				b.put("other.key", ca.Issue(b.t, conntest.IssueOptions{CN: "other"}).KeyFile)
				return options + "--cert app.crt --key other.key"
			},
		},
		{
			code: "KEY_ENCRYPTED", severity: "crit", scope: "file:app.key", exit: 2, nobody: "only the user knows the passphrase",
			build: func(b *bench) string {
				options, pair, _ := mutual(b)
				b.put("app.crt", pair.CertFile)
				b.encrypt("app.key", pair.KeyFile)
				return options + "--cert app.crt --key app.key"
			},
		},
		{
			code: "KEY_PASSPHRASE", severity: "crit", scope: "file:app.key", exit: 2, nobody: "only the user knows the passphrase",
			build: func(b *bench) string {
				options, pair, _ := mutual(b)
				b.put("app.crt", pair.CertFile)
				b.encrypt("app.key", pair.KeyFile)
				b.env = []string{"REDAN_KEY_PASS=wrong-donkey-battery"}
				b.secrets = append(b.secrets, "wrong-donkey-battery")
				return options + "--cert app.crt --key app.key"
			},
		},
		{
			code: "FILE_UNREADABLE", severity: "crit", scope: "file:app.crt", exit: 3, nobody: gone,
			build: func(b *bench) string {
				options, _, _ := mutual(b)
				return options + "--cert app.crt --key app.key"
			},
		},
		{
			code: "FILE_UNREADABLE", name: "misspelt", severity: "crit", scope: "file:app-crt.pem", exit: 3, mends: []string{client},
			build: func(b *bench) string {
				options, pair, _ := mutual(b)
				b.pair("app", pair)
				return options + "--cert app-crt.pem --key app.key"
			},
		},
		{
			code: "FILE_UNREADABLE", name: "authority", severity: "crit", scope: "file:root.crt", exit: 3, briefer: knowsLess, mends: []string{client},
			build: func(b *bench) string {
				return b.serving(b.authority("ca"), nil) + "--cacert root.crt"
			},
		},
		{
			code: "FILE_NOT_PEM", severity: "crit", scope: "file:ca.txt", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				b.write("ca.txt", []byte("the certificate of the CA is on the intranet\n"))
				return b.serving(b.authority("ca"), nil) + "--cacert ca.txt"
			},
		},
		{
			code: "FILE_GARBLED", severity: "crit", scope: "file:app.crt", exit: 2, nobody: gone,
			build: func(b *bench) string {
				options, pair, _ := mutual(b)
				b.put("app.key", pair.KeyFile)
				half := base64.StdEncoding.EncodeToString(pair.Cert.Raw)[:100]
				b.write("app.crt", []byte("-----BEGIN CERTIFICATE-----\n"+half+"\n-----END CERTIFICATE-----\n"))
				return options + "--cert app.crt --key app.key"
			},
		},
		{
			code: "FILES_SWAPPED", severity: "crit", scope: "file:app.key", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				options, pair, _ := mutual(b)
				b.pair("app", pair)
				return options + "--cert app.key --key app.crt"
			},
		},
		{
			code: "KEY_MISSING", severity: "crit", scope: "file:app.crt", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				options, pair, _ := mutual(b)
				b.pair("app", pair)
				return options + "--cert app.crt"
			},
		},
	}
}

// encrypt puts a key into the working directory, encrypted.
func (b *bench) encrypt(name, keyFile string) {
	b.t.Helper()
	b.secrets = append(b.secrets, passphrase)
	out, err := exec.CommandContext(b.t.Context(), "openssl", "pkcs8", "-topk8", "-in", keyFile, "-out", filepath.Join(b.dir, name),
		"-passout", "pass:"+passphrase).CombinedOutput()
	if err != nil {
		b.t.Fatalf("openssl pkcs8: %v\n%s", err, out)
	}
}
