package tui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/profiles"
	"redan/ui/tui/kit"
)

// shelf is a folder of profiles, as files.
type shelf struct {
	t     testing.TB
	store profiles.Store
	used  map[string]time.Time
	now   func() time.Time
	asks  map[string]string // the question of a profile's secret
	fails map[string]error  // of opening
	given []string          // what was answered
	done  []string          // profiles whose ways were ended
}

// newShelf returns one with the files of a text: "# name" begins each.
func newShelf(t testing.TB, text string) *shelf {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "profiles"), 0o700); err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(text, "\n=== ") {
		name, body, ok := strings.Cut(part, "\n")
		if !ok {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, "profiles", strings.TrimSpace(name)+".toml"), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &shelf{t: t, store: profiles.NewStore(dir, dir), used: map[string]time.Time{}, asks: map[string]string{}, fails: map[string]error{}}
}

func (s *shelf) with(c *Config) { c.Profiles, s.now = s, c.Now }

func (s *shelf) List(context.Context) ([]Profile, error) {
	entries, err := s.store.List()
	list := make([]Profile, len(entries))
	for i, e := range entries {
		list[i] = Profile{Name: e.Name, Saved: e.Profile, Fault: e.Err, Used: s.used[e.Name]}
	}
	return list, err
}

func (s *shelf) Open(_ context.Context, name string, answers map[string]conn.Secret) (Way, error) {
	if err := s.fails[name]; err != nil {
		return Way{}, err
	}
	if question := s.asks[name]; question != "" {
		answer, ok := answers[question]
		if !ok {
			return Way{}, &QuestionError{Question: question}
		}
		s.given = append(s.given, answer.Reveal())
	}
	p, err := s.store.Load(name)
	if err != nil {
		return Way{}, err
	}
	c, err := p.Connection()
	return Way{Options: c.Options, Done: func() { s.done = append(s.done, name) }}, err
}

func (s *shelf) Used(_ context.Context, name string) error {
	s.used[name] = s.now()
	return nil
}

func (s *shelf) Save(ctx context.Context, from, name string, changes []profiles.Change) error {
	if from == "" {
		return s.store.Create(ctx, name, changes...)
	}
	err := s.store.Edit(ctx, from, changes...)
	if err == nil && name != from {
		err = s.store.Rename(ctx, from, name)
	}
	return err
}

func (s *shelf) Copy(ctx context.Context, from, to string) error { return s.store.Copy(ctx, from, to) }

func (s *shelf) Remove(ctx context.Context, name string) error { return s.store.Remove(ctx, name) }

// text is the file of a profile.
func (s *shelf) text(name string) string {
	s.t.Helper()
	text, err := s.store.Text(name)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// sampleShelf has profiles of every kind.
func sampleShelf(t testing.TB) *shelf {
	t.Helper()
	return newShelf(t, `
=== orders-prod
# Orders, in production.
version = 1
description = "Orders, the primary"
group = "Orders"
tags = ["orders", "payments"]
color = "208"
environment = "production"   # guarded
host = "orders.lab"
port = 6380
user = "ann"
password = "env:ORDERS_PASSWORD"

[tls]
ca = "ca.pem"

[guard]
exceptions = ["UNLINK"]
=== orders-staging
version = 1
group = "Orders"
environment = "staging"
host = "staging.lab"
delimiter = "/"
filter = "user:*"
=== audit
version = 1
environment = "prod"
read_only = true
host = "audit.lab"
=== clear
version = 1
group = "Old"
host = "clear.lab"
password = "hunter2"
=== asks
version = 1
group = "Old"
host = "asks.lab"
password = "prompt"
=== broken
version = 1
hots = "x.lab"
`)
}

func (s *screen) tested(context.Context, Way) []testLine {
	s.tests++
	return []testLine{
		{kit.Good, "connected in " + strconv.Itoa(s.tests) + ".2ms, TLS 1.3, TLS_AES_128_GCM_SHA256"},
		{kit.Good, "logged in as ann"},
		{kit.Good, "master 7.0.15"},
		{kit.Warn, "the server's certificate expires in 12 days"},
	}
}

var errKeyring = errors.New("the keyring is locked")

// pick goes to a profile.
func (s *screen) pick(name string) *screen {
	return s.keys(":").text("profile " + name).keys("enter")
}

func (s *shelf) names() []string {
	names, err := s.store.Names()
	if err != nil {
		s.t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

// shelved gives a screen that was not started yet the profiles of [sampleShelf], two of which were used.
func (s *screen) shelved() *shelf {
	shelf := sampleShelf(s.t)
	shelf.with(&s.m.config)
	shelf.used["orders-prod"], shelf.used["audit"] = s.clock.Now().Add(-2*time.Hour), s.clock.Now().Add(-50*time.Hour)
	shelf.asks["asks"], shelf.fails["clear"] = "password of asks", errKeyring
	return shelf
}
