package view

import (
	"context"
	"strconv"
	"time"

	"redan/conn/resp"
)

// loadGroups reads what a stream knows of those who read it.
func loadGroups(ctx context.Context, c Client, r Request) (Page, error) {
	switch r.Part {
	case Groups:
		return loadTable(ctx, c, r, []string{"XINFO", "GROUPS", r.Key}, groupFacts)
	case Consumers:
		return loadTable(ctx, c, r, []string{"XINFO", "CONSUMERS", r.Key, r.Group}, consumerFacts)
	case Pending, Entries:
	}
	return loadPending(ctx, c, r)
}

// loadTable reads a list of maps. There are few of them; what is beyond the count is not kept, and the page says so.
func loadTable(ctx context.Context, c Client, r Request, command []string, facts func(map[string]resp.Value) []Pair) (Page, error) {
	_, replies, err := window(ctx, c, r, command)
	if err != nil {
		return Page{}, err
	}
	rows := replies[0].Elems
	page := Page{Length: int64(len(rows))}
	for _, row := range rows[:min(len(rows), r.Count)] {
		known := map[string]resp.Value{}
		pairs(row, func(name string, value resp.Value) { known[name] = value })
		page.Elements = append(page.Elements, Element{Name: known["name"].Payload(), Pairs: facts(known)})
	}
	return page, nil
}

func groupFacts(known map[string]resp.Value) []Pair {
	return []Pair{
		fact("consumers", known["consumers"]),
		fact("pending", known["pending"]),
		fact("lag", known["lag"]),
		fact("delivered up to", known["last-delivered-id"]),
	}
}

func consumerFacts(known map[string]resp.Value) []Pair {
	return []Pair{
		fact("pending", known["pending"]),
		lapse("idle", known["idle"]),
		lapse("inactive", known["inactive"]),
	}
}

// unknownFact stands for what the server does not know: the lag of a group that was moved, all that older servers do not tell.
const unknownFact = "?"

// fact is something known, as text.
func fact(name string, v resp.Value) Pair {
	text := v.String() + integer(v)
	if text == "" {
		text = unknownFact
	}
	return Pair{Name: []byte(name), Value: []byte(text)}
}

// lapse is a time that has passed, in milliseconds; it is rounded to seconds.
func lapse(name string, v resp.Value) Pair {
	n, ok := number(v)
	if !ok || n < 0 {
		return Pair{Name: []byte(name), Value: []byte(unknownFact)}
	}
	return Pair{Name: []byte(name), Value: []byte(millis(n).Truncate(time.Second).String())}
}

// loadPending reads what was delivered and not acknowledged, the oldest first.
func loadPending(ctx context.Context, c Client, r Request) (Page, error) {
	command := []string{"XPENDING", r.Key, r.Group, orEdge(r.Place.ID, "-"), "+", strconv.Itoa(r.Count)}
	_, replies, err := window(ctx, c, r, command)
	if err != nil {
		return Page{}, err
	}
	page := Page{Length: Missing}
	for _, row := range replies[0].Elems {
		if len(row.Elems) != 4 {
			continue
		}
		page.Elements = append(page.Elements, Element{Name: row.Elems[0].Payload(), Pairs: []Pair{
			{Name: []byte("consumer"), Value: row.Elems[1].Payload()},
			lapse("idle", row.Elems[2]),
			fact("deliveries", row.Elems[3]),
		}})
	}
	if n := len(page.Elements); n > 0 && n >= r.Count {
		last, _ := ParseEntryID(string(page.Elements[n-1].Name))
		page.After, page.HasAfter = Place{ID: last.Next().String()}, true
	}
	return page, nil
}
