package keyspace

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"redan/conn/resp"
)

func TestScannerReadsAll(t *testing.T) {
	keys := names(20_000)
	server := listServer(keys)
	s := NewScanner(one(server), quick())
	first, err := s.Next(t.Context())
	if err != nil || len(first.Keys) != firstCount || first.Seen != firstCount || first.Expected != 20_000 || first.Done {
		t.Fatalf("first batch: %d keys, %+v, %v", len(first.Keys), first.Progress, err)
	}
	rest, _ := drain(t, s)
	if got := len(first.Keys) + len(rest); got != len(keys) {
		t.Errorf("%d keys, want %d", got, len(keys))
	}
	if p := s.Progress(); !p.Done || p.Fraction != 1 || p.Seen != 20_000 || p.Expected != 20_000 {
		t.Errorf("at the end: %+v", p)
	}
	if again, err := s.Next(t.Context()); err != nil || !again.Done || len(again.Keys) != 0 {
		t.Errorf("after the end: %+v, %v", again, err)
	}
	if got := server.log("KEYS"); len(got) > 0 {
		t.Error(got)
	}
}

func TestScannerSendsFilters(t *testing.T) {
	server := pages(map[string]resp.Value{"0": scanned("0", "a:1")})
	o := quick()
	o.Match, o.Type = "a:*", "hash"
	drain(t, NewScanner(one(server), o))
	if got := server.log("SCAN"); !slices.Equal(got, []string{"SCAN 0 COUNT 100 MATCH a:* TYPE hash"}) {
		t.Errorf("asked %q", got)
	}
}

// TestScannerOnOddServers: pages without keys, keys twice, cursors beyond 2^63, refused DBSIZE and INFO.
func TestScannerOnOddServers(t *testing.T) {
	const beyond = "18446744073709551557"
	server := pages(map[string]resp.Value{
		"0": scanned("7"), "7": scanned(beyond, "a", "b"), beyond: scanned("9", "b"), "9": scanned("10"), "10": scanned("0", "\x00\xff"),
	})
	s := NewScanner(one(server), quick())
	keys, batches := drain(t, s)
	if !slices.Equal(keys, []string{"\x00\xff", "a", "b"}) || batches != 5 {
		t.Errorf("%q in %d batches", keys, batches)
	}
}

func TestScannerGivesUpOn(t *testing.T) {
	for name, tt := range map[string]struct {
		replies map[string]resp.Value
		want    string
	}{
		"forbidden":      {map[string]resp.Value{"0": failure("NOPERM User x has no permissions to run the 'scan' command")}, "NOPERM"},
		"no scan":        {map[string]resp.Value{"0": failure("ERR unknown command 'SCAN'")}, "unknown command"},
		"nonsense":       {map[string]resp.Value{"0": bulk("hello")}, "does not answer SCAN"},
		"a cursor stuck": {map[string]resp.Value{"0": scanned("5", "a"), "5": scanned("5", "a")}, "leads to itself"},
	} {
		t.Run(name, func(t *testing.T) {
			s := NewScanner(one(pages(tt.replies)), quick())
			var failed *NodeError
			for range 10 {
				batch, err := s.Next(t.Context())
				if err != nil && !errors.As(err, &failed) {
					t.Fatal(err)
				}
				if batch.Done {
					break
				}
			}
			if failed == nil || !failed.Final || !strings.Contains(failed.Error(), tt.want) || !strings.Contains(failed.Error(), "redis:6379") {
				t.Fatalf("got %v", failed)
			}
			if !s.Progress().Done || len(s.Failures()) != 1 {
				t.Errorf("%+v, failures %v", s.Progress(), s.Failures())
			}
		})
	}
}

// TestScannerFiltersTypesItself where SCAN has no TYPE.
func TestScannerFiltersTypesItself(t *testing.T) {
	server := &fake{reply: func(words []string) resp.Value {
		switch {
		case words[0] == "SCAN" && slices.Contains(words, "TYPE"):
			return failure("ERR syntax error")
		case words[0] == "SCAN":
			return scanned("0", "h1", "s1", "h2")
		case words[0] == "TYPE" && words[1][0] == 'h':
			return status("hash")
		case words[0] == "TYPE":
			return status("string")
		}
		return failure("ERR unknown command")
	}}
	o := quick()
	o.Type = "Hash"
	if keys, _ := drain(t, NewScanner(one(server), o)); !slices.Equal(keys, []string{"h1", "h2"}) {
		t.Errorf("%q", keys)
	}
}

// TestScannerResumesFromItsCursor after the connection broke, and says what happened.
func TestScannerResumesFromItsCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := listServer(names(5000))
		s := NewScanner(one(server), now())
		if _, err := s.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		down := 3
		server.fail = func() error {
			if down--; down >= 0 {
				return errBroken
			}
			return nil
		}
		began := time.Now()
		for i := range 3 {
			_, err := s.Next(t.Context())
			var failed *NodeError
			if !errors.Is(err, errBroken) || !errors.As(err, &failed) || failed.Final || failed.Retry != firstRetry<<i {
				t.Fatalf("failure %d: %+v", i, err)
			}
			if len(s.Failures()) != 1 {
				t.Error("the failure is not kept")
			}
		}
		keys, _ := drain(t, s)
		if len(keys) != 5000-firstCount || len(s.Failures()) != 0 {
			t.Errorf("%d keys, failures %v", len(keys), s.Failures())
		}
		if waited := time.Since(began); waited < 7*firstRetry || waited > 8*firstRetry {
			t.Errorf("waited %v", waited)
		}
		if got := server.log("SCAN 0"); len(got) != 1 {
			t.Errorf("it began again: %q", got)
		}
	})
}

func TestScannerRetriesAtOnceWhenTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := listServer(names(50))
		server.fail = func() error { return errBroken }
		s := NewScanner(one(server), now())
		for range 8 {
			_, _ = s.Next(t.Context())
		}
		server.fail = nil
		began := time.Now()
		go func() {
			time.Sleep(time.Second)
			s.Retry()
		}()
		drain(t, s)
		if waited := time.Since(began); waited != time.Second {
			t.Errorf("waited %v", waited)
		}
	})
}

// TestScannerWaitsForServersThatLoad and does not give them up.
func TestScannerWaitsForServersThatLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loading := 2
		server := listServer(names(10))
		healthy := server.reply
		server.reply = func(words []string) resp.Value {
			if words[0] == "SCAN" && loading > 0 {
				loading--
				return failure("LOADING Redis is loading the dataset in memory")
			}
			return healthy(words)
		}
		s := NewScanner(one(server), now())
		for range 2 {
			if _, err := s.Next(t.Context()); !errors.Is(err, resp.ServerError("LOADING Redis is loading the dataset in memory")) {
				t.Fatal(err)
			}
		}
		if keys, _ := drain(t, s); len(keys) != 10 {
			t.Errorf("%d keys", len(keys))
		}
	})
}

// TestScannerBeginsAgainOnAnotherProcess: a cursor means nothing to a server that was restarted.
func TestScannerBeginsAgainOnAnotherProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := listServer(names(5000))
		s := NewScanner(one(server), now())
		for range 2 {
			if _, err := s.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		healthy := server.reply
		server.reply = func(words []string) resp.Value {
			if words[0] == "INFO" {
				return bulk("run_id:another\r\n")
			}
			return healthy(words)
		}
		server.fail = func() error { return errBroken }
		_, _ = s.Next(t.Context())
		server.fail = nil
		restarted := 0
		all := map[string]bool{}
		for {
			batch, err := s.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if batch.Restarted {
				restarted++
			}
			for _, key := range batch.Keys {
				all[key] = true
			}
			if batch.Done {
				break
			}
		}
		if restarted != 1 || len(all) != 5000 || len(server.log("SCAN 0")) != 2 {
			t.Errorf("restarted %d times, %d keys, %q", restarted, len(all), server.log("SCAN 0"))
		}
	})
}

// TestScannerLeavesTheServerItsTime: each call is short, and the server is busy for no more than the share.
func TestScannerLeavesTheServerItsTime(t *testing.T) {
	for _, share := range []float64{0.5, 0.2} {
		synctest.Test(t, func(t *testing.T) {
			const perKey = 5 * time.Microsecond
			server := listServer(names(100_000))
			var busy, longest time.Duration
			server.delay = func(commands [][]string) time.Duration {
				count, _ := strconv.Atoi(commands[0][3])
				work := time.Duration(count) * perKey
				busy += work
				longest = max(longest, work)
				return 200*time.Microsecond + work
			}
			o := now()
			o.Share = share
			began := time.Now()
			drain(t, NewScanner(one(server), o))
			if taken := float64(busy) / float64(time.Since(began)); taken > share*1.15 || taken < share*0.7 {
				t.Errorf("it took %.2f of the time, want %v", taken, share)
			}
			if longest > 12*time.Millisecond {
				t.Errorf("a call of %v", longest)
			}
		})
	}
}

func TestScannerPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewScanner(one(listServer(names(1000))), now())
		s.Pause()
		s.Pause()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := s.Next(ctx); !errors.Is(err, context.DeadlineExceeded) || !s.Paused() {
			t.Errorf("while paused: %v", err)
		}
		go func() {
			time.Sleep(time.Second)
			s.Resume()
			s.Resume()
		}()
		began := time.Now()
		if batch, err := s.Next(t.Context()); err != nil || len(batch.Keys) == 0 || time.Since(began) != time.Second || s.Paused() {
			t.Errorf("after the pause: %v, %v, %v", batch, err, time.Since(began))
		}
	})
}

// TestScannerStopsWithItsContext while it asks, rests and waits for its turn; and the place is kept.
func TestScannerStopsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := listServer(names(1000))
		server.fail = func() error { return errBroken }
		s := NewScanner(one(server), now())
		for range 10 {
			_, _ = s.Next(t.Context())
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		done := make(chan error)
		for range 2 {
			go func() {
				_, err := s.Next(ctx)
				done <- err
			}()
		}
		for range 2 {
			if err := <-done; !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		}
		if waited := time.Since(began); waited != time.Second {
			t.Errorf("it waited %v", waited)
		}
		server.fail = nil
		if keys, _ := drain(t, s); len(keys) != 1000 {
			t.Errorf("%d keys afterwards", len(keys))
		}
	})
}

// TestScannerIsSteeredWhileItReads from other goroutines: for the race detector.
func TestScannerIsSteeredWhileItReads(t *testing.T) {
	s := NewScanner(one(listServer(names(100_000))), now())
	stop := make(chan struct{})
	steered := make(chan int)
	go func() {
		for turns := 0; ; turns++ {
			s.Pause()
			s.Pace(0.9)
			_, _ = s.Progress(), s.Failures()
			s.Retry()
			s.Resume()
			select {
			case <-stop:
				steered <- turns
				return
			default:
			}
		}
	}()
	keys, _ := drain(t, s)
	close(stop)
	if turns := <-steered; len(keys) != 100_000 || turns == 0 {
		t.Errorf("%d keys, steered %d times", len(keys), turns)
	}
}
