package tui

import (
	"context"
	"crypto/tls"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/conn"
	"redan/conn/cert"
	"redan/ui/tui/kit"
)

// The results of the root's tasks.
type (
	connected struct {
		kit.Sealed
		gen    int
		server *server
		err    error
	}
	probed struct {
		kit.Sealed
		gen     int
		secured *tls.ConnectionState
		err     error
	}
	retryDue struct {
		kit.Sealed
		gen int
	}
	tickDue struct {
		kit.Sealed
		gen int
	}
	noticeDue struct {
		kit.Sealed
		gen int
	}
	informed struct {
		kit.Sealed
		gen   int
		info  info
		took  time.Duration
		err   error
		known bool // the server told
		why   string
	}
	examined struct {
		kit.Sealed
		gen    int
		report cert.Report
	}
	databasesListed struct {
		kit.Sealed
		gen  int
		list keyspace.DatabaseList
		err  error
	}
	demoStarted struct {
		kit.Sealed
		options conn.Options
		err     error
	}
)

// connect reaches a server.
func connect(ctx context.Context, how func(context.Context, Way, watch) (*server, error), way Way, seen watch, gen int) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) connected {
		ctx, cancel := context.WithTimeout(ctx, connectTimeout)
		defer cancel()
		s, err := how(ctx, way, seen)
		return connected{gen: gen, server: s, err: err}
	})
}

// probe looks whether a server that was lost is there again.
func probe(ctx context.Context, how func(context.Context, Way) (*tls.ConnectionState, error), way Way, gen int) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) probed {
		ctx, cancel := context.WithTimeout(ctx, connectTimeout)
		defer cancel()
		secured, err := how(ctx, way)
		return probed{gen: gen, secured: secured, err: err}
	})
}

// askInfo reads the server's key figures.
func askInfo(ctx context.Context, client kit.Client, now func() time.Time, gen int) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) informed { return readInfo(ctx, client, now, gen) })
}

func readInfo(ctx context.Context, client kit.Client, now func() time.Time, gen int) informed {
	start := now()
	reply, err := client.Do(ctx, "INFO")
	result := informed{gen: gen, err: err, took: now().Sub(start)}
	switch {
	case err != nil:
	case reply.Kind.IsError():
		result.why = string(reply.Text)
	default:
		result.known, result.info = true, parseInfo(reply.String())
	}
	return result
}

// askNode reads the key figures of a node of the cluster.
func askNode(ctx context.Context, client kit.Client, now func() time.Time, gen, node int) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) nodeInformed {
		return nodeInformed{informed: readInfo(ctx, client, now, gen), node: node}
	})
}

// examine looks at the certificate of the server.
func examine(ctx context.Context, how func(context.Context) cert.Report, gen int) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) examined { return examined{gen: gen, report: how(ctx)} })
}

// startDemo starts the embedded server.
func startDemo(ctx context.Context, how func(context.Context) (conn.Options, error)) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) demoStarted {
		o, err := how(ctx)
		return demoStarted{options: o, err: err}
	})
}

// listDatabases counts the keys of the databases.
func listDatabases(ctx context.Context, masters *keyspace.Masters, current, gen int) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) databasesListed {
		list, err := keyspace.ListDatabases(ctx, masters, current, nil)
		return databasesListed{gen: gen, list: list, err: err}
	})
}
