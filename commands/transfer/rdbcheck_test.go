package transfer

import (
	"encoding/hex"
	"errors"
	"hash/crc64"
	"math/rand/v2"
	"testing"
)

// Functions-only snapshots of an empty redis-server 7.0.15, and of an 8.0.2 with rdbchecksum no, as they came.
const (
	rdb7 = "524544495330303130fa0972656469732d76657206372e302e3135fa0a72656469732d62697473c040fa056374696d65c23ad7026bfa08757365642d6d656dc220180f00" +
		"fa0e7265706c2d73747265616d2d6462c000fa077265706c2d69642837386238646261303962653633333736303237663664616561313366393530333764356235393039" +
		"fa0b7265706c2d6f6666736574c000fa08616f662d62617365c000ff3a3c7cfe652c8c21"
	rdb8 = "524544495330303132fa0972656469732d76657205382e302e32fa0a72656469732d62697473c040fa056374696d65c2b7d7026bfa08757365642d6d656dc218560c00" +
		"fa0e7265706c2d73747265616d2d6462c000fa077265706c2d69642838623834343465356430383630326262376662656432663566393733313138613736643463396131" +
		"fa0b7265706c2d6f6666736574c000fa08616f662d62617365c000ff0000000000000000"
	rdb24 = "524544495330303032fe000001610131ff"
)

func rdb(t *testing.T, text string) []byte {
	t.Helper()
	file, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func check(file []byte) *RDBCheck {
	c := NewRDBCheck()
	_, _ = c.Write(file)
	return c
}

func TestRDBCheck(t *testing.T) {
	whole := rdb(t, rdb7)
	changed := func(at int) []byte {
		file := append([]byte{}, whole...)
		file[at] ^= 1
		return file
	}
	for _, c := range []struct {
		name     string
		file     []byte
		version  int
		checksum Checksum
		err      error
	}{
		{"7.0", whole, 10, ChecksumOK, nil},
		{"8.0 without checksum", rdb(t, rdb8), 12, ChecksumNone, nil},
		{"2.4", rdb(t, rdb24), 2, ChecksumNone, nil},
		{"2.4 cut", rdb(t, rdb24)[:len(rdb24)/2-1], 2, "", ErrDamaged},
		{"nothing", nil, 0, "", ErrDamaged},
		{"only a header", whole[:9], 10, "", ErrDamaged},
		{"half a header", whole[:6], 0, "", ErrDamaged},
		{"last byte missing", whole[:len(whole)-1], 10, "", ErrDamaged},
		{"a byte too many", append(append([]byte{}, whole...), 0), 10, "", ErrDamaged},
		{"other version", changed(8), 11, "", ErrDamaged},
		{"a bit in the middle", changed(40), 10, "", ErrDamaged},
		{"a bit of the checksum", changed(len(whole) - 1), 10, "", ErrDamaged},
		{"a bit of the end", changed(len(whole) - 9), 10, "", ErrDamaged},
		{"other magic", changed(0), 0, "", ErrNotRDB},
		{"no version", []byte("REDISabcd"), 0, "", ErrNotRDB},
		{"HTML", []byte("<html>"), 0, "", ErrNotRDB},
	} {
		got := check(c.file)
		checksum, err := got.Whole()
		if checksum != c.checksum || !errors.Is(err, c.err) || err != nil && c.err == nil || got.Version() != c.version {
			t.Errorf("%s: version %d, checksum %q, error %v; want %d, %q, %v", c.name, got.Version(), checksum, err, c.version, c.checksum, c.err)
		}
	}
}

// TestRDBCheckInPieces holds that it does not matter how the bytes come.
func TestRDBCheckInPieces(t *testing.T) {
	file := rdb(t, rdb7)
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		c := NewRDBCheck()
		for rest := file; len(rest) > 0; {
			n := 1 + random.IntN(min(len(rest), 1+random.IntN(40)))
			if _, err := c.Write(rest[:n]); err != nil {
				t.Fatal(err)
			}
			if err := c.Header(); err != nil {
				t.Fatalf("seed %d: %v after %d bytes", seed, err, c.Size())
			}
			rest = rest[n:]
		}
		if sum, err := c.Whole(); sum != ChecksumOK || err != nil || c.Version() != 10 {
			t.Fatalf("seed %d: %q, %v", seed, sum, err)
		}
	}
}

// TestCRC compares with hash/crc64, and with the value that Redis' source gives for its own.
func TestCRC(t *testing.T) {
	table, tables := crc64.MakeTable(jones), newCRCTables()
	if sum := tables.add(0, []byte("123456789")); sum != 0xe9c6d914c4b8d9ca {
		t.Errorf("sum %x", sum)
	}
	random := rand.New(rand.NewPCG(1, 2))
	sizes := []int{3*lane - 1, 3 * lane, 3*lane + 1, 4*lane + 7, 6 * lane, 10*lane + 13}
	for n := range 200 {
		sizes = append(sizes, n)
	}
	for _, n := range sizes {
		p, sum := make([]byte, n), random.Uint64()
		for i := range p {
			p[i] = byte(random.Uint32())
		}
		if got, want := tables.add(sum, p), ^crc64.Update(^sum, table, p); got != want {
			t.Fatalf("%d bytes: %x, want %x", n, got, want)
		}
	}
}

func BenchmarkStandardCRC(b *testing.B) {
	buf, table, sum := make([]byte, window), crc64.MakeTable(jones), uint64(0)
	b.SetBytes(int64(len(buf)))
	for b.Loop() {
		sum = crc64.Update(sum, table, buf)
	}
}

func BenchmarkRDBCheck(b *testing.B) {
	buf := make([]byte, window)
	c := NewRDBCheck()
	b.SetBytes(int64(len(buf)))
	for b.Loop() {
		_, _ = c.Write(buf)
	}
}
