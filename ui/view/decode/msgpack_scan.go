package decode

import (
	"encoding/binary"
	"errors"
	"math"
)

// packKind is the kind of a MessagePack value.
type packKind uint8

const (
	packNil packKind = iota
	packBool
	packInt
	packUint
	packFloat32
	packFloat64
	packString
	packBinary
	packExtension
	packArray
	packMap
)

// packHead is what stands before a MessagePack value's content.
type packHead struct {
	kind   packKind
	size   int    // of the head
	length uint64 // of the content in bytes; for arrays and maps in elements and pairs
	bits   uint64 // of a number, or 1 for true
	ext    int8   // an extension's type
}

// content returns how many bytes follow the head before the next value.
func (h packHead) content() uint64 {
	if h.kind == packArray || h.kind == packMap {
		return 0
	}
	return h.length
}

var errNoPack = errors.New("0xc1 begins no value")

// readPackHead reads the head that data begins with. The error is errShort or errNoPack.
func readPackHead(data []byte) (packHead, error) {
	if len(data) == 0 {
		return packHead{}, errShort
	}
	c := data[0]
	switch {
	case c <= 0x7f:
		return packHead{kind: packUint, size: 1, bits: uint64(c)}, nil
	case c <= 0x8f:
		return packHead{kind: packMap, size: 1, length: uint64(c & 0x0f)}, nil
	case c <= 0x9f:
		return packHead{kind: packArray, size: 1, length: uint64(c & 0x0f)}, nil
	case c <= 0xbf:
		return packHead{kind: packString, size: 1, length: uint64(c & 0x1f)}, nil
	case c >= 0xe0:
		return packHead{kind: packInt, size: 1, bits: uint64(int64(int8(c)))}, nil //nolint:gosec // sign extension is meant
	}
	return readLongHead(data)
}

// readLongHead reads a head whose first byte is 0xc0 to 0xdf.
func readLongHead(data []byte) (packHead, error) {
	switch c := data[0]; c {
	case 0xc0:
		return packHead{kind: packNil, size: 1}, nil
	case 0xc1:
		return packHead{}, errNoPack
	case 0xc2, 0xc3:
		return packHead{kind: packBool, size: 1, bits: uint64(c & 1)}, nil
	case 0xc4, 0xc5, 0xc6:
		return readLength(data, packBinary, 1<<(c-0xc4))
	case 0xc7, 0xc8, 0xc9:
		return readExtension(data, 1<<(c-0xc7), 0)
	case 0xca:
		return readNumber(data, packFloat32, 4)
	case 0xcb:
		return readNumber(data, packFloat64, 8)
	case 0xcc, 0xcd, 0xce, 0xcf:
		return readNumber(data, packUint, 1<<(c-0xcc))
	case 0xd0, 0xd1, 0xd2, 0xd3:
		return readNumber(data, packInt, 1<<(c-0xd0))
	case 0xd4, 0xd5, 0xd6, 0xd7, 0xd8:
		return readExtension(data, 0, 1<<(c-0xd4))
	case 0xd9, 0xda, 0xdb:
		return readLength(data, packString, 1<<(c-0xd9))
	case 0xdc, 0xdd:
		return readLength(data, packArray, 2<<(c-0xdc))
	default:
		return readLength(data, packMap, 2<<(c-0xde))
	}
}

// readLength reads a head with a length of n bytes.
func readLength(data []byte, kind packKind, n int) (packHead, error) {
	length, ok := bigEndian(data[1:], n)
	if !ok {
		return packHead{}, errShort
	}
	return packHead{kind: kind, size: 1 + n, length: length}, nil
}

// readExtension reads a head with a length of n bytes, or a known length where n is 0, and a type.
func readExtension(data []byte, n int, length uint64) (packHead, error) {
	if n > 0 {
		var ok bool
		if length, ok = bigEndian(data[1:], n); !ok {
			return packHead{}, errShort
		}
	}
	if len(data) < n+2 {
		return packHead{}, errShort
	}
	return packHead{kind: packExtension, size: n + 2, length: length, ext: int8(data[n+1])}, nil //nolint:gosec // the type is signed
}

// readNumber reads a number of n bytes.
func readNumber(data []byte, kind packKind, n int) (packHead, error) {
	bits, ok := bigEndian(data[1:], n)
	if !ok {
		return packHead{}, errShort
	}
	if kind == packInt {
		unused := 64 - 8*n
		bits = uint64(int64(bits<<unused) >> unused) //nolint:gosec // sign extension is meant
	}
	return packHead{kind: kind, size: 1 + n, bits: bits}, nil
}

// bigEndian reads an unsigned number of n bytes.
func bigEndian(data []byte, n int) (uint64, bool) {
	if len(data) < n {
		return 0, false
	}
	var wide [8]byte
	copy(wide[8-n:], data[:n])
	return binary.BigEndian.Uint64(wide[:]), true
}

// packFrame is an array or a map that is being read.
type packFrame struct {
	row  int32  // that opens it
	left uint64 // elements, or names and values, that are still to come
	pair bool   // a map
	name bool   // it is the name of a member itself
}

// expectsName reports whether the next value is the name of a member.
func (f packFrame) expectsName() bool { return f.pair && f.left%2 == 0 }

// packScanner reads MessagePack and lays it out, without recursion.
type packScanner struct {
	data  []byte
	pos   int
	rows  []packRow
	stack []packFrame
	texts int   // strings read that are text
	named int32 // where the name of the next value is, or -1
}

// scan reads one value. The error is errShort, with what was read so far laid out, or errNoPack.
func (s *packScanner) scan() error {
	s.named = -1
	for {
		if err := s.value(); err != nil {
			return err
		}
		for {
			if len(s.stack) == 0 {
				return nil
			}
			top := &s.stack[len(s.stack)-1]
			if top.left > 0 {
				break
			}
			s.closeTop()
		}
	}
}

// value reads the head and the content of the next value.
func (s *packScanner) value() error {
	head, err := readPackHead(s.data[s.pos:])
	if err != nil {
		return err
	}
	isName := false
	if len(s.stack) > 0 {
		top := &s.stack[len(s.stack)-1]
		isName = top.expectsName()
		if !top.pair || isName {
			s.separate(top)
		}
		top.left--
	}
	start := s.pos
	s.pos += head.size
	if (head.kind == packArray || head.kind == packMap) && head.length > 0 {
		s.open(start, head, isName)
		return nil
	}
	if err := s.skip(head); err != nil {
		s.leaf(start, isName)
		return err
	}
	if head.kind == packString && isCleanText(s.data[start+head.size:s.pos], false) {
		s.texts++
	}
	s.leaf(start, isName)
	return nil
}

// skip moves over the content of a value.
func (s *packScanner) skip(head packHead) error {
	if content := head.content(); content > uint64(len(s.data)-s.pos) { //nolint:gosec // a length is not negative
		s.pos = len(s.data)
		return errShort
	}
	s.pos += int(head.content()) //nolint:gosec // at most the length of data
	return nil
}

// values returns how many values an array or a map holds.
func (h packHead) values() uint64 {
	if h.kind == packMap {
		return 2 * h.length
	}
	return h.length
}

// items returns the number of elements or members, as far as a line can tell it.
func (h packHead) items() int { return int(min(h.length, math.MaxInt32)) }
