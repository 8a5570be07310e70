package profiles

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"redan/profiles/safefile"
)

// recentKept is how many uses are remembered.
const recentKept = 100

// Recent remembers when profiles were used last, in a file of the state directory. It holds names and times, and nothing else.
type Recent struct {
	path  string
	files safefile.Files
}

// NewRecent returns what is remembered in a file, which need not be there.
func NewRecent(path string) Recent {
	return Recent{path: path, files: safefile.Files{Lock: path + ".lock"}}
}

// Load returns when each profile was used last. Lines that cannot be read count for nothing.
func (r Recent) Load() (map[string]time.Time, error) {
	used := map[string]time.Time{}
	text, err := r.files.Read(r.path)
	if errors.Is(err, fs.ErrNotExist) {
		return used, nil
	}
	for line := range strings.Lines(string(text)) {
		at, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		when, wrong := time.Parse(time.RFC3339, at)
		if wrong == nil && CheckName(name) == nil && used[name].Before(when) {
			used[name] = when
		}
	}
	return used, err
}

// Note remembers that a profile was used.
func (r Recent) Note(ctx context.Context, name string, at time.Time) error {
	if err := CheckName(name); err != nil {
		return err
	}
	if err := safefile.MakeFolder(filepath.Dir(r.path)); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	return r.files.Locked(ctx, func() error {
		used, err := r.Load()
		if err != nil {
			return err
		}
		used[name] = at
		names := slices.SortedFunc(maps.Keys(used), func(a, b string) int { return cmp.Or(used[b].Compare(used[a]), cmp.Compare(a, b)) })
		var b strings.Builder
		for _, known := range names[:min(len(names), recentKept)] {
			b.WriteString(used[known].UTC().Format(time.RFC3339Nano) + " " + known + "\n")
		}
		return r.files.Replace(r.path, []byte(b.String()))
	})
}
