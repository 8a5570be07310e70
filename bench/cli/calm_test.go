package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// A busy machine is waited for, once said, and not for ever.
func TestCalm(t *testing.T) {
	for _, c := range []struct {
		name  string
		loads []float64
		looks int // at the load
		said  bool
	}{
		{"calm", []float64{0.4}, 1, false},
		{"just calm", []float64{1}, 1, false},
		{"calm soon", []float64{3, 3, 2, 0.9}, 4, true},
		{"never calm", []float64{3}, mostWaits + 1, true},
	} {
		looks := 0
		load := func() float64 {
			looks++
			return c.loads[min(looks, len(c.loads))-1]
		}
		tick := make(chan time.Time, mostWaits)
		for range mostWaits {
			tick <- time.Time{}
		}
		var out strings.Builder
		err := calm(t.Context(), &out, load, tick)
		if err != nil || looks != c.looks || (out.Len() > 0) != c.said {
			t.Errorf("%s: %v after %d looks, want %d; said %q", c.name, err, looks, c.looks, out.String())
		}
	}
}

// Who interrupts does not wait either.
func TestCalmInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := calm(ctx, t.Output(), func() float64 { return 9 }, nil)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
