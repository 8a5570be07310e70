package conn_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/cert"
	"redan/conn/conntest"
)

func pool(t *testing.T, o conn.Options, follow bool) *conn.Pool {
	t.Helper()
	p := conn.NewPool(dialer(t, o), o, follow)
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// asked returns which of the commands a node got are none of go-redis' own.
func (n *node) asked() []string {
	return slices.DeleteFunc(n.got(), func(command string) bool {
		return strings.HasPrefix(strings.ToUpper(command), "HELLO")
	})
}

// greeted lets go-redis begin, and has reply for the rest.
func greeted(reply string) func([]string) string {
	return func(args []string) string {
		if strings.EqualFold(args[0], "HELLO") {
			return "-ERR unknown command 'HELLO'\r\n"
		}
		return reply
	}
}

// TestPoolAsksOnce: what failed is not sent again, and what is wrong is dialled
// once, since only the caller knows whether once more is harmless.
func TestPoolAsksOnce(t *testing.T) {
	t.Run("connection lost", func(t *testing.T) {
		n := fakeNode(t)
		n.reply = greeted("")
		if _, err := pool(t, at(t, n.addr), false).Do(t.Context(), "INCR", "k"); err == nil {
			t.Error("no error")
		}
		if got := n.asked(); !slices.Equal(got, []string{"INCR k"}) {
			t.Errorf("the server got %q", got)
		}
	})
	t.Run("loading", func(t *testing.T) {
		n := fakeNode(t)
		n.reply = greeted("-LOADING Redis is loading the dataset in memory\r\n")
		v, err := pool(t, at(t, n.addr), false).Do(t.Context(), "INCR", "k")
		if err != nil || v.Err() == nil || !strings.HasPrefix(v.Err().Error(), "LOADING") {
			t.Errorf("got %v, %v", v, err)
		}
		if got := n.asked(); len(got) != 1 {
			t.Errorf("the server got %q", got)
		}
	})
	t.Run("refused", func(t *testing.T) {
		dialled := 0
		o := conn.DefaultOptions()
		d, err := conn.NewDialer(o, func(context.Context, string, string) (net.Conn, error) {
			dialled++
			return nil, errors.New("no way")
		})
		if err != nil {
			t.Fatal(err)
		}
		p := conn.NewPool(d, o, false)
		defer p.Close()
		_, err = p.Do(t.Context(), "PING")
		if failed, ok := errors.AsType[*conn.Error](err); !ok || failed.Stage != conn.StageConnect {
			t.Errorf("got %v, which does not say what failed", err)
		}
		if dialled != 1 {
			t.Errorf("dialled %d times", dialled)
		}
	})
}

// TestPoolSendsNoIdentity: nothing but what is needed goes to the server.
func TestPoolSendsNoIdentity(t *testing.T) {
	n := fakeNode(t)
	n.reply = greeted("+OK\r\n")
	o := at(t, n.addr)
	o.User, o.Password, o.DB = "u", conn.NewSecret("pw"), 3
	if _, err := pool(t, o, false).Do(t.Context(), "PING"); err != nil {
		t.Fatal(err)
	}
	for _, command := range n.asked() {
		switch strings.ToUpper(strings.Fields(command)[0]) {
		case "AUTH", "SELECT", "PING":
		default:
			t.Errorf("%q was sent", command)
		}
	}
	if got := n.got(); !slices.Contains(got, "ping") && !slices.Contains(got, "PING") {
		t.Errorf("the server got %q", got)
	}
}

// TestPoolProtocol: what was not asked for is RESP2, as with a session.
func TestPoolProtocol(t *testing.T) {
	server := conntest.Start(t)
	for protocol, want := range map[int]string{0: "resp=2", 2: "resp=2", 3: "resp=3"} {
		o := options(t, server, false)
		o.Protocol = protocol
		if v, err := pool(t, o, false).Do(t.Context(), "CLIENT", "INFO"); err != nil || !strings.Contains(v.String(), want) {
			t.Errorf("protocol %d: %v, %v", protocol, v, err)
		}
	}
}

func TestPoolAuthenticates(t *testing.T) {
	server := conntest.Start(t, conntest.ACL("user app on >s3cret ~* &* +@all"))
	o := options(t, server, false)
	o.User, o.Password, o.DB, o.ClientName = "app", conn.NewSecret("s3cret"), 5, "me"
	v, err := pool(t, o, false).Do(t.Context(), "CLIENT", "INFO")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{" user=app ", " db=5 ", " name=me "} {
		if !strings.Contains(v.String(), want) {
			t.Errorf("CLIENT INFO lacks %q: %s", want, v)
		}
	}
	o.Password = conn.NewSecret("wr0ng-one")
	_, err = pool(t, o, false).Do(t.Context(), "PING")
	if err == nil || !strings.Contains(err.Error(), "WRONGPASS") || strings.Contains(err.Error(), "wr0ng-one") {
		t.Errorf("a wrong password: %v", err)
	}
}

func TestPoolPipeline(t *testing.T) {
	server := conntest.Start(t)
	p := pool(t, options(t, server, false), false)
	replies, err := p.Pipeline(t.Context(), []string{"SET", "k", "1"}, []string{"NOSUCH"}, []string{"INCR", "k"})
	if err != nil || len(replies) != 3 {
		t.Fatalf("got %v, %v", replies, err)
	}
	if replies[0].String() != "OK" || replies[1].Err() == nil || replies[2].Int != 2 {
		t.Errorf("got %v", replies)
	}
}

func TestPoolIsConcurrent(t *testing.T) {
	server := conntest.Start(t)
	p := pool(t, options(t, server, false), false)
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			for range 10 {
				if v, err := p.Do(t.Context(), "INCR", "n"); err != nil || v.Err() != nil {
					t.Error(v, err)
				}
			}
		})
	}
	wait.Wait()
	if got := server.Do("GET", "n"); got != "200" {
		t.Errorf("n is %s", got)
	}
}

// TestPoolFollows MOVED and ASK when told to.
func TestPoolFollows(t *testing.T) {
	seed, target := fakeNode(t), fakeNode(t)
	for name, test := range map[string]struct{ reply, want string }{
		"moved": {"-MOVED 5 " + target.addr + "\r\n", "GET k"},
		"ask":   {"-ASK 5 " + target.addr + "\r\n", "ASKING|GET k"},
	} {
		t.Run(name, func(t *testing.T) {
			seed.mu.Lock()
			seed.reply = greeted(test.reply)
			seed.mu.Unlock()
			target.mu.Lock()
			target.reply, target.commands = greeted("+here\r\n"), nil
			target.mu.Unlock()
			if v, err := pool(t, at(t, seed.addr), true).Do(t.Context(), "GET", "k"); err != nil || v.String() != "here" {
				t.Errorf("got %v, %v", v, err)
			}
			if got := strings.Join(target.asked(), "|"); got != test.want {
				t.Errorf("the target got %q", got)
			}
			if v, err := pool(t, at(t, seed.addr), false).Do(t.Context(), "GET", "k"); err != nil || v.Err() == nil {
				t.Errorf("without follow: %v, %v", v, err)
			}
		})
	}
	seed.mu.Lock()
	seed.reply = greeted("-MOVED 5 " + seed.addr + "\r\n")
	seed.mu.Unlock()
	if _, err := pool(t, at(t, seed.addr), true).Do(t.Context(), "GET", "k"); err == nil || !strings.Contains(err.Error(), "16 times") {
		t.Errorf("a circle: %v", err)
	}
}

// TestPoolIsCancelled returns at once, though go-redis does not.
func TestPoolIsCancelled(t *testing.T) {
	p := pool(t, at(t, conntest.Fake(t, conntest.Silence())), false)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := p.Do(ctx, "PING"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestPoolSpeaksTLS through the dialer, whose errors come out whole.
func TestPoolSpeaksTLS(t *testing.T) {
	server := conntest.Start(t, conntest.TLSOnly())
	o := options(t, server, true)
	if v, err := pool(t, o, false).Do(t.Context(), "PING"); err != nil || v.String() != "PONG" {
		t.Errorf("got %v, %v", v, err)
	}
	strangers := conntest.NewAuthority(t, func(o *conntest.IssueOptions) { o.CN = "strangers" })
	o.TLS = &conn.TLSOptions{CAFiles: []string{strangers.CertFile}}
	_, err := pool(t, o, false).Do(t.Context(), "PING")
	if failed, ok := errors.AsType[*conn.Error](err); !ok || failed.Code != cert.CodeUnknownCA {
		t.Errorf("another CA: %v", err)
	}
}

// TestPoolWritesNothingToStderr: what failed is in the error. go-redis keeps the
// standard error of its start, so a process of its own shows what it writes.
func TestPoolWritesNothingToStderr(t *testing.T) {
	const child = "REDAN_TEST_POOL_STDERR"
	if os.Getenv(child) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestPoolWritesNothingToStderr$")
		cmd.Env = append(os.Environ(), child+"=1")
		var stderr strings.Builder
		cmd.Stderr = &stderr
		if out, err := cmd.Output(); err != nil || stderr.Len() > 0 {
			t.Errorf("%v; on stderr: %s; on stdout: %s", err, stderr.String(), out)
		}
		return
	}
	n := fakeNode(t)
	n.reply = greeted("")
	o := at(t, conntest.Fake(t, conntest.ReplyOnce("garbage\r\n")))
	secured := o
	secured.TLS = &conn.TLSOptions{}
	for _, o := range []conn.Options{at(t, n.addr), o, secured} {
		p := pool(t, o, false)
		for range 3 {
			if _, err := p.Do(t.Context(), "PING"); err == nil {
				t.Error("no error")
			}
		}
	}
}
