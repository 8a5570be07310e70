package latency

import (
	"bytes"
	"strconv"
	"time"
)

// Stats is what a server says of itself in INFO, or the sum over several.
type Stats struct {
	// RunID is another one after each start of the server; empty in a sum.
	RunID string
	// Keys are those of all databases.
	Keys int64
	// Memory and MaxMemory are in bytes; a MaxMemory of 0 is no limit.
	Memory, MaxMemory int64
	Clients, Blocked  int64
	// Commands and the others below count from the server's start, or from CONFIG RESETSTAT.
	Commands, Connections, Hits, Misses, Evicted, Expired, NetIn, NetOut int64
	// Saving and Rewriting tell of a child that writes a snapshot, or an append-only file; Loading of a server that reads one.
	Saving, Rewriting, Loading bool
}

// ParseStats reads a reply to INFO. What is not in it stays zero.
func ParseStats(info []byte) Stats {
	var s Stats
	for line := range bytes.Lines(info) {
		name, value, found := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(":"))
		if found {
			s.set(string(name), value)
		}
	}
	return s
}

func (s *Stats) set(name string, value []byte) {
	if field := s.counter(name); field != nil {
		*field = number(value)
		return
	}
	switch name {
	case "run_id":
		s.RunID = string(value)
	case "rdb_bgsave_in_progress":
		s.Saving = number(value) != 0
	case "aof_rewrite_in_progress":
		s.Rewriting = number(value) != 0
	case "loading":
		s.Loading = number(value) != 0
	default:
		s.Keys += keysOf(name, value)
	}
}

// counter is the field that a name of INFO is about.
func (s *Stats) counter(name string) *int64 {
	switch name {
	case "used_memory":
		return &s.Memory
	case "maxmemory":
		return &s.MaxMemory
	case "connected_clients":
		return &s.Clients
	case "blocked_clients":
		return &s.Blocked
	case "total_commands_processed":
		return &s.Commands
	case "total_connections_received":
		return &s.Connections
	case "keyspace_hits":
		return &s.Hits
	case "keyspace_misses":
		return &s.Misses
	case "evicted_keys":
		return &s.Evicted
	case "expired_keys":
		return &s.Expired
	case "total_net_input_bytes":
		return &s.NetIn
	case "total_net_output_bytes":
		return &s.NetOut
	}
	return nil
}

// keysOf is the number of keys in a line about a database: "db0:keys=3,expires=0,avg_ttl=0".
func keysOf(name string, value []byte) int64 {
	digits, isDB := bytes.CutPrefix([]byte(name), []byte("db"))
	if _, err := strconv.Atoi(string(digits)); !isDB || err != nil {
		return 0
	}
	for field := range bytes.SplitSeq(value, []byte(",")) {
		if keys, ok := bytes.CutPrefix(field, []byte("keys=")); ok {
			return number(keys)
		}
	}
	return 0
}

func number(text []byte) int64 {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// plus adds up two servers.
func (s Stats) plus(o Stats) Stats {
	return Stats{
		Keys: s.Keys + o.Keys, Memory: s.Memory + o.Memory, MaxMemory: s.MaxMemory + o.MaxMemory,
		Clients: s.Clients + o.Clients, Blocked: s.Blocked + o.Blocked,
		Commands: s.Commands + o.Commands, Connections: s.Connections + o.Connections,
		Hits: s.Hits + o.Hits, Misses: s.Misses + o.Misses, Evicted: s.Evicted + o.Evicted, Expired: s.Expired + o.Expired,
		NetIn: s.NetIn + o.NetIn, NetOut: s.NetOut + o.NetOut,
		Saving: s.Saving || o.Saving, Rewriting: s.Rewriting || o.Rewriting, Loading: s.Loading || o.Loading,
	}
}

// Growth is what has happened on a server, or on several, since they were last asked.
type Growth struct {
	Commands, Hits, Misses, Evicted, Expired int64
	// CommandRate, InRate and OutRate are commands and bytes a second.
	CommandRate, InRate, OutRate float64
}

// since is the growth after an earlier sample. A server that has started anew, or whose counters were reset, begins at nothing: what it
// has done since cannot be known from them.
func (s Stats) since(before Stats, elapsed time.Duration) Growth {
	if s.RunID != before.RunID || s.Commands < before.Commands {
		return Growth{}
	}
	g := Growth{
		Commands: s.Commands - before.Commands,
		Hits:     max(s.Hits-before.Hits, 0), Misses: max(s.Misses-before.Misses, 0),
		Evicted: max(s.Evicted-before.Evicted, 0), Expired: max(s.Expired-before.Expired, 0),
	}
	if seconds := elapsed.Seconds(); seconds > 0 {
		g.CommandRate = float64(g.Commands) / seconds
		g.InRate = float64(max(s.NetIn-before.NetIn, 0)) / seconds
		g.OutRate = float64(max(s.NetOut-before.NetOut, 0)) / seconds
	}
	return g
}

func (g Growth) plus(o Growth) Growth {
	return Growth{
		Commands: g.Commands + o.Commands, Hits: g.Hits + o.Hits, Misses: g.Misses + o.Misses,
		Evicted: g.Evicted + o.Evicted, Expired: g.Expired + o.Expired,
		CommandRate: g.CommandRate + o.CommandRate, InRate: g.InRate + o.InRate, OutRate: g.OutRate + o.OutRate,
	}
}

// HitRate is the part of the lookups that found their key, 0 to 1; ok is false where there were none.
func (g Growth) HitRate() (rate float64, ok bool) {
	lookups := g.Hits + g.Misses
	if lookups == 0 {
		return 0, false
	}
	return float64(g.Hits) / float64(lookups), true
}
