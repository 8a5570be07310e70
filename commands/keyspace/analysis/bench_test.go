package analysis

import (
	"fmt"
	"testing"

	"redan/commands/keyspace/sweep"
)

// million are the keys of a usual server, many small ones and a few big ones.
func million() []sweep.Key {
	types := []string{"string", "string", "string", "string", "string", "hash", "hash", "list", "set", "zset"}
	keys := make([]sweep.Key, 1_000_000)
	for i := range keys {
		size := int64(56 + i*7919%4096)
		keys[i] = sweep.Key{Name: fmt.Sprintf("user:%d:profile", i), Type: types[i%len(types)], Length: size / 8, Memory: size, Frequency: int64(i * 31 % 200)}
	}
	return keys
}

// BenchmarkMillion is what the tallies cost: an op is a million keys.
func BenchmarkMillion(b *testing.B) {
	keys := million()
	for name, tally := range map[string]func() func(int, *sweep.Key) bool{
		"bigkeys":         func() func(int, *sweep.Key) bool { return NewBiggest(Length).Add },
		"hotkeys":         func() func(int, *sweep.Key) bool { return NewHottest().Add },
		"keystats":        func() func(int, *sweep.Key) bool { return NewKeyStats(10).Add },
		"keystats-top-1M": func() func(int, *sweep.Key) bool { return NewKeyStats(1_000_000).Add },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				add := tally()
				for i := range keys {
					add(0, &keys[i])
				}
			}
		})
	}
}

// TestTalliesStayFlat: more keys take no more memory.
func TestTalliesStayFlat(t *testing.T) {
	stats, biggest := NewKeyStats(10), NewBiggest(Memory)
	key := sweep.Key{Name: "k", Type: "string", Length: 1}
	feed := func() {
		for i := range int64(1000) {
			key.Memory = i * i % 100000
			stats.Add(0, &key)
			biggest.Add(0, &key)
		}
	}
	for range 20 { // until the largest are all alike
		feed()
	}
	if n := testing.AllocsPerRun(10, feed); n > 0 {
		t.Errorf("%v allocations for a thousand keys that are like those before", n)
	}
}
