package sweep_test

import (
	"os/exec"
	"runtime"
	"strconv"
	"testing"
	"time"

	"redan/commands/keyspace/sweep"
	"redan/conn/conntest"
)

// BenchmarkMillion sweeps a million keys with each set of questions, and runs redis-cli's mode that asks the same once on the same server. It
// tells the ratio of both, which is to be at most 0.3, and the memory that is held at the end.
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
			began := time.Now()
			if err := exec.CommandContext(b.Context(), "redis-cli", "-p", strconv.Itoa(server.Port), c.mode).Run(); err != nil {
				b.Fatal(err)
			}
			theirs := time.Since(began)
			var memory runtime.MemStats
			b.ReportAllocs()
			for b.Loop() {
				s := sweep.New(nodes(b, server.Addr()), sweep.Options{Size: true, Ask: c.ask})
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
			b.ReportMetric(float64(memory.Sys)/(1<<20), "MiB")
		})
	}
}
