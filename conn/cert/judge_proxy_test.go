package cert

import (
	"crypto/x509"
	"strings"
	"testing"
)

// What a proxy in front asks of clients, no setting of Redis changes. It shows by the CAs it names, which Redis never does.
func TestJudgeClientAtAProxy(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	leaf := root.issue(t, "redis-1", withDNS("redis-1.lab"))
	stranger := newRoot(t, "Office Root").issue(t, "app", withEKU(x509.ExtKeyUsageClientAuth))
	for _, tt := range []struct {
		code   string
		alert  uint8
		client *entity
	}{
		{CodeClientCertMissing, AlertCertificateRequired, nil},
		{CodeClientCAUnknown, AlertUnknownCA, stranger},
	} {
		o := seen(leaf).alerted(tt.alert, AlertFirstRead)
		o.ClientAuth = ClientAuth{Requested: true, Sent: tt.client != nil}
		want := wanting(root)
		if tt.client != nil {
			pair := tt.client.chain()
			want.Client, want.CertFile, want.KeyFile = &pair, "app.crt", "app.key"
		}
		for _, proxy := range []bool{false, true} {
			if proxy {
				o.ClientAuth.AcceptableCAs = [][]byte{root.cert.RawSubject}
			}
			first, ok := Judge(o, want, testNow()).First()
			if !ok || first.Code != tt.code {
				t.Fatalf("%s: found %+v", tt.code, first)
			}
			said := first.Message + first.Cause
			for _, fix := range first.Fixes {
				said += "; " + fix.Command + fix.Note
			}
			if ofRedis := strings.Contains(said, "tls-auth-clients") && strings.Contains(said, "tls-ca-cert-file"); ofRedis == proxy {
				t.Errorf("%s, proxy %v: %s", tt.code, proxy, said)
			}
			if strings.Contains(said, "requireCert of stunnel") != proxy {
				t.Errorf("%s, proxy %v: %s", tt.code, proxy, said)
			}
		}
	}
}
