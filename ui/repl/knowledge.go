package repl

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
	"unicode"

	"redan/commands"
	"redan/conn"
	"redan/conn/resp"
	"redan/ui/format"
)

// knowledge is the command table: the embedded one at once, topped up by what
// the server tells of its own commands as soon as that has come. Nothing is
// loaded before it is needed, and typing never waits for it.
type knowledge struct {
	// ask returns whom to ask for the server's commands, nil for nobody.
	ask func() conn.Doer
	// learned is called, from another goroutine, when the table has grown.
	learned func()

	lessons chan lesson

	mu       sync.Mutex
	known    *commands.Table
	asked    chan struct{} // closed when the server has answered; nil when it was not asked
	failures int           // to reach the server
}

// lesson is a server to learn from, and what to close afterwards.
type lesson struct {
	server conn.Doer
	done   chan struct{}
}

const (
	// livePatience bounds how long the server's table may take.
	livePatience = 5 * time.Second
	// maxFailures is how often a server that cannot be reached is tried.
	maxFailures = 3
)

func newKnowledge(ask func() conn.Doer, learned func()) *knowledge {
	return &knowledge{ask: ask, learned: learned, lessons: make(chan lesson, 1)}
}

// serve asks servers, one after the other, until ctx ends.
func (k *knowledge) serve(ctx context.Context) {
	for {
		select {
		case l := <-k.lessons:
			asking, cancel := context.WithTimeout(ctx, livePatience)
			live, err := LiveTable(asking, l.server)
			cancel()
			grown := k.take(live, err, l.done)
			close(l.done)
			if grown {
				k.learned()
			}
		case <-ctx.Done():
			return
		}
	}
}

// table returns what is known by now, and starts learning more.
func (k *knowledge) table() *commands.Table {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == nil {
		table, err := commands.Embedded()
		if err != nil {
			table = &commands.Table{} // a damaged build: nothing to offer, but the prompt works
		}
		k.known = table
	}
	if k.asked == nil {
		k.learn()
	}
	return k.known
}

// learn asks for the server's table. A server that refuses is fine.
func (k *knowledge) learn() {
	server := k.ask()
	if server == nil {
		return
	}
	asked := make(chan struct{})
	select {
	case k.lessons <- lesson{server, asked}:
		k.asked = asked
	default: // the server before has not answered yet: next time
	}
}

// take adds what the server told and reports whether that was anything. After
// a failed connection, unlike a refusal, the server may be asked again.
func (k *knowledge) take(live *commands.Table, err error, asked chan struct{}) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.asked != asked { // we are at another server by now
		return false
	}
	if err == nil {
		k.known = k.known.Merge(live)
		return true
	}
	k.failures++
	refused := resp.ServerError("")
	answered := errors.As(err, &refused) || errors.Is(err, commands.ErrNotCommandReply)
	if !answered && k.failures < maxFailures {
		k.asked = nil
	}
	return false
}

// wholeTable is table, but waits for the server until ctx is done.
func (k *knowledge) wholeTable(ctx context.Context) *commands.Table {
	k.table()
	k.mu.Lock()
	asked := k.asked
	k.mu.Unlock()
	if asked != nil {
		select {
		case <-asked:
		case <-ctx.Done():
		}
	}
	return k.table()
}

// forget is for another server: what the one before told does not hold there.
func (k *knowledge) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known, k.asked, k.failures = nil, nil, 0
}

// LiveTable asks server for its commands, or for those with the given names:
// COMMAND DOCS, which servers before 7.0 do not have, and COMMAND. An error
// means that it tells neither.
func LiveTable(ctx context.Context, server conn.Doer, names ...string) (*commands.Table, error) {
	known := []string{"COMMAND"}
	if len(names) > 0 {
		known = append([]string{"COMMAND", "INFO"}, names...)
	}
	var all *commands.Table
	var failures []error
	for _, source := range []struct {
		args  []string
		parse func([]byte) (*commands.Table, error)
	}{
		{append([]string{"COMMAND", "DOCS"}, names...), commands.ParseDocs},
		{known, commands.ParseCommands},
	} {
		reply, err := server.Do(ctx, source.args...)
		if err == nil {
			err = reply.Err()
		}
		var table *commands.Table
		if err == nil {
			table, err = source.parse(format.New(format.JSON).Append(nil, harmless(reply)))
		}
		switch {
		case err != nil:
			failures = append(failures, err)
		case all == nil:
			all = table
		default:
			all = all.Merge(table)
		}
	}
	if all == nil {
		return nil, errors.Join(failures...)
	}
	return all, nil
}

// harmless returns v without control characters and without bytes that are not
// UTF-8: hints and help show it on a terminal.
func harmless(v resp.Value) resp.Value {
	v.Text = []byte(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r // bytes that are not UTF-8 come as U+FFFD
	}, string(v.Text)))
	elems := make([]resp.Value, len(v.Elems))
	for i, elem := range v.Elems {
		elems[i] = harmless(elem)
	}
	v.Elems, v.Attrs = elems, nil
	return v
}
