package conn_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"redan/conn"
	"redan/conn/cert"
	"redan/conn/conntest"
)

// TestInlineClientCertificate holds that a client certificate and its key work without files, together or one of them, and that errors
// tell which of the two is meant.
func TestInlineClientCertificate(t *testing.T) {
	server := conntest.Start(t, conntest.MutualTLS("yes"))
	read := func(path string) []byte {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	certificate, key := read(server.CertFile), conn.NewSecret(string(read(server.KeyFile)))
	ca := read(server.CAFile)
	for name, options := range map[string]conn.TLSOptions{
		"both":        {CAData: ca, CertData: certificate, KeyData: key},
		"certificate": {CAData: ca, CertData: certificate, KeyFile: server.KeyFile},
		"key":         {CAData: ca, CertFile: server.CertFile, KeyData: key},
	} {
		o := inline(t, server, options)
		if v, err := open(t, o).Do(t.Context(), "PING"); err != nil || v.String() != "PONG" {
			t.Errorf("%s: %v, %v", name, v, err)
		}
	}
	other := conntest.NewAuthority(t)
	_, err := conn.NewDialer(inline(t, server, conn.TLSOptions{CAData: ca, CertData: certificate, KeyData: conn.NewSecret(string(read(other.KeyFile)))}), conn.System())
	file, ok := errors.AsType[*cert.FileError](err)
	if !ok || file.Code != cert.CodeKeyMismatch || !strings.Contains(err.Error(), "the inline key") || strings.Contains(err.Error(), "PRIVATE KEY") {
		t.Errorf("a key of another certificate: %v", err)
	}
}

func inline(t *testing.T, server *conntest.Server, tls conn.TLSOptions) conn.Options {
	t.Helper()
	o := options(t, server, true)
	o.TLS = &tls
	return o
}
