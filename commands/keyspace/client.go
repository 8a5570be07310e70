package keyspace

import (
	"context"
	"strings"

	"redan/conn"
	"redan/conn/resp"
)

// Client speaks to one server, as a [conn.Pool] does. Error replies are replies; an error is about the connection.
type Client interface {
	conn.Doer
	Pipeliner
}

// Pipeliner runs commands in one round trip and returns their replies in order. With an error there may still be replies: those
// that are missing are of kind 0, or the slice is shorter.
type Pipeliner interface {
	Pipeline(ctx context.Context, commands ...[]string) ([]resp.Value, error)
}

// Pools returns an opener for [Config]: a [conn.Pool] per address, with the settings of o for everything but the address.
func Pools(d *conn.Dialer, o conn.Options) func(conn.Addr) Client {
	return func(at conn.Addr) Client {
		o := o
		o.Socket, o.Host, o.Port = "", at.Host, at.Port
		if at.Network == "unix" {
			o.Socket = at.Host
		}
		return conn.NewPool(d, o, false)
	}
}

// The codes that error replies begin with, as far as they matter here.
const (
	codeNoPermission = "NOPERM"
	codeGeneric      = "ERR"
	codeMoved        = "MOVED"
	codeAsk          = "ASK"
)

// errorCode returns the first word of an error reply, which is its stable part; "" for other replies.
func errorCode(v resp.Value) string {
	if !v.Kind.IsError() {
		return ""
	}
	code, _, _ := strings.Cut(string(v.Text), " ")
	return code
}

// passes reports whether an error reply tells of a state that servers leave by themselves.
func passes(v resp.Value) bool {
	switch errorCode(v) {
	case "LOADING", "BUSY", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "MISCONF", "READONLY", codeMoved, codeAsk:
		return true
	}
	return false
}

// replyAt returns a reply that may be missing.
func replyAt(replies []resp.Value, i int) resp.Value {
	if i < len(replies) {
		return replies[i]
	}
	return resp.Value{}
}
