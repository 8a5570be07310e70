package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"redan/conn"
)

// buffer is a stream that several goroutines may write to.
type buffer struct {
	mu      sync.Mutex
	data    bytes.Buffer
	waiting chan struct{} // closed by the next write; nil when nobody waits
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting != nil {
		close(b.waiting)
		b.waiting = nil
	}
	return b.data.Write(p)
}

// next returns what was written, and what the next write closes.
func (b *buffer) next() (string, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting == nil {
		b.waiting = make(chan struct{})
	}
	return b.data.String(), b.waiting
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data.String()
}

// twin is a System of our own: the world outside of a run in a test.
type twin struct {
	System
	stdout, stderr buffer
	env            map[string]string
}

// newTwin returns a world with these arguments, an empty standard input and no terminal.
func newTwin(args ...string) *twin {
	w := &twin{env: map[string]string{}}
	w.System = System{
		Name: "redan", Args: args, Stdin: strings.NewReader(""), Stdout: &w.stdout, Stderr: &w.stderr,
		Getenv: func(name string) (string, bool) { value, set := w.env[name]; return value, set },
		Now:    time.Now, Dial: conn.System(),
		ReadFile: os.ReadFile,
		TempDir: func(prefix string) (string, func(), error) {
			path, err := os.MkdirTemp("", prefix)
			return path, func() { _ = os.RemoveAll(path) }, err
		},
		ReadPassword:     func(string) (string, error) { return "", errInterrupted },
		Interrupts:       func() (<-chan os.Signal, func()) { return make(chan os.Signal), func() {} },
		IgnoreBrokenPipe: func() {},
		Raise:            func(os.Signal) {},
	}
	return w
}

// ran is how a run ended.
type ran struct {
	code           int
	stdout, stderr string
}

// patience bounds what takes milliseconds when all is well.
const patience = 20 * time.Second

// run runs redan and fails the test if it does not end.
func (w *twin) run(t *testing.T) ran {
	t.Helper()
	done := make(chan int, 1)
	go func() { done <- Main(context.Background(), w.System) }()
	select {
	case code := <-done:
		return ran{code, w.stdout.String(), w.stderr.String()}
	case <-time.After(patience):
		t.Fatalf("redan %q does not end; stdout %q, stderr %q", w.Args, w.stdout.String(), w.stderr.String())
		return ran{}
	}
}

// redan runs redan with these arguments and this standard input.
func redan(t *testing.T, stdin string, args ...string) ran {
	t.Helper()
	w := newTwin(args...)
	w.Stdin = strings.NewReader(stdin)
	return w.run(t)
}

// await waits until what was written contains text.
func await(t *testing.T, b *buffer, text string) {
	t.Helper()
	awaitThat(t, b, "containing "+strconv.Quote(text), func(written string) bool { return strings.Contains(written, text) })
}

// awaitThat waits until what was written is so.
func awaitThat(t *testing.T, b *buffer, what string, so func(written string) bool) {
	t.Helper()
	late := time.After(patience)
	for {
		written, more := b.next()
		if so(written) {
			return
		}
		select {
		case <-more:
		case <-late:
			t.Fatalf("waited for output %s, got %q", what, written)
		}
	}
}

// typed is standard input that a test writes line by line.
func (w *twin) typed(t *testing.T) (say func(lines ...string), end func()) {
	t.Helper()
	r, in := io.Pipe()
	w.Stdin = r
	t.Cleanup(func() { _ = in.Close() })
	return func(lines ...string) {
		for _, line := range lines {
			_, _ = io.WriteString(in, line+"\n")
		}
	}, func() { _ = in.Close() }
}

// begin starts redan; the function it returns waits for its end.
func (w *twin) begin(t *testing.T) func() ran {
	t.Helper()
	done := make(chan int, 1)
	go func() { done <- Main(context.Background(), w.System) }()
	return func() ran {
		t.Helper()
		select {
		case code := <-done:
			return ran{code, w.stdout.String(), w.stderr.String()}
		case <-time.After(patience):
			t.Fatalf("redan %q does not end; stdout %q, stderr %q", w.Args, w.stdout.String(), w.stderr.String())
			return ran{}
		}
	}
}
