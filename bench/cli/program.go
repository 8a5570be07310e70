package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// program is one to be run, with its arguments.
type program struct {
	path  string
	args  []string
	input string // file for standard input; none: nothing to read
}

// name is the program as one would type it, for messages.
func (p program) name() string { return p.path + " " + strings.Join(p.args, " ") }

// run runs it once. Its output goes through a pipe, as in scripts, and into the writer.
func (p program) run(ctx context.Context, out io.Writer) (time.Duration, error) {
	return p.start(out, exec.CommandContext(ctx, p.path, p.args...))
}

// weigh runs it once, and returns also how much memory was resident at most, in MiB. What the system counts for a child begins with what
// its parent had when it started it: that must be a small program, which time is and this one is not.
func (p program) weigh(ctx context.Context, out io.Writer) (took time.Duration, peak float64, err error) {
	file, err := os.CreateTemp("", "redan-bench-peak")
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	if err := file.Close(); err != nil {
		return 0, 0, err
	}
	took, err = p.start(out, exec.CommandContext(ctx, "/usr/bin/time", append([]string{"-f", "%M", "-o", file.Name(), p.path}, p.args...)...))
	if err != nil {
		return took, 0, err
	}
	text, err := os.ReadFile(file.Name())
	if err != nil {
		return took, 0, err
	}
	kib, err := strconv.Atoi(strings.TrimSpace(string(text)))
	return took, float64(kib) / 1024, err
}

func (p program) start(out io.Writer, cmd *exec.Cmd) (time.Duration, error) {
	if p.input != "" {
		input, err := os.Open(p.input)
		if err != nil {
			return 0, err
		}
		defer func() { _ = input.Close() }()
		cmd.Stdin = input
	}
	cmd.WaitDelay = time.Second // what time started does not end with it
	var complaint tail
	cmd.Stdout, cmd.Stderr = out, &complaint
	start := time.Now()
	err := cmd.Run()
	took := time.Since(start)
	if err != nil {
		return took, fmt.Errorf("%s: %w\n%s", p.name(), err, strings.TrimSpace(string(complaint.text)))
	}
	return took, nil
}

// tail keeps the end of what is written.
type tail struct{ text []byte }

const tailSize = 2 << 10

func (t *tail) Write(data []byte) (int, error) {
	t.text = append(t.text, data...)
	t.text = t.text[max(0, len(t.text)-tailSize):]
	return len(data), nil
}

// drain reads as much at a time as a program that is fast, and keeps nothing.
type drain struct{}

func (drain) Write(data []byte) (int, error) { return len(data), nil }

func (drain) ReadFrom(r io.Reader) (int64, error) {
	buffer, total := make([]byte, 64<<10), int64(0)
	for {
		n, err := r.Read(buffer)
		total += int64(n)
		switch {
		case errors.Is(err, io.EOF):
			return total, nil
		case err != nil:
			return total, err
		}
	}
}

// answer runs it once and returns what it printed.
func (p program) answer(ctx context.Context) ([]byte, error) {
	var out bytes.Buffer
	_, err := p.run(ctx, &out)
	return out.Bytes(), err
}
