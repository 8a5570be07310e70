package conn_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
)

// options returns options for a test server, over TLS or plain.
func options(t *testing.T, server *conntest.Server, overTLS bool) conn.Options {
	t.Helper()
	o := conn.DefaultOptions()
	o.Host, o.Port = server.Host, server.Port
	if overTLS {
		o.Port = server.TLSPort
		o.TLS = &conn.TLSOptions{CAFiles: []string{server.CAFile}}
	}
	return o
}

func dialer(t *testing.T, o conn.Options) *conn.Dialer {
	t.Helper()
	d, err := conn.NewDialer(o, conn.System())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func open(t *testing.T, o conn.Options) *conn.Session {
	t.Helper()
	s, err := conn.Open(t.Context(), dialer(t, o), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestContract holds what a Session and a Pool both promise, over every
// transport and protocol: replies keep their kind, their order and every byte.
func TestContract(t *testing.T) {
	server := conntest.Start(t, conntest.TLS())
	for _, overTLS := range []bool{false, true} {
		for _, protocol := range []int{2, 3} {
			o := options(t, server, overTLS)
			o.Protocol = protocol
			name := fmt.Sprintf("RESP%d/tls=%v", protocol, overTLS)
			t.Run("Session/"+name, func(t *testing.T) { contract(t, open(t, o), protocol) })
			t.Run("Pool/"+name, func(t *testing.T) {
				p := conn.NewPool(dialer(t, o), o, false)
				defer p.Close()
				contract(t, p, protocol)
			})
		}
	}
}

func contract(t *testing.T, d conn.Doer, protocol int) {
	t.Helper()
	key := "contract:" + t.Name()
	do := func(args ...string) resp.Value {
		t.Helper()
		v, err := d.Do(t.Context(), args...)
		if err != nil {
			t.Fatalf("%q: %v", args, err)
		}
		return v
	}
	if v := do("SET", key, "a\x00b\r\n\xff"); v.Kind != resp.SimpleString || v.String() != "OK" {
		t.Errorf("SET is %c %q, not the status OK", v.Kind, v.Text)
	}
	if v := do("GET", key); v.Kind != resp.BulkString || v.String() != "a\x00b\r\n\xff" {
		t.Errorf("GET is %c %q: bytes were lost", v.Kind, v.Text)
	}
	if v := do("GET", key+":none"); !v.Kind.IsNull() || (v.Kind == resp.Null) != (protocol == 3) {
		t.Errorf("GET of nothing is %c", v.Kind)
	}
	if v := do("INCR", key); v.Err() == nil || !strings.Contains(v.Err().Error(), "not an integer") {
		t.Errorf("INCR of text is %c %q, not an error reply", v.Kind, v.Text)
	}
	do("HSET", key+":h", "z", "1", "a", "2", "m", "3")
	h := do("HGETALL", key+":h")
	if want := map[int]resp.Kind{2: resp.Array, 3: resp.Map}[protocol]; h.Kind != want {
		t.Errorf("HGETALL is %c, want %c", h.Kind, want)
	}
	var order []string
	for _, e := range h.Elems {
		order = append(order, e.String())
	}
	if got := strings.Join(order, " "); got != "z 1 a 2 m 3" {
		t.Errorf("HGETALL came as %q: the wire order is lost", got)
	}
	if v := do("EVAL", "return {1,{2,{}},redis.error_reply('ERR inner')}", "0"); v.Err() != nil ||
		len(v.Elems) != 3 || v.Elems[2].Err() == nil {
		t.Errorf("an error inside an array: %+v", v)
	}
}

// TestCancel holds for both: a command that blocks ends when its context does.
func TestCancel(t *testing.T) {
	server := conntest.Start(t)
	o := options(t, server, false)
	pool := conn.NewPool(dialer(t, o), o, false)
	defer pool.Close()
	session := open(t, o)
	for _, test := range []struct {
		command string
		doer    conn.Doer
	}{{"blpop", session}, {"brpop", pool}} {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			_, err := test.doer.Do(ctx, test.command, "nothing", "0")
			done <- err
		}()
		for !strings.Contains(server.Do("CLIENT", "LIST"), "cmd="+test.command) {
			select {
			case err := <-done:
				t.Fatalf("%s did not block: %v", test.command, err)
			default:
			}
		}
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("%s ended with %v, want context.Canceled", test.command, err)
		}
	}
	if !session.Broken() {
		t.Error("a session whose reply was given up must say that it is broken")
	}
	if _, err := session.Reconnect(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v, err := session.Do(t.Context(), "PING"); err != nil || v.String() != "PONG" {
		t.Errorf("after Reconnect: %v %v", v, err)
	}
}

func TestReconnectRestores(t *testing.T) {
	server := conntest.Start(t, conntest.ACL("user app on >s3cret ~* &* +@all"))
	s := open(t, options(t, server, false))
	for _, args := range [][]string{{"AUTH", "app", "s3cret"}, {"HELLO", "3"}, {"SELECT", "5"}, {"WATCH", "k"}, {"MULTI"}, {"SELECT", "7"}} {
		if v, err := s.Do(t.Context(), args...); err != nil || v.Err() != nil {
			t.Fatalf("%q: %v %v", args, v, err)
		}
	}
	if got := s.State().DB; got != 7 {
		t.Errorf("after a queued SELECT the prompt shows db %d, want 7 as redis-cli", got)
	}
	server.Do("CLIENT", "KILL", "TYPE", "normal")
	if _, err := s.Do(t.Context(), "PING"); err == nil {
		t.Fatal("the killed connection still answers")
	}
	lost, err := s.Reconnect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(lost, ", "); got != "the transaction (MULTI), the watched keys (WATCH)" {
		t.Errorf("lost: %q", got)
	}
	info, err := s.Do(t.Context(), "CLIENT", "INFO")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{" db=5 ", " user=app ", " resp=3"} {
		if !strings.Contains(info.String(), want) {
			t.Errorf("after the reconnect CLIENT INFO lacks %q: %s", want, info)
		}
	}
	if s.State().Protocol != 3 || info.Kind != resp.VerbatimString {
		t.Errorf("after the reconnect the protocol is RESP%d (%c)", s.State().Protocol, info.Kind)
	}
}

func TestStateFollowsCommands(t *testing.T) {
	server := conntest.Start(t)
	s := open(t, options(t, server, false))
	steps := []struct {
		args string
		want conn.State
	}{
		{"SELECT 3", conn.State{DB: 3, Protocol: 2}},
		{"SELECT 99", conn.State{DB: 3, Protocol: 2}},
		{"multi", conn.State{DB: 3, Protocol: 2, Multi: true}},
		{"select 4", conn.State{DB: 4, Protocol: 2, Multi: true}},
		{"discard", conn.State{DB: 3, Protocol: 2}},
		{"exec", conn.State{DB: 3, Protocol: 2}},
		{"MULTI", conn.State{DB: 3, Protocol: 2, Multi: true}},
		{"SELECT 5", conn.State{DB: 5, Protocol: 2, Multi: true}},
		{"nosuch", conn.State{DB: 5, Protocol: 2, Multi: true}},
		{"EXEC", conn.State{DB: 3, Protocol: 2}},
		{"WATCH a", conn.State{DB: 3, Protocol: 2, Watching: true}},
		{"HELLO 3", conn.State{DB: 3, Protocol: 3, Watching: true}},
		{"RESET", conn.State{DB: 0, Protocol: 2}},
	}
	for _, step := range steps {
		if _, err := s.Do(t.Context(), strings.Fields(step.args)...); err != nil {
			t.Fatalf("%s: %v", step.args, err)
		}
		if got := s.State().Visible(); got != step.want {
			t.Errorf("after %s: %+v, want %+v", step.args, got, step.want)
		}
	}
}

func TestClientReply(t *testing.T) {
	server := conntest.Start(t)
	s := open(t, options(t, server, false))
	for _, args := range []string{"CLIENT REPLY OFF", "SET a 1", "CLIENT REPLY ON", "CLIENT REPLY SKIP", "SET a 2"} {
		if _, err := s.Do(t.Context(), strings.Fields(args)...); err != nil {
			t.Fatalf("%s: %v", args, err)
		}
	}
	if v, err := s.Do(t.Context(), "GET", "a"); err != nil || v.String() != "2" {
		t.Errorf("replies are out of step: GET a is %q, %v", v, err)
	}
}

func TestAuthentication(t *testing.T) {
	const password = "p w+@%:/#\xc3\xa9\""
	server := conntest.Start(t, conntest.Password(password))
	plain := conntest.Start(t)

	o := options(t, server, false)
	o.Password = conn.NewSecret(password)
	if v, err := open(t, o).Do(t.Context(), "PING"); err != nil || v.String() != "PONG" {
		t.Errorf("the right password: %v %v", v, err)
	}

	o.Password, o.DB = conn.NewSecret("wrong-one"), 3
	_, err := conn.Open(t.Context(), dialer(t, o), o)
	var failed *conn.Error
	if !errors.As(err, &failed) || failed.Code != conn.CodeWrongPassword || failed.Stage != conn.StageAuth {
		t.Fatalf("a wrong password: %v", err)
	}
	if !strings.HasPrefix(failed.Line, "AUTH failed: WRONGPASS ") {
		t.Errorf("line %q", failed.Line)
	}
	if strings.Contains(fmt.Sprintf("%+v %#v %v", failed, failed, o), "wrong-one") {
		t.Error("the password shows in the error or the options")
	}

	o = options(t, plain, false)
	o.Password = conn.NewSecret("unneeded")
	s := open(t, o)
	if w := s.Warnings(); len(w) != 1 || !strings.HasPrefix(w[0], "AUTH failed: ERR AUTH <password> called without any password configured") {
		t.Errorf("a password nobody wants must be a warning: %q", w)
	}
}

// TestPushesAreRouted holds that a push between a command and its reply is not
// taken for the reply.
func TestPushesAreRouted(t *testing.T) {
	server := conntest.Start(t)
	o := options(t, server, false)
	o.Protocol = 3
	s := open(t, o)
	var pushes []string
	s.OnPush = func(v resp.Value) { pushes = append(pushes, v.Elems[0].String()) }
	for _, args := range []string{"CLIENT TRACKING ON", "GET k"} {
		if _, err := s.Do(t.Context(), strings.Fields(args)...); err != nil {
			t.Fatal(err)
		}
	}
	server.Do("SET", "k", "changed")
	if v, err := s.Do(t.Context(), "ECHO", "hi"); err != nil || v.String() != "hi" {
		t.Errorf("ECHO is %v, %v", v, err)
	}
	if strings.Join(pushes, " ") != "invalidate" {
		t.Errorf("pushes: %q", pushes)
	}
}

func TestWindowKeepsOrder(t *testing.T) {
	server := conntest.Start(t)
	s := open(t, options(t, server, false))
	const n = 10_000
	var got []string
	w := conn.NewWindow(s, 64, func(i int) error {
		return s.Receive(t.Context(), []string{"ECHO"}, func(src resp.Source) error {
			v, err := resp.Collect(src)
			got = append(got, v.String())
			return err
		})
	}, func() {})
	for i := range n {
		w.Send(t.Context(), i, "ECHO", fmt.Sprint(i))
	}
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, text := range got {
		if text != fmt.Sprint(i) {
			t.Fatalf("reply %d is %q", i, text)
		}
	}
	if len(got) != n {
		t.Errorf("%d replies, want %d", len(got), n)
	}
}

func TestFollowsRedirects(t *testing.T) {
	for name, tls := range map[string]bool{"plain": false, "tls": true} {
		t.Run(name, func(t *testing.T) {
			var opts []conntest.Option
			if tls {
				opts = append(opts, conntest.TLSOnly())
			}
			cluster := conntest.Cluster(t, 3, opts...)
			o := options(t, cluster.Nodes[0], tls)
			s := open(t, o)
			s.Follow = true
			redirects := 0
			s.OnRedirect = func(conn.Redirect) { redirects++ }
			pool := conn.NewPool(dialer(t, o), o, true)
			defer pool.Close()
			for i := range 20 {
				key := fmt.Sprintf("key:%d", i)
				if v, err := s.Do(t.Context(), "SET", key, key); err != nil || v.String() != "OK" {
					t.Fatalf("SET %s: %v %v", key, v, err)
				}
				if v, err := pool.Do(t.Context(), "GET", key); err != nil || v.String() != key {
					t.Fatalf("GET %s through the pool: %v %v", key, v, err)
				}
			}
			if redirects == 0 {
				t.Error("twenty keys on three nodes and no redirect")
			}
		})
	}
}
