package keyspace

import (
	"context"
	"sync/atomic"

	"redan/conn/resp"
)

// NoTouch returns a client whose commands leave the idle times and frequencies of keys alone, where the server can do that
// (CLIENT NO-TOUCH, Redis 7.2). It is asked on the connection of each command, since a pool has several; a server that
// refuses it is not asked again, and nothing is said. [Describer] and [Scanner] need none of this: their commands touch nothing.
func NoTouch(inner Client) Client { return &noTouch{inner: inner} }

type noTouch struct {
	inner   Client
	refused atomic.Bool
}

// Do implements [conn.Doer].
func (c *noTouch) Do(ctx context.Context, args ...string) (resp.Value, error) {
	if c.refused.Load() {
		return c.inner.Do(ctx, args...)
	}
	replies, err := c.Pipeline(ctx, args)
	if err != nil {
		return resp.Value{}, err
	}
	reply := replyAt(replies, 0)
	if code := errorCode(reply); code == codeMoved || code == codeAsk {
		return c.inner.Do(ctx, args...) // which may follow
	}
	return reply, nil
}

// Pipeline implements [Pipeliner].
func (c *noTouch) Pipeline(ctx context.Context, commands ...[]string) ([]resp.Value, error) {
	if c.refused.Load() {
		return c.inner.Pipeline(ctx, commands...)
	}
	replies, err := c.inner.Pipeline(ctx, append([][]string{{"CLIENT", "NO-TOUCH", "ON"}}, commands...)...)
	if len(replies) == 0 {
		return replies, err
	}
	if replies[0].Kind.IsError() && !passes(replies[0]) {
		c.refused.Store(true)
	}
	return replies[1:], err
}

// Close closes the client inside if it can be closed.
func (c *noTouch) Close() error { return closeClient(c.inner) }
