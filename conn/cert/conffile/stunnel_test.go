package conffile_test

import (
	"slices"
	"strings"
	"testing"

	"redan/conn/cert/conffile"
)

func stunnelConf(t *testing.T, f files) *conffile.Stunnel {
	t.Helper()
	_, c, err := f.reader().Read("stunnel.conf")
	if err != nil || c == nil {
		t.Fatalf("got %v, %v, want a stunnel.conf", c, err)
	}
	return c
}

func TestStunnelSections(t *testing.T) {
	c := stunnelConf(t, files{
		"stunnel.conf": "\ufeff; head\ncafile = ca.crt\nverify=2\nInclude = parts\n [one] \r\nAccept = 127.0.0.1:6379\nconnect = db.lab:6380\nclient = yes\n" +
			"checkHost = a\ncheckHost = b\nverify = 3\n[two]\naccept=1\nconnect=2\ncert = s.pem\n",
		"parts/10-more.conf": "delay = yes\n", "parts/.hidden": "delay = no\n",
	})
	if len(c.Services) != 2 || c.Services[0].Name != "one" || c.Services[0].Origin.Line != 5 || len(c.Problems) > 0 {
		t.Fatalf("got %+v", c)
	}
	one, two := c.Services[0], c.Services[1]
	for _, test := range []struct {
		service    conffile.Service
		name, want string
	}{
		{one, "CAfile", "ca.crt stunnel.conf:2"},
		{one, "VERIFY", "3 stunnel.conf:11"},
		{two, "verify", "2 stunnel.conf:3"},
		{one, "connect", "db.lab:6380 stunnel.conf:7"},
		{two, "client", "no "},
		{two, "delay", "yes parts/10-more.conf:1"},
		{two, "cert", "s.pem stunnel.conf:15"},
	} {
		v := test.service.Value(test.name)
		if got := v.Text + " " + v.Origin.String(); got != test.want {
			t.Errorf("[%s] %s: got %q, want %q", test.service.Name, test.name, got, test.want)
		}
	}
	var hosts []string
	for _, v := range one.Values("checkhost") {
		hosts = append(hosts, v.Text)
	}
	if !slices.Equal(hosts, []string{"a", "b"}) || len(two.Values("checkHost")) > 0 {
		t.Errorf("hosts: %q", hosts)
	}
}

func TestStunnelProblems(t *testing.T) {
	const service = "[s]\naccept = 1\nconnect = 2\n"
	tests := []struct{ text, want string }{
		{service, ""},
		{service + "client = true\n", `stunnel.conf:4 client must be yes or no, not "true"`},
		{service + "verify = 9\n", `stunnel.conf:4 verify must be a number from 0 to 4, not "9"`},
		{service + "sslVersion = 1.2\n", `stunnel.conf:4 sslVersion must be all, TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3, not "1.2"`},
		{service + "client\n", "stunnel.conf:4 client has no = and value"},
		{service + "verifyChian = yes\n", "stunnel.conf:4 verifyChian is no option of stunnel verifyChain"},
		{service + "some-newer-option = yes\n", ""},
		{"accept = 1\n[s]\nconnect = 2\n", "stunnel.conf:1 accept belongs below a [section]; stunnel.conf:2 [s] lacks accept: a service has two ends"},
		{"[s]\naccept = 1\n", "stunnel.conf:1 [s] lacks connect: a service has two ends"},
		{"include = nosuch\n" + service, "stunnel.conf:1 include names a directory that does not exist"},
		{"client = yes\nconnect = 2\n", ""}, // started by inetd
	}
	for _, test := range tests {
		c := stunnelConf(t, files{"stunnel.conf": test.text})
		if got := strings.Join(problems(c.Problems), "; "); got != test.want {
			t.Errorf("%q:\n got %q\nwant %q", test.text, got, test.want)
		}
		if len(c.Services) != 1 {
			t.Errorf("%q: services %+v", test.text, c.Services)
		}
	}
}
