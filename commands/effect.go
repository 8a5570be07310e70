package commands

import "strings"

// Effect is what a command does to the conversation with the server beyond
// getting one reply.
type Effect int

// The effects. A command has at most one.
const (
	NoEffect          Effect = iota
	Subscribes               // SUBSCRIBE, PSUBSCRIBE, SSUBSCRIBE: messages follow
	Unsubscribes             // UNSUBSCRIBE, PUNSUBSCRIBE, SUNSUBSCRIBE: one reply for each channel left
	Monitors                 // MONITOR: a line for every command of the server follows
	Syncs                    // SYNC, PSYNC: the replication stream follows
	SaysHello                // HELLO: may change protocol and user
	Resets                   // RESET: back to RESP2, db 0, no user, no transaction, no subscription
	Quits                    // QUIT: one reply, then the server closes
	ShutsDown                // SHUTDOWN: the server goes away, on success without a reply
	MutesReplies             // CLIENT REPLY: some or all replies may not come
	Selects                  // SELECT: another database
	Authenticates            // AUTH: another user
	BeginsTransaction        // MULTI: replies are QUEUED until the end
	EndsTransaction          // EXEC, DISCARD
	Watches                  // WATCH, UNWATCH: state that dies with the connection
)

// EffectOf tells what a command does to the conversation. It needs no table,
// allocates nothing and takes names in any case.
func EffectOf(words []string) Effect {
	if len(words) == 0 || len(words[0]) > len("PUNSUBSCRIBE") {
		return NoEffect
	}
	var name [len("PUNSUBSCRIBE")]byte
	n := copy(name[:], words[0])
	for i, c := range name[:n] {
		if 'a' <= c && c <= 'z' {
			name[i] = c - 'a' + 'A'
		}
	}
	switch string(name[:n]) {
	case "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE":
		return Subscribes
	case "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE":
		return Unsubscribes
	case "MONITOR":
		return Monitors
	case "SYNC", "PSYNC":
		return Syncs
	case "HELLO":
		return SaysHello
	case "RESET":
		return Resets
	case "QUIT":
		return Quits
	case "SHUTDOWN":
		return ShutsDown
	case "CLIENT":
		if is(words, 1, "REPLY") {
			return MutesReplies
		}
	case "SELECT":
		return Selects
	case "AUTH":
		return Authenticates
	case "MULTI":
		return BeginsTransaction
	case "EXEC", "DISCARD":
		return EndsTransaction
	case "WATCH", "UNWATCH":
		return Watches
	}
	return NoEffect
}

// ChangesReplyStream reports whether after a command replies may no longer
// come one for one and in the same protocol, so that nothing may be sent
// before its outcome is known.
func (e Effect) ChangesReplyStream() bool {
	switch e {
	case Subscribes, Unsubscribes, Monitors, Syncs, SaysHello, Resets, Quits, ShutsDown, MutesReplies:
		return true
	default:
		return false
	}
}

// AlwaysRaw reports whether redis-cli prints the reply to a command as plain
// text whatever output format is asked for: reports made to be read as they
// are, such as INFO and CLIENT LIST. It needs no table.
func AlwaysRaw(words []string) bool {
	switch {
	case is(words, 0, "INFO"), is(words, 0, "LOLWUT"):
		return true
	case is(words, 0, "CLIENT"):
		return is(words, 1, "LIST") || is(words, 1, "INFO")
	case is(words, 0, "CLUSTER"):
		return len(words) == 2 && (is(words, 1, "NODES") || is(words, 1, "INFO"))
	case is(words, 0, "DEBUG"):
		return is(words, 1, "HTSTATS") || is(words, 1, "HTSTATS-KEY") || is(words, 1, "CLIENT-EVICTION")
	case is(words, 0, "LATENCY"):
		return len(words) == 3 && is(words, 1, "GRAPH") || len(words) == 2 && is(words, 1, "DOCTOR")
	case is(words, 0, "MEMORY"):
		return is(words, 1, "MALLOC-STATS") || is(words, 1, "DOCTOR")
	case is(words, 0, "PROXY"):
		return is(words, 1, "INFO")
	}
	return false
}

// is reports whether the word at i is there and is name, in any case.
func is(words []string, i int, name string) bool {
	return i < len(words) && len(words[i]) == len(name) && strings.EqualFold(words[i], name)
}
