// Package kit is what the panes of the full screen share: how they do I/O, ask each other for things, name their keys, and put text
// into cells.
//
// A pane is a value. It never does I/O itself: it returns commands made by [Task], which cannot see it, and gets their results as
// messages.
package kit

import (
	"context"
	"runtime/debug"

	tea "charm.land/bubbletea/v2"

	"redan/conn/resp"
)

// Message is what a task gives back. It is sealed, so that neither a command nor a bare error can be returned in its place: both would
// vanish without a word.
type Message interface{ sealed() }

// Sealed makes the struct that embeds it a [Message].
type Sealed struct{}

func (Sealed) sealed() {}

// Task returns the command that runs work and delivers its result. work ends when ctx does. One that panics delivers a [Crashed].
func Task[M Message](ctx context.Context, work func(context.Context) M) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = Crash(r, debug.Stack())
			}
		}()
		return work(ctx)
	}
}

// Say returns the command that delivers a message at once: how a pane asks the root for something.
func Say(m Message) tea.Cmd { return func() tea.Msg { return m } }

// Client speaks to the server for the program. Replies that are errors are values; an error is about the connection.
type Client interface {
	Do(ctx context.Context, args ...string) (resp.Value, error)
	// Pipeline runs commands on one connection in one round trip.
	Pipeline(ctx context.Context, commands ...[]string) ([]resp.Value, error)
}

// The requests of a pane to the root.
type (
	// OpenKey asks for a key to be shown.
	OpenKey struct {
		Sealed
		Key  string
		Type string // as TYPE says; empty when it is not known
		// Back tells that it was on screen before: the cursor goes to where it was.
		Back bool
	}
	// KeyGone tells that a key no longer exists.
	KeyGone struct {
		Sealed
		Key string
	}
	// KeyChanged tells that a key was written by us.
	KeyChanged struct {
		Sealed
		Key string
	}
	// KeyCreated tells that a key came into being by us.
	KeyCreated struct {
		Sealed
		Key, Type string
	}
	// Notice asks for a line of text to be shown for a while.
	Notice struct {
		Sealed
		Level Level
		Text  string
	}
	// Failed tells of an error: of the connection, or of a command that was refused.
	Failed struct {
		Sealed
		What string // what was attempted: "read orders:1"
		Err  error
	}
	// RunCommand asks the console to run a command.
	RunCommand struct {
		Sealed
		Words []string
	}
	// RunColon asks for what the colon line does with a line; the colon is not part of it.
	RunColon struct {
		Sealed
		Line string
	}
	// CopyText asks for text to be put on the clipboard.
	CopyText struct {
		Sealed
		Text, What string
	}
	// EditText asks for text to be edited in the user's editor; the answer is an Edited with the same ID.
	EditText struct {
		Sealed
		ID   int
		Name string // a hint for the file name: "value.json"
		Text []byte
	}
	// Edited is the answer to EditText.
	Edited struct {
		Sealed
		ID      int
		Text    []byte
		Changed bool
		Err     error
	}
)

// Level is how much a notice matters.
type Level int

// The levels of a notice.
const (
	Plain Level = iota
	Good
	Warn
	Bad
)
