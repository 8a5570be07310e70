package analysis

import (
	"math"
	"slices"
	"testing"
)

func TestRanges(t *testing.T) {
	var none Ranges
	if all := none.All(); all != nil {
		t.Errorf("of nothing: %v", all)
	}
	var r Ranges
	for _, size := range []int64{17, 64, 65, 1025, 1025} {
		r.Add(size)
	}
	want := []Range{{16, 64, 2}, {64, 256, 1}, {256, 1024, 0}, {1024, 4096, 2}}
	if got := r.All(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	var small Ranges
	for _, size := range []int64{-1, 0, 1, 16} {
		small.Add(size)
	}
	if got := small.All(); !slices.Equal(got, []Range{{0, 16, 4}}) {
		t.Errorf("small: %v", got)
	}
	for size := int64(1); size > 0; size = size*3 + 1 { // until it overflows
		var one Ranges
		one.Add(size)
		if all := one.All(); len(all) != 1 || size <= all[0].Above || size > all[0].Upto && size < 1<<62 {
			t.Errorf("%d is in %v", size, all)
		}
	}
	var largest Ranges
	largest.Add(math.MaxInt64)
	if len(largest.All()) != 1 {
		t.Error("the largest is in no range")
	}
}
