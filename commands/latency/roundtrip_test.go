package latency

import (
	"context"
	"errors"
	"testing"
	"time"

	"redan/conn/resp"
)

// fakeServer answers PING after the times of a list, on a clock of its own, and then ends the connection.
type fakeServer struct {
	now    time.Time
	takes  []time.Duration
	asked  []time.Time
	answer resp.Value
}

var errGone = errors.New("gone")

func (f *fakeServer) Do(_ context.Context, args ...string) (resp.Value, error) {
	f.asked = append(f.asked, f.now)
	if len(args) != 1 || args[0] != "PING" {
		return resp.Value{}, errors.New("not PING")
	}
	if len(f.takes) == 0 {
		f.now = f.now.Add(time.Second)
		return resp.Value{}, errGone
	}
	f.now = f.now.Add(f.takes[0])
	f.takes = f.takes[1:]
	return f.answer, nil
}

func (f *fakeServer) pinger() Pinger {
	return Pinger{
		Server: f, Every: PingEvery, Now: func() time.Time { return f.now },
		Pause: func(_ context.Context, d time.Duration) { f.now = f.now.Add(d) },
	}
}

func start() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

func TestRoundtrips(t *testing.T) {
	f := &fakeServer{now: start(), takes: []time.Duration{time.Millisecond, 3 * time.Second, 40 * time.Microsecond}}
	var took []time.Duration
	var lost error
	for r, err := range f.pinger().Roundtrips(context.Background()) {
		if r.Refusal != nil {
			t.Errorf("refusal %v", r.Refusal)
		}
		if took = append(took, r.Took); err != nil {
			lost = err
		}
	}
	want := []time.Duration{time.Millisecond, 3 * time.Second, 40 * time.Microsecond, time.Second}
	if len(took) != len(want) || !errors.Is(lost, errGone) {
		t.Fatalf("took %v, error %v", took, lost)
	}
	at := start()
	for i, d := range want {
		if took[i] != d || !f.asked[i].Equal(at) {
			t.Errorf("PING %d at %v took %v, want at %v, %v", i, f.asked[i], took[i], at, d)
		}
		at = at.Add(d + PingEvery) // after the answer, however long that took
	}
}

func TestRoundtripsRefused(t *testing.T) {
	f := &fakeServer{
		now: start(), takes: []time.Duration{time.Millisecond},
		answer: resp.Value{Kind: resp.SimpleError, Text: []byte("NOAUTH Authentication required.")},
	}
	for r, err := range f.pinger().Roundtrips(context.Background()) {
		if err == nil && (r.Refusal == nil || r.Took != time.Millisecond) {
			t.Errorf("an error is an answer: %+v", r)
		}
	}
}

func TestRoundtripsEndWithContext(t *testing.T) {
	f := &fakeServer{now: start(), takes: make([]time.Duration, 100)}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for _, err := range f.pinger().Roundtrips(ctx) {
		if err != nil {
			t.Error(err)
		}
		if n++; n == 3 {
			cancel()
		}
	}
	if n != 3 {
		t.Errorf("%d round trips, want 3", n)
	}
}
