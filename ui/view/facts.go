package view

import (
	"context"
	"time"

	"redan/conn/resp"
)

// The types of keys, as TYPE says.
const (
	String = "string"
	Hash   = "hash"
	List   = "list"
	Set    = "set"
	ZSet   = "zset"
	Stream = "stream"
	JSON   = "ReJSON-RL"
	Vector = "vectorset"
)

// None is the type of a key that does not exist, as TYPE says.
const None = "none"

// Missing stands for a number that the server did not tell.
const Missing = -1

// Facts are what is known of a key beside its value.
type Facts struct {
	Key, Type string
	Length    int64         // elements, or bytes of a string; Missing where unknown
	Memory    int64         // bytes; Missing where the server does not tell
	Encoding  string        // empty where it does not
	Life      time.Duration // left when it was asked; Missing for no end
	Idle      time.Duration // since the last access; Missing where the server does not tell
	Frequency int64         // logarithmic access counter, where it is kept in the place of Idle; else Missing
	Refused   []string      // what the server did not allow to ask: "memory"
}

// lengthCommand returns the command that counts a key's elements.
func lengthCommand(kind, key string) ([]string, bool) {
	var word string
	switch kind {
	case String:
		word = "STRLEN"
	case Hash:
		word = "HLEN"
	case List:
		word = "LLEN"
	case Set:
		word = "SCARD"
	case ZSet:
		word = "ZCARD"
	case Stream:
		word = "XLEN"
	case Vector:
		word = "VCARD"
	default:
		return nil, false
	}
	return []string{word, key}, true
}

// ReadFacts asks for all that is known of a key, in one round trip where hint is its type and in two where that is not known yet. None
// of it counts as an access. A key that does not exist is [ErrGone].
func ReadFacts(ctx context.Context, c Client, key, hint string) (Facts, error) {
	commands := [][]string{
		{"TYPE", key},
		{"PTTL", key},
		{"MEMORY", "USAGE", key, "SAMPLES", "5"},
		{"OBJECT", "ENCODING", key},
		{"OBJECT", "IDLETIME", key},
	}
	length, counted := lengthCommand(hint, key)
	if counted {
		commands = append(commands, length)
	}
	replies, err := tell(ctx, c, commands...)
	if err != nil {
		return Facts{}, err
	}
	if err := refusal(commands[0], replies[0]); err != nil {
		return Facts{}, err
	}
	f := Facts{Key: key, Type: replies[0].String(), Length: Missing, Life: Missing, Idle: Missing, Frequency: Missing, Memory: Missing}
	if f.Type == None {
		return f, ErrGone
	}
	f.fill(replies)
	if f.Type != hint {
		return f, f.count(ctx, c)
	}
	if n, ok := number(replies[len(replies)-1]); counted && ok {
		f.Length = n
	}
	return f, nil
}

// count asks for the length of a key whose type was not known before.
func (f *Facts) count(ctx context.Context, c Client) error {
	command, counted := lengthCommand(f.Type, f.Key)
	if !counted {
		return nil
	}
	replies, err := tell(ctx, c, command)
	if err != nil {
		return err
	}
	if n, ok := number(replies[0]); ok {
		f.Length = n
	}
	return nil
}

// fill takes in what the server told beside the type.
func (f *Facts) fill(replies []resp.Value) {
	if n, ok := f.number("TTL", replies[1]); ok && n >= 0 {
		f.Life = millis(n)
	}
	if n, ok := f.number("memory", replies[2]); ok {
		f.Memory = n
	}
	if reply := replies[3]; !reply.Kind.IsError() {
		f.Encoding = reply.String()
	}
	if n, ok := number(replies[4]); ok {
		f.Idle = time.Duration(min(n, int64(maxDuration/time.Second))) * time.Second
	}
}

// number returns a number that the server told. That it may not be asked is remembered.
func (f *Facts) number(what string, reply resp.Value) (int64, bool) {
	if reply.Kind.IsError() {
		f.Refused = append(f.Refused, what)
		return 0, false
	}
	return number(reply)
}

const (
	// pageBytes is how much of a value a page should bring.
	pageBytes = 512 << 10
	// MostElements is the most elements of a page.
	MostElements = 200
	// fewElements is a page of elements that nothing is known about.
	fewElements = 20
)

// PageSize returns how many elements a page should have: as many as take half a MiB on the average, from 1 to [MostElements].
func PageSize(f Facts) int {
	if f.Memory <= 0 || f.Length <= 0 {
		return fewElements
	}
	return int(max(1, min(MostElements, pageBytes/max(1, f.Memory/f.Length))))
}

// SearchSize returns how many elements a page should have when a value is searched: few round trips, and still no reply of many MiB.
func SearchSize(f Facts) int {
	const most = 2000
	if f.Memory <= 0 || f.Length <= 0 {
		return MostElements
	}
	return int(max(1, min(most, 2*pageBytes/max(1, f.Memory/f.Length))))
}
