package edit

import (
	"cmp"

	"redan/conn/resp"
)

// Field is a field with its value, of a hash or a stream entry.
type Field struct{ Name, Value string }

// StreamAdd adds an entry to a stream. An empty ID lets the server choose, as "*" does.
type StreamAdd struct {
	ID     string
	Fields []Field
}

// StreamDelete removes an entry of a stream.
type StreamDelete struct{ ID string }

// StreamTrim removes the oldest entries of a stream: all but the newest Keep, or, where From is set, all before that id (Redis 6.2). The
// oldest entry must still be the one that was read; entries that were added meanwhile are no conflict.
type StreamTrim struct {
	Keep int64
	From string
}

// StreamAck tells a consumer group that an entry is done. Its consumer and number of deliveries must still be what was read.
type StreamAck struct{ Group, ID string }

// StreamClaim gives a pending entry of a consumer group to another consumer. It does not count as a delivery.
type StreamClaim struct{ Group, Consumer, ID string }

func (StreamAdd) keyType() string    { return typeStream }
func (StreamDelete) keyType() string { return typeStream }
func (StreamTrim) keyType() string   { return typeStream }
func (StreamAck) keyType() string    { return typeStream }
func (StreamClaim) keyType() string  { return typeStream }

func pendingLookup(st State, group, id string) []lookup {
	return []lookup{{args: []string{"XPENDING", st.Key, group, id, id, "1"}, shape: pending}}
}

func (c StreamAdd) lookups(State) []lookup { return nil }

func (c StreamDelete) lookups(st State) []lookup {
	return []lookup{{args: []string{"XRANGE", st.Key, c.ID, c.ID, "COUNT", "1"}, shape: entry}}
}

func (StreamTrim) lookups(st State) []lookup {
	return []lookup{{args: []string{"XRANGE", st.Key, "-", "+", "COUNT", "1"}, shape: entryID}}
}

func (c StreamTrim) before(read State) Part {
	return textPart(decimal(read.Count) + " entries, the oldest is " + read.Old.Text)
}

func (c StreamTrim) after(read State) Part {
	if c.From != "" {
		return textPart("the entries from " + c.From + " on")
	}
	return textPart("the newest " + decimal(c.Keep) + " entries; " + decimal(read.Count-c.Keep) + " go")
}

func (c StreamTrim) possible(now State) error {
	switch {
	case c.Keep < 0:
		return &Invalid{"a stream cannot keep fewer than no entries"}
	case c.From == "" && c.Keep >= now.Count, !now.Old.Present:
		return ErrUnchanged
	}
	return nil
}

func (c StreamTrim) script(now State) [][]string {
	if c.From != "" {
		return one("XTRIM", now.Key, "MINID", "=", c.From)
	}
	return one("XTRIM", now.Key, "MAXLEN", "=", decimal(c.Keep))
}

func (c StreamTrim) removes(now State) string { return now.Key }

func (c StreamAck) lookups(st State) []lookup   { return pendingLookup(st, c.Group, c.ID) }
func (c StreamClaim) lookups(st State) []lookup { return pendingLookup(st, c.Group, c.ID) }

func (c StreamAdd) after(State) Part   { return textPart(fieldLines(c.Fields)) }
func (c StreamClaim) after(State) Part { return textPart(c.Consumer) }

func (c StreamAdd) possible(State) error {
	if len(c.Fields) == 0 {
		return &Invalid{"an entry of a stream has at least one field"}
	}
	return nil
}

func (c StreamClaim) possible(now State) error {
	if !now.Old.Present {
		return &Absent{now.Key, "pending entry " + c.ID}
	}
	return nil
}

func (c StreamAdd) script(now State) [][]string {
	return [][]string{withFields([]string{"XADD", now.Key, cmp.Or(c.ID, "*")}, c.Fields)}
}

// withFields appends names and values to a command.
func withFields(args []string, fields []Field) []string {
	for _, f := range fields {
		args = append(args, f.Name, f.Value)
	}
	return args
}

func (c StreamDelete) script(now State) [][]string { return one("XDEL", now.Key, c.ID) }
func (c StreamAck) script(now State) [][]string    { return one("XACK", now.Key, c.Group, c.ID) }

func (c StreamClaim) script(now State) [][]string {
	return one("XCLAIM", now.Key, c.Group, c.Consumer, "0", c.ID, "JUSTID")
}

// judge looks whether the entry was claimed: it is not if it was deleted from the stream while it was pending.
func (c StreamClaim) judge(now State, replies []resp.Value) error {
	if len(replies[0].Elems) == 0 {
		return &Absent{now.Key, "entry " + c.ID + " to be claimed: it is pending, but no longer in the stream"}
	}
	return nil
}

func (c StreamDelete) removes(now State) string { return now.Key }
