package conffile

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Reader reads configuration files through functions that are given to it.
type Reader struct {
	ReadFile func(path string) ([]byte, error)
	// Glob returns the files that a pattern of include matches, in order. nil finds none.
	Glob func(pattern string) ([]string, error)
	// IsDir reports whether a directory exists. nil means that all do.
	IsDir func(path string) bool
}

// Read reads the file at path, whatever kind it is: exactly one of the results is not nil. Its error is that of reading the file, or wraps
// [ErrUnknownKind].
func (r Reader) Read(path string) (*Redis, *Stunnel, error) {
	data, err := r.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	switch kind := Detect(data); kind {
	case KindRedis, KindSentinel:
		return r.redis(path, data, kind == KindSentinel), nil, nil
	case KindStunnel:
		return nil, r.stunnel(path, data), nil
	default:
		return nil, nil, fmt.Errorf("%s: %w", path, ErrUnknownKind)
	}
}

// glob returns what a pattern matches, without hidden files, which the shells' patterns pass over too.
func (r Reader) glob(pattern string) []string {
	if r.Glob == nil {
		return nil
	}
	found, err := r.Glob(pattern)
	if err != nil {
		return nil
	}
	visible := make([]string, 0, len(found))
	for _, path := range found {
		if !strings.HasPrefix(filepath.Base(path), ".") {
			visible = append(visible, path)
		}
	}
	return visible
}

func (r Reader) isDir(path string) bool { return r.IsDir == nil || r.IsDir(path) }

// join returns path as seen from dir, which may be empty.
func join(dir, path string) string {
	if dir == "" || path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
