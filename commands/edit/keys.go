package edit

import (
	"redan/conn/resp"
)

// Rename gives a key another name, with its time to live. Where To exists already it is [*Exists], unless Replace is set: then that
// key is deleted, and an [Undo] keeps it.
type Rename struct {
	To      string
	Replace bool
}

// Copy makes a copy of a key, with its time to live. Where To exists already it is [*Exists], unless Replace is set.
type Copy struct {
	To string
	// DB is the database of the copy, if OtherDB is set.
	DB      int
	OtherDB bool
	Replace bool // only within one database
}

// Move moves a key to another database, with its time to live. It never replaces a key.
type Move struct{ DB int }

// Expire sets the time to live of a key, or with [Never] removes it.
type Expire struct{ TTL TTL }

// Delete removes a key. Its type must be what was read.
type Delete struct{}

func (Rename) keyType() string { return "" }
func (Copy) keyType() string   { return "" }
func (Move) keyType() string   { return "" }
func (Expire) keyType() string { return "" }
func (Delete) keyType() string { return "" }

// destination reads what a key that is replaced holds.
func destination(to string, replace bool) []lookup {
	if !replace {
		return nil
	}
	return []lookup{{args: []string{"TYPE", to}, shape: typeName, into: intoOther}}
}

func (c Rename) lookups(State) []lookup { return destination(c.To, c.Replace) }

func (c Copy) lookups(st State) []lookup {
	list := destination(c.To, c.Replace && !c.OtherDB)
	if !st.Server.Copy {
		list = append(list, lookup{args: []string{"DUMP", st.Key}, into: intoDump})
	}
	return list
}

func (Move) lookups(State) []lookup   { return nil }
func (Delete) lookups(State) []lookup { return nil }

func (c Expire) lookups(State) []lookup { return clockLookup(c.TTL) }

// clockLookup reads the server's clock for a time to live that names a point in time: if that has passed, the server would delete.
func clockLookup(ttl TTL) []lookup {
	if _, ok := ttl.Time(); !ok {
		return nil
	}
	return []lookup{{args: []string{"TIME"}, shape: clock}}
}

func (Rename) before(read State) Part { return textPart(read.Key) }
func (Delete) before(read State) Part { return textPart(read.Key) }
func (Move) before(read State) Part   { return textPart("database " + decimal(read.DB)) }
func (Expire) before(read State) Part { return textPart(ttlOf(read).String()) }

func (c Rename) after(State) Part { return textPart(c.To) }
func (c Copy) after(State) Part   { return textPart(c.To) }
func (c Move) after(State) Part   { return textPart("database " + decimal(c.DB)) }
func (c Expire) after(State) Part { return textPart(c.TTL.String()) }

func (c Rename) script(now State) [][]string {
	if c.Replace {
		return one("RENAME", now.Key, c.To)
	}
	return one("RENAMENX", now.Key, c.To)
}

func (c Copy) possible(now State) error {
	if c.Replace && c.OtherDB {
		return &Invalid{"a copy replaces no key in another database"}
	}
	if c.To == now.Key && c.db(now) == now.DB {
		return ErrUnchanged
	}
	if _, held := now.dump.held(); !held {
		return &TooLarge{now.Key, now.dump.Size}
	}
	return nil
}

func (c Copy) script(now State) [][]string {
	if !now.Server.Copy {
		return c.restore(now)
	}
	args := []string{"COPY", now.Key, c.To}
	if c.OtherDB {
		args = append(args, "DB", decimal(c.DB))
	}
	if c.Replace {
		args = append(args, "REPLACE")
	}
	return [][]string{args}
}

// restore copies through this program.
func (c Copy) restore(now State) [][]string {
	args := restoring(c.To, now.dump.Text, now)
	if c.Replace {
		args = append(args, "REPLACE")
	}
	if c.db(now) == now.DB {
		return [][]string{args}
	}
	return [][]string{{"SELECT", decimal(c.DB)}, args, {"SELECT", decimal(now.DB)}}
}

// restoring is the command that creates key from a dump, with the time to live of st.
func restoring(key, dump string, st State) []string {
	switch {
	case !st.Expires:
		return []string{"RESTORE", key, "0", dump}
	case st.Server.AbsTTL:
		return []string{"RESTORE", key, decimal(st.At.UnixMilli()), dump, "ABSTTL"}
	}
	return []string{"RESTORE", key, decimal(max(1, st.Left.Milliseconds())), dump}
}

func (c Move) script(now State) [][]string { return one("MOVE", now.Key, decimal(c.DB)) }

func (c Expire) possible(now State) error { return c.TTL.valid(now.Clock) }

func (c Expire) script(now State) [][]string {
	if at, ok := c.TTL.Time(); ok {
		return one("PEXPIREAT", now.Key, decimal(at.UnixMilli()))
	}
	if d, ok := c.TTL.Duration(); ok {
		return one("PEXPIRE", now.Key, decimal(d.Milliseconds()))
	}
	return one("PERSIST", now.Key)
}

func (c Delete) script(now State) [][]string {
	if now.Server.Unlink {
		return one("UNLINK", now.Key)
	}
	return one("DEL", now.Key)
}

// taken reads the 0 by which a command says that the new name is in use.
func taken(replies []resp.Value, key string, db int) error {
	if replies[0].Kind == resp.Integer && replies[0].Int == 0 {
		return &Exists{Key: key, DB: db}
	}
	return nil
}

func (c Rename) judge(now State, replies []resp.Value) error { return taken(replies, c.To, now.DB) }
func (c Move) judge(now State, replies []resp.Value) error   { return taken(replies, now.Key, c.DB) }

func (c Copy) judge(now State, replies []resp.Value) error { return taken(replies, c.To, c.db(now)) }

// db is where the copy goes.
func (c Copy) db(now State) int {
	if c.OtherDB {
		return c.DB
	}
	return now.DB
}

func (c Rename) otherKey() string { return onlyIf(c.Replace, c.To) }
func (c Copy) otherKey() string   { return onlyIf(c.Replace, c.To) }

func onlyIf(yes bool, text string) string {
	if yes {
		return text
	}
	return ""
}

func (c Copy) ttlEffect(read State) string {
	if !read.Expires {
		return "the copy has no TTL"
	}
	return "the copy gets the same TTL, " + FormatTTL(read.Left)
}

func (c Delete) ttlEffect(read State) string { return goes(read, "the key") }

func (c Expire) ttlEffect(read State) string {
	before := "no TTL"
	if read.Expires {
		before = "TTL " + FormatTTL(read.Left)
	}
	if c.TTL.IsNever() {
		return before + " becomes none"
	}
	return before + " becomes " + c.TTL.human()
}

func (c Rename) removes(now State) string { return onlyIf(c.Replace && now.Other.Present, c.To) }
func (c Copy) removes(now State) string   { return onlyIf(c.Replace && now.Other.Present, c.To) }
func (c Delete) removes(now State) string { return now.Key }
