package demo

import (
	"bufio"
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// xinfo completes XINFO STREAM and corrects XINFO GROUPS, whose lag miniredis takes
// to be the length of the stream.
func (a *answers) xinfo(peer *server.Peer, args []string) bool {
	if len(args) < 2 {
		return false
	}
	sub, key := strings.ToUpper(args[0]), args[1]
	switch {
	case sub == "STREAM" && len(args) == 2:
		return a.xinfoStream(peer, key)
	case sub == "STREAM":
		peer.WriteError("ERR the demo server knows XINFO STREAM without FULL only")
		return true
	case sub == "GROUPS" && len(args) == 2:
		return a.xinfoGroups(peer, key)
	}
	return false
}

func (a *answers) xinfoStream(peer *server.Peer, key string) bool {
	stream, ok := a.askList(peer, "XINFO", "STREAM", key)
	if !ok {
		return false // miniredis says why
	}
	length, last := lookUp(stream, "length"), lookUp(stream, "last-generated-id")
	groups, _ := a.askList(peer, "XINFO", "GROUPS", key)
	first, _ := a.askList(peer, "XRANGE", key, "-", "+", "COUNT", "1")
	final, _ := a.askList(peer, "XREVRANGE", key, "+", "-", "COUNT", "1")
	peer.Block(func(w *server.Writer) {
		w.WriteMapLen(5)
		w.WriteBulk("length")
		writeValue(w, length)
		w.WriteBulk("last-generated-id")
		writeValue(w, last)
		w.WriteBulk("groups")
		w.WriteInt(len(groups))
		for _, end := range []struct {
			name    string
			entries []any
		}{{"first-entry", first}, {"last-entry", final}} {
			w.WriteBulk(end.name)
			if len(end.entries) == 0 {
				w.WriteNull()
			} else {
				writeValue(w, end.entries[0])
			}
		}
	})
	return true
}

func (a *answers) xinfoGroups(peer *server.Peer, key string) bool {
	list, ok := a.askList(peer, "XINFO", "GROUPS", key)
	if !ok {
		return false
	}
	groups := make([][]any, 0, len(list))
	for _, item := range list {
		group, _ := item.([]any) // a map, in RESP2
		last, _ := lookUp(group, "last-delivered-id").(string)
		behind, _ := a.askList(peer, "XRANGE", key, "("+last, "+")
		for i := 0; i+1 < len(group); i += 2 {
			if group[i] == "lag" {
				group[i+1] = len(behind)
			}
		}
		groups = append(groups, group)
	}
	slices.SortFunc(groups, func(a, b []any) int {
		x, _ := lookUp(a, "name").(string)
		y, _ := lookUp(b, "name").(string)
		return cmp.Compare(x, y)
	})
	peer.Block(func(w *server.Writer) {
		w.WriteLen(len(groups))
		for _, group := range groups {
			w.WriteMapLen(len(group) / 2)
			for _, part := range group {
				writeValue(w, part)
			}
		}
	})
	return true
}

// askList is ask for a command that replies with a list; it is false for an error.
func (a *answers) askList(peer *server.Peer, args ...string) ([]any, bool) {
	value, err := server.ParseReply(bufio.NewReader(bytes.NewReader(a.ask(peer, args...))))
	if err != nil {
		return nil, false
	}
	list, ok := value.([]any)
	return list, ok
}

// lookUp finds a value in a map that RESP2 has made a list of.
func lookUp(pairs []any, name string) any {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			return pairs[i+1]
		}
	}
	return nil
}

// writeValue writes what [server.ParseReply] reads.
func writeValue(w *server.Writer, value any) {
	switch v := value.(type) {
	case string:
		w.WriteBulk(v)
	case server.Simple:
		w.WriteInline(string(v))
	case int:
		w.WriteInt(v)
	case []any:
		w.WriteLen(len(v))
		for _, element := range v {
			writeValue(w, element)
		}
	default:
		w.WriteNull()
	}
}
