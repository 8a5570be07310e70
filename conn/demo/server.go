package demo

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"
)

// DefaultAddr is a free port of the loopback address.
const DefaultAddr = "127.0.0.1:0"

// Options says how to serve the demo. The zero value lacks a clock only.
type Options struct {
	// TLS serves TLS, with a certificate for localhost, 127.0.0.1 and ::1 that
	// a freshly made authority vouches for.
	TLS bool
	// Addr is host:port to listen on; empty means [DefaultAddr].
	Addr string
	// Now is the clock that keys expire by and that sample data ends at. It
	// must not be nil.
	Now func() time.Time
	// Seed chooses the sample data: the same seed and time give the same data.
	Seed int64
	// Dir is where the authority's certificate is written, for TLS only.
	Dir string
}

// Server is a running demo.
type Server struct {
	// Host and Port are what clients connect to; Port is never 0.
	Host, Port string

	caFile   string
	redis    *miniredis.Miniredis
	commands *server.Server // of redis, which forgets it when it closes
	now      func() time.Time
	listener net.Listener
	accept   chan struct{} // closed once nothing is accepted any more

	senders sync.WaitGroup // one for each connection
	mu      sync.Mutex
	conns   map[net.Conn]struct{}
	closed  bool

	closeOnce sync.Once
	unwatch   func() bool // stops waiting for the context
}

// Start serves the demo, already filled, until the context ends or [Server.Close]
// is called. It fails if the address cannot be listened on or, with TLS, the
// authority's certificate cannot be written.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Addr == "" {
		o.Addr = DefaultAddr
	}
	redis, err := filled(o)
	if err != nil {
		return nil, fmt.Errorf("fill the demo server: %w", err)
	}
	s := &Server{
		redis: redis, commands: redis.Server(), now: o.Now,
		accept: make(chan struct{}), conns: map[net.Conn]struct{}{},
	}
	if err := s.listen(ctx, o); err != nil {
		redis.Close()
		return nil, fmt.Errorf("start the demo server: %w", err)
	}
	s.commands.SetPreHook(newAnswers(s, o).hook)
	go s.serve()
	s.unwatch = context.AfterFunc(ctx, s.shutDown)
	return s, nil
}

// filled is a miniredis with the sample in it, that listens nowhere.
func filled(o Options) (*miniredis.Miniredis, error) {
	now := o.Now()
	redis := miniredis.NewMiniRedis()
	redis.Seed(int(o.Seed))
	conn, err := redis.Dial() // the only way to make it ready without a listener
	if err == nil {
		err = conn.Close()
	}
	if err == nil {
		err = fill(redis, Sample(o.Seed, now), now)
	}
	if err != nil {
		redis.Close()
		return nil, err
	}
	// From here on time passes: each command brings its own, see [conn.Read].
	redis.SetTime(now)
	redis.ClockTTL(true)
	return redis, nil
}

// fill runs commands, each at its age before now.
func fill(redis *miniredis.Miniredis, commands []Command, now time.Time) error {
	var reply bytes.Buffer
	out := bufio.NewWriter(&reply)
	peer := server.NewPeer(out)
	db := 0
	for _, c := range commands {
		redis.SetTime(now.Add(-c.Age))
		if c.DB != db {
			redis.Server().Dispatch(peer, []string{"SELECT", strconv.Itoa(c.DB)})
			db = c.DB
		}
		redis.Server().Dispatch(peer, c.Args)
		peer.Flush()
		if reply.Len() > 0 && reply.Bytes()[0] == '-' {
			return fmt.Errorf("%s %q: %s", c.Args[0], c.Args[1], bytes.TrimSpace(reply.Bytes()))
		}
		reply.Reset()
	}
	return nil
}

// listen opens the port, and makes the certificates with TLS.
func (s *Server) listen(ctx context.Context, o Options) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Addr)
	if err != nil {
		return err
	}
	s.Host, s.Port, err = net.SplitHostPort(listener.Addr().String())
	if err == nil && o.TLS {
		var identity identity
		if identity, err = newIdentity(o.Now()); err == nil {
			s.caFile, err = identity.writeCA(o.Dir)
		}
		listener = tls.NewListener(listener, &tls.Config{
			Certificates: []tls.Certificate{identity.certificate},
			MinVersion:   tls.VersionTLS12,
		})
	}
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	s.listener = listener
	return nil
}

// serve accepts connections until the listener closes.
func (s *Server) serve() {
	defer close(s.accept)
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.adopt(c)
	}
}

// adopt hands a connection to miniredis, unless the demo is closing.
func (s *Server) adopt(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = c.Close() // nothing was sent on it
		return
	}
	s.conns[c] = struct{}{}
	conn := newConn(c, func() { s.redis.SetTime(s.now()) })
	s.commands.ServeConn(conn)
	s.senders.Go(func() {
		conn.out.send()
		s.forget(c)
	})
}

func (s *Server) forget(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// Addr is host:port to connect to.
func (s *Server) Addr() string { return net.JoinHostPort(s.Host, s.Port) }

// CAFile is the path of the PEM file with the authority that vouches for the
// server; empty without TLS. It is removed when the demo ends.
func (s *Server) CAFile() string { return s.caFile }

// Close ends the demo and all connections to it, and waits until nothing of it
// runs. Closing twice is fine.
func (s *Server) Close() {
	s.unwatch()
	s.shutDown()
}

func (s *Server) shutDown() { s.closeOnce.Do(s.stop) }

func (s *Server) stop() {
	_ = s.listener.Close() // nobody else closes it
	<-s.accept
	s.mu.Lock()
	s.closed = true
	open := make([]net.Conn, 0, len(s.conns))
	for c := range s.conns {
		open = append(open, c)
	}
	s.mu.Unlock()
	for _, c := range open {
		_ = c.Close() // the client may have closed it
	}
	s.stopRedis()
	s.senders.Wait()
	if s.caFile != "" {
		_ = os.Remove(s.caFile) // whose directory may be gone already
	}
}

// wakeInterval is how often blocked commands are woken up during a stop.
const wakeInterval = 5 * time.Millisecond

// stopRedis closes miniredis. A blocked command can miss the one signal that this
// gives, so it is repeated by a command that changes nothing.
func (s *Server) stopRedis() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.redis.Close()
	}()
	waker := server.NewPeer(bufio.NewWriter(new(bytes.Buffer)))
	waker.ClientName = innerName
	ticker := time.NewTicker(wakeInterval)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
			s.commands.Dispatch(waker, []string{"PING"})
		}
	}
}
