package sweep_test

import (
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/commands/keyspace/sweep"
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
