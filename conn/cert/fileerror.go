package cert

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
)

// Role is what a file was given as.
type Role int

// The roles of a file.
const (
	RoleCA   Role = iota // --cacert, --cacertdir
	RoleCert             // --cert
	RoleKey              // --key
)

// FileError is a certificate or key file that cannot be used.
type FileError struct {
	Code   string // stable, one of the Code constants
	Role   Role
	Path   string
	Detail string // continues a sentence that begins with Path: "holds a private key, not a certificate"
	Fix    string // what to do next
	Err    error  // the underlying error, if there is one
}

// Error returns the whole sentence.
func (e *FileError) Error() string {
	text := e.Path + " " + e.Detail
	if e.Fix != "" {
		text += "; " + e.Fix
	}
	return text
}

// Unwrap returns the underlying error.
func (e *FileError) Unwrap() error { return e.Err }

// RedisCLI returns the sentence redis-cli has for all faults of such a file; it follows "Could not negotiate a TLS connection: ".
func (e *FileError) RedisCLI() string {
	switch e.Role {
	case RoleCert:
		return "Invalid client certificate"
	case RoleKey:
		return "Invalid private key"
	default:
		return "Invalid CA Certificate File/Directory"
	}
}

// unreadable explains a file that could not be read. owner is "owned by NAME, mode MODE", or empty when even that is not known.
func unreadable(path string, role Role, owner string, err error) *FileError {
	e := &FileError{Code: CodeFileUnreadable, Role: role, Path: path, Err: err}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Detail = "does not exist"
		e.Fix = "check the path"
		if strings.HasPrefix(path, "~") {
			e.Fix = "the shell did not expand ~ here; write $HOME instead"
		}
	case errors.Is(err, fs.ErrPermission):
		e.Detail = "may not be read by you"
		e.Fix = "run as a user who may, or change the permissions of the file and of the folders above it"
		if owner != "" {
			e.Detail += " (" + owner + ")"
		}
	case errors.Is(err, syscall.EISDIR):
		e.Detail = "is a directory"
		e.Fix = "name a file in it"
		if role == RoleCA {
			e.Fix = "name a file in it, or use --cacertdir " + path
		}
	case errors.Is(err, errTooLarge):
		e.Detail = "is larger than any certificate file"
		e.Fix = "check the path"
	default:
		e.Detail = "cannot be read: " + reason(err)
		e.Fix = "check the path"
	}
	return e
}

// reason is the text of err without the path, which the sentence has already.
func reason(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	return err.Error()
}
