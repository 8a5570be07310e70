package view

import (
	"context"
	"time"

	"redan/conn/resp"
	"redan/ui/view/decode"
)

// Element is one of the things that a value is made of.
type Element struct {
	Index  int64         // in a list; the rank in a sorted set
	Name   []byte        // a hash's field, a set's member, a stream entry's id
	Value  []byte        // a hash's value, a list's element
	Score  string        // of a sorted set's member, as the server writes it
	Pairs  []Pair        // a stream entry's fields
	Life   time.Duration // of a hash's field; Missing for none
	Place  *Coordinates  // where it was asked for and the member has one
	Length int64         // of the value in bytes, where Cut
	Cut    bool          // Value is only its beginning
	Chain  decode.Chain  // what Value is read through
}

// Pair is a field of a stream's entry.
type Pair struct{ Name, Value []byte }

// Coordinates are a place on earth, in degrees, as the server writes them.
type Coordinates struct{ Longitude, Latitude string }

// Place is where a page begins. The zero value is the beginning of the value.
type Place struct {
	Rank int64    // index in a list, rank in a sorted set, byte in a string
	ID   string   // of a stream's entry; a SCAN cursor; a path in JSON
	rest [][]byte // what a scan handed out beyond a page, as it came: a set in a compact encoding comes all at once
}

// Part is what of a stream is read.
type Part int

// The parts of a stream.
const (
	Entries   Part = iota
	Groups         // its consumer groups
	Consumers      // those of one group
	Pending        // what one group was given and has not acknowledged
)

// Request says what to read.
type Request struct {
	Key, Type string
	Part      Part
	Group     string // for Consumers and Pending
	Place     Place
	Back      bool // the page before Place, which is not part of it; only where there is one
	Count     int  // elements at most, or bytes of a string
	// Reverse begins with the highest score of a sorted set, and with the oldest entry of a stream (whose newest is first otherwise).
	Reverse bool
	// Geo asks for the coordinates of a sorted set's members.
	Geo bool
	// NoFieldLife keeps from asking for the lives of a hash's fields: set once the server was found not to have them.
	NoFieldLife bool
	// Memory is what the key takes, where known: what cannot be read by windows is not read when that is too much.
	Memory int64
}

// Page is a window of a value.
type Page struct {
	Elements []Element
	Input    decode.Input // of a string, and of what is shown like one
	Note     []string     // what is worth telling beside the value

	Length        int64 // of the whole value: elements, or bytes of a string; Missing where unknown
	Before, After Place // where the pages around begin
	HasBefore     bool
	HasAfter      bool
	NoFieldLife   bool // the server has no lives of fields
	TooLong       bool // it can be read only as a whole, and is too long for that
}

// longestValue is how much of an element's value a page holds.
const longestValue = 64 << 10

// StringPage is how many bytes of a string a window has.
const StringPage = 64 << 10

// WholeString is up to which length a string is read as a whole: what is compressed or JSON is read best so.
const WholeString = 256 << 10

// Load reads a window of a value, in one round trip, or two where coordinates or lives of fields are asked for. Errors are [ErrGone],
// [*TypeError], [*CommandError], and those of the connection.
func Load(ctx context.Context, c Client, r Request) (Page, error) {
	page, err := load(ctx, c, r)
	for i := range page.Elements {
		page.Elements[i].detect()
	}
	return page, err
}

// detect finds out how an element is encoded, by its beginning.
func (e *Element) detect() {
	const enough = 4 << 10
	if e.Value != nil {
		n := min(len(e.Value), enough)
		e.Chain = decode.Standard().Detect(decode.Input{Bytes: e.Value[:n], More: e.Cut || n < len(e.Value)})
	}
}

func load(ctx context.Context, c Client, r Request) (Page, error) {
	switch r.Type {
	case String:
		return loadString(ctx, c, r)
	case Hash:
		return loadHash(ctx, c, r)
	case List:
		return loadList(ctx, c, r)
	case Set:
		return loadSet(ctx, c, r)
	case ZSet:
		return loadZSet(ctx, c, r)
	case Stream:
		return loadStream(ctx, c, r)
	case JSON:
		return loadJSON(ctx, c, r)
	case Vector:
		return loadVector(ctx, c, r)
	case None, "":
		return Page{}, ErrGone
	default:
		return loadModule(ctx, c, r)
	}
}

// window asks for the type, the length and what else there is, and returns the replies to the last. A key that is gone or of another
// type is an error: its commands would pretend that it is empty.
func window(ctx context.Context, c Client, r Request, commands ...[]string) (length int64, replies []resp.Value, err error) {
	all := [][]string{{"TYPE", r.Key}}
	counting, counted := lengthCommand(r.Type, r.Key)
	if counted {
		all = append(all, counting)
	}
	replies, err = tell(ctx, c, append(all, commands...)...)
	if err != nil {
		return 0, nil, err
	}
	if err := refusal(all[0], replies[0]); err != nil {
		return 0, nil, err
	}
	switch kind := replies[0].String(); kind {
	case r.Type:
	case None:
		return 0, nil, ErrGone
	default:
		return 0, nil, &TypeError{Was: r.Type, Is: kind}
	}
	length = Missing
	if counted {
		if n, ok := number(replies[1]); ok {
			length = n
		}
	}
	replies = replies[len(all):]
	return length, replies, firstRefusal(commands, replies)
}

// value puts bytes into an element, no more than a page holds of them.
func (e *Element) value(data []byte) {
	if len(data) <= longestValue {
		e.Value = data
		return
	}
	e.Value = append([]byte(nil), data[:longestValue]...) // so that the rest can be forgotten
	e.Cut, e.Length = true, int64(len(data))
}

// NextPageSize returns how many elements to ask for after a page of count that brought bytes.
func NextPageSize(count, bytes int) int {
	switch {
	case bytes > 2*pageBytes:
		return max(1, count/4)
	case bytes > pageBytes:
		return max(1, count/2)
	case bytes < pageBytes/4:
		return min(MostElements, 2*count)
	}
	return count
}

// PlaceBefore returns where the page before an element ends.
func PlaceBefore(r Request, e Element) Place {
	if r.Type != Stream {
		return Place{Rank: e.Index}
	}
	id, _ := ParseEntryID(string(e.Name))
	if r.Reverse {
		return Place{ID: id.Previous().String()}
	}
	return Place{ID: id.Next().String()}
}

// PlaceAfter returns where the page after an element begins.
func PlaceAfter(r Request, e Element) Place {
	if r.Type != Stream {
		return Place{Rank: e.Index + 1}
	}
	id, _ := ParseEntryID(string(e.Name))
	if r.Reverse {
		return Place{ID: id.Next().String()}
	}
	return Place{ID: id.Previous().String()}
}
