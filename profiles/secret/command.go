package secret

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
	"unicode"

	"redan/conn"
)

// most is how much a command may print, in bytes: tokens of cloud services take a few thousand.
const most = 64 << 10

// run runs a program that prints a secret. It gets no input, and is killed with all that it started when it takes too long.
func (s Sources) run(ctx context.Context, r Reference, words []string) (Resolved, error) {
	limit := s.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	start := s.Start
	if start == nil {
		start = exec.Command
	}
	cmd := start(words[0], words[1:]...)
	var out, complaint bounded
	cmd.Stdin, cmd.Stdout, cmd.Stderr = nil, &out, &complaint
	cmd.WaitDelay = time.Second // something that it left behind may hold its output open
	inGroup(cmd)
	if err := cmd.Start(); err != nil {
		return Resolved{}, &Error{Reference: r, Err: startFailure(err), Fix: "try it in a shell: redan runs it without one, from the current directory"}
	}
	err := wait(ctx, cmd)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return Resolved{}, &Error{
			Reference: r, Err: fmt.Errorf("the command printed no secret within %s and was stopped", limit),
			Fix: "it gets no input: does it wait for some?",
		}
	case ctx.Err() != nil:
		return Resolved{}, ctx.Err()
	case err != nil:
		return Resolved{}, &Error{Reference: r, Err: fmt.Errorf("the command failed (%w)%s", err, said(&complaint, &out))}
	case out.over:
		return Resolved{}, &Error{Reference: r, Err: errors.New("the command printed more than 64 KiB")}
	}
	return s.understand(r, out.String())
}

// startFailure is why a program could not be started, without its path, which the reference shows.
func startFailure(err error) error {
	if failed, ok := errors.AsType[*exec.Error](err); ok {
		return failed.Err
	}
	return err
}

// wait waits for a command, and kills it with all that it started when ctx ends.
func wait(ctx context.Context, cmd *exec.Cmd) error {
	stop := context.AfterFunc(ctx, func() { killGroup(cmd) })
	defer stop()
	if err := cmd.Wait(); !errors.Is(err, exec.ErrWaitDelay) { // all that counts was printed by then
		return err
	}
	return nil
}

// understand takes the secret from what a command printed: one line, or an object of JSON with "password" and, where they are known,
// "username" and "expires_at" (RFC 3339) or "expires_in" (seconds).
func (s Sources) understand(r Reference, text string) (Resolved, error) {
	if found, ok, err := s.fromJSON(text); err != nil {
		return Resolved{}, &Error{Reference: r, Err: err}
	} else if ok {
		return found, nil
	}
	line, err := s.secretIn(text)
	if err != nil {
		return Resolved{}, &Error{
			Reference: r, Err: fmt.Errorf("of what the command printed: %w", err), Fix: "let it print the secret on one line, and nothing else",
		}
	}
	return Resolved{Secret: conn.NewSecret(line)}, nil
}

func (s Sources) fromJSON(text string) (found Resolved, ok bool, err error) {
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return Resolved{}, false, nil
	}
	var printed struct {
		Username  string   `json:"username"`
		Password  *string  `json:"password"`
		ExpiresAt string   `json:"expires_at"`
		ExpiresIn *float64 `json:"expires_in"`
	}
	if json.Unmarshal([]byte(text), &printed) != nil || printed.Password == nil {
		return Resolved{}, false, nil //nolint:nilerr // it is no such object, but the secret itself
	}
	found = Resolved{Secret: conn.NewSecret(*printed.Password), User: printed.Username}
	switch {
	case printed.ExpiresAt != "":
		if found.Expires, err = time.Parse(time.RFC3339, printed.ExpiresAt); err != nil {
			return Resolved{}, false, fmt.Errorf("expires_at %q is no time as 2026-01-02T15:04:05Z", printed.ExpiresAt)
		}
	case printed.ExpiresIn != nil:
		found.Expires = s.Now().Add(time.Duration(*printed.ExpiresIn * float64(time.Second)))
	}
	return found, true, nil
}

// said is the first line of what a command complained of, made harmless: control characters are left out, and so is what it printed on
// standard output, which may be the secret.
func said(complaint, out *bounded) string {
	line, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n")
	if secret := strings.TrimSpace(out.String()); secret != "" {
		line = strings.ReplaceAll(line, secret, "***")
	}
	line = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return -1
		}
		return c
	}, line)
	if cut := []rune(line); len(cut) > 200 {
		line = string(cut[:200]) + "..."
	}
	if line == "" {
		return ""
	}
	return ": " + line
}

// bounded holds the beginning of what is written to it.
type bounded struct {
	text bytes.Buffer // not embedded: its ReadFrom knows no bound
	over bool
}

// Write implements io.Writer. It takes everything, so that the program does not fail for it.
func (b *bounded) Write(p []byte) (int, error) {
	room := most - b.text.Len()
	b.over = b.over || len(p) > room
	_, err := b.text.Write(p[:min(len(p), room)])
	return len(p), err
}

// String is what was kept.
func (b *bounded) String() string { return b.text.String() }
