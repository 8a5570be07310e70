package profiles

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"redan/profiles/safefile"
	"redan/profiles/tomlfile"
)

// lockPatience is how long a change waits for another program's.
const lockPatience = 30 * time.Second

// Change is one key of a file that is to be set or removed.
type Change struct {
	Path  []string
	Value any // string, bool, int, int64 or []string; nil removes the key, or a table with all that is in it
}

// Set returns the change that sets a key: Set("db.example", "tls", "server_name").
func Set(value any, path ...string) Change { return Change{Path: path, Value: value} }

// Unset returns the change that removes a key, or a table with all that is in it.
func Unset(path ...string) Change { return Change{Path: path} }

// change calls work under the lock of the store.
func (s Store) change(ctx context.Context, work func() error) error {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	if err := s.files.Locked(ctx, work); err != nil {
		return fmt.Errorf("nothing is changed: %w", err)
	}
	return nil
}

// Create makes a profile. The error wraps [ErrExists] when the name is taken, if only in other capitals: that is the same file on some
// systems, and on the others an accident to come.
func (s Store) Create(ctx context.Context, name string, changes ...Change) error {
	return s.change(ctx, func() error {
		if err := s.free(name, ""); err != nil {
			return err
		}
		d, err := tomlfile.Parse(s.Path(name), nil)
		if err != nil {
			return err
		}
		return s.write(name, d, slices.Insert(slices.Clone(changes), 0, Set(version, "version")))
	})
}

// Edit changes keys of a profile's own file. Other lines stay as they are, byte for byte. Nothing is written when the result would be
// faulty, and when nothing changes. A file that is faulty already can be edited when that mends it.
func (s Store) Edit(ctx context.Context, name string, changes ...Change) error {
	return s.change(ctx, func() error {
		if err := s.exists(name); err != nil {
			return err
		}
		d, err := s.read(s.Path(name), profileSteps())
		if err != nil {
			return err
		}
		return s.write(name, d, changes)
	})
}

// Replace makes a profile anew in the place of one of the same name, faulty or not: at every moment there is the old one or the new one.
func (s Store) Replace(ctx context.Context, name string, changes ...Change) error {
	return s.change(ctx, func() error {
		if err := s.exists(name); err != nil {
			return err
		}
		if _, err := s.read(s.Path(name), profileSteps()); isNewer(err) {
			return err
		}
		d, err := tomlfile.Parse(s.Path(name), nil)
		if err != nil {
			return err
		}
		return s.write(name, d, slices.Insert(slices.Clone(changes), 0, Set(version, "version")))
	})
}

// write writes a profile with changes, after it was checked on its own.
func (s Store) write(name string, before tomlfile.Document, changes []Change) error {
	after, err := applied(before, changes)
	if err != nil {
		return err
	}
	own := newLayer(s.Path(name), after, s.home)
	p, err := decode(name, s.Path(name), own.leaves)
	if err != nil {
		return err
	}
	if err := s.extendable(name, p.Extends, after); err != nil {
		return err
	}
	return s.replace(s.Path(name), after)
}

// extendable returns an error unless a profile can extend base.
func (s Store) extendable(name, base string, d tomlfile.Document) error {
	if base == "" {
		return nil
	}
	at, _ := d.At("extends")
	if base == name {
		return &CycleError{Path: []string{name, name}, At: at}
	}
	if err := s.exists(base); err != nil {
		return fmt.Errorf("%s: extends: %w", at, err)
	}
	_, err := s.chain(base, []string{name})
	if _, circle := errors.AsType[*CycleError](err); circle {
		return err
	}
	return nil // what else is wrong with the base is no fault of this file
}

// applied returns a document with changes.
func applied(d tomlfile.Document, changes []Change) (tomlfile.Document, error) {
	for _, c := range changes {
		var err error
		if c.Value == nil {
			d, err = d.Unset(c.Path...)
		} else {
			d, err = d.Set(c.Value, c.Path...)
		}
		if err != nil {
			return d, err
		}
	}
	return d, nil
}

// replace writes a document, unless the file has that content.
func (s Store) replace(path string, d tomlfile.Document) error {
	if old, err := s.files.Read(path); err == nil && bytes.Equal(old, d.Bytes()) {
		return nil
	}
	if err := safefile.MakeFolder(filepath.Dir(path)); err != nil {
		return err
	}
	return s.files.Replace(path, d.Bytes())
}

// Write puts a whole text in the place of a profile's file, or makes it: for an editor, and for import. Nothing is written when the
// text is faulty.
func (s Store) Write(ctx context.Context, name string, text []byte) error {
	return s.change(ctx, func() error {
		if err := s.exists(name); errors.Is(err, ErrNotFound) {
			err = s.free(name, "")
			if err != nil {
				return err
			}
		} else if err != nil {
			return err
		} else if _, err := s.read(s.Path(name), profileSteps()); isNewer(err) {
			return err
		}
		d, err := tomlfile.Parse(s.Path(name), text)
		if err != nil {
			return err
		}
		if d, err = migrate(s.Path(name), d, profileSteps()); err != nil {
			return err
		}
		return s.write(name, d, nil)
	})
}

func isNewer(err error) bool {
	_, newer := errors.AsType[*NewerError](err)
	return newer
}

// Text returns a profile's own file as it is, faulty or not.
func (s Store) Text(name string) ([]byte, error) {
	if err := s.exists(name); err != nil {
		return nil, err
	}
	return s.files.Read(s.Path(name))
}

// free returns an error unless a profile can have the name. The profile named self may change the case of its own.
func (s Store) free(name, self string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	names, err := s.names()
	if err != nil {
		return err
	}
	for _, taken := range names {
		if taken != self && strings.EqualFold(taken, name) {
			text := ""
			if taken != name {
				text = ", which is the same file on systems that do not tell capitals from small letters"
			}
			return fmt.Errorf("%w: %q%s", ErrExists, taken, text)
		}
	}
	if s.files.Exists(s.Path(name)) && !strings.EqualFold(name, self) {
		return fmt.Errorf("%w: %s", ErrExists, s.Path(name)) // a folder, or a link that leads nowhere
	}
	return nil
}

// Rename gives a profile another name, in the profiles that extend it, too.
func (s Store) Rename(ctx context.Context, from, to string) error {
	return s.change(ctx, func() error {
		if err := s.exists(from); err != nil {
			return err
		}
		if err := s.free(to, from); err != nil {
			return err
		}
		heirs, err := s.heirs(from)
		if err != nil {
			return err
		}
		changed := make([]tomlfile.Document, len(heirs))
		for i, heir := range heirs {
			if changed[i], err = heir.document.Set(to, "extends"); err != nil {
				return err
			}
		}
		if err := s.files.Rename(s.Path(from), s.Path(to)); err != nil {
			return err
		}
		for i, heir := range heirs {
			if err := s.replace(s.Path(heir.name), changed[i]); err != nil {
				return fmt.Errorf("%s is renamed to %s, and %s still extends it under its old name: %w", from, to, heir.name, err)
			}
		}
		return nil
	})
}

// Copy makes a profile with the text of another one.
func (s Store) Copy(ctx context.Context, from, to string) error {
	return s.change(ctx, func() error {
		if err := s.exists(from); err != nil {
			return err
		}
		if err := s.free(to, ""); err != nil {
			return err
		}
		text, err := s.files.Read(s.Path(from))
		if err != nil {
			return err
		}
		return s.files.Replace(s.Path(to), text)
	})
}

// Remove removes a profile, broken or not. The error wraps [ErrInUse] when others extend it.
func (s Store) Remove(ctx context.Context, name string) error {
	return s.change(ctx, func() error {
		if err := s.exists(name); err != nil {
			return err
		}
		heirs, err := s.heirs(name)
		if err != nil {
			return err
		}
		if len(heirs) > 0 {
			names := make([]string, len(heirs))
			for i, heir := range heirs {
				names[i] = heir.name
			}
			return fmt.Errorf("%q stays: %w: %s", name, ErrInUse, strings.Join(names, ", "))
		}
		return s.files.Remove(s.Path(name))
	})
}

// Heirs lists the profiles that extend one directly.
func (s Store) Heirs(name string) ([]string, error) {
	if err := s.exists(name); err != nil {
		return nil, err
	}
	heirs, err := s.heirs(name)
	names := make([]string, len(heirs))
	for i, heir := range heirs {
		names[i] = heir.name
	}
	return names, err
}

// heir is a profile that extends another one.
type heir struct {
	name     string
	document tomlfile.Document
}

// heirs returns the profiles that extend one directly. A file that cannot be read extends nobody.
func (s Store) heirs(name string) ([]heir, error) {
	names, err := s.names()
	if err != nil {
		return nil, err
	}
	var heirs []heir
	for _, other := range names {
		d, err := s.read(s.Path(other), profileSteps())
		if err != nil {
			continue
		}
		if base, _ := d.Value("extends"); base == name && other != name {
			heirs = append(heirs, heir{other, d})
		}
	}
	return heirs, nil
}

// EditPreferences changes keys of config.toml, which is made when it is not there. Nothing is written when the result would be faulty.
func (s Store) EditPreferences(ctx context.Context, changes ...Change) error {
	return s.change(ctx, func() error {
		path := s.PreferencesPath()
		var d tomlfile.Document
		var err error
		if s.files.Exists(path) {
			d, err = s.read(path, preferenceSteps())
		} else if d, err = tomlfile.Parse(path, nil); err == nil {
			d, err = d.Set(version, "version")
		}
		if err != nil {
			return err
		}
		if d, err = applied(d, changes); err != nil {
			return err
		}
		var p Preferences
		if err := tomlfile.Decode(newLayer(path, d, s.home).leaves, &p).OrNil(); err != nil {
			return err
		}
		return s.replace(path, d)
	})
}
