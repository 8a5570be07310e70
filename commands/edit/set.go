package edit

// SetAdd adds a member to a set.
type SetAdd struct{ Member string }

// SetRemove removes a member of a set.
type SetRemove struct{ Member string }

// SetReplace puts one member in the place of another. It never merges two.
type SetReplace struct{ Member, To string }

func (SetAdd) keyType() string     { return typeSet }
func (SetRemove) keyType() string  { return typeSet }
func (SetReplace) keyType() string { return typeSet }

func memberLookup(st State, member string, into target) lookup {
	return lookup{args: []string{"SISMEMBER", st.Key, member}, shape: flag, into: into}
}

func (c SetAdd) lookups(st State) []lookup { return []lookup{memberLookup(st, c.Member, intoOld)} }

func (c SetRemove) lookups(st State) []lookup { return []lookup{memberLookup(st, c.Member, intoOld)} }

func (c SetReplace) lookups(st State) []lookup {
	return []lookup{memberLookup(st, c.Member, intoOld), memberLookup(st, c.To, intoOther)}
}

// named is the member as a part, if it is there.
func named(p Part, member string) Part {
	if !p.Present {
		return Part{}
	}
	return textPart(member)
}

func (c SetAdd) before(read State) Part    { return named(read.Old, c.Member) }
func (c SetRemove) before(read State) Part { return named(read.Old, c.Member) }
func (c SetReplace) before(State) Part     { return textPart(c.Member) }

func (c SetAdd) after(State) Part     { return textPart(c.Member) }
func (c SetReplace) after(State) Part { return textPart(c.To) }

func (c SetReplace) possible(now State) error { return replaceable(now, "member ", c.Member, c.To) }

// replaceable says whether one element can take the place of another.
func replaceable(now State, kind, element, to string) error {
	if !now.Old.Present {
		return &Absent{now.Key, kind + element}
	}
	if now.Other.Present && element != to {
		return &Exists{Key: now.Key, DB: now.DB, Element: to}
	}
	return nil
}

func (c SetAdd) script(now State) [][]string    { return one("SADD", now.Key, c.Member) }
func (c SetRemove) script(now State) [][]string { return one("SREM", now.Key, c.Member) }

func (c SetReplace) script(now State) [][]string {
	// Adding first, the set is never empty, which would end it together with its time to live.
	return [][]string{{"SADD", now.Key, c.To}, {"SREM", now.Key, c.Member}}
}

func (c SetRemove) ttlEffect(read State) string { return lastGoes(read, "member") }

func (c SetRemove) removes(now State) string { return now.Key }
