package analysis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"redan/commands/keyspace/sweep"
)

// random returns keys of three nodes as each of them tells its own, with many sizes twice and some keys gone.
func random(seed uint64, n int) []told {
	r := rand.New(rand.NewPCG(seed, 1))
	types := []string{"string", "list", "hash", "set", "zset", "stream", "ReJSON-RL", "vectorset", sweep.Gone, ""}
	keys := make([]told, n)
	for i := range keys {
		keys[i] = told{node: r.IntN(3), key: sweep.Key{
			Name: fmt.Sprintf("key:%d", r.IntN(n)), Type: types[r.IntN(len(types))],
			Length: r.Int64N(20) - 1, Memory: r.Int64N(200) - 1, Frequency: r.Int64N(12) - 1,
		}}
	}
	return keys
}

type told struct {
	node int
	key  sweep.Key
}

// interleaved returns the same keys, those of each node in order, as they might have come too.
func interleaved(keys []told, seed uint64) []told {
	r := rand.New(rand.NewPCG(seed, 2))
	byNode := map[int][]told{}
	for _, k := range keys {
		byNode[k.node] = append(byNode[k.node], k)
	}
	var other []told
	for len(other) < len(keys) {
		node := r.IntN(3)
		if rest := byNode[node]; len(rest) > 0 {
			other, byNode[node] = append(other, rest[0]), rest[1:]
		}
	}
	return other
}

func TestTopIsWhatSortingFinds(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		keys := random(seed, 1+int(seed)%97)
		for _, limit := range []int{0, 1, 3, 10, 1000} {
			top, all, places := NewTop(limit), []Entry{}, arrivals{}
			for _, k := range keys {
				e := places.entry(k.node, &k.key, k.key.Memory)
				all = append(all, e)
				entered := top.Add(e)
				slices.SortFunc(all, Entry.compare)
				if want := slices.Index(all, e) < limit; entered != want {
					t.Fatalf("seed %d, top %d: %v entered: %t, want %t", seed, limit, e, entered, want)
				}
			}
			want := all[:min(limit, len(all))]
			if got := top.Sorted(); !slices.Equal(got, want) {
				t.Fatalf("seed %d, top %d:\n got %v\nwant %v", seed, limit, got, want)
			}
			if got := top.First(2); !slices.Equal(got, want[:min(2, len(want))]) {
				t.Fatalf("seed %d, the first two of top %d:\n got %v\nwant %v", seed, limit, got, want[:min(2, len(want))])
			}
		}
	}
}

func TestTopTakesMemoryForWhatItHas(t *testing.T) {
	t.Parallel()
	top := NewTop(1 << 62)
	top.Add(Entry{Name: "a", Size: 1})
	if c := cap(top.heap); c > 16 {
		t.Errorf("room for %d entries, with one in it", c)
	}
}
