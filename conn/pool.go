package conn

import (
	"bytes"
	"context"
	"net"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"redan/conn/resp"
)

// Pool runs what the program asks by itself: completion, documentation, later
// the key tree. It is a go-redis connection pool over our dialer, whose raw
// replies our decoder reads. Unlike a [Session] it is safe for concurrent use
// and its connections keep no state. One Pool serves one database.
type Pool struct {
	dialer *Dialer
	opts   Options
	follow bool

	mu      sync.Mutex
	clients map[string]*redis.Client // by address: the seed and the nodes redirected to
	logins  map[string]Credentials   // what the connections of each client said, when that expires
}

// NewPool returns a Pool for o. Nothing is dialled before the first command.
// With follow, MOVED and ASK are followed to other nodes.
func NewPool(d *Dialer, o Options, follow bool) *Pool {
	silenceGoRedis()
	return &Pool{dialer: d, opts: o, follow: follow, clients: map[string]*redis.Client{}, logins: map[string]Credentials{}}
}

// silenceGoRedis keeps go-redis from writing to standard error: what failed is
// in the error already. Its logger is global, so this is done once.
//
//nolint:gochecknoglobals // go-redis offers no logger per client
var silenceGoRedis = sync.OnceFunc(func() { redis.SetLogger(noLog{}) })

type noLog struct{}

// Printf implements go-redis' logger.
func (noLog) Printf(context.Context, string, ...any) {}

// poolSize is enough for a program with one person in front of it.
const poolSize = 4

func (p *Pool) client(addr Addr) *redis.Client {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c, ok := p.clients[addr.Target()]; ok {
		if p.opts.Tokens == nil || !p.opts.Tokens.due(p.logins[addr.Target()]) {
			return c
		}
		time.AfterFunc(renewBefore, func() { _ = c.Close() }) // by then what was asked of it has been answered
	}
	options := &redis.Options{
		Network: addr.Network, Addr: addr.Target(),
		Dialer: func(ctx context.Context, _, _ string) (net.Conn, error) {
			conn, err := p.dialer.Dial(ctx, addr)
			if err != nil {
				return nil, err
			}
			return conn, nil
		},
		Username: p.opts.User, Password: p.opts.Password.Reveal(),
		DB: p.opts.DB, ClientName: p.opts.ClientName,
		Protocol:    max(2, p.opts.Protocol), // go-redis takes 0 for 3
		DialTimeout: p.dialer.timeout,
		PoolSize:    poolSize,
		// What is asked is asked once: go-redis would send a command that timed
		// out again, and dial five times.
		MaxRetries: -1, DialerRetries: 1,
		DisableIdentity:          true,
		ContextTimeoutEnabled:    true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if p.opts.Tokens != nil {
		options.CredentialsProviderContext = func(ctx context.Context) (user, password string, err error) {
			c, err := p.opts.Tokens.Current(ctx)
			if err != nil {
				return "", "", &Error{Stage: StageAuth, Addr: addr, Code: CodeNoCredentials, Line: err.Error(), Err: err}
			}
			p.mu.Lock()
			p.logins[addr.Target()] = c
			p.mu.Unlock()
			return userOr(c.User, p.opts.User), c.Password.Reveal(), nil
		}
	}
	c := redis.NewClient(options)
	p.clients[addr.Target()] = c
	return c
}

// Do implements [Doer].
func (p *Pool) Do(ctx context.Context, args ...string) (resp.Value, error) {
	addr, asking := p.opts.Addr(), false
	for range maxRedirects {
		reply, err := p.doAt(ctx, addr, asking, args)
		if err != nil || !p.follow || !reply.Kind.IsError() {
			return reply, err
		}
		to, ok := parseRedirect(reply.Text)
		if !ok {
			return reply, nil
		}
		to = to.at(addr)
		addr, asking = to.To, to.Ask
	}
	return resp.Value{}, errTooManyRedirects
}

// Pipeline runs commands on one connection in one round trip and returns their
// replies in order. It follows no redirects.
func (p *Pool) Pipeline(ctx context.Context, commands ...[]string) ([]resp.Value, error) {
	return waitFor(ctx, func() ([]resp.Value, error) { return p.pipelineAt(ctx, p.opts.Addr(), commands) })
}

func (p *Pool) doAt(ctx context.Context, addr Addr, asking bool, args []string) (resp.Value, error) {
	commands := [][]string{args}
	if asking {
		commands = [][]string{{"ASKING"}, args}
	}
	replies, err := waitFor(ctx, func() ([]resp.Value, error) { return p.pipelineAt(ctx, addr, commands) })
	if err != nil {
		return resp.Value{}, err
	}
	return replies[len(replies)-1], nil
}

func (p *Pool) pipelineAt(ctx context.Context, addr Addr, commands [][]string) ([]resp.Value, error) {
	// On one connection of the pool: a pipeline on the client itself, when it
	// cannot connect, tries again from another pool.
	c := p.client(addr).Conn()
	defer func() { _ = c.Close() }()
	pipe := c.Pipeline()
	raw := make([]*redis.RawCmd, len(commands))
	for i, args := range commands {
		raw[i] = redis.NewRawCmd(ctx, anys(args)...)
		_ = pipe.Process(ctx, raw[i]) // queues; errors come from Exec
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, err
	}
	replies := make([]resp.Value, len(commands))
	for i, cmd := range raw {
		var err error
		if replies[i], err = resp.NewReader(bytes.NewReader(cmd.Val())).Read(); err != nil {
			return nil, err
		}
	}
	return replies, nil
}

// waitFor returns as soon as ctx is done: go-redis does not wake up for that.
// The abandoned command ends with its connection's read timeout.
func waitFor[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type outcome struct {
		result T
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		result, err := work()
		done <- outcome{result, err}
	}()
	select {
	case o := <-done:
		if deadline, ok := ctx.Deadline(); o.err != nil && ok && !time.Now().Before(deadline) {
			return o.result, context.DeadlineExceeded // and not the time-out of a read that it led to
		}
		return o.result, o.err
	case <-ctx.Done():
		var zero T
		return zero, ctx.Err()
	}
}

// Close closes all connections.
func (p *Pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var first error
	for _, c := range p.clients {
		if err := c.Close(); err != nil && first == nil {
			first = err
		}
	}
	p.clients = map[string]*redis.Client{}
	return first
}

func anys(args []string) []any {
	list := make([]any, len(args))
	for i, arg := range args {
		list[i] = arg
	}
	return list
}
