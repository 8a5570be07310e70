package transfer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
)

// Checksum is what an RDB file says about its own bytes.
type Checksum string

// The states of a checksum. Servers with rdbchecksum no write none, and so did those before Redis 2.6.
const (
	ChecksumOK   Checksum = "ok"
	ChecksumNone Checksum = "none"
)

// ErrNotRDB and ErrDamaged say what is wrong with bytes that should be an RDB file.
var (
	ErrNotRDB  = errors.New("not an RDB file")
	ErrDamaged = errors.New("a damaged RDB file")
)

const (
	headLength    = 9 // REDIS and four digits
	trailerLength = 9 // the opcode that ends the file, and the checksum
	opcodeEOF     = 0xff
	// firstWithChecksum is the version of the format that got checksums.
	firstWithChecksum = 5
)

// RDBCheck follows the bytes of an RDB file and tells whether it is whole: its first bytes, its last, and the checksum over all
// between. It holds on to 18 bytes.
type RDBCheck struct {
	crc  *crcTables
	sum  uint64 // of all but the tail
	size int64
	head [headLength]byte
	tail [trailerLength]byte
}

// NewRDBCheck returns an RDBCheck that has seen nothing.
func NewRDBCheck() *RDBCheck { return &RDBCheck{crc: newCRCTables()} }

// Write takes the next bytes of the file. It never fails.
func (c *RDBCheck) Write(p []byte) (int, error) {
	if c.size < headLength {
		copy(c.head[c.size:], p)
	}
	held := int(min(c.size, trailerLength))
	c.size += int64(len(p))
	if len(p) >= trailerLength {
		c.sum = c.crc.add(c.sum, c.tail[:held])
		c.sum = c.crc.add(c.sum, p[:len(p)-trailerLength])
		copy(c.tail[:], p[len(p)-trailerLength:])
		return len(p), nil
	}
	if over := held + len(p) - trailerLength; over > 0 {
		c.sum = c.crc.add(c.sum, c.tail[:over])
		held = copy(c.tail[:], c.tail[over:held])
	}
	copy(c.tail[held:], p)
	return len(p), nil
}

// Size is how many bytes there were.
func (c *RDBCheck) Size() int64 { return c.size }

// Version is the version of the format; 0 before it has come, and when there is none.
func (c *RDBCheck) Version() int {
	if c.size < headLength || string(c.head[:5]) != "REDIS" {
		return 0
	}
	version, err := strconv.ParseUint(string(c.head[5:]), 10, 16)
	if err != nil {
		return 0
	}
	return int(version)
}

// Header tells whether the first bytes can be those of an RDB file. It is content with as many as there are.
func (c *RDBCheck) Header() error {
	came := c.head[:min(c.size, headLength)]
	if len(came) == headLength && c.Version() == 0 || string(came[:min(len(came), 5)]) != "REDIS"[:min(len(came), 5)] {
		return fmt.Errorf("%w: it begins with %q and not with REDIS and a version", ErrNotRDB, came)
	}
	return nil
}

// Whole tells whether the bytes so far are an RDB file from its beginning to its end. The end of one without a checksum looks like
// what may stand in the middle of another.
func (c *RDBCheck) Whole() (Checksum, error) {
	if err := c.Header(); err != nil {
		return "", err
	}
	last := c.tail[:min(c.size, trailerLength)]
	if v := c.Version(); v > 0 && v < firstWithChecksum && c.size > headLength {
		if last[len(last)-1] != opcodeEOF {
			return "", fmt.Errorf("%w: its end is missing", ErrDamaged)
		}
		return ChecksumNone, nil
	}
	if c.size < headLength+trailerLength || last[0] != opcodeEOF {
		return "", fmt.Errorf("%w: its end is missing", ErrDamaged)
	}
	want := binary.LittleEndian.Uint64(last[1:])
	if want == 0 {
		return ChecksumNone, nil
	}
	if got := c.crc.add(c.sum, last[:1]); got != want {
		return "", fmt.Errorf("%w: its checksum is %016x and should be %016x", ErrDamaged, got, want)
	}
	return ChecksumOK, nil
}
