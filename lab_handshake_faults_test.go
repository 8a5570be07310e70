package main_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"

	"redan/conn/conntest"
)

// handshakeFaults are client and server without a version, a cipher suite, a signature or a name in common, and keys of the wrong size.
func handshakeFaults() []fault {
	const reissue = "only the CA can issue another certificate"
	withRSA := func(o *conntest.IssueOptions) { o.KeyType = conntest.RSA2048 }
	return []fault{
		{
			code: "VERSION", name: "server too new", severity: "crit", scope: "target", exit: 2, mends: []string{client, server},
			build: func(b *bench) string {
				return b.serving(b.authority("ca"), nil, conntest.TLSProtocols("TLSv1.3")) + "--cacert ca.crt --tls-max 1.2"
			},
		},
		{
			code: "VERSION", name: "server too old", severity: "crit", scope: "target", exit: 2, mends: []string{client, server},
			build: func(b *bench) string {
				return b.serving(b.authority("ca"), nil, conntest.TLSProtocols("TLSv1.2")) + "--cacert ca.crt --tls-min 1.3"
			},
		},
		{
			code: "VERSION", name: "server very old", severity: "crit", scope: "target", exit: 2, mends: []string{client, server},
			build: func(b *bench) string {
				ca := b.authority("ca")
				options := b.serving(ca, nil, conntest.Lenient(b.t)) + "--cacert ca.crt"
				b.set("tls-protocols", "TLSv1 TLSv1.1", "tls-ciphers", "DEFAULT@SECLEVEL=0")
				return options
			},
		},
		{
			code: "NO_COMMON_CIPHER", name: "server has only DHE", severity: "crit", scope: "target", exit: 2, mends: []string{server},
			build: func(b *bench) string {
				ca := b.authority("ca")
				options := b.serving(ca, ca.Issue(b.t, conntest.IssueOptions{KeyType: conntest.RSA2048})) + "--cacert ca.crt"
				b.set("tls-protocols", "TLSv1.2", "tls-ciphers", "DHE-RSA-AES256-GCM-SHA384")
				return options
			},
		},
		{
			code: "NO_COMMON_CIPHER", name: "client is too narrow", severity: "crit", scope: "target", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				return b.serving(b.authority("ca"), nil, conntest.TLSProtocols("TLSv1.2")) +
					"--cacert ca.crt --tls-ciphers ECDHE-RSA-AES128-GCM-SHA256" // and the server's key is no RSA key
			},
		},
		{
			code: "NO_SIGALG", severity: "crit", scope: "cert:0", exit: 2, nobody: reissue,
			build: func(b *bench) string {
				ca := b.authority("ca", withRSA)
				pair := ca.Forge(b.t, conntest.IssueOptions{}, conntest.Forgery{Hash: crypto.MD5})
				return b.presenting(ca, pair, conntest.Lenient(b.t)) + "--cacert ca.crt"
			},
		},
		{
			code: "SHA1_SIGNED", severity: "crit", scope: "cert:0", exit: 2, nobody: reissue,
			build: func(b *bench) string {
				ca := b.authority("ca", withRSA)
				pair := ca.Forge(b.t, conntest.IssueOptions{}, conntest.Forgery{Hash: crypto.SHA1})
				return b.presenting(ca, pair, conntest.Lenient(b.t)) + "--cacert ca.crt"
			},
		},
		{
			code: "WEAK_RSA", severity: "warn", scope: "cert:0", exit: 1, nobody: reissue,
			build: func(b *bench) string {
				ca := b.authority("ca")
				short, err := rsa.GenerateKey(rand.Reader, 1024)
				if err != nil {
					b.t.Fatal(err)
				}
				pair := ca.Forge(b.t, conntest.IssueOptions{}, conntest.Forgery{Key: short})
				return b.presenting(ca, pair, conntest.Lenient(b.t)) + "--cacert ca.crt"
			},
		},
		{
			code: "OVERSIZED_RSA", severity: "crit", scope: "cert:0", exit: 2, nobody: reissue,
			build: func(b *bench) string {
				ca := b.authority("ca")
				pair := ca.Forge(b.t, conntest.IssueOptions{}, conntest.Forgery{Key: giantKey(b)})
				return b.presenting(ca, pair) + "--cacert ca.crt"
			},
		},
		{
			code: "SERVER_KEY_MISMATCH", severity: "crit", scope: "target", exit: 2, nobody: "only the user knows which key belongs to the certificate",
			build: func(b *bench) string {
				ca := b.authority("ca")
				pair := ca.Issue(b.t, conntest.IssueOptions{KeyType: conntest.RSA2048})
				pair.KeyFile = ca.Issue(b.t, conntest.IssueOptions{}).KeyFile // Redis takes it: RSA and EC are two slots to OpenSSL
				return b.presenting(ca, pair) + "--cacert ca.crt"
			},
		},
		{
			code: "SNI_REQUIRED", name: "haproxy refuses others", severity: "crit", scope: "target", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				ca := b.authority("ca")
				pair := ca.Issue(b.t, conntest.IssueOptions{DNS: []string{"redis.lab"}})
				redis := conntest.Start(b.t)
				addr := conntest.HAProxy(b.t, "ssl strict-sni crt "+pair.Bundle(b.t), "mode tcp", "default_backend redis",
					"backend redis", "mode tcp", "server redis "+redis.Addr())
				return at("127.0.0.1", conntest.Port(b.t, addr)) + "--cacert ca.crt --tls-verify-name redis.lab"
			},
		},
		{
			code: "SNI_REQUIRED", name: "haproxy routes by it", severity: "crit", scope: "target", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				ca := b.authority("ca")
				pair := ca.Issue(b.t, conntest.IssueOptions{DNS: []string{"redis.lab"}})
				redis := conntest.Start(b.t, conntest.WithCerts(ca, pair))
				addr := conntest.HAProxy(b.t, "", "mode tcp", "tcp-request inspect-delay 5s", "tcp-request content accept if { req.ssl_hello_type 1 }",
					"use_backend redis if { req.ssl_sni redis.lab }",
					"backend redis", "mode tcp", "server redis "+redis.TLSAddr())
				return at("127.0.0.1", conntest.Port(b.t, addr)) + "--cacert ca.crt --tls-verify-name redis.lab"
			},
		},
		{
			code: "SNI_REQUIRED", name: "haproxy has a website for the rest", severity: "crit", scope: "target", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				ca := b.authority("ca")
				pair := ca.Issue(b.t, conntest.IssueOptions{DNS: []string{"www.lab", "redis.lab"}})
				redis, web := conntest.Start(b.t), conntest.HTTPS(b.t, pair)
				addr := conntest.HAProxy(b.t, "ssl crt "+pair.Bundle(b.t), "mode tcp", "use_backend redis if { ssl_fc_sni redis.lab }",
					"default_backend web", "backend redis", "mode tcp", "server redis "+redis.Addr(),
					"backend web", "mode tcp", "server web "+web+" ssl verify none")
				return at("127.0.0.1", conntest.Port(b.t, addr)) + "--cacert ca.crt"
			},
		},
	}
}

// set is CONFIG SET on the server, past its TLS.
func (b *bench) set(parameters ...string) {
	b.t.Helper()
	if reply, err := b.admin(append([]string{"CONFIG", "SET"}, parameters...)...); err != nil {
		b.t.Fatalf("CONFIG SET %q: %s (%v)", parameters, reply, err)
	}
}

// giantKey is an RSA key of 9000 bits, which takes ten seconds to make: it comes from a file.
func giantKey(b *bench) crypto.Signer {
	b.t.Helper()
	data, err := os.ReadFile("testdata/lab/rsa9000.key")
	if err != nil {
		b.t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		b.t.Fatal("testdata/lab/rsa9000.key is no PEM file")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		b.t.Fatal(err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		b.t.Fatalf("testdata/lab/rsa9000.key holds a %T", key)
	}
	return signer
}
