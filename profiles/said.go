package profiles

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"redan/commands/nearest"
	"redan/profiles/safefile"
	"redan/profiles/secret"
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

// PutSecretFile makes a file of a profile for an encrypted secret, beside the profile, and returns the reference to it. It refuses to
// replace one that is there.
func (s Store) PutSecretFile(ctx context.Context, name string, text []byte) (Reference, error) {
	file := name + ".age"
	path := filepath.Join(s.dir, profilesFolder, file)
	err := s.change(ctx, func() error {
		if s.files.Exists(path) {
			return fmt.Errorf("%s is there already: remove it, or give another place, such as age:PATH", path)
		}
		if err := safefile.MakeFolder(s.Folder()); err != nil {
			return err
		}
		return s.files.Replace(path, text)
	})
	return Reference(string(secret.Age) + ":" + file), err
}

// MoveSecretFile gives the encrypted secret of a profile to another one, as a copy or not. It refuses to replace one that is there.
func (s Store) MoveSecretFile(ctx context.Context, from, to string, keep bool) (Reference, error) {
	text, err := s.files.Read(filepath.Join(s.dir, profilesFolder, from+".age"))
	if err != nil {
		return "", err
	}
	reference, err := s.PutSecretFile(ctx, to, text)
	if err != nil || keep {
		return reference, err
	}
	return reference, s.RemoveSecretFile(ctx, from)
}

// RemoveSecretFile removes the encrypted secret of a profile that [Store.PutSecretFile] made.
func (s Store) RemoveSecretFile(ctx context.Context, name string) error {
	return s.change(ctx, func() error {
		path := filepath.Join(s.dir, profilesFolder, name+".age")
		if !s.files.Exists(path) {
			return nil
		}
		return s.files.Remove(path)
	})
}

// HasOwnSecretFile reports whether a reference leads to the file that [Store.PutSecretFile] makes for the profile.
func (s Store) HasOwnSecretFile(name string, r Reference) bool {
	parsed, err := r.Parse()
	file := name + ".age"
	return err == nil && parsed.Kind == secret.Age && parsed.Identity == "" &&
		(parsed.Name == file || parsed.Name == filepath.Join(s.dir, profilesFolder, file))
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
