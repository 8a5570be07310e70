package profiles

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"redan/commands/nearest"
	"redan/profiles/safefile"
	"redan/profiles/tomlfile"
)

const (
	extension       = ".toml"
	preferencesFile = "config.toml"
	profilesFolder  = "profiles"
)

// Store is a configuration directory. It is read anew at each call, so that several programs see what the others write.
type Store struct {
	dir, home string
	files     safefile.Files
}

// NewStore returns the store in dir, which need not be there. Paths that begin with ~/ are below home.
func NewStore(dir, home string) Store {
	if absolute, err := filepath.Abs(dir); err == nil {
		dir = absolute
	}
	return Store{dir: dir, home: home, files: safefile.Files{Lock: filepath.Join(dir, ".lock")}}
}

// Directory returns the path of the store.
func (s Store) Directory() string { return s.dir }

// PreferencesPath returns the path of config.toml, whether it is there or not.
func (s Store) PreferencesPath() string { return filepath.Join(s.dir, preferencesFile) }

// Folder returns the path of the folder with the profiles, whether it is there or not.
func (s Store) Folder() string { return filepath.Join(s.dir, profilesFolder) }

// Path returns the path of a profile's file, whether it is there or not. The name must be one that [CheckName] accepts.
func (s Store) Path(name string) string { return filepath.Join(s.dir, profilesFolder, name+extension) }

// Entry is a profile of a list. With Err, which says what is wrong with its file or one that it inherits from, Profile holds what can
// be told nevertheless.
type Entry struct {
	Name    string
	Path    string
	Profile Profile
	Err     error
}

// List returns all profiles by name. A broken file is an entry with its error, and does not touch the others. The error is about the
// folder; when that is not there, there are no profiles.
func (s Store) List() ([]Entry, error) {
	names, err := s.names()
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(names))
	for i, name := range names {
		p, err := s.Load(name)
		entries[i] = Entry{Name: name, Path: s.Path(name), Profile: p, Err: err}
	}
	return entries, nil
}

// Names returns the names of all profiles, broken or not, without reading them.
func (s Store) Names() ([]string, error) { return s.names() }

func (s Store) names() ([]string, error) {
	files, err := safefile.Names(filepath.Join(s.dir, profilesFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("cannot list the profiles: %w", err)
	}
	var names []string
	for _, file := range files {
		if name, ok := strings.CutSuffix(file, extension); ok && CheckName(name) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Load returns a profile with all that it inherits. Errors wrap [ErrNotFound] (with the nearest name), [ErrName], [*CycleError],
// [*NewerError] or hold [tomlfile.Faults].
func (s Store) Load(name string) (Profile, error) {
	unread := Profile{Name: name, Path: s.Path(name)}
	if err := s.exists(name); err != nil {
		return unread, err
	}
	layers, err := s.chain(name, nil)
	if err != nil {
		return unread, err
	}
	defaults, err := s.defaults()
	if err != nil {
		return unread, err
	}
	return decode(name, s.Path(name), merge(slices.Insert(layers, 0, defaults)...))
}

// CycleError says that profiles extend each other in a circle.
type CycleError struct {
	// Path is the way round: the first name is also the last.
	Path []string
	At   tomlfile.Position
}

// Error implements error.
func (e *CycleError) Error() string {
	return fmt.Sprintf("%s: profiles extend each other in a circle: %s", e.At, strings.Join(e.Path, " -> "))
}

// chain returns the layers of a profile, the undermost first. The names in above extend this one.
func (s Store) chain(name string, above []string) ([]layer, error) {
	d, err := s.read(s.Path(name), profileSteps())
	if err != nil {
		return nil, err
	}
	own := newLayer(s.Path(name), d, s.home)
	base := own.text("extends")
	if base == "" {
		return []layer{own}, nil
	}
	at, _ := d.At("extends")
	above = append(slices.Clip(above), name)
	if i := slices.Index(above, base); i >= 0 {
		return nil, &CycleError{Path: append(slices.Clone(above[i:]), base), At: at}
	}
	if err := s.exists(base); err != nil {
		return nil, fmt.Errorf("%s: extends: %w", at, err)
	}
	layers, err := s.chain(base, above)
	if err != nil {
		return nil, err
	}
	for i := range layers {
		layers[i] = layers[i].heritage()
	}
	return append(layers, own), nil
}

// exists returns an error, with the nearest name, unless there is a profile of exactly this name.
func (s Store) exists(name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	names, err := s.names()
	switch {
	case err != nil:
		return err
	case slices.Contains(names, name):
		return nil
	}
	err = fmt.Errorf("%w as %q in %s", ErrNotFound, name, filepath.Join(s.dir, profilesFolder))
	if nearest := nearest.Word(name, names); nearest != "" {
		err = fmt.Errorf("%w; did you mean %q?", err, nearest)
	}
	return err
}

// read returns a file that is there, brought to the newest version.
func (s Store) read(path string, steps []step) (tomlfile.Document, error) {
	text, err := s.files.Read(path)
	if err != nil {
		return tomlfile.Document{}, err
	}
	d, err := tomlfile.Parse(path, text)
	if err != nil {
		return tomlfile.Document{}, err
	}
	return migrate(path, d, steps)
}

// preferencesLayer returns what config.toml says; nothing, when it is not there.
func (s Store) preferencesLayer() (layer, error) {
	path := s.PreferencesPath()
	d, err := s.read(path, preferenceSteps())
	if errors.Is(err, fs.ErrNotExist) {
		return layer{file: path}, nil
	}
	if err != nil {
		return layer{file: path}, err
	}
	return newLayer(path, d, s.home), nil
}

// defaults returns the table defaults of config.toml. Only what is wrong there is an error: a slip in the name of a theme keeps nobody
// from a server.
func (s Store) defaults() (layer, error) {
	all, err := s.preferencesLayer()
	if err != nil {
		return layer{}, fmt.Errorf("the defaults of all profiles cannot be read: %w", err)
	}
	l := all.under("defaults")
	var settings Settings
	return l, tomlfile.Decode(l.leaves, &settings).OrNil()
}

// Preferences returns what config.toml says; a file that is not there says nothing. With an error, which holds [tomlfile.Faults] or is
// [*NewerError], the rest of the file counts, and nothing of it when it cannot be read at all.
func (s Store) Preferences() (Preferences, error) {
	l, err := s.preferencesLayer()
	p := Preferences{places: map[string]tomlfile.Position{}}
	if err != nil {
		return p, err
	}
	for _, leaf := range l.leaves {
		p.places[leaf.Key()] = leaf.At
	}
	return p, tomlfile.Decode(l.leaves, &p).OrNil()
}
