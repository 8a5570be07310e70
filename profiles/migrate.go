package profiles

import (
	"fmt"

	"redan/profiles/tomlfile"
)

// NewerError says that a file was written by a newer redan. It is not read, so that nothing in it is misunderstood, and never rewritten.
type NewerError struct {
	File    string
	Version int64
}

// Error implements error.
func (e *NewerError) Error() string {
	return fmt.Sprintf("%s is of version %d, and this redan knows version %d: use a newer redan; the file is left as it is",
		e.File, e.Version, version)
}

// step brings a document from one version to the next.
type step func(tomlfile.Document) (tomlfile.Document, error)

// migrate brings a document to the version behind the last step. A file without a version is of version 1.
func migrate(file string, d tomlfile.Document, steps []step) (tomlfile.Document, error) {
	from, newest := int64(1), int64(len(steps)+1)
	if said, ok := d.Value("version"); ok {
		number, isNumber := said.(int64)
		if !isNumber || number < 1 {
			at, _ := d.At("version")
			return d, tomlfile.Fault{At: at, Key: "version", Text: "version takes a number from 1 on"}
		}
		from = number
	}
	switch {
	case from > newest:
		return d, &NewerError{File: file, Version: from}
	case from == newest:
		return d, nil
	}
	for _, step := range steps[from-1:] {
		var err error
		if d, err = step(d); err != nil {
			return d, fmt.Errorf("%s cannot be brought to version %d: %w", file, newest, err)
		}
	}
	return d.Set(newest, "version")
}

// profileSteps and preferenceSteps have one step for each version after the first.
func profileSteps() []step { return nil }

func preferenceSteps() []step { return nil }
