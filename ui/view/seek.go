package view

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"redan/conn/resp"
)

// Target is where a jump leads to: a place in the value, or one element of it.
type Target struct {
	Place   Place
	Element *Element // of a hash or a set, which have no order
}

var (
	// ErrNotFound is returned for an element that the value does not have.
	ErrNotFound = errors.New("there is none")
	// ErrNotPlace is returned for text that names no place in a value of that type.
	ErrNotPlace = errors.New("that is no place in a value of this type")
	// ErrTooLong is returned for an element that is too long to be read as a whole.
	ErrTooLong = errors.New("it is too long to be read as a whole")
)

// SeekHint says what a place in a value of a type may be, for the one who types it; empty where there is nothing to jump to.
func SeekHint(r Request) string {
	switch r.Type {
	case String:
		return "a byte: 4096, 0x1000, 64k, 10m, -100 from the end, 50%"
	case Hash:
		return "a field, as it is"
	case Set, Vector:
		return "a member, as it is"
	case List:
		return "an index: 1200, -1 from the end, 50%"
	case ZSet:
		return "a score such as 3.5, #1200 for a rank, 50%, or =member"
	case Stream:
		return "an id such as 1732260000000-0, or a time such as 2026-11-22 14:00"
	case JSON:
		return "a path: $.orders[0].total"
	}
	return ""
}

// Seek finds out where text leads to. Times are in the zone of at. Errors beside those of [Load] are [ErrNotFound] and [ErrNotPlace].
func Seek(ctx context.Context, c Client, r Request, text string, at *time.Location) (Target, error) {
	switch r.Type {
	case Hash, Set, Vector:
		return seekName(ctx, c, r, text)
	case ZSet:
		return seekMember(ctx, c, r, strings.TrimSpace(text))
	case List, String:
		return seekIndex(ctx, c, r, strings.TrimSpace(text))
	case Stream:
		id, ok := ParsePlaceInStream(strings.TrimSpace(text), at)
		if !ok {
			return Target{}, ErrNotPlace
		}
		return Target{Place: Place{ID: id.String()}}, nil
	case JSON:
		return Target{Place: Place{ID: strings.TrimSpace(text)}}, nil
	}
	return Target{}, ErrNotPlace
}

func seekName(ctx context.Context, c Client, r Request, name string) (Target, error) {
	e := Element{Name: []byte(name), Life: Missing}
	var command []string
	switch r.Type {
	case Hash:
		command = []string{"HEXISTS", r.Key, name}
	case Set:
		command = []string{"SISMEMBER", r.Key, name}
	default:
		command = []string{"VISMEMBER", r.Key, name}
	}
	_, replies, err := window(ctx, c, r, command)
	if err != nil {
		return Target{}, err
	}
	if replies[0].Int == 0 {
		return Target{}, fmt.Errorf("%q: %w", name, ErrNotFound)
	}
	if r.Type == Hash {
		if e.Value, err = ReadElement(ctx, c, r, e); err != nil {
			return Target{}, err
		}
		e.Length = int64(len(e.Value))
		e.detect()
	}
	return Target{Element: &e}, nil
}

// seekMember finds a rank: by member, by score, or as it is.
func seekMember(ctx context.Context, c Client, r Request, text string) (Target, error) {
	rank, ranked := strings.CutPrefix(text, "#")
	if _, percent := parsePercent(text); ranked || percent {
		return seekIndex(ctx, c, r, rank)
	}
	var command []string
	if member, ok := strings.CutPrefix(text, "="); ok {
		command = []string{"ZRANK", r.Key, member}
		if r.Reverse {
			command[0] = "ZREVRANK"
		}
	} else {
		const bits = 64
		if _, err := strconv.ParseFloat(text, bits); err != nil {
			return Target{}, ErrNotPlace
		}
		command = []string{"ZCOUNT", r.Key, "-inf", "(" + text}
		if r.Reverse {
			command = []string{"ZCOUNT", r.Key, "(" + text, "+inf"}
		}
	}
	length, replies, err := window(ctx, c, r, command)
	if err != nil {
		return Target{}, err
	}
	if replies[0].Kind != resp.Integer {
		return Target{}, fmt.Errorf("%s: %w", text, ErrNotFound)
	}
	return Target{Place: Place{Rank: min(replies[0].Int, max(0, length-1))}}, nil
}

// seekIndex finds an index, which may be counted from the end.
func seekIndex(ctx context.Context, c Client, r Request, text string) (Target, error) {
	share, percent := parsePercent(text)
	index, ok := parseOffset(text)
	if !ok && !percent {
		return Target{}, ErrNotPlace
	}
	length, _, err := window(ctx, c, r)
	if err != nil {
		return Target{}, err
	}
	if percent {
		index = int64(share * float64(length))
	}
	if index < 0 {
		index += length
	}
	return Target{Place: Place{Rank: max(0, min(index, length-1))}}, nil
}

// parsePercent reads a share of the whole: "50%".
func parsePercent(text string) (share float64, ok bool) {
	number, ok := strings.CutSuffix(text, "%")
	const bits, whole = 64, 100
	n, err := strconv.ParseFloat(strings.TrimSpace(number), bits)
	return n / whole, ok && err == nil && n >= 0 && n <= whole
}

// parseOffset reads a number, which may be hexadecimal or have a binary unit behind it.
func parseOffset(text string) (int64, bool) {
	const units = "kmg"
	shift := 0
	text = strings.ToLower(strings.ReplaceAll(text, ",", ""))
	if n := len(text); n > 1 && !strings.HasPrefix(text, "0x") {
		if i := strings.IndexByte(units, text[n-1]); i >= 0 {
			text, shift = text[:n-1], 10*(i+1)
		}
	}
	const most = 1 << 40
	n, err := strconv.ParseInt(text, 0, 64)
	if err != nil || n > most>>shift || n < -(most>>shift) {
		return 0, false
	}
	return n << shift, true
}

// ParsePlaceInStream reads an entry's id, or a time in the zone of at.
func ParsePlaceInStream(text string, at *time.Location) (EntryID, bool) {
	if id, ok := ParseEntryID(text); ok {
		return id, true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, at); err == nil && t.UnixMilli() >= 0 {
			return EntryID{Millis: uint64(t.UnixMilli())}, true
		}
	}
	return EntryID{}, false
}

// longestElement is how long an element may be to be read as a whole.
const longestElement = 16 << 20

// ReadElement reads the value of a hash's field or a list's element as a whole. Errors beside those of [Load] are [ErrNotFound] and
// [ErrTooLong].
func ReadElement(ctx context.Context, c Client, r Request, e Element) ([]byte, error) {
	var command []string
	switch r.Type {
	case Hash:
		_, replies, err := window(ctx, c, r, []string{"HSTRLEN", r.Key, string(e.Name)})
		if err != nil {
			return nil, err
		}
		if replies[0].Int > longestElement {
			return nil, ErrTooLong
		}
		command = []string{"HGET", r.Key, string(e.Name)}
	case List:
		if e.Length > longestElement {
			return nil, ErrTooLong
		}
		command = []string{"LINDEX", r.Key, itoa(e.Index)}
	default:
		return nil, ErrNotPlace
	}
	_, replies, err := window(ctx, c, r, command)
	if err != nil {
		return nil, err
	}
	if replies[0].Kind.IsNull() {
		return nil, ErrNotFound
	}
	return replies[0].Payload(), nil
}

// ReadVector returns a member's vector, as text of numbers.
func ReadVector(ctx context.Context, c Client, key, member string) ([]byte, error) {
	replies, err := ask(ctx, c, []string{"VEMB", key, member})
	if err != nil {
		return nil, err
	}
	numbers := make([]string, len(replies[0].Elems))
	for i, n := range replies[0].Elems {
		numbers[i] = n.String() + integer(n)
	}
	return []byte("[" + strings.Join(numbers, ", ") + "]"), nil
}

// PlaceHere returns where a page begins whose first element is e.
func PlaceHere(r Request, e Element) Place {
	if r.Type == Stream {
		return Place{ID: string(e.Name)}
	}
	return Place{Rank: e.Index}
}

// PlaceEnd returns where the last page of a value of some length ends: for a request that goes back.
func PlaceEnd(r Request, length int64) Place {
	if r.Type == Stream {
		return Place{}
	}
	return Place{Rank: length}
}
