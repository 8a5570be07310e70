package transfer

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"redan/conn/conntest"
	"redan/conn/resp"
)

// commandsOf reads commands until the stream ends, and returns them with its error.
func commandsOf(f *Follower) (all []string, err error) {
	for {
		err := f.Next(func(src resp.Source) error {
			v, err := resp.Collect(src)
			if err == nil {
				all = append(all, line(v))
			}
			return err
		})
		if err != nil {
			return all, err
		}
	}
}

// line is a command with blanks between its words.
func line(command resp.Value) string {
	var words []string
	for _, word := range command.Elems {
		words = append(words, string(word.Text))
	}
	return strings.Join(words, " ")
}

// TestFollow holds that commands are read to the end of the stream, when they come with the snapshot and behind it.
func TestFollow(t *testing.T) {
	file := rdb(t, rdb7)
	const ping, set = "*1\r\n$4\r\nPING\r\n", "*3\r\n$3\r\nset\r\n$1\r\na\r\n$3\r\n\r\n\xff\r\n"
	for name, snapshot := range map[string]string{
		"length":      fmt.Sprintf("$%d\r\n%s", len(file), file),
		"mark":        "$EOF:" + mark + "\r\n" + string(file) + mark,
		"not an RDB":  "$5\r\nREDIS",
		"no snapshot": "$0\r\n",
	} {
		for _, texts := range [][]string{{snapshot + ping + set}, {snapshot, ping + set}, {snapshot + ping[:5], ping[5:] + set}} {
			p := begin(t, saying(t, texts...))
			if _, err := p.WriteTo(io.Discard); err != nil {
				t.Fatal(err)
			}
			f := Follow(t.Context(), p, false)
			got, err := commandsOf(f)
			f.Close()
			if failed := replicationError(t, err); failed.Line != "Error: Server closed the connection" || strings.Join(got, "|") != "PING|set a \r\n\xff" {
				t.Errorf("%s: %q, %+v", name, got, failed)
			}
		}
	}
}

// TestFollowGarbage holds that what is no command ends the stream with a sentence.
func TestFollowGarbage(t *testing.T) {
	for text, want := range map[string]string{
		"garbage\r\n":           `Error: Protocol error, got "g" as reply type byte`,
		"*1\r\n$4\r\nPI":        "Error: Server closed the connection",
		"*9999999999999999\r\n": "Error: Protocol error",
	} {
		p := begin(t, saying(t, "$0\r\n"+text))
		if _, err := p.WriteTo(io.Discard); err != nil {
			t.Fatal(err)
		}
		f := Follow(t.Context(), p, false)
		_, err := commandsOf(f)
		f.Close()
		if failed := replicationError(t, err); !strings.HasPrefix(failed.Line, want) {
			t.Errorf("%q: %q, want %q", text, failed.Line, want)
		}
	}
}

// TestAcknowledged holds that a server that overhears the first acknowledgement gets another, and none once its stream has begun.
func TestAcknowledged(t *testing.T) {
	file := rdb(t, rdb7)
	later := make(chan error, 1)
	s := master(t, func(c net.Conn, r *bufio.Reader) {
		_, _ = io.WriteString(c, "$EOF:"+mark+"\r\n"+string(file)+mark)
		for range 3 {
			if words, err := conntest.ReadCommand(r); err != nil || strings.Join(words, " ") != "REPLCONF ACK 0" {
				later <- fmt.Errorf("%q, %w", words, err)
				return
			}
		}
		_, _ = io.WriteString(c, "*1\r\n$4\r\nPING\r\n")
		_ = c.(*net.TCPConn).CloseWrite()
		_, err := io.Copy(io.Discard, r)
		later <- err
	})
	p := begin(t, s)
	if _, err := p.WriteTo(io.Discard); err != nil {
		t.Fatal(err)
	}
	f := Follow(t.Context(), p, true)
	got, err := commandsOf(f)
	if failed := replicationError(t, err); failed.Line != "Error: Server closed the connection" || strings.Join(got, "|") != "PING" {
		t.Errorf("%q, %+v", got, failed)
	}
	f.Close()
	_ = s.Close()
	if err := <-later; err != nil {
		t.Error(err)
	}
}

// TestRealReplica watches a real server, and holds that it is never one of the copies that WAIT counts: it keeps nothing.
func TestRealReplica(t *testing.T) {
	for _, diskless := range []string{"yes", "no"} {
		server := conntest.Start(t, conntest.Config("repl-diskless-sync", diskless), conntest.Config("repl-diskless-sync-delay", "0"),
			conntest.Config("repl-ping-replica-period", "3600"), conntest.Config("repl-timeout", "3601"))
		s := session(t, server.Addr())
		for _, o := range FollowOptions() {
			if refusal, err := o.Tell(t.Context(), s, patience); refusal != nil || err != nil {
				t.Fatal(refusal, err)
			}
		}
		p := begin(t, s)
		if _, err := p.WriteTo(io.Discard); err != nil {
			t.Fatal(err)
		}
		_, length := p.Size()
		f := Follow(t.Context(), p, !length)
		server.Do("SET", "a", "b\r\n\x00\xff")
		var got []string
		for len(got) < 2 {
			err := f.Next(func(src resp.Source) error {
				v, err := resp.Collect(src)
				got = append(got, line(v))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		writer := session(t, server.Addr())
		for _, words := range [][]string{{"SET", "a", "c"}, {"WAIT", "1", "20"}} {
			if reply, err := writer.Do(t.Context(), words...); err != nil || reply.Int != 0 {
				t.Errorf("%s: %v, %v", words, reply, err)
			}
		}
		if want := "SELECT 0|SET a b\r\n\x00\xff"; strings.Join(got, "|") != want {
			t.Errorf("%q, want %q", got, want)
		}
		f.Close()
	}
}

// TestFollowsAfterFlood has the commands behind a snapshot come one by one, though the snapshot itself was gathered.
func TestFollowsAfterFlood(t *testing.T) {
	addr := conntest.Fake(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "$200000\r\n"+strings.Repeat("x", 200000))
		if _, err := conntest.ReadCommand(bufio.NewReader(c)); err == nil {
			_, _ = io.WriteString(c, "*1\r\n$4\r\nPING\r\n")
		}
		conntest.Silence()(c)
	})
	s := session(t, addr)
	r, c := s.Detach()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	l := newLink(ctx, r, c)
	for n := 0; n < 200009; {
		came, err := l.readMuch(make([]byte, window), patience)
		if err != nil {
			t.Fatal(err)
		}
		n += came
	}
	l.gather(true) // as a flood leaves it
	if _, err := io.WriteString(c, "*1\r\n$4\r\nPING\r\n"); err != nil {
		t.Fatal(err)
	}
	if n, err := (forEver{l}).Read(make([]byte, 64)); n != 14 || err != nil {
		t.Errorf("%d bytes: %v", n, err)
	}
}
