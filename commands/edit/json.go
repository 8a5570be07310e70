package edit

import (
	"strings"

	"redan/conn/resp"
)

// JSONSet sets what a path of a JSON document leads to. Value is JSON and goes to the server byte by byte. An empty path means the
// whole document.
type JSONSet struct{ Path, Value string }

// JSONDelete removes what a path of a JSON document leads to.
type JSONDelete struct{ Path string }

func (JSONSet) keyType() string    { return typeJSON }
func (JSONDelete) keyType() string { return typeJSON }

// rootPath leads to the whole document.
const rootPath = "$"

func path(p string) string {
	if p == "" {
		return rootPath
	}
	return p
}

func jsonLookup(st State, p string) []lookup {
	return []lookup{{args: []string{"JSON.GET", st.Key, path(p)}, shape: jsonMatches}}
}

func (c JSONSet) lookups(st State) []lookup    { return jsonLookup(st, c.Path) }
func (c JSONDelete) lookups(st State) []lookup { return jsonLookup(st, c.Path) }

// jsonPart takes the array of matches, which paths that begin with a dollar sign give, from around what matched.
func jsonPart(v resp.Value, p string) Part {
	if v.Kind.IsNull() {
		return Part{}
	}
	text := v.String()
	if strings.HasPrefix(p, rootPath) {
		text = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
		if text == "" {
			return Part{}
		}
	}
	return textPart(text)
}

func (c JSONSet) after(State) Part { return textPart(c.Value) }

func (c JSONSet) script(now State) [][]string {
	return one("JSON.SET", now.Key, path(c.Path), c.Value)
}

func (c JSONDelete) script(now State) [][]string { return one("JSON.DEL", now.Key, path(c.Path)) }

// judge sees a null where the server found no place for the value.
func (c JSONSet) judge(now State, replies []resp.Value) error {
	if replies[0].Kind.IsNull() {
		return &Absent{now.Key, "place for " + path(c.Path)}
	}
	return nil
}

func (c JSONDelete) ttlEffect(read State) string {
	if path(c.Path) == rootPath || c.Path == "." {
		return goes(read, "the document")
	}
	return stays(read)
}

func (c JSONDelete) removes(now State) string { return now.Key }
