package keyspace

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"redan/conn/conntest"
)

func TestScannerOnARealServer(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t)
	m := realMasters(t, server.Addr())
	if m.Cluster() || len(m.Nodes()) != 1 {
		t.Fatalf("nodes %+v", m.Nodes())
	}
	keys := append(names(30_000), "h:1", "h:2", "bin\x00 \n\xff")
	slices.Sort(keys)
	fill(t, m, func(key string) []string {
		if strings.HasPrefix(key, "h:") {
			return []string{"HSET", key, "f", "v"}
		}
		return set(key)
	}, keys)
	s := NewScanner(m, now())
	first, err := s.Next(t.Context())
	if err != nil || len(first.Keys) < firstCount || len(first.Keys) > 2*firstCount || first.Expected != int64(len(keys)) {
		t.Fatalf("%d keys, %+v, %v", len(first.Keys), first.Progress, err)
	}
	// Keys that are there all the time are returned, whatever comes and goes meanwhile.
	all := map[string]bool{}
	for _, key := range first.Keys {
		all[key] = true
	}
	last, batches := first.Fraction, 0
	for done := false; !done; batches++ {
		fill(t, m, set, []string{fmt.Sprintf("new:%d", batches)})
		batch, err := s.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if batch.Fraction < last {
			t.Errorf("progress went from %v to %v", last, batch.Fraction)
		}
		last, done = batch.Fraction, batch.Done
		for _, key := range batch.Keys {
			all[key] = true
		}
	}
	for _, key := range keys {
		if !all[key] {
			t.Fatalf("%q was not returned", key)
		}
	}
	for filter, want := range map[[2]string]int{{"h:*", ""}: 2, {"", "hash"}: 2, {"key:0000*", "string"}: 100} {
		o := now()
		o.Match, o.Type = filter[0], filter[1]
		if got, _ := drain(t, NewScanner(m, o)); len(got) != want {
			t.Errorf("%s %s: %d keys, want %d", o.Match, o.Type, len(got), want)
		}
	}
}

// TestScannerOutlivesItsServer: killed and started again, it is read from its beginning, and that is said.
func TestScannerOutlivesItsServer(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t)
	m := realMasters(t, server.Addr())
	keys := names(2000)
	fill(t, m, set, keys)
	s := NewScanner(m, now())
	if _, err := s.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	var failed *NodeError
	if _, err := s.Next(t.Context()); !errors.As(err, &failed) || failed.Final || failed.Addr.Port != server.Port {
		t.Fatalf("without a server: %v", err)
	}
	server.Restart()
	fill(t, realMasters(t, server.Addr()), set, keys)
	s.Retry()
	restarted, all := false, []string{}
	for {
		batch, err := s.Next(t.Context())
		if errors.As(err, &failed) { // a connection from before
			s.Retry()
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		restarted = restarted || batch.Restarted
		all = append(all, batch.Keys...)
		if batch.Done {
			break
		}
	}
	slices.Sort(all)
	if all = slices.Compact(all); !restarted || len(all) != 2000 {
		t.Errorf("restarted %v, %d keys", restarted, len(all))
	}
}

// TestNothingWaitsLongerThanItsContext on a server that takes everything and says nothing.
func TestNothingWaitsLongerThanItsContext(t *testing.T) {
	t.Parallel()
	o, d := served(t, conntest.Fake(t, conntest.Silence()))
	m := One(o.Addr(), Pools(d, o)(o.Addr()))
	defer m.Close()
	for name, wait := range map[string]func(context.Context) error{
		"scan": func(ctx context.Context) error { _, err := NewScanner(m, now()).Next(ctx); return err },
		"describe": func(ctx context.Context) error {
			_, err := NewDescriber(m).Describe(ctx, []string{"k"}, Questions{})
			return err
		},
		"survey": func(ctx context.Context) error {
			_, err := NewSurvey(m, []string{"k"}, 1, surveying()).Next(ctx)
			return err
		},
		"removal": func(ctx context.Context) error {
			_, err := NewRemoval(m, Each([]string{"k"}), 1, removing()).Next(ctx)
			return err
		},
		"databases": func(ctx context.Context) error { _, err := ListDatabases(ctx, m, 0, nil); return err },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		began := time.Now()
		err := wait(ctx)
		cancel()
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took > 2*time.Second {
			t.Errorf("%s: %v after %v", name, err, took)
		}
	}
}

// TestBelowFindsWhatBeginsSo and nothing else, whatever bytes a prefix has.
func TestBelowFindsWhatBeginsSo(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t)
	m := realMasters(t, server.Addr())
	prefixes := []string{
		"a:", "a*:", "a?:", "[ab]:", "[^a]:", "a[:", "]:", "a\\:", "\\*:", "a-z:", "^:", "\x00\xff\n:", "é漢:", ":", "::", " :", "*", "",
	}
	var keys []string
	for _, prefix := range prefixes {
		keys = append(keys, prefix+"1", prefix, "x"+prefix)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	fill(t, m, set, keys)
	for _, prefix := range prefixes {
		var want []string
		for _, key := range keys {
			if strings.HasPrefix(key, prefix) {
				want = append(want, key)
			}
		}
		o := now()
		o.Match = Below(prefix)
		got, _ := drain(t, NewScanner(m, o))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%q as %q: %q, not %q", prefix, o.Match, got, want)
		}
	}
}
