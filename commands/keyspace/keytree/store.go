package keytree

import (
	"encoding/binary"
	"strings"
)

const (
	textChunk    = 1 << 18 // bytes of text allocated at once: small enough to go unnoticed between two frames
	textAlign    = 4       // keys start at multiples of this, so that 32 bits address 16 GiB
	textChunks   = 1 << 16
	textMask     = textChunk/textAlign - 1
	textBits     = 16
	recordBits   = 12
	recordChunk  = 1 << recordBits
	recordMask   = recordChunk - 1
	maxKeys      = 1<<31 - 1 // the bit above tells branches from leaves
	maxNode      = 1<<16 - 1
	varintBits   = 7
	varintMore   = 1 << varintBits
	varintDigits = varintMore - 1
)

// state is what a leaf is besides its text.
type state uint8

const (
	gone   state = 1 << iota // removed: the number is never given to another key
	hidden                   // the filter does not match
	marked
	unseen // not met since the last [Tree.Renew]
)

// record is one key: where its text is, which master it came from, and its state.
type record struct {
	text  uint32
	node  uint16
	state state
}

// store keeps the keys in the order of their arrival. Texts and records never move and are never overwritten, so strings handed out
// share their memory.
type store struct {
	tag     uint32   // sets the keys of this store apart from those before a Reset
	texts   []string // what is written of each chunk
	last    *strings.Builder
	records [][]record
	made    int // records in use, those gone included
	live    int
	hidden  int
	marked  int
}

// add keeps a new key; false says that the 2^31 keys or 16 GiB that can be addressed are used up.
func (s *store) add(key string, node int) (id uint32, ok bool) {
	if s.made >= maxKeys {
		return 0, false
	}
	text, ok := s.write(key)
	if !ok {
		return 0, false
	}
	if s.made&recordMask == 0 {
		s.records = append(s.records, make([]record, recordChunk))
	}
	id = small(s.made)
	s.made++
	s.live++
	*s.at(id) = record{text: text, node: narrow(node)}
	return id, true
}

// meet notes that a key was met again, and where.
func (s *store) meet(id uint32, node int) {
	r := s.at(id)
	r.state &^= unseen
	r.node = narrow(node)
}

// narrow keeps the number of a node in the bits that there are for it.
func narrow(node int) uint16 {
	return uint16(min(max(node, 0), maxNode))
}

func (s *store) write(key string) (place uint32, ok bool) {
	var length [binary.MaxVarintLen64]byte
	n := binary.PutUvarint(length[:], uint64(len(key)))
	need := n + len(key) + textAlign - 1
	if s.last == nil || s.last.Len()+need > textChunk {
		if len(s.texts) == textChunks {
			return 0, false
		}
		s.last = new(strings.Builder)
		s.last.Grow(max(textChunk, need))
		s.texts = append(s.texts, "")
	}
	chunk := len(s.texts) - 1
	place = small(chunk<<textBits | s.last.Len()/textAlign)
	s.last.Write(length[:n])
	s.last.WriteString(key)
	for s.last.Len()%textAlign != 0 {
		s.last.WriteByte(0)
	}
	s.texts[chunk] = s.last.String()
	return place, true
}

// text returns the key written at place, without copying.
func (s *store) text(place uint32) string {
	chunk := s.texts[place>>textBits][(place&textMask)*textAlign:]
	length, n, shift := 0, 0, 0
	for {
		b := chunk[n]
		n++
		length |= int(b&varintDigits) << shift
		if b < varintMore {
			return chunk[n : n+length]
		}
		shift += varintBits
	}
}

func (s *store) at(id uint32) *record { return &s.records[id>>recordBits][id&recordMask] }

func (s *store) key(id uint32) string { return s.text(s.at(id).text) }

func (s *store) is(id uint32, what state) bool { return s.at(id).state&what != 0 }

// set changes one state of a key and keeps the sums; it reports whether that changed anything.
func (s *store) set(id uint32, what state, on bool) bool {
	r := s.at(id)
	if (r.state&what != 0) == on {
		return false
	}
	r.state ^= what
	step := -1
	if on {
		step = 1
	}
	switch what {
	case hidden:
		s.hidden += step
	case marked:
		s.marked += step
	default:
		s.live -= step
	}
	return true
}

// small narrows a count or place that the limits of the store keep below 2^32.
func small(n int) uint32 {
	return uint32(n) //nolint:gosec // bounded by maxKeys and textChunks
}
