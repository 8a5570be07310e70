package view

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"redan/conn/resp"
)

// EntryID is the id of a stream's entry: the millisecond it was added at, and a number within that.
type EntryID struct{ Millis, Seq uint64 }

// ParseEntryID reads an id; what is left out is 0.
func ParseEntryID(text string) (EntryID, bool) {
	millis, seq, both := strings.Cut(text, "-")
	var id EntryID
	var err error
	if id.Millis, err = strconv.ParseUint(millis, 10, 64); err != nil {
		return EntryID{}, false
	}
	if both {
		if id.Seq, err = strconv.ParseUint(seq, 10, 64); err != nil {
			return EntryID{}, false
		}
	}
	return id, true
}

// String returns the id as commands take it.
func (id EntryID) String() string {
	return strconv.FormatUint(id.Millis, 10) + "-" + strconv.FormatUint(id.Seq, 10)
}

// Next returns the lowest id that is higher. The highest there is returns itself.
func (id EntryID) Next() EntryID {
	switch {
	case id.Seq < math.MaxUint64:
		return EntryID{id.Millis, id.Seq + 1}
	case id.Millis < math.MaxUint64:
		return EntryID{Millis: id.Millis + 1}
	default:
		return id
	}
}

// Previous returns the highest id that is lower. The lowest there is returns itself.
func (id EntryID) Previous() EntryID {
	switch {
	case id.Seq > 0:
		return EntryID{id.Millis, id.Seq - 1}
	case id.Millis > 0:
		return EntryID{id.Millis - 1, math.MaxUint64}
	default:
		return id
	}
}

// loadStream reads entries, the newest first unless reversed. Ids, and not the brackets of newer servers, say where to go on.
func loadStream(ctx context.Context, c Client, r Request) (Page, error) {
	if r.Part != Entries {
		return loadGroups(ctx, c, r)
	}
	newestFirst := !r.Reverse
	down := newestFirst != r.Back // towards older entries
	from := r.Place.ID
	var command []string
	if down {
		command = []string{"XREVRANGE", r.Key, orEdge(from, "+"), "-", "COUNT", strconv.Itoa(r.Count)}
	} else {
		command = []string{"XRANGE", r.Key, orEdge(from, "-"), "+", "COUNT", strconv.Itoa(r.Count)}
	}
	length, replies, err := window(ctx, c, r, command)
	if err != nil {
		return Page{}, err
	}
	elements := entries(replies[0].Elems)
	if r.Back {
		slices.Reverse(elements)
	}
	full := len(elements) >= r.Count
	page := Page{Elements: elements, Length: length, HasBefore: r.Place.ID != "", HasAfter: full}
	if r.Back {
		page.HasBefore, page.HasAfter = full, true
	}
	if len(elements) == 0 {
		page.HasBefore, page.HasAfter = false, false
		return page, nil
	}
	first, _ := ParseEntryID(string(elements[0].Name))
	last, _ := ParseEntryID(string(elements[len(elements)-1].Name))
	if newestFirst {
		page.Before, page.After = Place{ID: first.Next().String()}, Place{ID: last.Previous().String()}
	} else {
		page.Before, page.After = Place{ID: first.Previous().String()}, Place{ID: last.Next().String()}
	}
	return page, nil
}

func orEdge(id, edge string) string {
	if id == "" {
		return edge
	}
	return id
}

// entries returns the entries of a reply. One that was deleted meanwhile has no fields.
func entries(replies []resp.Value) []Element {
	elements := make([]Element, 0, len(replies))
	for _, reply := range replies {
		if len(reply.Elems) != 2 {
			continue
		}
		e := Element{Name: reply.Elems[0].Payload()}
		budget := longestValue
		fields := reply.Elems[1].Elems
		for i := 0; i+1 < len(fields); i += 2 {
			pair := Pair{Name: fields[i].Payload(), Value: fields[i+1].Payload()}
			e.Length += int64(len(pair.Name) + len(pair.Value))
			if len(pair.Name)+len(pair.Value) > budget {
				e.Cut = true
				pair.Name = slices.Clone(pair.Name[:min(len(pair.Name), budget)])
				pair.Value = slices.Clone(pair.Value[:min(len(pair.Value), budget-len(pair.Name))])
			}
			budget -= len(pair.Name) + len(pair.Value)
			e.Pairs = append(e.Pairs, pair)
		}
		elements = append(elements, e)
	}
	return elements
}

// Fields returns the fields of a stream's entry as elements, to be shown like those of a hash.
func Fields(entry Element) []Element {
	elements := make([]Element, len(entry.Pairs))
	for i, pair := range entry.Pairs {
		elements[i] = Element{Name: pair.Name, Value: pair.Value, Life: Missing}
		elements[i].detect()
	}
	return elements
}
