package sweep_test

import (
	"context"
	"net"
	"strconv"
	"testing"

	"redan/commands/keyspace/sweep"
	"redan/conn"
)

// nodes are servers in plaintext.
func nodes(tb testing.TB, addrs ...string) []sweep.Node {
	tb.Helper()
	all := make([]sweep.Node, len(addrs))
	for i, addr := range addrs {
		all[i] = node(tb, addr, conn.Options{})
	}
	return all
}

// node is a server that is reached as o says, but for its address.
func node(tb testing.TB, addr string, o conn.Options) sweep.Node {
	tb.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		tb.Fatal(err)
	}
	o.Host = host
	if o.Port, err = strconv.Atoi(port); err != nil {
		tb.Fatal(err)
	}
	d, err := conn.NewDialer(o, conn.System())
	if err != nil {
		tb.Fatal(err)
	}
	return sweep.Node{Addr: o.Addr(), Open: func(ctx context.Context) (*conn.Session, error) { return conn.Open(ctx, d, o) }}
}
