package profiles

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"redan/commands/nearest"
	"redan/profiles/tomlfile"
)

// Said is one key of a profile as it applies: the profile's own, or inherited.
type Said struct {
	// Key is dotted, with quotes where a file needs them.
	Key string
	// Value is what the file has, with the paths of files made absolute. A secret in clear is ***.
	Value any
	At    tomlfile.Position
}

// Said lists the keys that apply, in the order of [Keys]. It may be called of a profile with faults, and then has these, too.
func (p Profile) Said() []Said {
	order := map[string]int{}
	for i, key := range Keys() {
		order[strings.TrimSuffix(key.Name, ".*")] = i
	}
	place := func(s Said) int {
		for key := s.Key; ; {
			if i, ok := order[key]; ok {
				return i
			}
			dot := strings.LastIndexByte(key, '.')
			if dot < 0 {
				return len(order)
			}
			key = key[:dot]
		}
	}
	said := slices.Clone(p.said)
	slices.SortStableFunc(said, func(a, b Said) int { return place(a) - place(b) })
	return said
}

// without are leaves without the secrets in them.
func without(leaves []tomlfile.Leaf) []Said {
	said := make([]Said, len(leaves))
	for i, leaf := range leaves {
		said[i] = Said{Key: leaf.Key(), Value: masked(leaf), At: leaf.At}
	}
	return said
}

// masked is a leaf's value, without secrets. A value of the wrong kind may be one, and so may that of a key that is misspelt.
func masked(leaf tomlfile.Leaf) any {
	if _, _, err := FindKey(leaf.Key()); err != nil {
		return "***"
	}
	text, isText := leaf.Value.(string)
	switch leaf.Key() {
	case "password", "tls.key_passphrase", "tls.key_data":
		if !isText {
			return "***"
		}
		return Reference(text).String()
	case "uri":
		if !isText {
			return "***"
		}
		return URI(text).String()
	}
	return leaf.Value
}

// Own reports whether the profile's own file says a key, and not one that it extends.
func (p Profile) Own(key string) bool {
	at, ok := p.origins[key]
	return ok && at.File == p.Path
}

// ErrUnknownKey is a name that no key of a profile has.
var ErrUnknownKey = errors.New("is no key of a profile")

// FindKey returns the key of a name, its path in a file, and an error with the nearest one when there is none.
func FindKey(name string) (tomlfile.Key, []string, error) {
	var known []string
	for _, key := range Keys() {
		if key.Name == name {
			return key, strings.Split(name, "."), nil
		}
		if table, free := strings.CutSuffix(key.Name, ".*"); free {
			if rest, ok := strings.CutPrefix(name, table+"."); ok && rest != "" {
				return key, []string{table, strings.Trim(rest, `"`)}, nil
			}
		}
		known = append(known, key.Name)
	}
	err := fmt.Errorf("%q %w", name, ErrUnknownKey)
	if nearest := nearest.Word(name, known); nearest != "" {
		err = fmt.Errorf("%w; did you mean %q?", err, nearest)
	}
	return tomlfile.Key{}, nil, err
}
