package conn

import (
	"slices"
	"sync"
	"testing"
)

// TestExpectedNames holds which names a certificate may carry: a node that the
// seed redirected to may carry the seed's, a server connected to later may not.
func TestExpectedNames(t *testing.T) {
	seeded := &Dialer{tls: &tlsSettings{seedHost: "seed.lab", said: &sync.Map{}}}
	named := &Dialer{tls: &tlsSettings{seedHost: "seed.lab", options: TLSOptions{ServerName: "sni.lab"}}}
	pinned := &Dialer{tls: &tlsSettings{options: TLSOptions{ServerName: "sni.lab", VerifyNames: []string{"a.lab", "b.lab"}}}}
	for _, test := range []struct {
		dialer *Dialer
		host   string
		want   []string
	}{
		{seeded, "seed.lab", []string{"seed.lab"}},
		{seeded, "10.0.0.12", []string{"10.0.0.12", "seed.lab"}},
		{seeded.seededAt("other.lab"), "other.lab", []string{"other.lab"}},
		{seeded.seededAt("other.lab"), "10.0.0.12", []string{"10.0.0.12", "other.lab"}},
		{named, "10.0.0.12", []string{"sni.lab"}},
		{pinned, "10.0.0.12", []string{"a.lab", "b.lab"}},
	} {
		got := test.dialer.tls.expectedNames(Addr{Network: "tcp", Host: test.host, Port: 1})
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.host, got, test.want)
		}
	}
}
