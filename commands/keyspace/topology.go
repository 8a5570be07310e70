package keyspace

import (
	"slices"
	"strconv"
	"strings"

	"redan/conn"
	"redan/conn/resp"
)

// slotRange are the slots from First to Last, both included.
type slotRange struct{ First, Last int }

// master is one line of a cluster's map.
type master struct {
	addr  conn.Addr
	slots []slotRange
}

// addSlots notes that a master serves a range, after what is known of it already.
func addSlots(masters []master, addr conn.Addr, slots ...slotRange) []master {
	i := slices.IndexFunc(masters, func(m master) bool { return m.addr == addr })
	if i < 0 {
		masters, i = append(masters, master{addr: addr}), len(masters)
	}
	for _, r := range slots {
		if 0 <= r.First && r.First <= r.Last && r.Last < slotCount {
			masters[i].slots = append(masters[i].slots, r)
		}
	}
	return masters
}

// nodeAddr makes an address of what a node of a cluster says. No host means the one that was asked.
func nodeAddr(asked conn.Addr, host string, port int64) (conn.Addr, bool) {
	at := conn.Addr{Network: asked.Network, Host: host, Port: int(port)}
	if at.Network == "unix" {
		at.Network = "tcp"
	}
	if host == "" || host == "?" {
		at.Host = asked.Host
		if asked.Network == "unix" {
			at.Host = conn.DefaultHost
		}
	}
	return at, port > 0 && port <= 65535
}

// parseSlots reads the reply to CLUSTER SLOTS: [first, last, [host, port, ...] of the master, [...] of replicas].
func parseSlots(v resp.Value, asked conn.Addr) []master {
	var masters []master
	for _, entry := range v.Elems {
		if len(entry.Elems) < 3 || len(entry.Elems[2].Elems) < 2 {
			continue
		}
		node := entry.Elems[2].Elems
		if at, ok := nodeAddr(asked, node[0].String(), node[1].Int); ok {
			masters = addSlots(masters, at, slotRange{int(entry.Elems[0].Int), int(entry.Elems[1].Int)})
		}
	}
	return masters
}

// parseShards reads the reply to CLUSTER SHARDS, maps or their flat form.
func parseShards(v resp.Value, asked conn.Addr, secured bool) []master {
	var masters []master
	for _, shard := range v.Elems {
		var ranges []slotRange
		bounds := field(shard, "slots").Elems
		for i := 0; i+1 < len(bounds); i += 2 {
			ranges = append(ranges, slotRange{int(bounds[i].Int), int(bounds[i+1].Int)})
		}
		for _, node := range field(shard, "nodes").Elems {
			if field(node, "role").String() != "master" || len(ranges) == 0 {
				continue
			}
			if at, ok := shardAddr(node, asked, secured); ok {
				masters = addSlots(masters, at, ranges...)
			}
		}
	}
	return masters
}

// shardAddr returns the address of a node in the reply to CLUSTER SHARDS, which may tell two ports.
func shardAddr(node resp.Value, asked conn.Addr, secured bool) (conn.Addr, bool) {
	host := field(node, "endpoint").String()
	if host == "" || host == "?" {
		host = field(node, "ip").String()
	}
	port := field(node, "port").Int
	if tls := field(node, "tls-port").Int; tls > 0 && (secured || port == 0) {
		port = tls
	}
	return nodeAddr(asked, host, port)
}

// field returns a field of a map, or of the array of names and values that RESP2 has in its place.
func field(v resp.Value, name string) resp.Value {
	for i := 0; i+1 < len(v.Elems); i += 2 {
		if v.Elems[i].String() == name {
			return v.Elems[i+1]
		}
	}
	return resp.Value{}
}

// parseNodes reads the reply to CLUSTER NODES: id, host:port@bus[,name], flags, master, ping, pong, epoch, link, slots...
func parseNodes(text string, asked conn.Addr) []master {
	var masters []master
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 9 || !slices.Contains(strings.Split(words[2], ","), "master") {
			continue
		}
		address, _, _ := strings.Cut(words[1], "@")
		colon := strings.LastIndexByte(address, ':')
		if colon < 0 {
			continue
		}
		port, err := strconv.ParseInt(address[colon+1:], 10, 32)
		at, ok := nodeAddr(asked, address[:colon], port)
		if err != nil || !ok {
			continue
		}
		masters = addSlots(masters, at, parseRanges(words[8:])...)
	}
	return slices.DeleteFunc(masters, func(m master) bool { return len(m.slots) == 0 })
}

// parseRanges reads "0-5460" and "5461"; "[93->-id]" tells of a slot that is on its way and still here.
func parseRanges(words []string) []slotRange {
	var ranges []slotRange
	for _, word := range words {
		first, last, isRange := strings.Cut(word, "-")
		if !isRange {
			last = first
		}
		from, err1 := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		if err1 == nil && err2 == nil {
			ranges = append(ranges, slotRange{from, to})
		}
	}
	return ranges
}

// redirection reads "MOVED 3999 host:port" and "ASK ...", as asked answered.
func redirection(v resp.Value, asked conn.Addr) (conn.Redirect, bool) {
	if !v.Kind.IsError() {
		return conn.Redirect{}, false
	}
	to, ok := conn.ParseRedirect(v.Text, asked)
	return to, ok && to.Slot >= 0 && to.Slot < slotCount
}
