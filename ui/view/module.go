package view

import (
	"context"
	"strconv"

	"redan/conn/resp"
	"redan/ui/view/decode"
)

// WholeModule is how many bytes of memory a value may take that can be read only as a whole.
const WholeModule = 4 << 20

// tooLong reports whether the value is too long to read as a whole. What the server does not tell is taken for short: there is no way
// to find out.
func (r Request) tooLong(memory int64) bool { return max(r.Memory, memory) > WholeModule }

// rootPath is the whole of a JSON value.
const rootPath = "$"

// loadJSON reads a value of the JSON module, or what a path leads to. A document that is too long is not read; its own memory counter
// tells, and a path into it may lead to something short.
func loadJSON(ctx context.Context, c Client, r Request) (Page, error) {
	path, memory := r.Place.ID, r.Memory
	if path == "" {
		path = rootPath
	}
	if path != rootPath {
		replies, err := tell(ctx, c, []string{"JSON.DEBUG", "MEMORY", r.Key, path})
		if err != nil {
			return Page{}, err
		}
		if memory = total(replies[0]); memory < 0 { // not told: what of the whole is known must do
			memory = r.Memory
		}
	}
	if memory > WholeModule {
		return Page{Length: Missing, TooLong: true}, nil
	}
	_, replies, err := window(ctx, c, r, []string{"JSON.GET", r.Key, path})
	if err != nil {
		return Page{}, err
	}
	data := replies[0].Payload()
	if path == rootPath {
		data = unwrapped(data)
	}
	return Page{Input: decode.Value(data), Length: Missing}, nil
}

// total adds up the numbers of a reply: a path may lead to several places. It is Missing for anything else.
func total(reply resp.Value) int64 {
	if reply.Kind == resp.Integer {
		return reply.Int
	}
	if len(reply.Elems) == 0 {
		return Missing
	}
	sum := int64(0)
	for _, e := range reply.Elems {
		sum += e.Int
	}
	return sum
}

// unwrapped returns the one element of an array: what $ leads to comes in one.
func unwrapped(data []byte) []byte {
	if n := len(data); n > 2 && data[0] == '[' && data[n-1] == ']' {
		return data[1 : n-1]
	}
	return data
}

// loadVector reads members of a vector set. There is no order to page by: servers hand out some of them.
func loadVector(ctx context.Context, c Client, r Request) (Page, error) {
	length, replies, err := window(ctx, c, r, []string{"VRANDMEMBER", r.Key, strconv.Itoa(r.Count)}, []string{"VINFO", r.Key})
	if err != nil {
		return Page{}, err
	}
	page := Page{Length: length}
	for _, reply := range replies[0].Elems {
		page.Elements = append(page.Elements, Element{Name: reply.Payload()})
	}
	pairs(replies[1], func(name string, value resp.Value) {
		switch name {
		case "quant-type", "vector-dim", "max-level":
			page.Note = append(page.Note, name+" "+value.String()+integer(value))
		}
	})
	return page, nil
}

func integer(v resp.Value) string {
	if v.Kind == resp.Integer {
		return itoa(v.Int)
	}
	return ""
}

// loadModule reads a value of a type that nothing is known about as DUMP gives it, where it is not too long.
func loadModule(ctx context.Context, c Client, r Request) (Page, error) {
	if r.tooLong(0) {
		return Page{Length: Missing, TooLong: true}, nil
	}
	_, replies, err := window(ctx, c, r, []string{"DUMP", r.Key})
	if err != nil {
		return Page{}, err
	}
	data := replies[0].Payload()
	return Page{Input: decode.Value(data), Length: int64(len(data))}, nil
}
