package sweep_test

import (
	"context"
	"io"
	"net"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/commands/keyspace/sweep"
	"redan/conn"
	"redan/conn/conntest"
)

// BenchmarkMillion sweeps a million keys with each set of questions, and runs redis-cli's mode that asks the same once on the same server. It
// tells the ratio of both, which is to be at most 0.3, that of the processor time that the server takes, which also means something on a
// machine that does other things, and the memory that is held at the end.
//
//	go test -run '^$' -bench Million -benchtime 3x ./commands/keyspace/sweep
func BenchmarkMillion(b *testing.B) {
	const keys = 1_000_000
	server := conntest.Start(b, conntest.Config("enable-debug-command", "yes"))
	server.Do("DEBUG", "POPULATE", strconv.Itoa(keys), "key", "10")
	for _, c := range []struct {
		mode string
		ask  sweep.Questions
	}{
		{"--scan", sweep.Questions{}},
		{"--bigkeys", sweep.Questions{Type: true, Length: true}},
		{"--memkeys", sweep.Questions{Type: true, Memory: true}},
	} {
		b.Run(c.mode, func(b *testing.B) {
			before, began := load(b, server), time.Now()
			if err := exec.CommandContext(b.Context(), "redis-cli", "-p", strconv.Itoa(server.Port), c.mode).Run(); err != nil {
				b.Fatal(err)
			}
			theirs, theirLoad := time.Since(began), load(b, server)-before
			before += theirLoad
			var memory runtime.MemStats
			b.ReportAllocs()
			for b.Loop() {
				s := sweep.New(nodes(b, server.Addr()), sweep.Options{Size: true, Ask: c.ask, Now: time.Now})
				for _, err := range s.Pages(b.Context()) {
					if err != nil {
						b.Fatal(err)
					}
				}
				if got := s.Progress().Seen; got < keys {
					b.Fatalf("%d keys", got)
				}
				runtime.ReadMemStats(&memory)
			}
			ours := b.Elapsed() / time.Duration(b.N)
			b.ReportMetric(ours.Seconds()/theirs.Seconds(), "x-redis-cli")
			b.ReportMetric(theirs.Seconds(), "s-redis-cli")
			b.ReportMetric((load(b, server)-before)/float64(b.N)/theirLoad, "x-server-cpu")
			b.ReportMetric(float64(memory.Sys)/(1<<20), "MiB")
		})
	}
}

// load is how much processor time a server has taken, in seconds.
func load(b *testing.B, server *conntest.Server) (seconds float64) {
	b.Helper()
	for line := range strings.Lines(server.Do("INFO", "cpu")) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == "used_cpu_sys" || name == "used_cpu_user" {
			part, err := strconv.ParseFloat(value, 64)
			if err != nil {
				b.Fatal(err)
			}
			seconds += part
		}
	}
	return seconds
}

// BenchmarkFar sweeps a hundred thousand keys over a network on which every byte takes half a millisecond each way, and tells how long
// a page takes: it should be little more than that round trip.
//
//	go test -run '^$' -bench Far -benchtime 3x ./commands/keyspace/sweep
func BenchmarkFar(b *testing.B) {
	const keys, delay = 100_000, 500 * time.Microsecond
	server := conntest.Start(b, conntest.Config("enable-debug-command", "yes"))
	server.Do("DEBUG", "POPULATE", strconv.Itoa(keys), "key", "10")
	network := func(ctx context.Context, family, addr string) (net.Conn, error) {
		c, err := conn.System()(ctx, family, addr)
		if err != nil {
			return nil, err
		}
		ours, theirs := net.Pipe()
		go late(c, theirs, delay)
		go late(theirs, c, delay)
		return ours, nil
	}
	for mode, ask := range map[string]sweep.Questions{"scan": {}, "bigkeys": {Length: true}, "memkeys": {Type: true, Memory: true}} {
		b.Run(mode, func(b *testing.B) {
			pages := 0
			for b.Loop() {
				n := nodeBy(b, network, server.Addr(), conn.Options{})
				for _, err := range sweep.New([]sweep.Node{n}, sweep.Options{Ask: ask, Now: time.Now}).Pages(b.Context()) {
					if err != nil {
						b.Fatal(err)
					}
					pages++
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(pages), "µs/page")
		})
	}
}

// late passes on what it reads, each part when its time has come.
func late(to io.WriteCloser, from io.Reader, delay time.Duration) {
	type part struct {
		due  time.Time
		data []byte
	}
	parts := make(chan part, 1<<16)
	go func() {
		defer func() { _ = to.Close() }()
		for p := range parts {
			time.Sleep(time.Until(p.due))
			if _, err := to.Write(p.data); err != nil {
				return
			}
		}
	}()
	defer close(parts)
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			parts <- part{time.Now().Add(delay), append([]byte(nil), buffer[:n]...)}
		}
		if err != nil {
			return
		}
	}
}
