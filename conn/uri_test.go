package conn_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"redan/conn"
)

func TestApplyURI(t *testing.T) {
	tests := []struct {
		uri                    string
		host                   string
		port                   int
		user, password, socket string
		hasPassword            bool
		db                     int
		tls                    bool
	}{
		{uri: "redis://h:1/2", host: "h", port: 1, db: 2},
		{uri: "REDIS://h", host: "h", port: 6379},
		{uri: "valkey://h", host: "h", port: 6379},
		{uri: "rediss://h", host: "h", port: 6379, tls: true},
		{uri: "valkeys://h/3", host: "h", port: 6379, tls: true, db: 3},
		{uri: "redis://", host: "127.0.0.1", port: 6379},
		{uri: "redis:///4", host: "127.0.0.1", port: 6379, db: 4},
		{uri: "redis://:7001", host: "127.0.0.1", port: 7001},
		{uri: "redis://pw@h", host: "h", port: 6379, password: "pw", hasPassword: true},
		{uri: "redis://:pw@h", host: "h", port: 6379, password: "pw", hasPassword: true},
		{uri: "redis://u:pw@h", host: "h", port: 6379, user: "u", password: "pw", hasPassword: true},
		{uri: "redis://u:p@w@h", host: "h", port: 6379, user: "u", password: "p@w", hasPassword: true},
		{uri: "redis://u:p/w?x@h:2/1", host: "h", port: 2, user: "u", password: "p/w?x", hasPassword: true, db: 1},
		{uri: "redis://u:p%00%ff%40+%20@h", host: "h", port: 6379, user: "u", password: "p\x00\xff@+ ", hasPassword: true},
		{uri: "redis://@h", host: "h", port: 6379, hasPassword: true},
		{uri: "redis://[::1]:7100/2", host: "::1", port: 7100, db: 2},
		{uri: "redis://[fe80::1]", host: "fe80::1", port: 6379},
		{uri: "redis://h/abc", host: "h", port: 6379},
		{uri: "redis://h/2/3", host: "h", port: 6379, db: 2},
		{uri: "redis://h/2?timeout=5s", host: "h", port: 6379, db: 2},
		{uri: "redis://h?timeout=5s", host: "h", port: 6379},
		{uri: "unix:///run/redis.sock", host: "127.0.0.1", port: 6379, socket: "/run/redis.sock"},
		{uri: "unix://u:p@/run/r%20s.sock?db=3", host: "127.0.0.1", port: 6379, socket: "/run/r s.sock", user: "u", password: "p", hasPassword: true, db: 3},
	}
	for _, test := range tests {
		o := conn.DefaultOptions()
		if err := o.ApplyURI(test.uri); err != nil {
			t.Errorf("%s: %v", test.uri, err)
			continue
		}
		if o.Host != test.host || o.Port != test.port || o.User != test.user || o.Password.Reveal() != test.password ||
			o.Password.IsSet() != test.hasPassword || o.Socket != test.socket || o.DB != test.db || (o.TLS != nil) != test.tls {
			t.Errorf("%s: got %+v (password %q)", test.uri, o, o.Password.Reveal())
		}
	}
}

func TestApplyURIRefuses(t *testing.T) {
	for uri, want := range map[string]error{
		"h:6379":                conn.ErrURIScheme,
		"http://h":              conn.ErrURIScheme,
		"redis://u:%4@h":        conn.ErrURIIncomplete,
		"redis://u:%zz@h":       conn.ErrURIEncoding,
		"redis://h:abc":         conn.ErrURIPort,
		"redis://h:70000":       conn.ErrURIPort,
		"redis://h:0":           conn.ErrURIPort,
		"redis://::1:7":         conn.ErrURIHost,
		"redis://[::1":          conn.ErrURIHost,
		"redis://u:s3cret@h:no": conn.ErrURIPort,
		"unix:///x%zz":          conn.ErrURIEncoding,
		"unix:///x%2":           conn.ErrURIIncomplete,
		"unix://u:%zz@/x":       conn.ErrURIEncoding,
		"unix:///x?db=%zz":      conn.ErrURIEncoding,
	} {
		o := conn.DefaultOptions()
		err := o.ApplyURI(uri)
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", uri, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: the error shows the password", uri)
		}
	}
}

func TestUnixURIWithoutPath(t *testing.T) {
	for _, uri := range []string{"unix://", "unix://?db=1"} {
		o := conn.DefaultOptions()
		if err := o.ApplyURI(uri); err == nil || !strings.Contains(err.Error(), "unix:///run/redis.sock") {
			t.Errorf("%s: %v", uri, err)
		}
	}
}

// FuzzApplyURI: no input panics, and any password survives percent-encoding.
func FuzzApplyURI(f *testing.F) {
	f.Add("redis://u:p@h:1/2", "p@ss/wörd?%")
	f.Add("unix://:p@/x?db=1", "\x00\xff")
	f.Add("redis://[::1]:7", ":@:@")
	f.Fuzz(func(t *testing.T, uri, password string) {
		o := conn.DefaultOptions()
		_ = o.ApplyURI(uri)
		o = conn.DefaultOptions()
		encoded := strings.ReplaceAll(url.QueryEscape(password), "+", "%20")
		if err := o.ApplyURI("redis://user:" + encoded + "@host:7/1"); err != nil {
			t.Fatal(err)
		}
		if o.Password.Reveal() != password || o.Host != "host" || o.DB != 1 {
			t.Errorf("password %q came out as %q", password, o.Password.Reveal())
		}
	})
}

func TestSecretDoesNotPrint(t *testing.T) {
	o := conn.DefaultOptions()
	o.Password = conn.NewSecret("s3cret")
	text, _ := o.Password.MarshalText()
	for _, shown := range []string{
		fmt.Sprint(o), fmt.Sprintf("%v %+v %#v %s %q %x", o, o, o, o.Password, o.Password, o.Password), string(text),
	} {
		if strings.Contains(shown, "s3cret") || strings.Contains(shown, "733363726574") {
			t.Errorf("the password shows: %s", shown)
		}
	}
}
