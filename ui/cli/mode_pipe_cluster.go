package cli

import (
	"context"
	"errors"
	"slices"

	"redan/commands"
	"redan/commands/keyspace"
	"redan/commands/transfer"
	"redan/conn"
)

// pipeMasters are the masters of the cluster that --pipe -c loads into; nil without -c, and where there is no cluster.
func (a *app) pipeMasters(ctx context.Context) (*keyspace.Masters, error) {
	if !a.follows() {
		return nil, nil //nolint:nilnil // that there is no cluster is no error
	}
	masters, err := a.masters(ctx)
	if err != nil || masters.Cluster() {
		return masters, err
	}
	return nil, masters.Close()
}

// toCluster loads each command into the master of its key.
func (l *pipeRun) toCluster(ctx context.Context, masters *keyspace.Masters) int {
	defer func() { _ = masters.Close() }()
	table, err := commands.Embedded()
	if err != nil {
		return l.fail(err)
	}
	open := l.openNodes()
	load := transfer.ClusterPipe{
		Patience: l.patience, Now: l.sys.Now, OnError: l.refused, OnSent: l.sent, BeforeRead: l.flushErrors,
		Masters: masters,
		Keyless: slices.IndexFunc(masters.Nodes(), func(n keyspace.Node) bool { return n.Slots > 0 }),
		Open: func(ctx context.Context, node int) (*conn.Session, error) {
			return open(ctx, masters.Nodes()[node].Addr)
		},
		Key: routingKey(table.KeyFinder()), Split: commands.Split,
	}
	report := l.watched(load.Progress, func() transfer.PipeReport { return load.Run(ctx, l.stdin) })
	return l.conclude(ctx, &report)
}

var errOneConnection = errors.New("it is about one connection, and with -c there are several")

// routingKey returns what finds the key by which a command is routed. Commands that change how a connection goes on cannot be routed.
func routingKey(finder *commands.KeyFinder) func(words []string) (key string, keyed bool, err error) {
	return func(words []string) (key string, keyed bool, err error) {
		if commands.EffectOf(words) != commands.NoEffect {
			return "", false, errOneConnection
		}
		key, keyed = finder.FirstKey(words)
		return key, keyed, nil
	}
}
