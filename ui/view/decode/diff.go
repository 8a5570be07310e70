package decode

import "slices"

// hunk says that from..to of the one sequence became start..end of the other.
type hunk struct{ from, to, start, end int }

// longestDiff is how many single differences are told apart. Where there are more, the stretch that holds them is one difference.
const longestDiff = 1000

// diff returns what differs between sequences of n and m elements, in order, with at least one equal element between two hunks. The
// method is Myers', greedy and forward.
func diff(n, m int, same func(i, j int) bool) []hunk {
	head := 0
	for head < min(n, m) && same(head, head) {
		head++
	}
	tail := 0
	for tail < min(n, m)-head && same(n-1-tail, m-1-tail) {
		tail++
	}
	if n == m && head == n {
		return nil
	}
	inner := func(i, j int) bool { return same(head+i, head+j) }
	trace, ok := walk(n-head-tail, m-head-tail, inner)
	if !ok {
		return []hunk{{from: head, to: n - tail, start: head, end: m - tail}}
	}
	hunks := backtrack(trace, n-head-tail, m-head-tail)
	for i := range hunks {
		h := &hunks[i]
		h.from, h.to, h.start, h.end = h.from+head, h.to+head, h.start+head, h.end+head
	}
	return hunks
}

// walk returns, for each number of differences, how far along each diagonal one gets with it. It is false where there are too many.
func walk(n, m int, same func(i, j int) bool) ([][]int32, bool) {
	var trace [][]int32
	for d := 0; d <= longestDiff; d++ {
		furthest := make([]int32, 2*d+1) // by diagonal, from -d
		for k := -d; k <= d; k += 2 {
			i := stepFrom(trace, d, k)
			j := i - k
			for i < n && j < m && same(i, j) {
				i, j = i+1, j+1
			}
			furthest[k+d] = int32(i) //nolint:gosec // at most the number of tokens, which fits
			if i >= n && j >= m {
				return append(trace, furthest), true
			}
		}
		trace = append(trace, furthest)
	}
	return nil, false
}

// stepFrom returns where the d-th difference leads to on diagonal k.
func stepFrom(trace [][]int32, d, k int) int {
	if d == 0 {
		return 0
	}
	if isInsertion(trace, d, k) {
		return int(trace[d-1][k+1+d-1])
	}
	return int(trace[d-1][k-1+d-1]) + 1
}

// isInsertion reports whether the d-th difference, on diagonal k, is an element that came in and not one that went.
func isInsertion(trace [][]int32, d, k int) bool {
	return k == -d || k != d && trace[d-1][k-1+d-1] < trace[d-1][k+1+d-1]
}

// backtrack returns the hunks on the way to the end.
func backtrack(trace [][]int32, n, m int) []hunk {
	var hunks []hunk
	i, j := n, m
	for d := len(trace) - 1; d > 0; d-- {
		k := i - j
		h := hunk{from: stepFrom(trace, d, k)}
		h.start = h.from - k
		h.to, h.end = h.from, h.start
		if isInsertion(trace, d, k) {
			h.start--
		} else {
			h.from--
		}
		if last := len(hunks) - 1; last >= 0 && hunks[last].from == h.to && hunks[last].start == h.end {
			hunks[last].from, hunks[last].start = h.from, h.start
		} else {
			hunks = append(hunks, h)
		}
		i, j = h.from, h.start
	}
	slices.Reverse(hunks)
	return hunks
}
