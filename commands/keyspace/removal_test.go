package keyspace

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
)

func TestRemovalOnARealServer(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t, conntest.ACL("user app on >pw ~key:* +@all"))
	admin := realMasters(t, server.Addr())
	keys := append(names(2500), "theirs", "bin\x00 \n\xff")
	fill(t, admin, set, keys)
	server.Do("DEL", keys[3], keys[4])
	server.Do("SET", "bystander", "1")
	m := realMasters(t, server.Addr(), func(o *conn.Options) { o.User, o.Password = "app", conn.NewSecret("pw") })
	r := NewRemoval(m, Each(keys), int64(len(keys)), removing())
	first, err := r.Next(t.Context())
	if err != nil || first.Settled() != firstRemoved || first.Done {
		t.Fatalf("%+v, %v", first, err)
	}
	ended := slices.Clone(first.Ended)
	report := first
	for !report.Done {
		if report, err = r.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		ended = append(ended, report.Ended...)
	}
	if !slices.Equal(ended, names(2500)) {
		t.Errorf("%d keys are told to be no more: all but the two refused were to be", len(ended))
	}
	if report.Removed != 2498 || report.Gone != 2 || report.Refused != 2 || report.Settled() != report.Total || report.Left != 0 {
		t.Errorf("%+v", report)
	}
	if len(report.Reasons) != 1 || !slices.Equal(report.Examples, []string{"theirs", "bin\x00 \n\xff"}) {
		t.Errorf("reasons %v, examples %q", report.Reasons, report.Examples)
	}
	if left := server.Do("DBSIZE"); left != "3" {
		t.Errorf("%s keys are left", left)
	}
}

func TestRemovalInPipelinesOfAFewHundred(t *testing.T) {
	server := &fake{reply: func([]string) resp.Value { return number(1) }}
	report := remove(t, NewRemoval(server, Each(names(5000)), 5000, RemovalOptions{Share: 1, Now: quick().Now}))
	if report.Removed != 5000 || server.trips < 10 || server.trips > 16 {
		t.Errorf("%+v in %d pipelines", report, server.trips)
	}
}

// TestRemovalWithoutUnlink uses DEL, less at a time, and says so.
func TestRemovalWithoutUnlink(t *testing.T) {
	server := &fake{reply: func(words []string) resp.Value {
		if words[0] == "UNLINK" {
			return failure("ERR unknown command 'UNLINK'")
		}
		return number(1)
	}}
	report := remove(t, NewRemoval(server, Each(names(300)), 300, removing()))
	if report.Removed != 300 || !report.Blocking || report.Refused != 0 || len(server.log("UNLINK")) != firstRemoved {
		t.Errorf("%+v", report)
	}
	if want := 1 + 300/blockingAtOnce; server.trips != want {
		t.Errorf("%d pipelines, want %d", server.trips, want)
	}
	for _, n := range server.log("DEL") {
		if strings.Count(n, " ") != 1 {
			t.Errorf("sent %q", n)
		}
	}
}

// TestRemovalAfterABrokenConnection: what was sent and not answered is sent again and called unsure.
func TestRemovalAfterABrokenConnection(t *testing.T) {
	present := map[string]bool{}
	for _, key := range names(100) {
		present[key] = true
	}
	server := &fake{}
	server.reply = func(words []string) resp.Value {
		if present[words[1]] {
			delete(present, words[1])
			return number(1)
		}
		return number(0)
	}
	cut := &cutter{fake: server, cut: true}
	r := NewRemoval(cut, Each(names(100)), 100, removing())
	report, err := r.Next(t.Context())
	if !errors.Is(err, errBroken) || report.Pending != firstRemoved-10 || report.Removed != 10 {
		t.Fatalf("%+v, %v", report, err)
	}
	cut.cut = false
	if report = remove(t, r); report.Removed != 60 || report.Unsure != 40 || report.Gone != 0 || report.Pending != 0 || len(present) != 0 {
		t.Errorf("%+v, %d left", report, len(present))
	}
}

// cutter loses all but the first ten replies.
type cutter struct {
	*fake
	cut bool
}

func (c *cutter) Pipeline(ctx context.Context, commands ...[]string) ([]resp.Value, error) {
	replies, err := c.fake.Pipeline(ctx, commands...)
	if c.cut {
		return replies[:10], errBroken
	}
	return replies, err
}

// TestRemovalStopsAtStatesThatPass: a failover must not become ten thousand refusals.
func TestRemovalStopsAtStatesThatPass(t *testing.T) {
	readonly := true
	server := &fake{reply: func([]string) resp.Value {
		if readonly {
			return failure("READONLY You can't write against a read only replica.")
		}
		return number(0)
	}}
	r := NewRemoval(server, Each(names(10)), 10, removing())
	report, err := r.Next(t.Context())
	if code := errorCode(failure(err.Error())); code != "READONLY" || report.Refused != 0 || report.Settled() != 0 {
		t.Errorf("%+v, %v", report, err)
	}
	readonly = false
	if report = remove(t, r); report.Gone != 10 || report.Unsure != 0 {
		t.Errorf("%+v", report)
	}
}

func TestRemovalRefusesWhatHasNoAnswer(t *testing.T) {
	r := NewRemoval(shortPipe{}, Each(names(3)), 3, removing())
	if report := remove(t, r); report.Refused != 3 || report.Reasons["no answer"] != 3 {
		t.Errorf("%+v", report)
	}
}

type shortPipe struct{}

func (shortPipe) Pipeline(context.Context, ...[]string) ([]resp.Value, error) { return nil, nil }

// TestRemovalLeavesTheServerItsTime and stops with its context while it rests.
func TestRemovalLeavesTheServerItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var busy time.Duration
		server := &fake{reply: func([]string) resp.Value { return number(1) }}
		server.delay = func(commands [][]string) time.Duration {
			work := time.Duration(len(commands)) * 10 * time.Microsecond
			busy += work
			return 100*time.Microsecond + work
		}
		o := removing()
		o.Share = 0.2
		began := time.Now()
		r := NewRemoval(server, Each(names(50_000)), 50_000, o)
		remove(t, r)
		if taken := float64(busy) / float64(time.Since(began)); taken > 0.25 || taken < 0.12 {
			t.Errorf("it took %.2f of the time", taken)
		}
		r = NewRemoval(server, Each(names(50_000)), 50_000, o)
		for range 10 {
			_, _ = r.Next(t.Context())
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		report, err := r.Next(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || report.Left <= 0 || report.Pending != 0 {
			t.Errorf("%+v, %v", report, err)
		}
	})
}
