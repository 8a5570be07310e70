//go:build unix

package conntest_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"redan/conn/conntest"
)

func TestStartAnswersOnEveryAddress(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		opts []conntest.Option
	}{
		{"plain", nil},
		{"tls", []conntest.Option{conntest.TLS()}},
		{"tls only", []conntest.Option{conntest.TLSOnly()}},
		{"mutual tls", []conntest.Option{conntest.MutualTLS("yes")}},
		{"password", []conntest.Option{conntest.Password("a \"b\"\n\x00é")}},
		{"unix socket", []conntest.Option{conntest.UnixSocket()}},
		{"acl", []conntest.Option{conntest.ACL("user alice on >secret ~cache:* +@read +ping")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := conntest.Start(t, tt.opts...)
			s.Do("SET", "greeting", "hello\r\nworld")
			if got := s.Do("GET", "greeting"); got != "hello\r\nworld" {
				t.Errorf("GET gave %q", got)
			}
			if got, want := s.Do("INFO", "server"), fmt.Sprintf("process_id:%d\r\n", s.PID()); !strings.Contains(got, want) {
				t.Errorf("INFO lacks %q:\n%s", want, got)
			}
		})
	}
}

func TestNoProcessOutlivesItsTest(t *testing.T) { //nolint:tparallel // the inner test must have ended for the outer one to look
	t.Parallel()
	var servers []*conntest.Server
	t.Run("inner", func(t *testing.T) {
		master := conntest.Start(t, conntest.MutualTLS("optional"), conntest.Password("pw"), conntest.UnixSocket())
		servers = append(servers, master, conntest.Sentinel(t, master))
	})
	for _, s := range servers {
		if alive(s.PID()) {
			t.Errorf("the server on %s is still running as %d", s.Addr(), s.PID())
		}
		if s.Socket == "" {
			continue
		}
		if _, err := os.Stat(s.Socket); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("socket %s is still there: %v", s.Socket, err)
		}
	}
}

func TestStopRestartKill(t *testing.T) {
	t.Parallel()
	s := conntest.Start(t, conntest.TLS(), conntest.Password("pw"))
	first, addr := s.PID(), s.Addr()
	s.Do("SET", "k", "v")
	s.Stop()
	s.Stop()
	if alive(first) {
		t.Errorf("process %d lives after Stop", first)
	}
	if _, err := s.TryDo("PING"); err == nil {
		t.Error("a stopped server answered")
	}
	s.Restart()
	if s.PID() == first || s.Addr() != addr {
		t.Errorf("restarted as %d on %s, was %d on %s", s.PID(), s.Addr(), first, addr)
	}
	if got := s.Do("GET", "k"); got != "(nil)" {
		t.Errorf("a key survived the restart: %q", got)
	}
	s.Restart() // while it runs
	last := s.PID()
	s.Kill()
	if alive(last) {
		t.Errorf("process %d lives after Kill", last)
	}
}

func TestDoRendersReplies(t *testing.T) {
	t.Parallel()
	s := conntest.Start(t)
	tests := []struct {
		args []string
		want string
	}{
		{[]string{"PING"}, "PONG"},
		{[]string{"RPUSH", "l", "a", "", "c d"}, "3"},
		{[]string{"LRANGE", "l", "0", "-1"}, "a\n\nc d"},
		{[]string{"GET", "missing"}, "(nil)"},
		{[]string{"BLPOP", "missing", "0.001"}, "(nil)"},
		{[]string{"KEYS", "nothing*"}, ""},
		{[]string{"EVAL", "return {1, {err='ERR inner'}, {2, 3}}", "0"}, "1\n(error) ERR inner\n2\n3"},
	}
	for _, tt := range tests {
		if got := s.Do(tt.args...); got != tt.want {
			t.Errorf("%q gave %q, want %q", tt.args, got, tt.want)
		}
	}
	_, err := s.TryDo("LPUSH", "l")
	if refusal := conntest.ReplyError(""); !errors.As(err, &refusal) || !strings.HasPrefix(err.Error(), "ERR wrong number") {
		t.Errorf("wrong arity gave %v", err)
	}
}

func TestPasswordAndACLAreInForce(t *testing.T) {
	t.Parallel()
	s := conntest.Start(t, conntest.Password("pw"), conntest.ACL("user alice on >secret ~cache:* +@read"))
	if got := ping(dialPlain(t, s.Addr())); !strings.HasPrefix(got, "-NOAUTH") {
		t.Errorf("without a password PING gave %q", got)
	}
	if got := s.Do("ACL", "USERS"); got != "alice\ndefault" {
		t.Errorf("users: %q", got)
	}
}

func TestMutualTLSModes(t *testing.T) {
	t.Parallel()
	stranger := conntest.NewAuthority(t).Issue(t, conntest.IssueOptions{CN: "stranger"})
	tests := []struct {
		name      string
		opt       conntest.Option
		pair      *conntest.Pair
		ownClient bool
		works     bool
	}{
		{name: "none, no certificate", opt: conntest.TLS(), works: true},
		{name: "yes, no certificate", opt: conntest.MutualTLS("yes")},
		{name: "yes, certificate", opt: conntest.MutualTLS("yes"), ownClient: true, works: true},
		{name: "yes, a stranger's certificate", opt: conntest.MutualTLS("yes"), pair: stranger},
		{name: "optional, no certificate", opt: conntest.MutualTLS("optional"), works: true},
		{name: "optional, a stranger's certificate", opt: conntest.MutualTLS("optional"), pair: stranger},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := conntest.Start(t, tt.opt)
			config := &tls.Config{RootCAs: s.Authority.Pool(), ServerName: "localhost"}
			if tt.pair != nil {
				config.Certificates = []tls.Certificate{tt.pair.TLS()}
			}
			if tt.ownClient {
				own, err := tls.LoadX509KeyPair(s.CertFile, s.KeyFile)
				if err != nil {
					t.Fatal(err)
				}
				config.Certificates = []tls.Certificate{own}
			}
			reply := ping(tls.Client(dialPlain(t, s.TLSAddr()), config))
			if works := reply == "+PONG\r\n"; works != tt.works {
				t.Errorf("PING over TLS gave %q, should work: %t", reply, tt.works)
			}
		})
	}
}

func TestIPv6(t *testing.T) {
	t.Parallel()
	if !conntest.HasIPv6() {
		if got := fatal(t, func(tb conntest.TB) { conntest.Start(tb, conntest.IPv6()) }); !strings.Contains(got, "::1") {
			t.Errorf("message without ::1: %s", got)
		}
		return
	}
	s := conntest.Start(t, conntest.IPv6())
	if got := ping(dialPlain(t, fmt.Sprintf("[::1]:%d", s.Port))); got != "+PONG\r\n" {
		t.Errorf("PING on ::1 gave %q", got)
	}
}

func TestWithCertsAndTLSProtocols(t *testing.T) {
	t.Parallel()
	root := conntest.NewAuthority(t)
	middle := root.Intermediate(t, conntest.IssueOptions{CN: "middle"})
	pair := middle.Issue(t, conntest.IssueOptions{CN: "redis", DNS: []string{"redis.example"}, KeyType: conntest.RSA2048})
	s := conntest.Start(t, conntest.WithCerts(root, pair), conntest.TLSProtocols("TLSv1.2"))
	conn := tls.Client(dialPlain(t, s.TLSAddr()), &tls.Config{RootCAs: root.Pool(), ServerName: "redis.example"})
	if got := ping(conn); got != "+PONG\r\n" {
		t.Fatalf("PING gave %q", got)
	}
	state := conn.ConnectionState()
	if state.Version != tls.VersionTLS12 {
		t.Errorf("spoke %s", tls.VersionName(state.Version))
	}
	if n := len(state.PeerCertificates); n != 2 {
		t.Errorf("the server sent %d certificates, want leaf and intermediate", n)
	}
}

func TestStartLosesARaceForItsPort(t *testing.T) {
	t.Parallel()
	winner := conntest.Start(t)
	attempts := 0
	loser := conntest.Start(t, conntest.FindPorts(func(host string, n int) ([]int, error) {
		if attempts++; attempts <= 2 {
			return []int{winner.Port}, nil
		}
		return conntest.FreePorts(host, n)
	}))
	if attempts != 3 || loser.Port == winner.Port {
		t.Errorf("after %d attempts on port %d, where another server sits on %d", attempts, loser.Port, winner.Port)
	}
	if got, want := loser.Do("INFO", "server"), fmt.Sprintf("process_id:%d\r\n", loser.PID()); !strings.Contains(got, want) {
		t.Errorf("another process answers:\n%s", got)
	}
}

func TestFailuresAreClear(t *testing.T) {
	t.Run("no redis-server", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		if got := fatal(t, func(tb conntest.TB) { conntest.Start(tb) }); !strings.Contains(got, "apt-get install redis-server") {
			t.Errorf("message: %s", got)
		}
	})
	t.Run("bad configuration", func(t *testing.T) {
		got := fatal(t, func(tb conntest.TB) { conntest.Start(tb, conntest.Config("no-such-directive", "1")) })
		if !strings.Contains(got, "no-such-directive") {
			t.Errorf("message: %s", got)
		}
	})
	t.Run("error reply", func(t *testing.T) {
		got := fatal(t, func(tb conntest.TB) { conntest.Start(tb).Do("NOSUCH") })
		if !strings.Contains(got, "unknown command") {
			t.Errorf("message: %s", got)
		}
	})
	t.Run("restart on a taken port", func(t *testing.T) {
		s := conntest.Start(t)
		s.Stop()
		l, err := net.Listen("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() }) // nothing was accepted
		got := fatal(t, func(tb conntest.TB) { s.WithTB(tb).Restart() })
		if !strings.Contains(got, "already in use") {
			t.Errorf("message: %s", got)
		}
	})
}

func TestCluster(t *testing.T) {
	t.Parallel()
	addr, tlsAddr := (*conntest.Server).Addr, (*conntest.Server).TLSAddr
	tests := []struct {
		name       string
		opts       []conntest.Option
		tlsCluster string
		addr       func(*conntest.Server) string // where a node sends its client
	}{
		{"plain", nil, "no", addr},
		{"tls", []conntest.Option{conntest.MutualTLS("yes"), conntest.Password("pw")}, "yes", addr},
		{"tls only", []conntest.Option{conntest.TLSOnly()}, "yes", tlsAddr},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := conntest.Cluster(t, 3, tt.opts...)
			if got, want := c.Nodes[0].Do("CONFIG", "GET", "tls-cluster"), "tls-cluster\n"+tt.tlsCluster; got != want {
				t.Errorf("%q, want %q", got, want)
			}
			for i := range 20 {
				key := fmt.Sprintf("key:%d", i)
				home := c.Node(key)
				home.Do("SET", key, "v")
				for _, node := range c.Nodes {
					if node == home {
						continue
					}
					_, err := node.TryDo("GET", key)
					if want := " " + tt.addr(home); err == nil || !strings.HasPrefix(err.Error(), "MOVED ") || !strings.HasSuffix(err.Error(), want) {
						t.Errorf("GET %s on another node: %v, want a move to %s", key, err, want)
					}
				}
			}
			if n := len(c.Addrs()); n != 3 {
				t.Errorf("%d addresses", n)
			}
		})
	}
}

func TestSentinelKnowsTheMaster(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		opts []conntest.Option
		port func(*conntest.Server) int
	}{
		{"plain", nil, func(s *conntest.Server) int { return s.Port }},
		{"tls", []conntest.Option{conntest.MutualTLS("yes"), conntest.Password("pw")}, func(s *conntest.Server) int { return s.TLSPort }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			master := conntest.Start(t, tt.opts...)
			sentinel := conntest.Sentinel(t, master)
			want := fmt.Sprintf("127.0.0.1\n%d", tt.port(master))
			if got := sentinel.Do("SENTINEL", "GET-MASTER-ADDR-BY-NAME", conntest.MasterName); got != want {
				t.Errorf("master is at %q, want %q", got, want)
			}
		})
	}
}

// alive reports whether a process exists, a zombie too.
func alive(pid int) bool {
	return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

// recorder is a TB whose Fatalf is kept instead of failing the test.
type recorder struct {
	*testing.T
	message string
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.message = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// fatal runs f and returns what it failed with.
func fatal(t *testing.T, f func(conntest.TB)) string {
	t.Helper()
	r := &recorder{T: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(r)
	}()
	<-done
	if r.message == "" {
		t.Error("did not fail")
	}
	return r.message
}
