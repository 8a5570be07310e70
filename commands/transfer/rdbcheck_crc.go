package transfer

import (
	"encoding/binary"
	"hash/crc64"
)

// jones is the polynomial of CRC-64 in RDB files, with its bits in the order that hash/crc64 has them.
const jones = 0x95ac9329ac4bc9b5

// stride is how many bytes are taken at once. hash/crc64 takes eight, and half of its time is the wait of each eight for those before.
const stride = 16

// crcTables hold what a byte adds to the sum, for each of its places in a stride; the last place is the first table.
type crcTables [stride]crc64.Table

func newCRCTables() *crcTables {
	t := &crcTables{*crc64.MakeTable(jones)}
	for place := 1; place < stride; place++ {
		for i, before := range t[place-1] {
			t[place][i] = t[0][byte(before)] ^ before>>8
		}
	}
	return t
}

// add is the CRC-64 of RDB files: it begins with 0 and inverts nothing, where hash/crc64 inverts before and after.
func (t *crcTables) add(sum uint64, p []byte) uint64 {
	for ; len(p) >= stride; p = p[stride:] {
		a, b := sum^binary.LittleEndian.Uint64(p), binary.LittleEndian.Uint64(p[8:])
		sum = t[15][byte(a)] ^ t[14][byte(a>>8)] ^ t[13][byte(a>>16)] ^ t[12][byte(a>>24)] ^
			t[11][byte(a>>32)] ^ t[10][byte(a>>40)] ^ t[9][byte(a>>48)] ^ t[8][a>>56] ^
			t[7][byte(b)] ^ t[6][byte(b>>8)] ^ t[5][byte(b>>16)] ^ t[4][byte(b>>24)] ^
			t[3][byte(b>>32)] ^ t[2][byte(b>>40)] ^ t[1][byte(b>>48)] ^ t[0][b>>56]
	}
	for _, c := range p {
		sum = t[0][byte(sum)^c] ^ sum>>8
	}
	return sum
}
