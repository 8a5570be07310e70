package transfer

import (
	"errors"
	"io"
	"slices"
	"strings"
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
				time.Sleep(wait) // inside a bubble: no time passes
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

// A timer that stops the gathering at the very moment when it begins must not leave it on: the last replies would not be seen.
func TestGatheringIsStoppedWhileItBegins(t *testing.T) {
	var asked []int
	var mu sync.Mutex
	stopped := make(chan struct{})
	g := &gatheringReader{src: strings.NewReader("x")}
	g.gather = func(n int) {
		if n > 1 {
			go func() {
				defer close(stopped)
				g.stop()
			}()
			select {
			case <-stopped: // it did not wait for us
			case <-time.After(20 * time.Millisecond):
			}
		}
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, n)
	}
	_, _ = g.Read(make([]byte, 8))
	<-stopped
	if !slices.Equal(asked, []int{gathered, 1}) {
		t.Errorf("asked for %v", asked)
	}
}
