package demo

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestProtocol sends bytes and reads all that comes back until the demo hangs up.
func TestProtocol(t *testing.T) {
	t.Parallel()
	s, err := Start(t.Context(), Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	const quit, bye = "QUIT\r\n", "+OK\r\n"
	tests := []struct{ name, send, want string }{
		{"array", "*2\r\n$4\r\nECHO\r\n$4\r\na\r\nb\r\n" + quit, "$4\r\na\r\nb\r\n" + bye},
		{"inline", "  echo  \"a \\x41\\n\"  \r\nECHO 'it\\'s'\n" + quit, "$4\r\na A\n\r\n$4\r\nit's\r\n" + bye},
		{"empty commands", "\r\n*0\r\n*-1\r\n  \r\nPING\r\n" + quit, "+PONG\r\n" + bye},
		{"empty words", "*1\r\n$0\r\n\r\nECHO \"\"\r\n" + quit, "-ERR unknown command ``, with args beginning with: \r\n$0\r\n\r\n" + bye},
		{"bad count", "PING\r\n*x\r\nPING\r\n", "+PONG\r\n-ERR Protocol error: invalid multibulk length\r\n"},
		{"great count", "*1048577\r\n", "-ERR Protocol error: invalid multibulk length\r\n"},
		{"no bulk", "*1\r\n:3\r\n", "-ERR Protocol error: expected '$', got \":\"\r\n"},
		{"great bulk", "*1\r\n$1099511627776\r\n", "-ERR Protocol error: invalid bulk length\r\n"},
		{"quotes", "SET a \"b\r\n", "-ERR Protocol error: unbalanced quotes in request\r\n"},
		{"text behind a quote", "SET a \"b\"c\r\n", "-ERR Protocol error: unbalanced quotes in request\r\n"},
		{"endless line", strings.Repeat("x", maxInline+4096), "-ERR Protocol error: too big inline request\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", s.Addr())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = conn.Close() }) // the demo closed it
			if _, err := io.WriteString(conn, tt.send); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(conn)
			if string(got) != tt.want || err != nil {
				t.Errorf("read %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

// FuzzReadCommand reads anything without falling over, and what it understood comes
// back the same from its own encoding.
func FuzzReadCommand(f *testing.F) {
	for _, seed := range []string{
		"*2\r\n$4\r\nECHO\r\n$4\r\na\r\nb\r\n", "set a \"b\\x00\\n\" 'c\\'d'\r\n", "*0\r\n", "*1\r\n$-1\r\n", "*1\r\n$99\r\nshort", "\"\\x4", "'\\", "\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := bufio.NewReader(bytes.NewReader(data))
		for {
			args, err := readCommand(in)
			if err != nil {
				if protocol := new(protocolError); !errors.As(err, &protocol) && !errors.Is(err, io.EOF) {
					t.Fatalf("unexpected error %v", err)
				}
				return
			}
			var encoded bytes.Buffer
			writeCommand(&encoded, args)
			again, err := readCommand(bufio.NewReader(&encoded))
			if err != nil || !slices.Equal(args, again) {
				t.Fatalf("%q came back as %q, %v", args, again, err)
			}
		}
	})
}

// TestCommandTable reads the file strictly and asks miniredis whether it has each
// command.
func TestCommandTable(t *testing.T) {
	t.Parallel()
	s, err := Start(context.Background(), Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	table := parseCommands()
	var names []string
	for _, c := range table.commands {
		names = append(names, c.name)
		if c.name != "config" && !s.commands.IsRegisteredCommand(c.name) {
			t.Errorf("miniredis has no %s", c.name)
		}
		for _, each := range append([]commandInfo{c}, c.subcommands...) {
			if each.arity == 0 || len(each.categories) == 0 || (each.first == 0) != (each.step == 0) {
				t.Errorf("bad line for %s: %+v", each.name, each)
			}
			if found, ok := table.find(strings.ToUpper(each.name)); !ok || found.name != each.name {
				t.Errorf("%s is not found", each.name)
			}
		}
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Error("commands are not sorted, or twice there")
	}
	lines := 0
	for line := range strings.Lines(commandsText) {
		if !strings.HasPrefix(line, "#") {
			lines++
		}
	}
	total := len(names)
	for _, c := range table.commands {
		total += len(c.subcommands)
	}
	if total != lines {
		t.Errorf("%d of %d lines were understood", total, lines)
	}
}
