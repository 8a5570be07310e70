package profiles

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"redan/conn"
	"redan/profiles/tomlfile"
)

// layer is what one file says: a profile, one that it extends, or the table defaults of config.toml.
type layer struct {
	file   string
	leaves []tomlfile.Leaf
}

// newLayer takes a document's leaves, with the paths of files made absolute and the keys of free tables in one part.
func newLayer(file string, d tomlfile.Document, home string) layer {
	at := place{folder: filepath.Dir(file), home: home}
	l := layer{file: file}
	for _, leaf := range d.Leaves() {
		leaf.Path = joined(leaf.Path)
		leaf.Value = at.absolute(leaf)
		l.leaves = append(l.leaves, leaf)
	}
	return l
}

// joined makes one part of what a user names freely, which TOML takes apart at dots: [keys] keys.filter = ...
func joined(path []string) []string {
	at := 0
	if path[0] == "defaults" {
		at = 1
	}
	if len(path) > at+2 && slices.Contains([]string{"keys", "colors", "decoders"}, path[at]) {
		return append(slices.Clone(path[:at+1]), strings.Join(path[at+1:], "."))
	}
	return path
}

// absolute returns a leaf's value; a path of a file no longer depends on where the file with the leaf is.
func (p place) absolute(leaf tomlfile.Leaf) any {
	switch key := strings.TrimPrefix(leaf.Key(), "defaults."); key {
	case "tls.ca", "tls.ca_dirs", "tls.cert", "tls.key", "socket", "history.file":
		switch value := leaf.Value.(type) {
		case string:
			return p.path(value)
		case []any:
			list := slices.Clone(value)
			for i, element := range list {
				if text, ok := element.(string); ok {
					list[i] = p.path(text)
				}
			}
			return list
		}
	case "password", "tls.key_passphrase", "tls.key_data":
		if text, ok := leaf.Value.(string); ok {
			return string(Reference(text).below(p))
		}
	}
	return leaf.Value
}

// under returns what a table of the layer says, as if it were the whole file.
func (l layer) under(table string) layer {
	part := layer{file: l.file}
	for _, leaf := range l.leaves {
		if len(leaf.Path) > 1 && leaf.Path[0] == table {
			leaf.Path = leaf.Path[1:]
			part.leaves = append(part.leaves, leaf)
		}
	}
	return part
}

// heritage returns the layer without what is not inherited.
func (l layer) heritage() layer {
	l.leaves = slices.DeleteFunc(slices.Clone(l.leaves), func(leaf tomlfile.Leaf) bool { return !inherited(leaf.Key()) })
	return l
}

// text returns the text of a key, or "".
func (l layer) text(key string) string {
	for _, leaf := range l.leaves {
		if leaf.Key() == key {
			text, _ := leaf.Value.(string)
			return text
		}
	}
	return ""
}

func (l layer) has(key string) bool {
	return slices.ContainsFunc(l.leaves, func(leaf tomlfile.Leaf) bool { return leaf.Key() == key })
}

// merge puts layers over each other, the first undermost. A layer that says where the server is replaces all that those below it say
// about that.
func merge(layers ...layer) []tomlfile.Leaf {
	var merged []tomlfile.Leaf
	for _, l := range layers {
		hidden := l.hides()
		merged = slices.DeleteFunc(merged, func(leaf tomlfile.Leaf) bool { return slices.Contains(hidden, leaf.Key()) || l.has(leaf.Key()) })
		merged = append(merged, l.leaves...)
	}
	return merged
}

// hides lists the keys of lower layers that would contradict this one.
func (l layer) hides() []string {
	var keys []string
	if l.has("host") {
		keys = append(keys, "socket")
	}
	uri := l.text("uri")
	if uri == "" {
		return keys
	}
	keys = append(keys, "host", "port", "socket")
	var o conn.Options
	if o.ApplyURI(uri) != nil {
		return keys // it is a fault already
	}
	if o.User != "" {
		keys = append(keys, "user")
	}
	if o.Password.IsSet() {
		keys = append(keys, "password")
	}
	if o.DB != 0 {
		keys = append(keys, "db")
	}
	return keys
}

// decode makes a profile of the leaves that apply to it.
func decode(name, path string, leaves []tomlfile.Leaf) (Profile, error) {
	p := Profile{Name: name, Path: path, origins: map[string]tomlfile.Position{}, said: without(leaves)}
	faults := tomlfile.Decode(leaves, &p)
	for i := range faults {
		faults[i] = soon(faults[i])
	}
	for _, leaf := range leaves {
		p.origins[leaf.Key()] = leaf.At
	}
	return p, faults.OrNil()
}

// soon says of a table that a later version will know that it is no slip.
func soon(f tomlfile.Fault) tomlfile.Fault {
	switch table, _, _ := strings.Cut(f.Key, "."); table {
	case "sentinel", "ssh", "nat":
		f.Text, f.Nearest = fmt.Sprintf("[%s] is not in this version of redan yet", table), ""
	}
	return f
}
