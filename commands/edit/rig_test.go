package edit_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/commands/edit"
	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
)

// open connects to a server and speaks the given version of the protocol.
func open(t *testing.T, addr string, protocol int) *conn.Session {
	t.Helper()
	o := conn.DefaultOptions()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	o.Host = host
	o.Port, _ = strconv.Atoi(port)
	if protocol == 3 {
		o.Protocol = 3
	}
	d, err := conn.NewDialer(o, conn.System())
	if err != nil {
		t.Fatal(err)
	}
	s, err := conn.Open(t.Context(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// do runs a command that must succeed.
func do(t *testing.T, s *conn.Session, args ...string) resp.Value {
	t.Helper()
	v, err := s.Do(t.Context(), args...)
	if err == nil {
		err = v.Err()
	}
	if err != nil {
		t.Fatalf("%s: %v", args[0], err)
	}
	return v
}

// all runs commands that are written with spaces between words.
func all(t *testing.T, s *conn.Session, commands ...string) {
	t.Helper()
	for _, c := range commands {
		do(t, s, strings.Fields(c)...)
	}
}

// text is a reply as words.
func text(v resp.Value) string {
	switch {
	case v.Kind == resp.Integer:
		return strconv.FormatInt(v.Int, 10)
	case v.Kind.IsNull():
		return "(nil)"
	case v.Kind.IsAggregate():
		words := make([]string, len(v.Elems))
		for i, e := range v.Elems {
			words[i] = text(e)
		}
		return strings.Join(words, " ")
	}
	return v.String()
}

// read is edit.Read that must succeed.
func read(t *testing.T, s edit.Session, server edit.Server, key string, c edit.Change) edit.State {
	t.Helper()
	st, err := edit.Read(t.Context(), s, server, key, c)
	if err != nil {
		t.Fatalf("read for %T: %v", c, err)
	}
	return st
}

// write is Read and Apply.
func write(ctx context.Context, s edit.Session, server edit.Server, key string, c edit.Change) (edit.Result, error) {
	st, err := edit.Read(ctx, s, server, key, c)
	if err != nil {
		return edit.Result{}, err
	}
	return edit.Apply(ctx, s, c, st)
}

// clean checks that nothing is left on a session.
func clean(t *testing.T, s *conn.Session) {
	t.Helper()
	if st := s.State(); st.Multi || st.Watching || st.DB != 0 {
		t.Errorf("session left with %+v", st.Visible())
	}
}

// as checks the type of an error and returns it.
func as[T error](t *testing.T, err error) T {
	t.Helper()
	want, ok := errors.AsType[T](err)
	if !ok {
		t.Fatalf("got %v (%T), want %T", err, err, want)
	}
	return want
}

// fails is as without a look at the error.
func fails[T error](t *testing.T, err error) {
	t.Helper()
	_ = as[T](t, err)
}

// modern runs a proxy before a server that makes it look like Redis 8.4 with JSON: new commands become scripts that do the same, so
// that they are as atomic as the real ones.
func modern(t *testing.T, backend *conntest.Server) (addr string) {
	t.Helper()
	return proxy(t, backend, translate)
}

// proxy runs a proxy before a server that changes the commands.
func proxy(t *testing.T, backend *conntest.Server, change func(args []string) []string) (addr string) {
	t.Helper()
	return conntest.Fake(t, func(client net.Conn) {
		server, err := net.Dial("tcp", backend.Addr())
		if err != nil {
			return
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = io.Copy(client, server)
			_ = client.Close()
		}()
		r := bufio.NewReader(client)
		for {
			args, err := conntest.ReadCommand(r)
			if err != nil {
				break
			}
			if _, err := server.Write(resp.AppendCommand(nil, change(args)...)); err != nil {
				break
			}
		}
		_ = server.Close()
		<-done
	})
}

// boastful runs a proxy before a server that claims to be Redis 8.4 and is not, as servers that are merely compatible do.
func boastful(t *testing.T, backend *conntest.Server) (addr string) {
	t.Helper()
	return proxy(t, backend, func(args []string) []string {
		if args[0] == "INFO" {
			return translate(args)
		}
		return args
	})
}

func translate(args []string) []string {
	script := func(lua string, keysAndArgs ...string) []string {
		return append([]string{"EVAL", lua, "1"}, keysAndArgs...)
	}
	switch {
	case args[0] == "INFO":
		return script("return 'redis_version:8.4.0'", "x")
	case args[0] == "SET" && len(args) == 6 && args[5] == "KEEPTTL":
		own := "v"
		if args[3] == "IFDEQ" {
			own = "redis.sha1hex(v)"
		}
		return script(`if redis.call('TYPE', KEYS[1]).ok == 'none' then return false end
			local v = redis.call('GET', KEYS[1])
			if `+own+` ~= ARGV[2] then return false end
			return redis.call('SET', KEYS[1], ARGV[1], 'KEEPTTL')`, args[1], args[2], args[4])
	case args[0] == "DIGEST":
		return script(`return redis.sha1hex(redis.call('GET', KEYS[1]))`, args[1])
	case args[0] == "TYPE" && strings.HasPrefix(args[1], "json:"):
		return script(`local t = redis.call('TYPE', KEYS[1]) if t.ok == 'string' then return {ok='ReJSON-RL'} end return t`, args[1])
	case args[0] == "JSON.GET":
		return script(`return '[' .. redis.call('GET', KEYS[1]) .. ']'`, args[1])
	case args[0] == "JSON.SET":
		return script(`if ARGV[1] == '$.nowhere' then return false end return redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')`, args[1], args[2], args[3])
	case args[0] == "JSON.DEL":
		return script(`if ARGV[1] == '$' then return redis.call('DEL', KEYS[1]) end redis.call('SET', KEYS[1], '{}', 'KEEPTTL') return 1`, args[1], args[2])
	// A field's expiry is kept in a hash beside, and HSET takes it away as the real one does.
	case args[0] == "HPEXPIRETIME":
		return script(`return {tonumber(redis.call('HGET', KEYS[1] .. ':expiry', ARGV[1]) or '-1')}`, args[1], args[4])
	case args[0] == "HPEXPIREAT":
		return script(`redis.call('HSET', KEYS[1] .. ':expiry', ARGV[2], ARGV[1]) return {1}`, args[1], args[2], args[5])
	case args[0] == "HPERSIST":
		return script(`redis.call('HDEL', KEYS[1] .. ':expiry', ARGV[1]) return {1}`, args[1], args[4])
	case args[0] == "HSET":
		return script(`redis.call('HDEL', KEYS[1] .. ':expiry', ARGV[1]) return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])`, args[1], args[2], args[3])
	}
	return args
}

// expiry is when a key ends, in milliseconds of Unix time.
func expiry(t *testing.T, s *conn.Session, key string) int64 {
	t.Helper()
	return do(t, s, "PEXPIRETIME", key).Int
}

// inTwoHours is far enough and has odd milliseconds.
func inTwoHours() int64 { return time.Now().Add(2*time.Hour).UnixMilli()/1000*1000 + 137 }
