package guard

import (
	"fmt"
	"strconv"

	"redan/commands"
)

// ManyElements is how many elements a command may read at once on production before it is asked about: from about here on it holds
// the server's other clients up for tens of milliseconds.
const ManyElements = 100_000

// Measure is the quick question (HLEN key, SCARD key) that tells how large a collection is which a command is going to read whole, and
// nothing for a command that does not. Where the answer is above [ManyElements] the command deserves a second look.
func Measure(t *commands.Table, words []string) (question []string, ok bool) {
	cmd, n := t.Lookup(words)
	if cmd == nil || n != 1 || !cmd.HasFlag("readonly") || !cmd.HasCategory("@slow") || len(words) < 2 {
		return nil, false
	}
	whole := cmd.Arity == 2 && len(words) == 2 // HGETALL, HKEYS, HVALS, SMEMBERS: all that there is to say is the key
	if !whole && !readsRange(cmd.Name, words) {
		return nil, false
	}
	switch cmd.Group {
	case "hash":
		return []string{"HLEN", words[1]}, true
	case "set":
		return []string{"SCARD", words[1]}, true
	case "sorted-set":
		return []string{"ZCARD", words[1]}, true
	case "list":
		return []string{"LLEN", words[1]}, true
	case "stream":
		return []string{"XLEN", words[1]}, true
	}
	return nil, false
}

// Weigh decides about a command that reads n elements at once, n being the answer to what [Measure] asks.
func (p Policy) Weigh(t *commands.Table, words []string, n int64) Verdict {
	question, ok := Measure(t, words)
	if !ok || !p.Production || n <= ManyElements || p.excepts(t, words) {
		return Verdict{}
	}
	return Verdict{
		Decision: Confirm, Reason: fmt.Sprintf("reads %d elements at once, and others wait meanwhile", n), Instead: scanOf(question[0]),
	}
}

// readsRange reports whether a command asks for a range that may be as long as the collection.
func readsRange(name string, words []string) bool {
	switch name {
	case "LRANGE", "ZRANGE", "ZREVRANGE":
		return len(words) >= 4 && wide(words[2], words[3])
	case "XRANGE", "XREVRANGE", "ZRANGEBYSCORE", "ZREVRANGEBYSCORE", "ZRANGEBYLEX", "ZREVRANGEBYLEX":
		return len(words) == 4 // longer ones have LIMIT or COUNT
	}
	return false
}

// wide reports whether a range by index may hold more than ManyElements. Bounds on different sides of zero span an unknown length.
func wide(first, last string) bool {
	from, err := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if err != nil || err2 != nil {
		return true
	}
	return from < 0 != (to < 0) || to-from >= ManyElements
}
