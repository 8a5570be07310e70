package keyspace

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/conn/conntest"
)

// BenchmarkLoad reads a million keys with the pace of the full screen, and once with redis-cli on the same server. It tells the time to
// the first keys (connecting included), the ratio of both (to be at most 1.5), and the longest page.
//
//	go test -run '^$' -bench Load -benchtime 3x ./commands/keyspace
func BenchmarkLoad(b *testing.B) {
	const keys = 1_000_000
	server := conntest.Start(b, conntest.Config("enable-debug-command", "yes"))
	server.Do("DEBUG", "POPULATE", strconv.Itoa(keys), "orders:2026", "8")
	line := fmt.Sprintf("redis-cli -h %s -p %d --scan | wc -l", server.Host, server.Port)
	began := time.Now()
	out, err := exec.CommandContext(b.Context(), "sh", "-c", line).Output()
	theirs := time.Since(began)
	if err != nil || strings.TrimSpace(string(out)) != strconv.Itoa(keys) {
		b.Fatalf("redis-cli: %v, %s", err, out)
	}
	for _, share := range []float64{1, 0.5, DefaultShare, 0.1} {
		b.Run(fmt.Sprintf("share=%.2f", share), func(b *testing.B) {
			var first, longest time.Duration
			for b.Loop() {
				began, seen := time.Now(), 0
				m := realMasters(b, server.Addr())
				s := NewScanner(m, ScanOptions{Share: share, Now: time.Now})
				for done := false; !done; {
					asked := time.Now()
					batch, err := s.Next(b.Context())
					if err != nil {
						b.Fatal(err)
					}
					if seen == 0 {
						first = max(first, time.Since(began))
					} else {
						longest = max(longest, time.Since(asked))
					}
					seen += len(batch.Keys)
					done = batch.Done
				}
				if seen < keys {
					b.Fatalf("%d keys", seen)
				}
			}
			ours := b.Elapsed() / time.Duration(b.N)
			b.ReportMetric(ours.Seconds()/theirs.Seconds(), "x-redis-cli")
			b.ReportMetric(float64(first.Microseconds())/1000, "ms-first")
			b.ReportMetric(float64(longest.Microseconds())/1000, "ms-longest-page")
			b.ReportMetric(theirs.Seconds(), "s-redis-cli")
		})
	}
}
