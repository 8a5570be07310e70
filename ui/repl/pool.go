package repl

import (
	"redan/conn"
)

// pool is where the prompt itself asks the server: names of keys, documentation.
// Never on the person's connection, where only what is typed is sent.
type pool struct {
	dialer *conn.Dialer
	follow bool

	current *conn.Pool
	addr    conn.Addr
	db      int
}

// of returns a pool for the server and the database the session is at.
func (q *pool) of(p *prompt) conn.Doer {
	addr, db := p.session.Addr(), p.session.State().DB
	if q.current != nil && addr == q.addr && db == q.db {
		return q.current
	}
	q.close()
	o := p.Options
	o.Host, o.Port, o.Socket, o.DB = addr.Host, addr.Port, "", db
	if addr.Network == "unix" {
		o.Socket = addr.Host
	}
	q.current, q.addr, q.db = conn.NewPool(q.dialer, o, q.follow), addr, db
	return q.current
}

func (q *pool) close() {
	if q.current != nil {
		_ = q.current.Close()
		q.current = nil
	}
}

// asked returns whom to ask for the server's commands.
func (p *prompt) asked() conn.Doer {
	if !p.connected() {
		return nil
	}
	return p.pool.of(p)
}
