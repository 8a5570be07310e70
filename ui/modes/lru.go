package modes

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"redan/commands/latency"
)

// AppendCacheRow adds a row of --lru-test in redis-cli's bytes. Error replies, which redis-cli does not count, are at the end of a row that
// has some.
func AppendCacheRow(dst []byte, row latency.CacheRow) []byte {
	return append(append(dst, cacheLine(row)...), '\n')
}

func cacheLine(row latency.CacheRow) string {
	hits, misses := cacheParts(row)
	line := fmt.Sprintf("%.0f Gets/sec | Hits: %d (%.2f%%) | Misses: %d (%.2f%%)", row.Rate(), row.Hits, hits, row.Misses, misses)
	if row.Errors > 0 {
		line += fmt.Sprintf(" | Errors: %d", row.Errors)
	}
	return line
}

// cacheParts are the hits and misses in percent.
func cacheParts(row latency.CacheRow) (hits, misses float64) {
	gets := float64(row.Gets())
	if gets == 0 {
		return 0, 0
	}
	return 100 * float64(row.Hits) / gets, 100 * float64(row.Misses) / gets
}

// CacheScreen puts the rows of --lru-test on a terminal.
type CacheScreen struct{ Screen }

// Append adds a row for a terminal of so many columns: redis-cli's line and a bar of the hits, or the rates alone where that is too wide.
func (t CacheScreen) Append(dst []byte, row latency.CacheRow, width int) []byte {
	line := cacheLine(row)
	hits, misses := cacheParts(row)
	const bar = 20
	switch {
	case width >= cacheWidest+bar:
		padding := strings.Repeat(" ", max(cacheWidest-len(line), 1))
		line += padding + Meter{Screen: t.Screen}.track(hits/100, bar)
	case len(line) > width:
		line = fmt.Sprintf("%s gets/s  hits %.2f%%  misses %.2f%%", Short(row.Rate()), hits, misses)
		if row.Errors > 0 {
			line += "  errors " + Short(float64(row.Errors))
		}
	}
	return append(append(dst, ansi.Truncate(line, width, "")...), '\n')
}

// cacheWidest is the room for redis-cli's line.
const cacheWidest = 74

// CacheWarning is what makes a cache test pointless or harmful on a server with these limits; empty is nothing.
func CacheWarning(l latency.CacheLimits, keys int64) string {
	switch {
	case l.MaxMemory == 0:
		return fmt.Sprintf("Warning: maxmemory is not set on this server: nothing is evicted, and after a while all %d keys are found. "+
			"CONFIG SET maxmemory 100mb, with maxmemory-policy allkeys-lru or another, makes it a cache.", max(keys, 1))
	case l.Policy == "noeviction":
		return "Warning: maxmemory-policy is noeviction: when memory is full this server refuses to write and evicts nothing. " +
			"CONFIG SET maxmemory-policy allkeys-lru, or another, makes it a cache."
	case strings.HasPrefix(l.Policy, "volatile-"):
		return "Warning: maxmemory-policy is " + l.Policy + ", which evicts keys with a time to live only; those of this test have none."
	}
	return ""
}

// AppendCacheJSON adds a row of --lru-test as one line of JSON.
func AppendCacheJSON(dst []byte, row latency.CacheRow) []byte {
	rate := "null"
	if gets := row.Gets(); gets > 0 {
		rate = fmt.Sprintf("%.4f", float64(row.Hits)/float64(gets))
	}
	return fmt.Appendf(dst, `{"seconds":%.3f,"gets":%d,"gets_per_second":%.1f,"hits":%d,"misses":%d,"hit_rate":%s,"errors":%d}`+"\n",
		row.Elapsed.Seconds(), row.Gets(), row.Rate(), row.Hits, row.Misses, rate, row.Errors)
}
