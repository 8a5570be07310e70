package keytree

import "strings"

// Names with a long beginning in common have heads that tell nothing. A page whose heads tell nothing therefore leaves out what all of
// its names have in common: it skips so many bytes. They never end with a digit, for a number cut in two does not compare as one.

// name is the first segment of an entry below a prefix of length base.
func (ix *index) name(e entry, base int) (name string, ended bool) {
	return ix.segment(ix.text(e)[base:])
}

// common is what all names in a page begin with, as far as its heads leave it out.
func (ix *index) common(p *page, base int) string {
	if p.skip == 0 {
		return ""
	}
	return ix.text(p.low())[base : base+int(p.skip)]
}

// headIn is the head of the probe in a page. If the probe does not begin as the names in the page do, no head can be compared with
// theirs, and sure is false.
func (ix *index) headIn(pg *page, p *probe) (head uint64, sure bool) {
	if pg.skip == 0 {
		return p.head, true
	}
	if !strings.HasPrefix(p.name, ix.common(pg, p.base)) {
		return 0, false
	}
	return ix.head(p.name[pg.skip:], p.ended, p.rank), true
}

// fit returns e with the head that it needs in a page, which skips less from now on if the name of e asks for it.
func (ix *index) fit(pg *page, e entry, base int) entry {
	name, ended := ix.name(e, base)
	if pg.skip > 0 {
		if skip := beginsLike(name, ix.common(pg, base)); skip < int(pg.skip) {
			ix.rehead(pg, base, skip)
		}
	}
	return newEntry(ix.head(name[pg.skip:], ended, ix.rank(e.ref)), e.ref)
}

// rehead makes a page skip so many bytes, which its names must have in common.
func (ix *index) rehead(pg *page, base, skip int) {
	if int(pg.skip) == skip {
		return
	}
	pg.skip = small(skip)
	for i, e := range pg.entries {
		name, ended := ix.name(e, base)
		pg.entries[i] = newEntry(ix.head(name[skip:], ended, ix.rank(e.ref)), e.ref)
	}
	for i := range pg.kids {
		e := pg.kids[i].low
		name, ended := ix.name(e, base)
		pg.kids[i].low = newEntry(ix.head(name[skip:], ended, ix.rank(e.ref)), e.ref)
	}
}

// tune makes a page skip all that its names have in common if its first and last head hardly differ.
func (ix *index) tune(pg *page, base int) {
	if ix.ranking != 0 || pg.low().hi != pg.high().hi {
		return
	}
	first, _ := ix.name(pg.low(), base)
	for _, e := range pg.entries {
		name, _ := ix.name(e, base)
		first = first[:beginsLike(name, first)]
	}
	for i := range pg.kids {
		name, _ := ix.name(pg.kids[i].low, base)
		first = first[:beginsLike(name, first)]
	}
	ix.rehead(pg, base, len(first))
}

// beginsLike is how many bytes two names have in common at their beginning, digits at the end of those not counted.
func beginsLike(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && isDigit(a[n-1]) {
		n--
	}
	return n
}
