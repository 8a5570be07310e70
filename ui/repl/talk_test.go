package repl

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
	"redan/ui/format"
	"redan/ui/theme"
)

// step is one line that a person enters.
type step struct {
	line string
	err  error // instead of a line
	// before runs before the line is entered.
	before func()
	// interrupt presses Ctrl-C once it returns true while the line's command runs.
	interrupt func() bool
}

// person is a lineEditor that follows a script.
type person struct {
	steps      []step
	current    step
	prompts    []string
	remembered []string
	lent       int
	closed     bool
}

func (p *person) ReadLine(_ context.Context, prompt string) (string, error) {
	p.prompts = append(p.prompts, prompt)
	if len(p.steps) == 0 {
		return "", io.EOF
	}
	p.current, p.steps = p.steps[0], p.steps[1:]
	if p.current.before != nil {
		p.current.before()
	}
	return p.current.line, p.current.err
}

func (p *person) Remember(line string) { p.remembered = append(p.remembered, line) }

func (p *person) Watch(interrupted func()) (stop func()) {
	when := p.current.interrupt
	if when == nil {
		return func() {}
	}
	p.current.interrupt = nil
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				return
			case <-tick.C:
				if when() {
					interrupted()
					return
				}
			}
		}
	}()
	return func() {
		close(quit)
		<-done
	}
}

func (p *person) Lend(use func()) {
	p.lent++
	use()
}

func (p *person) Close() { p.closed = true }

// screenText is what was printed, standard output and error together, as a
// terminal shows it.
type screenText struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *screenText) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screenText) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// talk is a prompt with a scripted person in front of it.
type talk struct {
	t      *testing.T
	config Config
	person person
	screen screenText
	prompt *prompt
}

func newTalk(t *testing.T, o conn.Options) *talk {
	t.Helper()
	k := &talk{t: t}
	k.config = Config{
		Program: "redan", Version: "test", Place: Place{Dialer: dialerFor(t, o), Options: o},
		Printer: format.New(format.Standard), Pushes: true, Theme: theme.New(true),
		Stdout: &k.screen, Stderr: &k.screen, Person: true,
		HistoryPath: filepath.Join(t.TempDir(), "history"),
		ReadFile:    func(string) ([]byte, error) { return nil, fs.ErrNotExist },
		Now:         func() time.Time { return time.Unix(0, 0) },
		Interrupts:  func() (<-chan os.Signal, func()) { return nil, func() {} },
		ErrorText: func(err error, whole bool) string {
			var failed *conn.Error
			if errors.As(err, &failed) && whole && failed.Fix != "" {
				return failed.Line + "\n  fix:   ..."
			} else if errors.As(err, &failed) {
				return failed.Line
			}
			return err.Error()
		},
	}
	return k
}

func optionsOf(s *conntest.Server) conn.Options {
	o := conn.DefaultOptions()
	o.Host, o.Port = s.Host, s.Port
	return o
}

func dialerFor(t *testing.T, o conn.Options) *conn.Dialer {
	t.Helper()
	d, err := conn.NewDialer(o, conn.System())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// run has the person enter the lines and returns the exit code.
func (k *talk) run(steps ...step) int {
	k.t.Helper()
	k.person.steps = steps
	k.prompt = newPrompt(k.config)
	k.prompt.editor = &k.person
	return k.prompt.run(k.t.Context())
}

func lines(text ...string) []step {
	steps := make([]step, len(text))
	for i, line := range text {
		steps[i].line = line
	}
	return steps
}

// printed compares what was printed, # standing for the server's address.
func (k *talk) printed(want string) {
	k.t.Helper()
	address := k.config.Options.Addr().String()
	if got := strings.ReplaceAll(k.screen.String(), address, "#"); got != want {
		k.t.Errorf("printed:\n%s\nwant:\n%s", got, want)
	}
}

// prompted compares the prompts.
func (k *talk) prompted(want ...string) {
	k.t.Helper()
	address := k.config.Options.Addr().String()
	got := make([]string, len(k.person.prompts))
	for i, prompt := range k.person.prompts {
		got[i] = strings.ReplaceAll(prompt, address, "#")
	}
	if !slices.Equal(got, want) {
		k.t.Errorf("prompts:\n%q\nwant:\n%q", got, want)
	}
}

func (k *talk) saw(text string) func() bool {
	return func() bool { return strings.Contains(k.screen.String(), text) }
}

// TestKeysAfterTypedAuth: completion asks as the user that the person became.
func TestKeysAfterTypedAuth(t *testing.T) {
	server := conntest.Start(t, conntest.Password("s3cret"))
	server.Do("SET", "secret:key", "1")
	o := optionsOf(server)
	session, err := conn.Open(t.Context(), dialerFor(t, o), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = session.Close() }()
	if v, err := session.Do(t.Context(), "AUTH", "s3cret"); err != nil || v.Err() != nil {
		t.Fatal(v, err)
	}
	q := pool{}
	defer q.close()
	keys := findKeys(t.Context(), q.of(&prompt{session: session}), "sec")
	if len(keys.names) != 1 || keys.names[0] != "secret:key" {
		t.Errorf("keys: %q", keys.names)
	}
}
