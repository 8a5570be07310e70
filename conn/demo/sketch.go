package demo

import (
	"encoding/binary"
	"slices"
	"strconv"

	"github.com/alicebob/miniredis/v2/server"
)

// sketch answers what is asked of a HyperLogLog as of a string, which it is to Redis and is not to miniredis.
func (a *answers) sketch(peer *server.Peer, name string, args []string) bool {
	if len(args) == 0 || string(a.ask(peer, "TYPE", args[0])) != "+hll\r\n" {
		return false
	}
	switch {
	case name == "TYPE" && len(args) == 1:
		peer.WriteInline("string")
	case name == "GET" && len(args) == 1:
		peer.WriteBulk(string(a.sketchBytes(peer, args[0])))
	case name == "STRLEN" && len(args) == 1:
		peer.WriteInt(len(a.sketchBytes(peer, args[0])))
	case name == "GETRANGE" && len(args) == 3:
		first, errFirst := strconv.Atoi(args[1])
		last, errLast := strconv.Atoi(args[2])
		if errFirst != nil || errLast != nil {
			peer.WriteError("ERR value is not an integer or out of range")
			return true
		}
		peer.WriteBulk(string(span(a.sketchBytes(peer, args[0]), first, last)))
	default:
		return false
	}
	return true
}

// sketchBytes is a HyperLogLog in Redis' form, as far as can be told from outside of miniredis: sparse, the count that is kept in its
// header, and no registers.
func (a *answers) sketchBytes(peer *server.Peer, key string) []byte {
	const sparse = 1
	noRegisters := []byte{0x7f, 0xff} // one run of 16384 zeros
	reply := a.ask(peer, "PFCOUNT", key)
	count, err := strconv.ParseUint(string(reply[1:len(reply)-2]), 10, 64)
	if err != nil { // it went meanwhile
		return nil
	}
	data := append([]byte("HYLL"), sparse, 0, 0, 0)
	return append(binary.LittleEndian.AppendUint64(data, count), noRegisters...)
}

// span is what GETRANGE gives of data: both ends are included, and negative ones count from the end.
func span(data []byte, first, last int) []byte {
	if first < 0 {
		first = max(0, len(data)+first)
	}
	if last < 0 {
		last = len(data) + last
	}
	last = min(last, len(data)-1)
	if first > last {
		return nil
	}
	return slices.Clone(data[first : last+1])
}
