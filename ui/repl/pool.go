package repl

import "redan/conn"

// pool is where the prompt itself asks the server: names of keys, documentation.
// Never on the person's connection, where only what is typed is sent.
type pool struct {
	follow bool

	current *conn.Pool
	opts    conn.Options // what current connects with
}

// of returns a pool for the server, the database and the user the session is at.
func (q *pool) of(p *prompt) conn.Doer {
	o := p.session.Options()
	if q.current != nil && o == q.opts {
		return q.current
	}
	q.close()
	q.current, q.opts = conn.NewPool(p.session.Dialer(), o, q.follow), o
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
