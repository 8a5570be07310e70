package conn_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
)

// recorder dials and keeps what is written to each connection, write by write.
type recorder struct {
	mu     sync.Mutex
	writes []string
}

func (r *recorder) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := conn.System()(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return &recordedConn{c, r}, nil
}

func (r *recorder) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.writes...)
}

type recordedConn struct {
	net.Conn
	recorder *recorder
}

func (c *recordedConn) Write(p []byte) (int, error) {
	c.recorder.mu.Lock()
	c.recorder.writes = append(c.recorder.writes, string(p))
	c.recorder.mu.Unlock()
	return c.Conn.Write(p)
}

// wire returns commands as they are sent.
func wire(commands ...string) string {
	var b strings.Builder
	for _, command := range commands {
		words := strings.Fields(command)
		fmt.Fprintf(&b, "*%d\r\n", len(words))
		for _, word := range words {
			fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(word), word)
		}
	}
	return b.String()
}

// openRecorded opens a session and returns what was written to open it.
func openRecorded(t *testing.T, o conn.Options) (*conn.Session, []string, error) {
	t.Helper()
	var r recorder
	d, err := conn.NewDialer(o, r.dial)
	if err != nil {
		t.Fatal(err)
	}
	s, err := conn.Open(t.Context(), d, o)
	if err == nil {
		t.Cleanup(func() { _ = s.Close() })
	}
	return s, r.all(), err
}

// accept says yes to everything.
func accept(args []string) string {
	if strings.EqualFold(args[0], "HELLO") {
		return "%1\r\n$5\r\nproto\r\n:3\r\n"
	}
	return "+OK\r\n"
}

// TestOpeningIsOneWrite: AUTH, SELECT, HELLO, SETNAME, in redis-cli's order, in
// one write, and nothing else.
func TestOpeningIsOneWrite(t *testing.T) {
	tests := map[string]struct {
		change func(*conn.Options)
		want   string
	}{
		"nothing":           {func(*conn.Options) {}, ""},
		"database":          {func(o *conn.Options) { o.DB = 3 }, wire("SELECT 3")},
		"password":          {func(o *conn.Options) { o.Password = conn.NewSecret("pw") }, wire("AUTH pw")},
		"empty password":    {func(o *conn.Options) { o.Password = conn.NewSecret("") }, "*2\r\n$4\r\nAUTH\r\n$0\r\n\r\n"},
		"user and password": {func(o *conn.Options) { o.User, o.Password = "u", conn.NewSecret("pw") }, wire("AUTH u pw")},
		"user alone":        {func(o *conn.Options) { o.User = "u" }, ""},
		"RESP2 asked for":   {func(o *conn.Options) { o.Protocol = 2 }, wire("HELLO 2")},
		"all": {func(o *conn.Options) {
			o.User, o.Password, o.DB, o.Protocol, o.ClientName = "u", conn.NewSecret("pw"), 3, 3, "me"
		}, wire("AUTH u pw", "SELECT 3", "HELLO 3", "CLIENT SETNAME me")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			o := at(t, conntest.FakeLines(t, accept))
			test.change(&o)
			s, writes, err := openRecorded(t, o)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(writes, ""); got != test.want {
				t.Errorf("sent %q, want %q", got, test.want)
			}
			if len(writes) > 1 {
				t.Errorf("%d writes", len(writes))
			}
			if len(s.Warnings()) > 0 {
				t.Errorf("warnings %q", s.Warnings())
			}
		})
	}
}

// TestNothingAfterWrongPassword: no command follows a refused opening.
func TestNothingAfterWrongPassword(t *testing.T) {
	o := at(t, conntest.FakeLines(t, func(args []string) string {
		if args[0] == "AUTH" {
			return "-WRONGPASS invalid username-password pair or user is disabled.\r\n"
		}
		return accept(args)
	}))
	o.Password, o.DB = conn.NewSecret("pw"), 3
	_, writes, err := openRecorded(t, o)
	failed, ok := errors.AsType[*conn.Error](err)
	if !ok || failed.Code != conn.CodeWrongPassword {
		t.Fatalf("got %v", err)
	}
	if want := wire("AUTH pw", "SELECT 3"); strings.Join(writes, "") != want {
		t.Errorf("sent %q, want %q", writes, want)
	}
}

func TestRefusedOpenings(t *testing.T) {
	refuse := func(command, reply string) func([]string) string {
		return func(args []string) string {
			if args[0] == command {
				return reply
			}
			return accept(args)
		}
	}
	all := func(o *conn.Options) {
		o.Password, o.DB, o.Protocol, o.ClientName = conn.NewSecret("pw"), 3, 3, "me"
	}
	tests := map[string]struct {
		reply func([]string) string
		code  string // "" when the session stands
		text  string // the line, or the warning
	}{
		"no password wanted": {
			refuse("AUTH", "-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n"),
			"", "AUTH failed: ERR AUTH <password> called without any password configured",
		},
		"no password wanted, before 6.0": {
			refuse("AUTH", "-ERR Client sent AUTH, but no password is set\r\n"), "", "AUTH failed: ERR Client sent AUTH",
		},
		"wrong password, before 6.0": {refuse("AUTH", "-ERR invalid password\r\n"), conn.CodeWrongPassword, "AUTH failed: ERR invalid password"},
		"database out of range":      {refuse("SELECT", "-ERR DB index is out of range\r\n"), conn.CodeSelect, "SELECT 3 failed: ERR DB index is out of range"},
		"password missing":           {refuse("SELECT", "-NOAUTH Authentication required.\r\n"), conn.CodeAuthRequired, "SELECT 3 failed: NOAUTH"},
		"no HELLO":                   {refuse("HELLO", "-ERR unknown command `HELLO`\r\n"), "", "HELLO 3 failed: ERR unknown command `HELLO`"},
		"no CLIENT":                  {refuse("CLIENT", "-ERR unknown command `CLIENT`\r\n"), "", "CLIENT SETNAME failed: ERR unknown command"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			o := at(t, conntest.FakeLines(t, test.reply))
			all(&o)
			s, err := conn.Open(t.Context(), dialer(t, o), o)
			if test.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				if w := s.Warnings(); len(w) != 1 || !strings.HasPrefix(w[0], test.text) {
					t.Errorf("warnings %q, want one that begins with %q", w, test.text)
				}
				return
			}
			failed, ok := errors.AsType[*conn.Error](err)
			if !ok || failed.Code != test.code || failed.Stage != conn.StageAuth || !strings.HasPrefix(failed.Line, test.text) {
				t.Errorf("got %+v", err)
			}
		})
	}
}

// TestWithoutHello: a server that lacks HELLO is spoken to in RESP2, also after
// a reconnect, which does not ask again.
func TestWithoutHello(t *testing.T) {
	o := at(t, conntest.FakeLines(t, func(args []string) string {
		if args[0] == "HELLO" {
			return "-ERR unknown command `HELLO`, with args beginning with: `3`, \r\n"
		}
		return "+PONG\r\n"
	}))
	o.Protocol = 3
	s := open(t, o)
	if v, err := s.Do(t.Context(), "PING"); err != nil || v.String() != "PONG" {
		t.Errorf("PING: %v, %v", v, err)
	}
	if p := s.State().Protocol; p != 2 {
		t.Errorf("protocol %d", p)
	}
	if _, err := s.Reconnect(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w := s.Warnings(); len(w) > 0 {
		t.Errorf("warned again: %q", w)
	}
}

// TestRefusalSurvivesTheEndOfTheConnection: a server in protected mode or at
// maxclients answers once, whatever was asked, and closes.
func TestRefusalSurvivesTheEndOfTheConnection(t *testing.T) {
	o := at(t, conntest.Fake(t, conntest.ReplyOnce("-DENIED Redis is running in protected mode\r\n")))
	o.Password, o.DB = conn.NewSecret("pw"), 3
	_, err := conn.Open(t.Context(), dialer(t, o), o)
	if err == nil || !strings.Contains(err.Error(), "protected mode") {
		t.Errorf("got %v: the server's reason is lost", err)
	}
}

// TestPasswordEchoedByTheServer: a server without AUTH repeats the password.
func TestPasswordEchoedByTheServer(t *testing.T) {
	const password = "correct horse battery staple"
	for name, reply := range map[string]string{
		"whole": "-ERR unknown command 'AUTH', with args beginning with: '" + password + "' \r\n",
		"cut":   "-ERR unknown command `AUTH`, with args beginning with: `" + password[:20] + "\r\n",
		"free":  "-ERR no such thing as " + password + " here\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			o := at(t, conntest.FakeLines(t, func([]string) string { return reply }))
			o.Password = conn.NewSecret(password)
			_, err := conn.Open(t.Context(), dialer(t, o), o)
			if err == nil {
				t.Fatal("AUTH was refused")
			}
			if shown := fmt.Sprintf("%v %+v %v", err, err, errors.Unwrap(err)); strings.Contains(shown, "correct horse") {
				t.Errorf("the password shows: %s", shown)
			}
		})
	}
}

// TestSilentServerIsExplained: each step of the opening ends within the connect
// timeout, and says where it stopped.
func TestSilentServerIsExplained(t *testing.T) {
	o := at(t, conntest.Fake(t, conntest.Silence()))
	o.ConnectTimeout = 200 * time.Millisecond
	o.DB = 1
	began := time.Now()
	got := failure(t, o)
	check(t, got, wanted{conn.StageIO, conn.CodeTimeout, "Error: Connection timed out"})
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	// The first reply came, the second does not.
	o = at(t, conntest.Fake(t, func(c net.Conn) {
		if _, err := conntest.ReadCommand(bufio.NewReader(c)); err == nil {
			_, _ = io.WriteString(c, "+OK\r\n")
		}
		conntest.Silence()(c)
	}))
	o.ConnectTimeout, o.DB, o.Password = 200*time.Millisecond, 1, conn.NewSecret("pw")
	check(t, failure(t, o), wanted{conn.StageIO, conn.CodeTimeout, "Error: Connection timed out"})
}

// TestCancelledOpen returns the context's error, in every stage.
func TestCancelledOpen(t *testing.T) {
	for name, change := range map[string]func(*conn.Options){
		"tls":  func(o *conn.Options) { o.TLS = &conn.TLSOptions{} },
		"auth": func(o *conn.Options) { o.Password = conn.NewSecret("pw") },
	} {
		t.Run(name, func(t *testing.T) {
			connected := make(chan struct{}, 2)
			o := at(t, conntest.Fake(t, func(c net.Conn) {
				connected <- struct{}{}
				conntest.Silence()(c)
			}))
			change(&o)
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-connected; cancel() }()
			if _, err := conn.Open(ctx, dialer(t, o), o); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestReconnectWithoutNetwork keeps where the session was, however often it fails.
func TestReconnectWithoutNetwork(t *testing.T) {
	server := conntest.Start(t)
	s := open(t, options(t, server, false))
	for _, args := range [][]string{{"SELECT", "4"}, {"HELLO", "3"}} {
		if _, err := s.Do(t.Context(), args...); err != nil {
			t.Fatal(err)
		}
	}
	server.Stop()
	if _, err := s.Do(t.Context(), "PING"); err == nil || !s.Broken() {
		t.Fatalf("the server is gone: %v, broken %v", err, s.Broken())
	}
	for range 3 {
		if _, err := s.Reconnect(t.Context()); err == nil || !s.Broken() {
			t.Fatalf("reconnected to a server that is gone: %v, broken %v", err, s.Broken())
		}
	}
	server.Restart()
	if _, err := s.Reconnect(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.State().Visible(); got != (conn.State{DB: 4, Protocol: 3}) {
		t.Errorf("state %+v", got)
	}
}

// TestConnectToTakesStateAlong: the built-in connect of the prompt.
func TestConnectToTakesStateAlong(t *testing.T) {
	first, second := conntest.Start(t), conntest.Start(t)
	s := open(t, options(t, first, false))
	if _, err := s.Do(t.Context(), "SELECT", "2"); err != nil {
		t.Fatal(err)
	}
	if err := s.ConnectTo(t.Context(), second.Host, second.Port); err != nil {
		t.Fatal(err)
	}
	if v, err := s.Do(t.Context(), "SET", "moved", "yes"); err != nil || v.Err() != nil {
		t.Fatal(v, err)
	}
	if got := second.Do("INFO", "keyspace"); !strings.Contains(got, "db2:keys=1") {
		t.Errorf("the other server has %q", got)
	}
	if s.Addr().Port != second.Port {
		t.Errorf("address %v", s.Addr())
	}
}

// TestOptionsLeadToWhereTheSessionIs, for whoever wants a connection of the same kind.
func TestOptionsLeadToWhereTheSessionIs(t *testing.T) {
	server := conntest.Start(t, conntest.ACL("user app on >s3cret ~* &* +@all"))
	s := open(t, options(t, server, false))
	for _, command := range []string{"AUTH app s3cret", "HELLO 3", "SELECT 4", "MULTI", "SELECT 5"} {
		if v, err := s.Do(t.Context(), strings.Fields(command)...); err != nil || v.Err() != nil {
			t.Fatalf("%s: %v, %v", command, v, err)
		}
	}
	o := s.Options()
	if o.User != "app" || o.Password.Reveal() != "s3cret" || o.DB != 4 || o.Protocol != 3 || o.Addr() != s.Addr() {
		t.Errorf("got %+v", o)
	}
}
