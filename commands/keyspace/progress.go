package keyspace

import (
	"math/bits"
	"strconv"
)

// Walk estimates how much of one server's keys a scan has been through, by its cursors.
type Walk struct {
	size     int64   // DBSIZE, or -1 when the server does not tell
	visited  int64   // keys looked at, the filtered ones included, by the COUNTs asked for
	seen     int64   // keys returned
	walked   float64 // by the cursor
	unlike   bool    // the cursors do not walk as those of a hash table do
	finished bool
}

// NewWalk returns the walk through a server that has not said yet how many keys it has.
func NewWalk() Walk { return Walk{size: -1} }

// Measure notes how many keys the server has, by DBSIZE.
func (p *Walk) Measure(size int64) { p.size = size }

// cursorFraction is how far a cursor of a Redis hash table has come, 0 to 1. Such cursors count in the high bits first, whatever
// the size of the table, so the reversed bits are a fraction.
func cursorFraction(cursor string) (float64, bool) {
	n, err := strconv.ParseUint(cursor, 10, 64)
	if err != nil {
		return 0, false
	}
	return float64(bits.Reverse64(n)) / (1 << 64), true
}

// Page notes one page that was asked for with count and returned keys and the next cursor.
func (p *Walk) Page(cursor string, count, keys int) {
	p.seen += int64(keys)
	p.visited += int64(max(count, keys))
	if cursor == "0" {
		p.finished = true
		return
	}
	walked, ok := cursorFraction(cursor)
	if !ok || walked <= p.walked {
		p.unlike = true // another kind of cursor: of slots, of a proxy
	}
	p.walked = walked
}

// restart forgets all but the size.
func (p *Walk) restart() { *p = Walk{size: p.size} }

// almost is shown instead of an end that has not come.
const almost = 0.99

// Fraction is how much is done, 0 to 1; 1 only at the end.
func (p *Walk) Fraction() float64 {
	switch {
	case p.finished:
		return 1
	case !p.unlike && p.walked > 0:
		return min(p.walked, almost)
	case p.size > 0:
		return min(float64(p.visited)/float64(p.size), almost)
	}
	return 0
}

// expected is how many keys there will be, about; -1 when nobody can know yet.
func (p *Walk) expected(filtered bool) int64 {
	const telling = 0.02 // before that a few keys more or less would make millions
	switch fraction := p.Fraction(); {
	case p.finished:
		return p.seen
	case !filtered && p.size >= 0:
		return max(p.size, p.seen)
	case fraction >= telling:
		return int64(float64(p.seen) / fraction)
	}
	return -1
}

// Part is how much of several servers' keys scans have been through, 0 to 1; a large server counts for more.
func Part(walks []*Walk) float64 {
	_, _, fraction := total(walks, false)
	return fraction
}

// total adds up what is known of each server, and takes those of which nothing is known for the average of the others.
func total(servers []*Walk, filtered bool) (seen, expected int64, fraction float64) {
	var known, weight int64
	var done float64
	usual := averageSize(servers)
	for _, p := range servers {
		seen += p.seen
		if n := p.expected(filtered); n >= 0 {
			expected += n
			known++
		}
		size := max(p.size, 1)
		if p.size < 0 {
			size = usual
		}
		weight += size
		done += float64(size) * p.Fraction()
	}
	if len(servers) == 0 {
		return 0, 0, 1
	}
	if known == 0 {
		return seen, -1, done / float64(weight)
	}
	return seen, expected * int64(len(servers)) / known, done / float64(weight)
}

// averageSize is how many keys a server has of those that tell; at least 1.
func averageSize(servers []*Walk) int64 {
	var keys, told int64
	for _, p := range servers {
		if p.size >= 0 {
			keys, told = keys+p.size, told+1
		}
	}
	return max(keys/max(told, 1), 1)
}
