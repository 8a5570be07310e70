package edit

import (
	"slices"
	"time"
)

// MaxText is how many bytes of a value are held in memory. Of longer ones only size and digest are kept, which is enough to see a change.
const MaxText = 16 << 20

// typeNone is what TYPE says of a key that does not exist.
const typeNone = "none"

// State is what a change depends on, at one point in time.
type State struct {
	Server Server
	Key    string
	DB     int
	// Type is the word TYPE gives, "none" for a key that does not exist.
	Type string
	// Expires tells whether the key has a time to live: Left at the time of reading, until At by the server's clock. Both are exact to
	// the millisecond, At on servers before 7.0 to one or two.
	Expires bool
	Left    time.Duration
	At      time.Time
	// Count is the number of elements of the key, for a string of bytes.
	Count int64
	// Old is the part that the change touches: a value, field, element, entry. Other is a second one that matters: the new name of a
	// field, the key that is overwritten.
	Old, Other Part

	// Clock is the server's, for changes that name a point in time; else zero.
	Clock time.Time

	// dump is the whole key, for copying.
	dump Part
	// early is by how much At may be before the true end.
	early time.Duration
	// nonce marks a list element for the duration of a transaction. Lists have no other way to remove or insert at an index.
	nonce string
}

// Exists tells whether the key exists.
func (s State) Exists() bool { return s.Type != typeNone && s.Type != "" }

// Part is a part of a key's value.
type Part struct {
	Present bool
	// Text is the bytes, unless there are more than [MaxText]. For a stream entry it is its fields and values one a line, for a pending one
	// consumer and deliveries, for a sorted set's member the score.
	Text string
	Size int64  // bytes
	Sum  string // a digest in place of Text
	// ExpireAt is the time of a hash field's own expiry, in milliseconds of Unix time; 0 without one.
	ExpireAt int64
}

// textPart is a part with a text.
func textPart(text string) Part { return Part{Present: true, Text: text, Size: int64(len(text))} }

// same tells whether two parts have the same value. Their expiry is not looked at: it is kept whatever it is.
func (p Part) same(q Part) bool {
	p.ExpireAt, q.ExpireAt = 0, 0
	return p == q
}

// held returns the text of a part, or false if it was too large to hold.
func (p Part) held() (string, bool) { return p.Text, p.Sum == "" }

// shape says how a reply becomes a part.
type shape int

const (
	bulk        shape = iota // a null is an absent part
	flag                     // 1 or 0
	score                    // bulk string or double
	typeName                 // TYPE
	entry                    // XRANGE with at most one entry
	entryID                  // the same, but only its id matters
	pending                  // XPENDING with at most one entry
	fieldExpiry              // HPEXPIRETIME of one field
	digest                   // DIGEST
	jsonMatches              // JSON.GET of a path
	clock                    // TIME
)

// lookup is a command that reads a part.
type lookup struct {
	args  []string
	shape shape
	into  target
}

// target says where the result of a lookup belongs.
type target int

const (
	intoOld target = iota
	intoOther
	intoDump // which is material for the write: a difference is no conflict
)

// part returns where a lookup's result belongs.
func (l lookup) part(s *State) *Part {
	switch l.into {
	case intoOther:
		return &s.Other
	case intoDump:
		return &s.dump
	case intoOld:
	}
	return &s.Old
}

// compare says whether what was read is still there.
func compare(c Change, read, now State) error {
	if !now.Exists() && read.Exists() {
		return &Gone{read.Key}
	}
	if now.Exists() && !read.Exists() {
		return &Exists{Key: read.Key, DB: read.DB}
	}
	if now.Type != read.Type {
		return &TypeChanged{read.Key, read.Type, now.Type}
	}
	conflict := &Conflict{Read: read, Theirs: now, Yours: c}
	if slices.ContainsFunc(c.lookups(now), func(l lookup) bool {
		return l.into != intoDump && l.shape != fieldExpiry && l.shape != clock && !l.part(&read).same(*l.part(&now))
	}) {
		return conflict
	}
	if _, timed := c.(Expire); timed && !sameExpiry(read, now) {
		return conflict
	}
	return nil
}

// slack is by how much two computations of one expiry may differ, on servers that tell the time left and not the end.
const slack = 2 * time.Millisecond

func sameExpiry(a, b State) bool {
	if a.Expires != b.Expires || !a.Expires {
		return a.Expires == b.Expires
	}
	return a.At.Sub(b.At).Abs() <= slack
}
