package view

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"redan/conn"
	"redan/conn/resp"
)

// Client speaks to the server that has the key. Replies that are errors are values; an error is about the connection.
type Client interface {
	conn.Doer
	// Pipeline runs commands in one round trip and returns their replies in order.
	Pipeline(ctx context.Context, commands ...[]string) ([]resp.Value, error)
}

// ErrGone is returned for a key that does not exist, or no longer.
var ErrGone = errors.New("the key does not exist")

// TypeError tells that a key is of another type than it was.
type TypeError struct{ Was, Is string }

// Error says what it is now.
func (e *TypeError) Error() string { return fmt.Sprintf("it was a %s and is a %s now", e.Was, e.Is) }

// CommandError is a command that the server refused.
type CommandError struct {
	Command string // without its arguments, which may be long
	Err     error  // a resp.ServerError
}

// Error names the command and what the server said.
func (e *CommandError) Error() string { return e.Command + ": " + e.Err.Error() }

// Unwrap returns the server's error.
func (e *CommandError) Unwrap() error { return e.Err }

// errShape is a reply that is none of what the command may return.
var errShape = errors.New("the server answered with something else than was asked for")

// ask runs commands and returns their replies. The first reply that is an error ends it.
func ask(ctx context.Context, c Client, commands ...[]string) ([]resp.Value, error) {
	replies, err := tell(ctx, c, commands...)
	if err != nil {
		return nil, err
	}
	return replies, firstRefusal(commands, replies)
}

// firstRefusal returns the first reply that is an error, as an error.
func firstRefusal(commands [][]string, replies []resp.Value) error {
	for i, command := range commands {
		if i < len(replies) && replies[i].Kind.IsError() {
			return refusal(command, replies[i])
		}
	}
	return nil
}

// tell runs commands and returns their replies, errors included.
func tell(ctx context.Context, c Client, commands ...[]string) ([]resp.Value, error) {
	replies, err := c.Pipeline(ctx, commands...)
	if err != nil {
		return nil, err
	}
	if len(replies) != len(commands) {
		return nil, errShape
	}
	return replies, nil
}

func refusal(command []string, reply resp.Value) error {
	if err := reply.Err(); err != nil {
		return &CommandError{Command: command[0], Err: err}
	}
	return nil
}

// number returns an integer reply, or a string of digits.
func number(v resp.Value) (int64, bool) {
	if v.Kind == resp.Integer {
		return v.Int, true
	}
	n, err := strconv.ParseInt(string(v.Payload()), 10, 64)
	return n, err == nil
}

// pairs calls visit for each pair of a map, or of an array that holds pairs one after the other.
func pairs(v resp.Value, visit func(name string, value resp.Value)) {
	for i := 0; i+1 < len(v.Elems); i += 2 {
		visit(v.Elems[i].String(), v.Elems[i+1])
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func millis(n int64) time.Duration {
	return time.Duration(min(n, int64(maxDuration/time.Millisecond))) * time.Millisecond
}

// maxDuration is what the longest lives are taken for: some 292 years.
const maxDuration = time.Duration(1<<63 - 1)
