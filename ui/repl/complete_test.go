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

func TestCompleteColon(t *testing.T) {
	known := map[string]func() []string{
		":profile":  func() []string { return []string{"orders-prod", "orders", "cache"} },
		":readonly": func() []string { return []string{"off", "on"} },
	}
	for _, tc := range []struct {
		head, want string
		options    []string
	}{
		{":", ":", []string{":profile", ":readonly"}},
		{":p", ":profile ", nil},
		{":P", ":profile ", nil},
		{":profile ", ":profile ", []string{"cache", "orders", "orders-prod"}},
		{":profile  c", ":profile  cache ", nil},
		{":PROFILE o", ":PROFILE orders", []string{"orders", "orders-prod"}},
		{":profile @orders-", ":profile @orders-prod ", nil},
		{":profile x", ":profile x", nil},
		{":profile cache o", ":profile cache o", nil},
		{":readonly o", ":readonly o", []string{"off", "on"}},
		{":readonly of", ":readonly off ", nil},
		{":other o", ":other o", nil},
	} {
		got := completeColon(tc.head, known)
		if got.head != tc.want || !slices.Equal(got.options, tc.options) {
			t.Errorf("%q: got %q %q, want %q %q", tc.head, got.head, got.options, tc.want, tc.options)
		}
	}
	if got := completeColon(":p", nil); got.head != ":p" {
		t.Errorf("%q where there are no profiles", got.head)
	}
}

func TestComplete(t *testing.T) {
	keys := []string{"my key 1", "my key 2", "user:1", "user:10", "étage", "été", `q"1`, `q"2`}
	lookup := func(prefix string) foundKeys {
		var found foundKeys
		for _, key := range keys {
			if strings.HasPrefix(key, prefix) {
				found.names = append(found.names, key)
			}
		}
		if len(found.names) > 0 {
			found.common = commonPrefix(found.names)
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
		many[i] = "a*b[" + string(rune('a'+i))
	}
	others := make([]string, 3*maxKeys)
	for i := range others {
		others[i] = "a*b[x" + string(rune('a'+i))
	}
	for _, tc := range []struct {
		name   string
		server *pages
		names  int
		common string
		more   bool
		asked  int
	}{
		{"none", &pages{replies: []resp.Value{page("0")}}, 0, "", false, 1},
		{"two pages, a key twice", &pages{replies: []resp.Value{page("7", "a*b[xy", "a*b[xz"), page("0", "a*b[xy")}}, 2, "a*b[x", false, 2},
		{"too many with nothing in common", &pages{replies: []resp.Value{page("7", many...), page("0")}}, maxKeys, "a*b[", true, 1},
		{"too many, and one page is not enough to tell what they have in common", &pages{replies: []resp.Value{page("7", others...), page("0", "a*b[y")}}, maxKeys, "a*b[", true, 2},
		{"a refusal", &pages{replies: []resp.Value{{Kind: resp.SimpleError, Text: []byte("NOAUTH")}}}, 0, "", true, 1},
		{"a connection that breaks after a page", &pages{replies: []resp.Value{page("7", "a*b[x")}}, 1, "a*b[x", true, 2},
		{"no connection", &pages{err: errors.New("refused")}, 0, "", true, 1},
	} {
		got := findKeys(t.Context(), tc.server, "a*b[")
		if len(got.names) != tc.names || !slices.IsSorted(got.names) || got.common != tc.common || got.more != tc.more {
			t.Errorf("%s: got %+v", tc.name, got)
		}
		if len(tc.server.patterns) != tc.asked || tc.server.patterns[0] != `a\*b\[*` {
			t.Errorf("%s: asked for %q", tc.name, tc.server.patterns)
		}
	}
}

func TestACompletionThatMayNotBeTheOnlyOne(t *testing.T) {
	found := foundKeys{names: []string{"user:1"}, common: "user:1", more: true}
	got := complete(embedded(t), "get us", func(string) foundKeys { return found })
	if got.head != "get user:1" || !got.more || len(got.options) != 1 {
		t.Errorf("got %+v", got)
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
		if got := columns([]string{"a", "bb", "ccc", "d", "e"}, tc.width, tc.lines, false); !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%dx%d: got %q, want %q", tc.width, tc.lines, got, tc.want)
		}
	}
	if got, want := columns([]string{"a", "b"}, 80, 5, true), []string{"a  b", "... and more"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
