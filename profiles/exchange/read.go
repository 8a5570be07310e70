package exchange

import (
	"fmt"
	"path/filepath"
)

const (
	// maxFile bounds a file, and what a zip unfolds to.
	maxFile = 4 << 20
	// maxServers bounds how many entries a file may have.
	maxServers = 2000
	// maxNotes bounds how much is told of a file that is nothing but faults.
	maxNotes = 50
)

// file is what a parser is given.
type file struct {
	// name is for places in errors; folder is where relative paths are relative to.
	name, folder string
	data         []byte
}

// found is what a parser returns: all servers, broken ones too.
type found struct {
	servers []server
	count   int     // of the servers, those past the bound too
	entries []Entry // of our own formats, which need no translation
	notes   []string
	untold  int // notes past the bound
}

// add adds a server.
func (f *found) add(s server) {
	f.count++
	if f.count <= maxServers {
		f.servers = append(f.servers, s)
	}
}

// notef adds a line about what was not taken over.
func (f *found) notef(format string, args ...any) {
	if len(f.notes) == maxNotes {
		f.untold++
		return
	}
	f.notes = append(f.notes, fmt.Sprintf(format, args...))
}

// Read returns the servers of a file, whose format is told by its content, and by the end of its name where that leaves it open. name is
// the path of the file: paths in it that are relative are so to its folder, provided that name is absolute. The error is about the whole
// file and wraps [ErrUnknownFormat], [ErrTooLarge], [ErrMalformed] or [ErrEmpty].
func Read(name string, data []byte) (Result, error) {
	if len(data) > maxFile {
		return Result{}, tooLarge(name)
	}
	format, ok := Detect(name, data)
	if !ok {
		return Result{}, unknown(filepath.Base(name))
	}
	return ReadAs(format, name, data)
}

// ReadAs is [Read] of a format that is known.
func ReadAs(format Format, name string, data []byte) (Result, error) {
	if len(data) > maxFile {
		return Result{}, tooLarge(name)
	}
	f := file{name: filepath.Base(name), data: data}
	if filepath.IsAbs(name) {
		f.folder = filepath.Dir(name)
	}
	parse := parser(format)
	if parse == nil {
		return Result{}, fmt.Errorf("%s: %s %w", f.name, format, ErrUnknownFormat)
	}
	all, err := parse(f)
	if err != nil {
		return Result{}, fmt.Errorf("%s %w", f.name, err)
	}
	result := collect(all)
	result.Format = format
	if len(result.Entries) == 0 && len(result.Notes) == 0 {
		return result, fmt.Errorf("%s, read as %s, %w", f.name, format.Title(), ErrEmpty)
	}
	return result, nil
}

func tooLarge(name string) error {
	return fmt.Errorf("%s %w: at most %d MiB are read", filepath.Base(name), ErrTooLarge, maxFile>>20)
}

func parser(format Format) func(file) (found, error) {
	switch format {
	case RedisInsight:
		return readRedisInsight
	case AnotherRDM:
		return readAnotherRDM
	case TinyRDM:
		return readTinyRDM
	case RESPApp:
		return readRESPApp
	case IRedis:
		return readIRedis
	case URIs:
		return readURIs
	case Env:
		return readEnv
	case IBM:
		return readIBM
	case Stunnel:
		return readStunnel
	case TOML:
		return readTOML
	case JSON:
		return readJSON
	case Shell:
	}
	return nil
}

// collect makes entries of servers. One that is broken becomes a note.
func collect(all found) Result {
	result := Result{Entries: all.entries}
	taken := names{}
	for i := range all.servers {
		s := &all.servers[i]
		s.label = labelOf(s.label)
		e, err := s.entry(taken)
		if err != nil {
			all.notef("%s", s.broken(i+1, err))
			continue
		}
		result.Entries = append(result.Entries, e)
	}
	result.Notes = all.notes
	if all.count > maxServers {
		result.Notes = append(result.Notes, fmt.Sprintf("of %d servers, the first %d are read", all.count, maxServers))
	}
	if all.untold > 0 {
		result.Notes = append(result.Notes, fmt.Sprintf("and %d more of the kind", all.untold))
	}
	return result
}

// broken is the note about a server that cannot be taken over.
func (s *server) broken(number int, err error) string {
	switch label := short(s.label); {
	case label != "":
		return fmt.Sprintf("%q is left out: %v", label, err)
	case s.line > 0:
		return fmt.Sprintf("line %d is left out: %v", s.line, err)
	}
	return fmt.Sprintf("entry %d is left out: %v", number, err)
}
