package exchange_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
	"redan/profiles"
	"redan/profiles/exchange"
)

// target is a real server, as a person has told a tool of it.
type target struct {
	label, host    string
	port           int
	user, password string
	tls            bool
	ca, cert, key  string // files
}

// targets starts servers and lists the ways to reach them: plain, with a password, as an ACL user, with TLS, with a client certificate, and
// all of it.
func targets(t *testing.T) []target {
	t.Helper()
	password, alices := rand.Text(), rand.Text()
	open := conntest.Start(t, conntest.TLS())
	mutual := conntest.Start(t, conntest.MutualTLS("yes"))
	closed := conntest.Start(t, conntest.MutualTLS("yes"), conntest.Password(password), conntest.ACL("user alice on >"+alices+" ~* +@all"))
	return []target{
		{label: "Plain", host: open.Host, port: open.Port},
		{label: "With password", host: closed.Host, port: closed.Port, password: password},
		{label: "As Alice", host: closed.Host, port: closed.Port, user: "alice", password: alices},
		{label: "TLS", host: open.Host, port: open.TLSPort, tls: true, ca: open.CAFile},
		{label: "Mutual TLS", host: mutual.Host, port: mutual.TLSPort, tls: true, ca: mutual.CAFile, cert: mutual.CertFile, key: mutual.KeyFile},
		{
			label: "Everything", host: closed.Host, port: closed.TLSPort, user: "alice", password: alices,
			tls: true, ca: closed.CAFile, cert: closed.CertFile, key: closed.KeyFile,
		},
	}
}

// shelf is a store of profiles, and where the secrets of them are.
type shelf struct {
	profiles.Store
	secrets map[string]conn.Secret // by reference
}

func newShelf(t *testing.T) shelf {
	t.Helper()
	return shelf{profiles.NewStore(t.TempDir(), t.TempDir()), map[string]conn.Secret{}}
}

// add makes profiles of entries, as the command line does.
func (s shelf) add(t *testing.T, entries []exchange.Entry) {
	t.Helper()
	for _, e := range entries {
		references := map[string]string{}
		for _, key := range e.SecretKeys() {
			reference := "env:" + strings.NewReplacer("-", "_", ".", "_").Replace(e.Name+"_"+key)
			references[key], s.secrets[reference] = reference, e.Secrets[key]
		}
		if err := s.Create(t.Context(), e.Name, e.ChangesWith(references)...); err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
}

// ping connects by a profile.
func (s shelf) ping(t *testing.T, name string) error {
	t.Helper()
	p, err := s.Load(name)
	if err != nil {
		return err
	}
	c, err := p.Connection()
	if err != nil {
		return err
	}
	o, err := c.Reveal(func(_ string, r profiles.Reference) (conn.Secret, error) {
		if secret, ok := s.secrets[string(r)]; ok {
			return secret, nil
		}
		return conn.Secret{}, fmt.Errorf("there is no secret %s", r)
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	dialer, err := conn.NewDialer(o, (&net.Dialer{}).DialContext)
	if err != nil {
		return err
	}
	session, err := conn.Open(ctx, dialer, o)
	if err != nil {
		return err
	}
	defer session.Close()
	pong, err := session.Do(ctx, "PING")
	if err == nil && string(pong.Text) != "PONG" {
		err = fmt.Errorf("PING: %s", pong.Text)
	}
	return err
}

// files returns the text of all that is in the store.
func (s shelf) files(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	found, err := filepath.Glob(filepath.Join(s.Directory(), "profiles", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range found {
		all.WriteString(content(t, path))
	}
	return all.String()
}

func content(t testing.TB, path string) string {
	t.Helper()
	if path == "" {
		return ""
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// quoted is a text as JSON has it.
func quoted(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// holds reports whether a secret, base64 of it, or of a key its second line, stands in a text.
func holds(text, secret string) bool {
	piece := secret
	if lines := strings.Split(secret, "\n"); len(lines) > 1 {
		piece = lines[1]
	}
	return secret != "" && (strings.Contains(text, piece) || strings.Contains(text, encoded(secret)))
}
