package transfer

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
)

// ReplicationError says why a snapshot or a stream of commands could not be had. Line is what redis-cli says, for scripts that look for
// it; Cause and Fix say what it does not.
type ReplicationError struct {
	Line  string
	Cause string // empty when Line says it all
	Fix   string // empty when nobody can know
	Err   error
}

// Error returns Line and Cause.
func (e *ReplicationError) Error() string {
	if e.Cause == "" {
		return e.Line
	}
	return e.Line + " (" + e.Cause + ")"
}

// Unwrap returns the underlying error.
func (e *ReplicationError) Unwrap() error { return e.Err }

// ErrSilence says that a server kept silent for longer than a replica waits.
var ErrSilence = errors.New("not a byte came")

// refused explains an error reply to SYNC by its code; the texts behind the codes are not looked at.
func refused(reply string) *ReplicationError {
	e := &ReplicationError{Line: "SYNC with master failed: " + reply, Err: errors.New(strings.TrimPrefix(reply, "-"))}
	code, _, _ := strings.Cut(strings.TrimPrefix(reply, "-"), " ")
	switch code {
	case "NOAUTH":
		e.Cause, e.Fix = "the server wants a password", "give one: REDISCLI_AUTH, --askpass or a profile"
	case "NOPERM":
		e.Cause = "the user may not take the dataset as a replica does"
		e.Fix = "a user with the commands replconf and sync, as ACL SETUSER NAME +replconf +sync grants them"
	case "NOMASTERLINK":
		e.Cause = "the server is a replica that has lost its master, so it has nothing it may vouch for"
		e.Fix = "ask its master, or wait until INFO replication says master_link_status:up"
	case "LOADING":
		e.Cause, e.Fix = "the server has just started and reads its dataset", "try again when INFO persistence says loading:0"
	case "ERR":
		e.Fix = "a proxy, a sentinel and many hosted services do not hand out their dataset; the provider's own backups do"
	}
	return e
}

// broken explains a connection that ended before it should have.
func broken(line string, err error, cause string) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return &ReplicationError{Line: line, Err: err, Cause: severance(err) + cause}
}

// severance is how a connection ended.
func severance(err error) string {
	var number syscall.Errno
	switch {
	case errors.Is(err, ErrSilence), errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "the server fell silent"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the server closed the connection"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection was reset"
	case errors.As(err, &number):
		return "the connection broke: " + number.Error()
	}
	return "the connection broke: " + err.Error()
}
