package keytree

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// shapes are keys as people have them, 18 to 44 bytes each.
func shapes() map[string]func(i int) string {
	spread := func(i int) uint64 { return uint64(i) * 0x9e3779b97f4b & (1<<48 - 1) }
	return map[string]func(i int) string{
		"orders by day": func(i int) string { return fmt.Sprintf("orders:2026:%02d:%02d:%08d", i%12+1, i/12%28+1, i) },
		"three per user": func(i int) string {
			return fmt.Sprintf("user:%012d:%s", i/3, [3]string{"profile", "cart", "visits"}[i%3])
		},
		"two per session": func(i int) string { return fmt.Sprintf("session:%012x:%s", spread(i/2), [2]string{"data", "ttl"}[i%2]) },
		"one per session": func(i int) string { return fmt.Sprintf("session:%012x:data", spread(i)) },
		"session:uuid": func(i int) string {
			return fmt.Sprintf("session:%08x-%04x-4%03x-a%03x-%012x", spread(i)>>16, i&0xffff, i*7&0xfff, i*13&0xfff, spread(i*3+1))
		},
		"orders, four a day": func(i int) string {
			return fmt.Sprintf("orders:%d:%02d:%02d:%04d", 2000+i/40_000, i/4/28%12+1, i/4%28+1, i%10_000)
		},
		"mixed": func(i int) string {
			switch i % 4 {
			case 0:
				return fmt.Sprintf("session:%08x-%04x-4%03x-a%03x-%012x", spread(i)>>16, i&0xffff, i*7&0xfff, i*13&0xfff, spread(i*3+1))
			case 1:
				return fmt.Sprintf("orders:2026:%02d:%02d:%06d", i%12+1, i/12%28+1, i)
			case 2:
				return fmt.Sprintf("user:%d:tags", i)
			default:
				return fmt.Sprintf("user:%d:name", i-1)
			}
		},
		"no delimiter": func(i int) string { return fmt.Sprintf("customer_record_%09d", i) },
	}
}

// scanOrder is n keys in the random order that SCAN returns.
func scanOrder(n int, name func(int) string) []string {
	keys := make([]string, n)
	for i, at := range rand.New(rand.NewPCG(1, 2)).Perm(n) {
		keys[i] = strings.Clone(name(at))
	}
	return keys
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// A key costs at most 150 bytes in memory, its name included; half of that leaves room for what the collector has not yet swept.
func TestMemory(t *testing.T) {
	const n = 100_000
	for name, key := range shapes() {
		keys := scanOrder(n, key)
		before := heap()
		tree := New(Options{Delimiter: ":"})
		tree.OpenAll()
		tree.Add(keys, 1)
		used := float64(heap()-before) / n
		t.Logf("%s: %.1f bytes a key", name, used)
		if used > 125 {
			t.Errorf("%s: %.1f bytes a key", name, used)
		}
		runtime.KeepAlive(keys)
		runtime.KeepAlive(tree)
	}
}

// BenchmarkLoad adds keys between two frames, all branches open, and tells what a key costs and how long the interface stands still.
func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{1_000_000, 10_000_000} {
		for name, key := range shapes() {
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				keys := scanOrder(n, key)
				for b.Loop() {
					before := heap()
					tree := New(Options{Delimiter: ":"})
					tree.OpenAll()
					var waits []time.Duration
					begin := time.Now()
					for batch := range slices.Chunk(keys, 2000) {
						at := time.Now()
						tree.Add(batch, 1)
						waits = append(waits, time.Since(at))
					}
					total := time.Since(begin)
					slices.Sort(waits)
					b.ReportMetric(float64(heap()-before)/float64(n), "B/key")
					b.ReportMetric(total.Seconds(), "load-s")
					b.ReportMetric(waits[len(waits)/2].Seconds()*1e3, "batch-p50-ms")
					b.ReportMetric(waits[len(waits)*99/100].Seconds()*1e3, "batch-p99-ms")
					b.ReportMetric(waits[len(waits)-1].Seconds()*1e3, "batch-max-ms")
					if tree.Len() != n {
						b.Fatalf("%d keys", tree.Len())
					}
				}
				runtime.KeepAlive(keys)
			})
		}
	}
}

// BenchmarkActions is what keys pressed cost with a million keys.
func BenchmarkActions(b *testing.B) {
	const n = 1_000_000
	tree := New(Options{Delimiter: ":"})
	keys := scanOrder(n, shapes()["three per user"])
	tree.Add(keys, 1)
	at := 0
	for _, action := range []struct {
		name string
		do   func()
	}{
		{"rows", func() { tree.Rows(at*7919%tree.RowCount(), 60) }},
		{"find", func() { tree.Find(keys[at%n]) }},
		{"toggle", func() { tree.Toggle(tree.Rows(at*7919%tree.RowCount(), 1)[0].ID) }},
		{"mark all", func() { tree.MarkAll(nil, at%2 == 1) }},
		{"mark top", func() { tree.Mark(tree.Rows(0, 1)[0].ID, at%2 == 1) }},
		{"open or close all", func() {
			if at%2 == 1 {
				tree.OpenAll()
			} else {
				tree.CloseAll()
			}
		}},
		{"flat", func() { tree.SetFlat(!tree.Flat()) }},
		{"filter, whole", func() {
			tree.SetFilter(func(key string) bool { return strings.HasSuffix(key, [2]string{"t", "e"}[at%2]) })
			for !tree.Step(5000) {
				continue
			}
		}},
		{"filter step of 2000", func() {
			if tree.Step(2000) {
				tree.SetFilter(func(key string) bool { return strings.HasSuffix(key, [2]string{"t", "e"}[at%2]) })
			}
		}},
		{"other delimiter, whole", func() {
			tree.SetDelimiter([2]string{":", ""}[at%2])
			for !tree.Step(5000) {
				continue
			}
		}},
	} {
		b.Run(action.name, func(b *testing.B) {
			for b.Loop() {
				at++
				action.do()
			}
		})
	}
}
