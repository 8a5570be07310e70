package view

import (
	"context"

	"redan/conn/resp"
)

// between returns the ranks, first and last, of the window that a request asks for.
func (r Request) between() (from, to int64) {
	from = max(0, r.Place.Rank)
	if r.Back {
		return max(0, from-int64(r.Count)), from - 1
	}
	return from, from + int64(r.Count) - 1
}

// ranked returns a page of elements that begins at a rank.
func ranked(elements []Element, from, length int64) Page {
	for i := range elements {
		elements[i].Index = from + int64(i)
	}
	end := from + int64(len(elements))
	return Page{
		Elements: elements, Length: length,
		Before: Place{Rank: from}, HasBefore: from > 0,
		After: Place{Rank: end}, HasAfter: end < length && len(elements) > 0,
	}
}

func loadList(ctx context.Context, c Client, r Request) (Page, error) {
	from, to := r.between()
	length, replies, err := window(ctx, c, r, []string{"LRANGE", r.Key, itoa(from), itoa(to)})
	if err != nil {
		return Page{}, err
	}
	elements := make([]Element, len(replies[0].Elems))
	for i, reply := range replies[0].Elems {
		elements[i].value(reply.Payload())
	}
	return ranked(elements, from, length), nil
}

func loadZSet(ctx context.Context, c Client, r Request) (Page, error) {
	from, to := r.between()
	word := "ZRANGE"
	if r.Reverse {
		word = "ZREVRANGE"
	}
	length, replies, err := window(ctx, c, r, []string{word, r.Key, itoa(from), itoa(to), "WITHSCORES"})
	if err != nil {
		return Page{}, err
	}
	elements := members(replies[0].Elems)
	if r.Geo && len(elements) > 0 {
		if err := locate(ctx, c, r.Key, elements); err != nil {
			return Page{}, err
		}
	}
	return ranked(elements, from, length), nil
}

// members returns members with their scores, which stand behind them or, in RESP3, in pairs with them.
func members(replies []resp.Value) []Element {
	var elements []Element
	add := func(member, score resp.Value) {
		e := Element{Score: score.String()}
		e.value(member.Payload())
		e.Name, e.Value = e.Value, nil
		elements = append(elements, e)
	}
	if len(replies) > 0 && replies[0].Kind == resp.Array {
		for _, pair := range replies {
			if len(pair.Elems) == 2 {
				add(pair.Elems[0], pair.Elems[1])
			}
		}
		return elements
	}
	for i := 0; i+1 < len(replies); i += 2 {
		add(replies[i], replies[i+1])
	}
	return elements
}

// locate asks where members are. Scores that are no places give none.
func locate(ctx context.Context, c Client, key string, elements []Element) error {
	command := append(make([]string, 0, 2+len(elements)), "GEOPOS", key)
	for _, e := range elements {
		command = append(command, string(e.Name))
	}
	replies, err := ask(ctx, c, command)
	if err != nil {
		return err
	}
	for i, reply := range replies[0].Elems {
		if i < len(elements) && len(reply.Elems) == 2 {
			elements[i].Place = &Coordinates{Longitude: reply.Elems[0].String(), Latitude: reply.Elems[1].String()}
		}
	}
	return nil
}
