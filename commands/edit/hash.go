package edit

// HashSet sets a field of a hash, or adds it. The field's own time to live, if it has one, stays.
type HashSet struct{ Field, Value string }

// HashDelete removes a field of a hash.
type HashDelete struct{ Field string }

// HashRename gives a field another name, with its value and its own time to live. It never replaces a field.
type HashRename struct{ Field, To string }

// FieldExpire sets or removes the own time to live of a field (Redis 7.4, Valkey 9.0).
type FieldExpire struct {
	Field string
	TTL   TTL
}

func (HashSet) keyType() string     { return typeHash }
func (HashDelete) keyType() string  { return typeHash }
func (HashRename) keyType() string  { return typeHash }
func (FieldExpire) keyType() string { return typeHash }

// fieldLookups read a field and its own expiry.
func fieldLookups(st State, field string) []lookup {
	list := []lookup{{args: []string{"HGET", st.Key, field}}}
	if st.Server.FieldTTL {
		list = append(list, lookup{args: []string{"HPEXPIRETIME", st.Key, "FIELDS", "1", field}, shape: fieldExpiry})
	}
	return list
}

func (c HashSet) lookups(st State) []lookup    { return fieldLookups(st, c.Field) }
func (c HashDelete) lookups(st State) []lookup { return fieldLookups(st, c.Field) }

func (c FieldExpire) lookups(st State) []lookup {
	return append(fieldLookups(st, c.Field), clockLookup(c.TTL)...)
}

func (c HashRename) lookups(st State) []lookup {
	return append(fieldLookups(st, c.Field), lookup{args: []string{"HEXISTS", st.Key, c.To}, shape: flag, into: intoOther})
}

func (c HashSet) after(State) Part     { return textPart(c.Value) }
func (c HashRename) before(State) Part { return textPart(c.Field) }
func (c HashRename) after(State) Part  { return textPart(c.To) }

func (FieldExpire) before(read State) Part {
	if read.Old.ExpireAt > 0 {
		return textPart(fieldTTL(read.Old).String())
	}
	return textPart(Never().String())
}

func (c FieldExpire) after(State) Part { return textPart(c.TTL.String()) }

// expireField puts back the expiry that HSET takes from a field.
func expireField(key, field string, p Part) [][]string {
	if p.ExpireAt == 0 {
		return nil
	}
	return [][]string{{"HPEXPIREAT", key, decimal(p.ExpireAt), "FIELDS", "1", field}}
}

func (c HashSet) script(now State) [][]string {
	return append(one("HSET", now.Key, c.Field, c.Value), expireField(now.Key, c.Field, now.Old)...)
}

func (c HashDelete) script(now State) [][]string { return one("HDEL", now.Key, c.Field) }

func (c HashRename) possible(now State) error {
	if _, held := now.Old.held(); !held {
		return &TooLarge{now.Key, now.Old.Size}
	}
	return replaceable(now, "field ", c.Field, c.To)
}

func (c HashRename) script(now State) [][]string {
	// In this order the hash is never empty, which would end it together with its time to live.
	script := append(one("HSET", now.Key, c.To, now.Old.Text), expireField(now.Key, c.To, now.Old)...)
	return append(script, []string{"HDEL", now.Key, c.Field})
}

func (c FieldExpire) possible(now State) error {
	if !now.Old.Present {
		return &Absent{now.Key, "field " + c.Field}
	}
	return c.TTL.valid(now.Clock)
}

func (c FieldExpire) script(now State) [][]string {
	if at, ok := c.TTL.Time(); ok {
		return one("HPEXPIREAT", now.Key, decimal(at.UnixMilli()), "FIELDS", "1", c.Field)
	}
	if d, ok := c.TTL.Duration(); ok {
		return one("HPEXPIRE", now.Key, decimal(d.Milliseconds()), "FIELDS", "1", c.Field)
	}
	return one("HPERSIST", now.Key, "FIELDS", "1", c.Field)
}

func (c HashDelete) ttlEffect(read State) string { return lastGoes(read, "field") }

func (c HashDelete) removes(now State) string { return now.Key }
