package demo

import (
	"slices"
	"testing"
)

// TestPagesDoNotSplitAPlace holds for two names with the same hash, which are too rare
// to be met by the sample.
func TestPagesDoNotSplitAPlace(t *testing.T) {
	t.Parallel()
	all := []element{{5, []string{"e"}}, {3, []string{"d"}}, {1, []string{"a"}}, {3, []string{"c"}}, {3, []string{"b"}}}
	inOrder(all)
	tests := []struct {
		cursor uint64
		count  int
		want   []string
		next   uint64
	}{
		{0, 1, []string{"a"}, 3},
		{0, 2, []string{"a", "b", "c", "d"}, 5},
		{3, 1, []string{"b", "c", "d"}, 5},
		{5, 1, []string{"e"}, 0},
		{0, 5, []string{"a", "b", "c", "d", "e"}, 0},
		{6, 5, nil, 0},
	}
	for _, tt := range tests {
		page, next := pageOf(all, tt.cursor, tt.count)
		var names []string
		for _, e := range page {
			names = append(names, e.parts[0])
		}
		if !slices.Equal(names, tt.want) || next != tt.next {
			t.Errorf("from %d with count %d: %q and then %d, want %q and %d", tt.cursor, tt.count, names, next, tt.want, tt.next)
		}
	}
}
