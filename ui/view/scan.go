package view

import (
	"context"
	"strconv"

	"redan/conn/resp"
)

// startCursor begins a scan, and is what the last page of one returns.
const startCursor = "0"

// scanned is what a page of HSCAN or SSCAN brought.
type scanned struct {
	length   int64
	elements []Element
	after    Place
	more     bool
}

// scan reads a page of a hash or a set, whose elements are of one text or two. COUNT is a hint only: what the server handed out beyond
// it is kept for the next page.
func scan(ctx context.Context, c Client, r Request, word string, each int, elements func([][]byte) []Element) (scanned, error) {
	cursor := r.Place.ID
	if cursor == "" {
		cursor = startCursor
	}
	var page scanned
	texts := r.Place.rest
	if len(texts) > 0 { // the next page is here already; the server is asked only whether the key is still what it was
		length, _, err := window(ctx, c, r)
		if err != nil {
			return page, err
		}
		page.length, page.after.ID = length, r.Place.ID
	} else {
		length, replies, err := window(ctx, c, r, []string{word, r.Key, cursor, "COUNT", strconv.Itoa(r.Count)})
		if err != nil {
			return page, err
		}
		if len(replies[0].Elems) != 2 {
			return page, errShape
		}
		page.length, page.after.ID = length, replies[0].Elems[0].String()
		texts = payloads(replies[0].Elems[1].Elems)
	}
	if n := r.Count * each; len(texts) > n {
		texts, page.after.rest = texts[:n:n], texts[n:]
	}
	page.elements = elements(texts)
	page.more = len(page.after.rest) > 0 || page.after.ID != startCursor
	return page, nil
}

// payloads are the texts of replies, without what else a reply takes: there may be a million.
func payloads(replies []resp.Value) [][]byte {
	texts := make([][]byte, len(replies))
	for i, reply := range replies {
		texts[i] = reply.Payload()
	}
	return texts
}

func loadHash(ctx context.Context, c Client, r Request) (Page, error) {
	got, err := scan(ctx, c, r, "HSCAN", 2, hashElements)
	if err != nil {
		return Page{}, err
	}
	page := Page{Elements: got.elements, Length: got.length, After: got.after, HasAfter: got.more, NoFieldLife: r.NoFieldLife}
	if r.NoFieldLife || len(page.Elements) == 0 {
		return page, nil
	}
	page.NoFieldLife, err = fieldLives(ctx, c, r.Key, page.Elements)
	return page, err
}

func hashElements(texts [][]byte) []Element {
	elements := make([]Element, 0, len(texts)/2)
	for i := 0; i+1 < len(texts); i += 2 {
		e := Element{Name: texts[i], Life: Missing}
		e.value(texts[i+1])
		elements = append(elements, e)
	}
	return elements
}

// fieldLives asks how long fields have to live. unknown tells that the server does not know such a thing, or does not allow to ask.
func fieldLives(ctx context.Context, c Client, key string, elements []Element) (unknown bool, err error) {
	command := append(make([]string, 0, 4+len(elements)), "HPTTL", key, "FIELDS", strconv.Itoa(len(elements)))
	for _, e := range elements {
		command = append(command, string(e.Name))
	}
	replies, err := tell(ctx, c, command)
	if err != nil {
		return false, err
	}
	if replies[0].Kind.IsError() {
		return true, nil
	}
	if len(replies[0].Elems) != len(elements) { // the key went meanwhile
		return false, nil
	}
	for i, life := range replies[0].Elems {
		if n, ok := number(life); ok && n >= 0 {
			elements[i].Life = millis(n)
		}
	}
	return false, nil
}

func loadSet(ctx context.Context, c Client, r Request) (Page, error) {
	got, err := scan(ctx, c, r, "SSCAN", 1, func(texts [][]byte) []Element {
		elements := make([]Element, len(texts))
		for i, text := range texts {
			elements[i].value(text)
			elements[i].Name, elements[i].Value = elements[i].Value, nil
		}
		return elements
	})
	return Page{Elements: got.elements, Length: got.length, After: got.after, HasAfter: got.more}, err
}
