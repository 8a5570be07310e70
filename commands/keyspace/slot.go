package keyspace

import "strings"

// slotCount is the number of hash slots of a cluster.
const slotCount = 16384

// Slot returns the hash slot of a key: CRC16 of its hash tag, or of all of it where there is none.
func Slot(key string) int {
	if _, rest, found := strings.Cut(key, "{"); found {
		if tag, _, closed := strings.Cut(rest, "}"); closed && tag != "" {
			key = tag
		}
	}
	return int(crc16(key)) % slotCount
}

// crc16 is the XMODEM variant that the cluster specification names. Its polynomial, 0x1021, has so few bits that what the top byte becomes when
// it is shifted out is three shifts, and needs no table.
func crc16(s string) uint16 {
	var crc uint16
	for i := range len(s) {
		top := crc>>8 ^ uint16(s[i])
		top ^= top >> 4
		crc = crc<<8 ^ top<<12 ^ top<<5 ^ top
	}
	return crc
}

// keyIndex returns which word of a command is its first key, or 0 for a command without. It is a guess for the commands that
// viewers and editors send; a wrong one costs a redirection.
func keyIndex(words []string) int {
	if len(words) < 2 {
		return 0
	}
	index := 1
	switch strings.ToUpper(words[0]) {
	case "MEMORY", "OBJECT", "XINFO", "XGROUP", "DEBUG":
		index = 2
	case "EVAL", "EVALSHA", "EVAL_RO", "EVALSHA_RO", "FCALL", "FCALL_RO":
		if words[min(2, len(words)-1)] == "0" {
			return 0
		}
		index = 3
	case "XREAD", "XREADGROUP":
		for i, word := range words {
			if strings.EqualFold(word, "STREAMS") {
				index = i + 1
			}
		}
	case "ACL", "AUTH", "CLIENT", "CLUSTER", "COMMAND", "CONFIG", "ECHO", "FUNCTION", "HELLO", "INFO", "LATENCY", "MODULE", "PING",
		"PUBLISH", "SCAN", "SCRIPT", "SELECT", "SLOWLOG", "WAIT":
		return 0
	}
	if index >= len(words) {
		return 0
	}
	return index
}
