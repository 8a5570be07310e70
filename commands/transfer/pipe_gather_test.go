package transfer

import (
	"errors"
	"io"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestGathering lets replies be gathered while input comes, and not while it pauses, nor after its end.
func TestGathering(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var calls []int
		asked := func() []int {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(calls)
		}
		in, feed := io.Pipe()
		g := &gatheringReader{src: in, gather: func(n int) {
			mu.Lock()
			defer mu.Unlock()
			calls = append(calls, n)
		}}
		read := func() error {
			_, err := g.Read(make([]byte, 8))
			return err
		}
		go func() {
			for _, wait := range []time.Duration{0, pauseBegins / 2, 3 * pauseBegins, 0} {
				time.Sleep(wait)
				_, _ = feed.Write([]byte("x"))
			}
			_ = feed.Close()
		}()
		for i, want := range [][]int{{gathered}, {gathered}, {gathered, 1, gathered}, {gathered, 1, gathered}} {
			if err := read(); err != nil || !slices.Equal(asked(), want) {
				t.Errorf("read %d: %v, asked for %v, want %v", i, err, asked(), want)
			}
		}
		if err := read(); !errors.Is(err, io.EOF) || !slices.Equal(asked(), []int{gathered, 1, gathered, 1}) {
			t.Errorf("at the end: %v, asked for %v", err, asked())
		}
	})
}
