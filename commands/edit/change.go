package edit

import (
	"strconv"

	"redan/conn/resp"
)

// The words TYPE gives.
const (
	typeString = "string"
	typeHash   = "hash"
	typeList   = "list"
	typeSet    = "set"
	typeZSet   = "zset"
	typeStream = "stream"
	typeJSON   = "ReJSON-RL"
)

// Change is a description of a write to one key: what is to be, without a server or a connection. Changes are plain values and can be
// kept, compared and printed.
//
// The key itself is not part of it; it comes with the [State]. Texts may hold any byte.
type Change interface {
	// keyType is the type the key must have; empty for any.
	keyType() string
	// lookups read what the change depends on, from a key whose type and count are known.
	lookups(st State) []lookup
	// script is the commands that write, for the state they will meet.
	script(now State) [][]string
}

// conditional is a Change that is not possible in every state. Its script is asked for only if it is.
type conditional interface {
	possible(now State) error
}

// leaver is a Change that leaves something where it changed something; others remove it.
type leaver interface {
	after(read State) Part
}

// namer is a Change whose effect is best shown against something else than [State.Old].
type namer interface {
	before(read State) Part
}

// scriptFor is the commands of a change, if it is possible.
func scriptFor(c Change, now State) ([][]string, error) {
	if p, ok := c.(conditional); ok {
		if err := p.possible(now); err != nil {
			return nil, err
		}
	}
	return c.script(now), nil
}

// sides are what is there, and what will be.
func sides(c Change, read State) (before, after Part) {
	before = read.Old
	if n, ok := c.(namer); ok {
		before = n.before(read)
	}
	if l, ok := c.(leaver); ok {
		after = l.after(read)
	}
	return before, after
}

// judge is a Change that learns from the replies whether it was done.
type judge interface {
	judge(now State, replies []resp.Value) error
}

// lasting is a Change that has more to say about the time to live than that it stays.
type lasting interface {
	ttlEffect(read State) string
}

// remover is a Change that may take a value away, so that it is worth an [Undo].
type remover interface {
	// removes returns the key whose value goes, wholly or in part; empty for none.
	removes(now State) string
}

// joint is a Change that depends on a second key, which has to be watched too.
type joint interface {
	otherKey() string
}

// decimal writes an integer as an argument.
func decimal[T ~int | ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// one is a script of one command.
func one(args ...string) [][]string { return [][]string{args} }
