package analysis

import (
	"reflect"
	"slices"
	"testing"

	"redan/commands/keyspace/sweep"
)

// biggestOf feeds a tally.
func biggestOf(m Measure, keys []told) *Biggest {
	b := NewBiggest(m)
	for _, k := range keys {
		b.Add(k.node, &k.key)
	}
	return b
}

func TestBiggestEqualsItsSums(t *testing.T) {
	t.Parallel()
	for _, m := range []Measure{Length, Memory} {
		for seed := range uint64(100) {
			keys := random(seed, 1+int(seed))
			b := biggestOf(m, keys)
			var count, total int64
			for _, sum := range b.Types() {
				count += sum.Keys
				total += sum.Total
			}
			var wantCount, wantTotal, names, measured int64
			biggest := map[string]int64{}
			for _, k := range keys {
				if k.key.Type == sweep.Gone {
					continue
				}
				wantCount++
				wantTotal += max(m.of(&k.key), 0)
				names += int64(len(k.key.Name))
				if m.of(&k.key) >= 0 {
					measured++
				}
				biggest[k.key.Type] = max(biggest[k.key.Type], m.of(&k.key))
			}
			if got, want := []int64{count, b.Sampled, total, b.NameBytes, b.Measured}, []int64{wantCount, wantCount, wantTotal, names, measured}; !slices.Equal(got, want) {
				t.Fatalf("seed %d: keys, sampled, total, names, measured: %v, want %v", seed, got, want)
			}
			for _, sum := range b.Types() {
				if sum.Biggest.Size != biggest[sum.Type] {
					t.Fatalf("seed %d: the biggest %q is %d, want %d", seed, sum.Type, sum.Biggest.Size, biggest[sum.Type])
				}
			}
		}
	}
}

func TestKeyStatsEqualsItsSums(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		keys := random(seed, 1+int(seed))
		s := NewKeyStats(5)
		var sampled, measured, memory, length, names int64
		for _, k := range keys {
			s.Add(k.node, &k.key)
			if k.key.Type == sweep.Gone {
				continue
			}
			sampled++
			names += int64(len(k.key.Name))
			length += max(k.key.Length, 0)
			memory += max(k.key.Memory, 0)
			if k.key.Memory >= 0 {
				measured++
			}
		}
		var types, typeMemory, typeLength int64
		for _, sum := range s.Types() {
			types, typeMemory, typeLength = types+sum.Keys, typeMemory+sum.Memory, typeLength+sum.Length
		}
		got := []int64{s.Sampled, types, s.Measured, s.Memory, typeMemory, typeLength, s.Names.Total}
		if want := []int64{sampled, sampled, measured, memory, memory, length, names}; !slices.Equal(got, want) {
			t.Fatalf("seed %d: %v, want %v", seed, got, want)
		}
		if steps := s.Sizes.Steps(); measured > 0 && (steps[len(steps)-1].Keys != measured || steps[len(steps)-1].Percentile != 100) {
			t.Fatalf("seed %d: the distribution of %d keys ends with %v", seed, measured, steps[len(steps)-1])
		}
	}
}

// TestNoTallyDependsOnWhichNodeWasFaster feeds the same keys with the nodes' pages in another order.
func TestNoTallyDependsOnWhichNodeWasFaster(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		keys := random(seed, 120)
		other := interleaved(keys, seed)
		type outcome struct {
			length, memory []*TypeSum
			hottest        []Entry
			largest        []Entry
			types          []*TypeStats
			sizes, names   []Step
			mean, dev      float64
		}
		var outcomes []outcome
		for _, in := range [][]told{keys, other} {
			hot, stats := NewHottest(), NewKeyStats(7)
			for _, k := range in {
				hot.Add(k.node, &k.key)
				stats.Add(k.node, &k.key)
			}
			outcomes = append(outcomes, outcome{
				biggestOf(Length, in).Types(), biggestOf(Memory, in).Types(), hot.Keys(), stats.Largest(), stats.Types(),
				stats.Sizes.Steps(), stats.Names.Steps(), stats.Sizes.Mean(), stats.Sizes.StdDev(),
			})
		}
		if !reflect.DeepEqual(outcomes[0], outcomes[1]) {
			t.Fatalf("seed %d:\n%+v\n%+v", seed, outcomes[0], outcomes[1])
		}
	}
}

func TestBiggestTellsEachRecordOnce(t *testing.T) {
	t.Parallel()
	b := NewBiggest(Length)
	for _, c := range []struct {
		key  sweep.Key
		want bool
	}{
		{sweep.Key{Name: "empty", Type: "string", Length: 0}, false},
		{sweep.Key{Name: "one", Type: "string", Length: 1}, true},
		{sweep.Key{Name: "other", Type: "string", Length: 1}, false},
		{sweep.Key{Name: "list", Type: "list", Length: 1}, true},
		{sweep.Key{Name: "gone", Type: sweep.Gone, Length: 9}, false},
		{sweep.Key{Name: "unknown", Type: "ReJSON-RL", Length: -1}, false},
		{sweep.Key{Name: "two", Type: "string", Length: 2}, true},
	} {
		if got := b.Add(0, &c.key); got != c.want {
			t.Errorf("%s is a record: %t, want %t", c.key.Name, got, c.want)
		}
	}
	var names []string
	for _, sum := range b.Types() {
		names = append(names, sum.Type+" "+sum.Unit+" "+sum.Biggest.Name)
	}
	want := []string{"string bytes two", "list items list", "hash fields ", "set members ", "zset members ", "stream entries ", "ReJSON-RL ? "}
	if !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}

func TestHottestKeepsSixteenThatAreUsed(t *testing.T) {
	t.Parallel()
	h := NewHottest()
	for i := range int64(40) {
		h.Add(0, &sweep.Key{Name: string(rune('a' + i)), Frequency: i - 10})
	}
	keys := h.Keys()
	if len(keys) != 16 || keys[0].Size != 29 || keys[15].Size != 14 || h.Sampled != 40 || h.Counted != 30 {
		t.Errorf("%d keys from %v, %d sampled, %d counted", len(keys), keys[:1], h.Sampled, h.Counted)
	}
	idle := NewHottest()
	idle.Add(0, &sweep.Key{Name: "never", Frequency: 0})
	if len(idle.Keys()) != 0 {
		t.Errorf("a key that is not used is hot: %v", idle.Keys())
	}
}

// TestPagesAreLetGo: what a tally keeps of a page is a name of its own.
func TestPagesAreLetGo(t *testing.T) {
	t.Parallel()
	page := string(make([]byte, 1<<20)) + "name"
	name := page[1<<20:]
	top := NewTop(1)
	top.Add(Entry{Name: name, Size: 1})
	if got := top.Sorted()[0].Name; got != "name" || sameBytes(got, name) {
		t.Errorf("%q is a part of its page", got)
	}
	b := NewBiggest(Length)
	b.Add(0, &sweep.Key{Name: name, Type: "string", Length: 1})
	if got := b.Types()[0].Biggest.Name; sameBytes(got, name) {
		t.Errorf("%q is a part of its page", got)
	}
}

func sameBytes(a, b string) bool {
	return reflect.ValueOf(&a).Elem().UnsafePointer() == reflect.ValueOf(&b).Elem().UnsafePointer()
}
