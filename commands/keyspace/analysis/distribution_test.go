package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func lines(steps []Step) []string {
	var all []string
	for _, s := range steps {
		all = append(all, fmt.Sprintf("%d %.4f %d", s.Size, s.Percentile, s.Keys))
	}
	return all
}

// TestSizesAsRedisCLI: the lines are those of redis-cli 8.0.2 for these sizes.
func TestSizesAsRedisCLI(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		sizes []int64
		want  []string
	}{
		{"none", nil, nil},
		{"one", []int64{64}, []string{"64 100.0000 1"}},
		{"all alike", []int64{64, 64, 64}, []string{"64 100.0000 3"}},
		{"nothing, and something", []int64{0, 77, 77, 77, 77}, []string{"0 0.0000 1", "77 100.0000 5"}},
		{"halves", []int64{48, 80, 80, 80, 80, 80, 80, 200, 200, 4732}, []string{"48 0.0000 1", "80 50.0000 7", "200 75.0000 9", "4732 100.0000 10"}},
		{"beyond what is told apart", []int64{1 << 50}, []string{"1099511627775 100.0000 1"}},
	} {
		s := newSizes()
		for _, size := range c.sizes {
			s.add(size)
		}
		if got := lines(s.Steps()); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSizesAreExactToAHundredthOfAPercent(t *testing.T) {
	t.Parallel()
	s := newSizes()
	var sum float64
	for size := int64(1); size < 1<<32; size = size*3/2 + 1 {
		s.add(size)
		sum += float64(size)
		if got := s.AtPercentile(100); math.Abs(float64(got-size)) > float64(size)/10000 {
			t.Errorf("%d is told as %d", size, got)
		}
	}
	mean := sum / float64(s.histogram.TotalCount())
	if math.Abs(s.Mean()-mean) > mean/10000 {
		t.Errorf("mean %f, want %f", s.Mean(), mean)
	}
}

// TestNameLengthsAsRedisCLI: as above.
func TestNameLengthsAsRedisCLI(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lengths []int64
		want    string
	}{
		{nil, ""},
		{[]int64{1}, "1 100.0000 1"},
		{[]int64{300}, "300 100.0000 1"},
		{[]int64{300, 100000}, "65536 50.0000 1, 100000 100.0000 2"},
		{[]int64{1, 300, 100000}, "32 33.3333 1, 65536 66.6667 2, 100000 100.0000 3"},
		{[]int64{1, 100000}, "32 50.0000 1, 100000 100.0000 2"},
		{
			[]int64{32, 33, 256, 257, 65536, 65537, 1 << 20, 1<<20 + 1, 16 << 20, 16<<20 + 1, 128 << 20, 140000000},
			"32 8.3333 1, 256 25.0000 3, 65536 41.6667 5, 1048576 58.3333 7, 16777216 75.0000 9, 134217728 91.6667 11, 140000000 100.0000 12",
		},
	} {
		n := newNameLengths()
		for _, length := range c.lengths {
			n.add(length)
		}
		if got := strings.Join(lines(n.Steps()), ", "); got != c.want {
			t.Errorf("%v:\n got %s\nwant %s", c.lengths, got, c.want)
		}
	}
}
