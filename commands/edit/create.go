package edit

import (
	"cmp"
	"strconv"
	"strings"
)

// Create makes a new key, with its time to live, in one transaction. A key that exists is [*Exists].
type Create struct {
	Content Content
	TTL     TTL
}

// Content is what a new key holds.
type Content interface {
	// commands create a key.
	commands(key string) [][]string
	// empty tells that there is nothing to create a key from.
	empty() bool
	// shown is the content for the preview.
	shown() string
}

// Scored is a member of a sorted set. Score is as [ParseScore] accepts it.
type Scored struct{ Member, Score string }

// Place is a member of a geo set, in degrees.
type Place struct {
	Member              string
	Longitude, Latitude float64
}

// The contents of the types. Texts may hold any byte. Only strings may be empty.
type (
	// NewString is a string.
	NewString struct{ Value string }
	// NewHash is a hash.
	NewHash struct{ Fields []Field }
	// NewList is a list, from its head to its tail.
	NewList struct{ Elements []string }
	// NewSet is a set.
	NewSet struct{ Members []string }
	// NewZSet is a sorted set.
	NewZSet struct{ Members []Scored }
	// NewStream is a stream with its first entry; an empty ID lets the server choose.
	NewStream struct {
		ID     string
		Fields []Field
	}
	// NewJSON is a JSON document, where the server has the module.
	NewJSON struct{ Document string }
	// NewHyperLogLog counts distinct elements.
	NewHyperLogLog struct{ Elements []string }
	// NewBitmap is a string with these bits set.
	NewBitmap struct{ Bits []int64 }
	// NewGeo is a sorted set of places.
	NewGeo struct{ Places []Place }
	// NewVectorSet is a vector set with its first element, where the server has them (Redis 8.0).
	NewVectorSet struct {
		Element string
		Vector  []float64
	}
)

func (Create) keyType() string { return "" }

func (c Create) lookups(State) []lookup { return clockLookup(c.TTL) }

func (c Create) after(State) Part { return textPart(c.Content.shown()) }

func (c Create) possible(now State) error {
	switch {
	case now.Exists():
		return &Exists{Key: now.Key, DB: now.DB}
	case c.Content == nil || c.Content.empty():
		return &Invalid{"a new key needs at least one element: Redis keeps no empty ones"}
	}
	if z, ok := c.Content.(NewZSet); ok {
		for _, m := range z.Members {
			if _, err := ParseScore(m.Score); err != nil {
				return err
			}
		}
	}
	return c.TTL.valid(now.Clock)
}

func (c Create) script(now State) [][]string {
	script := c.Content.commands(now.Key)
	if c.TTL.IsNever() {
		return script
	}
	return append(script, Expire{c.TTL}.script(now)...)
}

func (c Create) ttlEffect(State) string {
	if c.TTL.IsNever() {
		return "no TTL"
	}
	return "TTL " + c.TTL.human()
}

func (c NewString) commands(key string) [][]string { return one("SET", key, c.Value) }

func (c NewHash) commands(key string) [][]string {
	return [][]string{withFields([]string{"HSET", key}, c.Fields)}
}

func (c NewList) commands(key string) [][]string {
	return [][]string{append([]string{"RPUSH", key}, c.Elements...)}
}

func (c NewSet) commands(key string) [][]string {
	return [][]string{append([]string{"SADD", key}, c.Members...)}
}

func (c NewZSet) commands(key string) [][]string {
	args := append(make([]string, 0, 2+2*len(c.Members)), "ZADD", key)
	for _, m := range c.Members {
		args = append(args, m.Score, m.Member)
	}
	return [][]string{args}
}

func (c NewStream) commands(key string) [][]string {
	return [][]string{withFields([]string{"XADD", key, cmp.Or(c.ID, "*")}, c.Fields)}
}

func (c NewJSON) commands(key string) [][]string { return one("JSON.SET", key, rootPath, c.Document) }

func (c NewHyperLogLog) commands(key string) [][]string {
	return [][]string{append([]string{"PFADD", key}, c.Elements...)}
}

func (c NewBitmap) commands(key string) [][]string {
	script := make([][]string, 0, len(c.Bits))
	for _, bit := range c.Bits {
		script = append(script, []string{"SETBIT", key, decimal(bit), "1"})
	}
	return script
}

func (c NewGeo) commands(key string) [][]string {
	args := append(make([]string, 0, 2+3*len(c.Places)), "GEOADD", key)
	for _, p := range c.Places {
		args = append(args, degrees(p.Longitude), degrees(p.Latitude), p.Member)
	}
	return [][]string{args}
}

func (c NewVectorSet) commands(key string) [][]string {
	args := []string{"VADD", key, "VALUES", strconv.Itoa(len(c.Vector))}
	for _, x := range c.Vector {
		args = append(args, degrees(x))
	}
	return [][]string{append(args, c.Element)}
}

// degrees writes a number without an exponent where that is short.
func degrees(x float64) string { return formatScore(x) }

func (NewString) empty() bool        { return false }
func (c NewHash) empty() bool        { return len(c.Fields) == 0 }
func (c NewList) empty() bool        { return len(c.Elements) == 0 }
func (c NewSet) empty() bool         { return len(c.Members) == 0 }
func (c NewZSet) empty() bool        { return len(c.Members) == 0 }
func (c NewStream) empty() bool      { return len(c.Fields) == 0 }
func (c NewJSON) empty() bool        { return strings.TrimSpace(c.Document) == "" }
func (c NewHyperLogLog) empty() bool { return len(c.Elements) == 0 }
func (c NewBitmap) empty() bool      { return len(c.Bits) == 0 }
func (c NewGeo) empty() bool         { return len(c.Places) == 0 }
func (c NewVectorSet) empty() bool   { return len(c.Vector) == 0 }

func (c NewString) shown() string      { return c.Value }
func (c NewList) shown() string        { return strings.Join(c.Elements, "\n") }
func (c NewSet) shown() string         { return strings.Join(c.Members, "\n") }
func (c NewJSON) shown() string        { return c.Document }
func (c NewHyperLogLog) shown() string { return strings.Join(c.Elements, "\n") }
func (c NewHash) shown() string        { return fieldLines(c.Fields) }
func (c NewStream) shown() string      { return fieldLines(c.Fields) }
func (c NewVectorSet) shown() string   { return c.Element }

func (c NewZSet) shown() string {
	return lines(c.Members, func(m Scored) string { return m.Score + " " + m.Member })
}

func (c NewBitmap) shown() string {
	return lines(c.Bits, func(bit int64) string { return "bit " + decimal(bit) })
}

func (c NewGeo) shown() string {
	return lines(c.Places, func(p Place) string { return degrees(p.Longitude) + " " + degrees(p.Latitude) + " " + p.Member })
}

func fieldLines(fields []Field) string {
	return lines(fields, func(f Field) string { return f.Name + " " + f.Value })
}

// lines writes items one a line.
func lines[T any](items []T, text func(T) string) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = text(item)
	}
	return strings.Join(words, "\n")
}
