package repl

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"redan/commands"
	"redan/conn/resp"
)

func embedded(t *testing.T) *commands.Table {
	t.Helper()
	table, err := commands.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestComplete(t *testing.T) {
	keys := []string{"my key 1", "my key 2", "user:1", "user:10", "étage", "été", `q"1`, `q"2`}
	lookup := func(prefix string) []string {
		var found []string
		for _, key := range keys {
			if strings.HasPrefix(key, prefix) {
				found = append(found, key)
			}
		}
		return found
	}
	table := embedded(t)
	for _, tc := range []struct {
		head, want string
		options    []string
	}{
		{"getd", "getdel ", nil},
		{"GETD", "GETDEL ", nil},
		{"client l", "client list ", nil},
		{"Client Kil", "Client Kill ", nil},
		{"object f", "object freq ", nil},
		{"help @str", "help @str", []string{"@stream", "@string"}},
		{"set k v ke", "set k v keepttl ", nil},
		{"get user", "get user:1", []string{"user:1", "user:10"}},
		{"get user:1", "get user:1", []string{"user:1", "user:10"}},
		{"get user:10", "get user:10 ", nil},
		{"3 get user:10", "3 get user:10 ", nil},
		{"get my", `get "my key `, []string{`"my key 1"`, `"my key 2"`}},
		{`get "my key `, `get "my key `, []string{`"my key 1"`, `"my key 2"`}},
		{`get "my key 1`, `get "my key 1" `, nil},
		{`get 'my`, `get "my key `, []string{`"my key 1"`, `"my key 2"`}},
		{`get "us`, `get "user:1`, []string{"user:1", "user:10"}},
		{"get q", `get "q\"`, []string{`"q\"1"`, `"q\"2"`}},
		{"get é", "get ét", []string{"étage", "été"}},
		{"set k va", "set k va", nil}, // a value is nobody's business
		{"nosuch us", "nosuch us", nil},
		{`get "a"b`, `get "a"b`, nil},
		{"nosuchcommand", "nosuchcommand", nil},
	} {
		got := complete(table, tc.head, lookup)
		if got.head != tc.want || !slices.Equal(got.options, tc.options) {
			t.Errorf("%q: got %q %q, want %q %q", tc.head, got.head, got.options, tc.want, tc.options)
		}
	}
}

// pages is a server with keys in pages.
type pages struct {
	replies  []resp.Value
	patterns []string
	err      error
}

func (p *pages) Do(_ context.Context, args ...string) (resp.Value, error) {
	p.patterns = append(p.patterns, args[3])
	if p.err != nil || len(p.replies) == 0 {
		return resp.Value{}, p.err
	}
	reply := p.replies[0]
	p.replies = p.replies[1:]
	return reply, nil
}

func page(cursor string, keys ...string) resp.Value {
	list := resp.Value{Kind: resp.Array}
	for _, key := range keys {
		list.Elems = append(list.Elems, resp.Value{Kind: resp.BulkString, Text: []byte(key)})
	}
	return resp.Value{Kind: resp.Array, Elems: []resp.Value{{Kind: resp.BulkString, Text: []byte(cursor)}, list}}
}

func TestFindKeys(t *testing.T) {
	many := make([]string, 3*maxKeys)
	for i := range many {
		many[i] = string(rune('a' + i))
	}
	for _, tc := range []struct {
		name   string
		server *pages
		want   int
	}{
		{"two pages, a key twice", &pages{replies: []resp.Value{page("7", "b", "a"), page("0", "b")}}, 2},
		{"more than are wanted", &pages{replies: []resp.Value{page("7", many...)}}, maxKeys},
		{"a refusal", &pages{replies: []resp.Value{{Kind: resp.SimpleError, Text: []byte("NOAUTH")}}}, 0},
		{"a connection that breaks after a page", &pages{replies: []resp.Value{page("7", "a")}, err: nil}, 1},
		{"no connection", &pages{err: errors.New("refused")}, 0},
	} {
		got := findKeys(t.Context(), tc.server, "a*b[")
		if len(got) != tc.want || !slices.IsSorted(got) {
			t.Errorf("%s: got %q, want %d", tc.name, got, tc.want)
		}
		if tc.server.patterns[0] != `a\*b\[*` {
			t.Errorf("%s: asked for %q", tc.name, tc.server.patterns[0])
		}
	}
}

func TestColumns(t *testing.T) {
	for _, tc := range []struct {
		width, lines int
		want         []string
	}{
		{80, 5, []string{"a    bb   ccc  d    e"}},
		{10, 5, []string{"a    d", "bb   e", "ccc"}},
		{3, 9, []string{"a", "bb", "ccc", "d", "e"}},
		{10, 2, []string{"a    bb", "... and 3 more"}},
		{1, 2, []string{"a", "... and 4 more"}},
	} {
		if got := columns([]string{"a", "bb", "ccc", "d", "e"}, tc.width, tc.lines); !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%dx%d: got %q, want %q", tc.width, tc.lines, got, tc.want)
		}
	}
}
