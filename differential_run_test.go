package main_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// run is a program about to be started.
type run struct {
	command *exec.Cmd
	stdin   string
	steps   []step
	hangs   bool // it is to be ended
	slow    bool // it prints how long replies took
	shut    bool // nobody reads its standard output
}

// prepare makes the run of a program. Only the environment of the case reaches it.
func (l *lab) prepare(r *rig, c comparison, form rendering, program string) *run {
	fill := r.filler(l)
	args := slices.Clone(form.flags)
	for _, word := range words(c.line) {
		args = append(args, fill.Replace(word))
	}
	command := exec.Command(program, args...)
	command.Dir = l.home
	command.Env = append([]string{"HOME=" + l.home, "PATH=" + os.Getenv("PATH"), "LC_ALL=C"}, form.env...)
	for _, variable := range c.env {
		command.Env = append(command.Env, fill.Replace(variable))
	}
	return &run{command: command, stdin: fill.Replace(c.stdin), steps: c.during}
}

// shown is the run as one would type it into a shell.
func (r *run) shown() string {
	var b strings.Builder
	if r.stdin != "" {
		fmt.Fprintf(&b, "printf %%b %s | ", shellQuote(clip(strings.Trim(fmt.Sprintf("%q", r.stdin), `"`))))
	}
	for _, variable := range r.command.Env[3:] {
		b.WriteString(variable + " ")
	}
	b.WriteString(filepath.Base(r.command.Path))
	for _, arg := range r.command.Args[1:] {
		b.WriteString(" " + shellQuote(arg))
	}
	return b.String()
}

var isPlainWord = regexp.MustCompile(`^[\w@%+=:,./-]+$`).MatchString

func shellQuote(word string) string {
	if isPlainWord(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// finish runs the program to its end.
func (r *run) finish(t *testing.T, on *rig) outcome {
	t.Helper()
	out := &output{changed: make(chan struct{}, 1)}
	r.command.Stdout, r.command.Stderr = watched{out, &out.stdout}, watched{out, &out.stderr}
	if r.shut {
		r.command.Stdout = brokenPipe(t)
	}
	var input io.WriteCloser
	switch {
	case len(r.steps) > 0:
		var err error
		if input, err = r.command.StdinPipe(); err != nil {
			t.Fatal(err)
		}
	case r.stdin != "":
		r.command.Stdin = strings.NewReader(r.stdin)
	}
	if err := r.command.Start(); err != nil {
		t.Fatal(err)
	}
	limit := patience
	if r.hangs {
		limit = boredom
	}
	timer := time.AfterFunc(limit, func() { _ = r.command.Process.Kill() })
	defer timer.Stop()
	if input != nil {
		r.play(t, on, out, input)
	}
	err := r.command.Wait()
	if ended := timer.Stop(); ended == r.hangs {
		t.Errorf("%s\nended within %s: %t, want %t", r.shown(), limit, ended, !r.hangs)
	}
	return outcome{stable(out.stdout.String(), r.slow), stderrLines(out.stderr.String()), exitCode(t, err)}
}

// play goes through the steps of a run.
func (r *run) play(t *testing.T, on *rig, out *output, input io.WriteCloser) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience/2)
	defer cancel()
	// If the program has ended before its time, what it printed tells.
	_, _ = io.WriteString(input, r.stdin)
	for _, s := range r.steps {
		if err := out.await(ctx, s.await); err != nil {
			t.Errorf("%s\nwaited in vain for %q, got %q", r.shown(), s.await, out.all())
			_ = r.command.Process.Kill()
			return
		}
		switch {
		case s.do != "":
			on.server.Do(words(s.do)...)
		case s.signal != 0:
			_ = r.command.Process.Signal(s.signal)
		default:
			_, _ = io.WriteString(input, s.input)
		}
	}
	_ = input.Close()
}

// brokenPipe is a pipe that nobody reads from.
func brokenPipe(t *testing.T) *os.File {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = read.Close()
	t.Cleanup(func() { _ = write.Close() })
	return write
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		t.Errorf("run: %v", err)
		return -1
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return exit.ExitCode()
}

// output is what a program prints, as it comes.
type output struct {
	mu             sync.Mutex
	stdout, stderr bytes.Buffer
	changed        chan struct{}
}

// watched is one stream of an output.
type watched struct {
	out    *output
	stream *bytes.Buffer
}

func (w watched) Write(p []byte) (int, error) {
	w.out.mu.Lock()
	defer w.out.mu.Unlock()
	select {
	case w.out.changed <- struct{}{}:
	default:
	}
	return w.stream.Write(p)
}

func (o *output) all() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.stdout.String() + o.stderr.String()
}

// await waits until text was printed.
func (o *output) await(ctx context.Context, text string) error {
	for !strings.Contains(o.all(), text) {
		select {
		case <-o.changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
