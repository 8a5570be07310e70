package console

import (
	"context"
	"fmt"
	"time"

	"redan/commands"
	"redan/conn"
	"redan/conn/resp"
	"redan/ui/tui/kit"
)

// Session is a connection that keeps its state; *conn.Session is one. It is used by one task at a time.
type Session interface {
	Stream(ctx context.Context, args []string, consume func(resp.Source) error) error
	Next(ctx context.Context, consume func(resp.Source) error) error
	Reconnect(ctx context.Context) (lost []string, err error)
	State() conn.State
	Addr() conn.Addr
	Broken() bool
	Close() error
}

// Opener makes the connection of the console. What the user should know of it, then and later (redirects, pushes), goes to note, which
// must only be called while the session is used.
type Opener func(ctx context.Context, note func(text string)) (Session, error)

// Dial returns the Opener of real connections. follow is -c.
func Dial(d *conn.Dialer, o conn.Options, follow bool) Opener {
	return func(ctx context.Context, note func(string)) (Session, error) {
		session, err := conn.Open(ctx, d, o)
		if err != nil {
			return nil, err
		}
		session.Follow = follow
		session.OnRedirect = func(to conn.Redirect) {
			note(fmt.Sprintf("redirected to slot %d at %s", to.Slot, to.To))
		}
		session.OnPush = func(push resp.Value) { note(pushText(push)) }
		for _, warning := range session.Warnings() {
			note(warning)
		}
		return session, nil
	}
}

// History keeps the lines of before, oldest first. Errors are told once; lines may come with one.
type History interface {
	Load() ([]string, error)
	Add(line string) error
}

// Server is the one that the console speaks to. The zero Server is none.
type Server struct {
	// Open makes the console's connection, when the first command is sent.
	Open Opener
	// Client finds the names of keys for completion; nil offers none.
	Client kit.Client
	// Addr and DB are shown until there is a connection.
	Addr conn.Addr
	DB   int
	// Production makes commands that destroy ask first; when Word is not empty it must be typed.
	Production bool
	Word       string
	// Exceptions are commands and ACL categories that Production does not ask about.
	Exceptions []string
	// ReadOnly refuses whatever is not known only to read.
	ReadOnly bool
	// NoScan keeps tab from asking the server for the names of keys; those that were used here are offered nevertheless.
	NoScan bool
	// NoHistory keeps what is typed there out of the history's file.
	NoHistory bool
	// Own reports whether a client, as MONITOR names it, is a connection of ours; nil knows none.
	Own func(client string) bool
}

// Config is what the pane needs of the world.
type Config struct {
	// Context ends all the pane asks for, and its connection.
	Context context.Context //nolint:containedctx // panes live in a model, whose methods get none
	Look    kit.Look
	Now     func() time.Time
	Timer   kit.Timer
	// ID tells this pane's messages from those of another one.
	ID int
	// Table is what is known of commands.
	Table *commands.Table
	// Program and Version are told by help.
	Program, Version string
	// History is the file with the lines of before; nil keeps them only as long as the pane lives.
	History History
	// Save writes a file that the user named; nil cannot.
	Save func(name string, data []byte) error
	// Keys are the keys that the user chose, by the ID of a binding.
	Keys map[string][]string
}
