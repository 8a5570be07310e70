package keytree

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The pages are so small that a few keys go through all that millions do.
func FuzzTree(f *testing.F) {
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 7))
		script := make([]byte, 600)
		for i := range script {
			script[i] = byte(random.Uint32())
		}
		f.Add(script)
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		decisions := tape(script[:min(len(script), 600)]) // the model is slow
		p := newPair(t, &decisions)
		for len(decisions) > 0 && len(p.model.keys) < 50 {
			p.change(&decisions)
			p.settled = p.tree.Step(decisions.next(4) * 3)
			p.check()
		}
		for !p.tree.Step(1) {
			continue
		}
		p.settled = true
		p.check()
	})
}

func TestJoinsChains(t *testing.T) {
	tree := New(Options{Delimiter: ":"})
	expect := func(want ...string) {
		t.Helper()
		var got []string
		for _, row := range tree.Rows(0, 100) {
			sign := " "
			if row.Branch {
				sign = "+"
			}
			if row.Open {
				sign = "-"
			}
			got = append(got, fmt.Sprintf("%s%s%s %d", strings.Repeat("  ", row.Depth), sign, row.Label, row.Count))
		}
		if !slices.Equal(got, want) {
			t.Errorf("rows\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	tree.Add([]string{"orders:2026:11:2"}, 0)
	expect(" orders:2026:11:2 1")
	tree.Add([]string{"orders:2026:11:10"}, 0)
	expect("+orders:2026:11 2")
	id := tree.Rows(0, 1)[0].ID
	tree.Open(id)
	expect("-orders:2026:11 2", "   2 1", "   10 1")
	tree.Add([]string{"orders:2025:1", "orders", "config:flags", "a::b", "a:", "a"}, 0)
	expect(" a 1", "+a 2", " config:flags 1", " orders 1", "-orders 3", "   2025:1 1", "  -2026:11 2", "     2 1", "     10 1")
	if row, visible := tree.IndexOf(id); row != 6 || !visible {
		t.Errorf("the open branch is at %d, visible %v", row, visible)
	}
	tree.Remove("orders:2025:1")
	expect(" a 1", "+a 2", " config:flags 1", " orders 1", "-orders:2026:11 2", "   2 1", "   10 1")
}

// The row under the cursor is found again wherever keys arrive, in any order and with any delimiter.
func TestKeysKeepTheirIDs(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	tree := New(Options{Delimiter: ":"})
	tree.Add([]string{"k:5000:x"}, 3)
	id, _, _ := tree.Find("k:5000:x")
	for round := range 40 {
		keys := make([]string, 500)
		for i := range keys {
			keys[i] = fmt.Sprintf("k:%d:%c", random.IntN(10_000), 'a'+rune(random.IntN(26)))
		}
		tree.Add(keys, 1)
		switch round % 8 {
		case 1:
			tree.SetFlat(!tree.Flat())
		case 3:
			tree.SortBy(func(_ int, key string) (int64, bool) { return int64(len(key)), true })
		case 5:
			tree.SortBy(nil)
		case 7:
			tree.SetDelimiter([2]string{":", ""}[round/8%2])
		}
		for !tree.Step(5000) {
			continue
		}
		tree.Reveal(id)
		row, visible := tree.IndexOf(id)
		if rows := tree.Rows(row, 1); !visible || rows[0].Key != "k:5000:x" || rows[0].Node != 3 {
			t.Fatalf("round %d: row %d is %+v", round, row, rows)
		}
	}
	tree.Remove("k:5000:x")
	tree.Add([]string{"k:5000:x"}, 0)
	if row, _ := tree.IndexOf(id); row != -1 {
		t.Errorf("a removed key is at row %d", row)
	}
	id, _, _ = tree.Find("k:5000:x")
	tree.Reset()
	tree.Add([]string{"other"}, 0)
	if row, _ := tree.IndexOf(id); row != -1 {
		t.Errorf("after Reset, an old ID is at row %d", row)
	}
}

func TestDeepChains(t *testing.T) {
	tree := New(Options{Delimiter: ":"})
	const nested, long = 1000, 10_000
	var keys []string
	for n := range nested {
		keys = append(keys, strings.Repeat("a:", n)+"x")
	}
	deep := strings.Repeat("b:", long)
	keys = append(keys, deep+"1", deep+"2", deep, strings.Repeat(":", long), strings.Repeat("x", textChunk+1), "")
	if n := tree.Add(keys, 0); n != len(keys) {
		t.Fatalf("%d keys added of %d", n, len(keys))
	}
	if n := tree.Add(keys, 0); n != 0 {
		t.Fatalf("%d keys added twice", n)
	}
	tree.OpenAll()
	for _, key := range keys {
		id, row, ok := tree.Find(key)
		if rows := tree.Rows(row, 1); !ok || rows[0].ID != id || rows[0].Key != key {
			t.Fatalf("a key of %d bytes is not found", len(key))
		}
	}
	tree.CloseAll()
	for _, key := range keys {
		tree.Remove(key)
	}
	if tree.Len() != 0 || tree.RowCount() != 0 {
		t.Errorf("%d keys, %d rows left", tree.Len(), tree.RowCount())
	}
}

// Real page sizes, against a sorted slice.
func TestManyKeys(t *testing.T) {
	const n = 30_000
	for name, key := range shapes() {
		t.Run(name, func(t *testing.T) {
			keys := scanOrder(n, key)
			tree := New(Options{Delimiter: ":", Flat: true})
			tree.Add(keys, 0)
			slices.SortFunc(keys, func(a, b string) int {
				return slices.CompareFunc(strings.Split(a, ":"), strings.Split(b, ":"), natural)
			})
			expectKeys := func() {
				t.Helper()
				rows := tree.Rows(0, n+1)
				if len(rows) != len(keys) || tree.RowCount() != len(keys) {
					t.Fatalf("%d rows of %d, want %d", len(rows), tree.RowCount(), len(keys))
				}
				for i, row := range rows {
					if at, ok := tree.IndexOf(row.ID); row.Key != keys[i] || at != i || !ok {
						t.Fatalf("row %d is %q at %d, want %q", i, row.Key, at, keys[i])
					}
				}
			}
			expectKeys()
			random := rand.New(rand.NewPCG(5, 6))
			keys = slices.DeleteFunc(keys, func(key string) bool { return random.IntN(5) > 0 && tree.Remove(key) })
			expectKeys()
			tree.SetFilter(func(key string) bool { return strings.ContainsRune(key, '7') })
			for !tree.Step(1000) {
				continue
			}
			keys = slices.DeleteFunc(keys, func(key string) bool { return !strings.ContainsRune(key, '7') })
			expectKeys()
		})
	}
}
