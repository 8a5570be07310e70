package edit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"redan/conn/resp"
)

// ErrUnchanged says that the server already has what the change asks for.
var ErrUnchanged = errors.New("nothing to write: the value is the same")

// ErrBusy says that others wrote to the key during every attempt. Nothing was written.
var ErrBusy = errors.New("nothing was written: the key, though not what you edit of it, changed during every attempt; try again")

// ErrMoving says that the slot of the key is being moved to another node of the cluster. Nothing was written.
var ErrMoving = errors.New("nothing was written: its slot is being moved to another node of the cluster; try again when that is done")

// ErrSession says that the session cannot be used: a transaction of the user is open on it, or it is in another database.
var ErrSession = errors.New("this connection cannot be used for a checked write")

// errAgain says that an attempt wrote nothing because something else of the key was written meanwhile.
var errAgain = errors.New("the key was written meanwhile")

// errMoved is errAgain because the key is on another node, which the next attempt asks.
var errMoved = fmt.Errorf("the key is on another node: %w", errAgain)

// errNoCondition says that the server knows no SET ... IFEQ, whatever its version says.
var errNoCondition = errors.New("the server cannot compare and set in one command")

// codeGeneric is what a server answers with to an unknown command or option, among other things.
const codeGeneric = "ERR"

// Conflict says that what was read is no longer what is there. Nothing was written.
//
//nolint:errname // reads as a sentence where it is used: edit.Conflict
type Conflict struct {
	Read   State  // what the user saw
	Theirs State  // what is there now; applying the change to it overwrites it
	Yours  Change // what would have been written
}

// Error tells which key.
func (e *Conflict) Error() string {
	return fmt.Sprintf("nothing was written: %q was changed by someone else after you read it", e.Read.Key)
}

// Gone says that the key no longer exists: deleted or expired. Nothing was written.
//
//nolint:errname // reads as a sentence where it is used: edit.Gone
type Gone struct{ Key string }

// Error tells which key.
func (e *Gone) Error() string {
	return fmt.Sprintf("nothing was written: %q no longer exists; it was deleted or has expired", e.Key)
}

// TypeChanged says that the key holds another type than the change is for. Nothing was written.
//
//nolint:errname // reads as a sentence where it is used: edit.TypeChanged
type TypeChanged struct{ Key, Want, Is string }

// Error tells the types.
func (e *TypeChanged) Error() string {
	return fmt.Sprintf("nothing was written: %q is a %s and no %s", e.Key, e.Is, e.Want)
}

// Exists says that there is something where a new name was to be. Nothing was written.
//
//nolint:errname // reads as a sentence where it is used: edit.Exists
type Exists struct {
	Key     string
	DB      int
	Element string // a field or member of Key; empty when it is the key itself
}

// Error tells what is in the way.
func (e *Exists) Error() string {
	if e.Element != "" {
		return fmt.Sprintf("nothing was written: %q has %q already; choose another name", e.Key, e.Element)
	}
	return fmt.Sprintf("nothing was written: %q exists already in database %d; choose another name or delete that key first", e.Key, e.DB)
}

// Absent says that the element to be changed is not there.
//
//nolint:errname // reads as a sentence where it is used: edit.Absent
type Absent struct{ Key, Element string }

// Error tells what is missing.
func (e *Absent) Error() string { return fmt.Sprintf("%q has no %s", e.Key, e.Element) }

// Invalid says that a change makes no sense on any server.
//
//nolint:errname // reads as a sentence where it is used: edit.Invalid
type Invalid struct{ Reason string }

// Error tells why.
func (e *Invalid) Error() string { return e.Reason }

// TooLarge says that a value is larger than this package holds in memory.
//
//nolint:errname // reads as a sentence where it is used: edit.TooLarge
type TooLarge struct {
	Key  string
	Size int64 // bytes
}

// Error tells how large.
func (e *TooLarge) Error() string {
	return fmt.Sprintf("%q takes %d bytes, more than can be copied through this program", e.Key, e.Size)
}

// Refused is an error reply of the server, with what can be done about it. It unwraps to the [resp.ServerError].
//
//nolint:errname // reads as a sentence where it is used: edit.Refused
type Refused struct {
	Command []string
	Reply   resp.ServerError
	// Applied is how many commands of the transaction were carried out: the server does not take back those beside one that failed. It is
	// 0 nearly always, since the server looks at all commands before it runs the first.
	Applied int
}

// Error is the server's text, and a hint.
func (e *Refused) Error() string {
	text := string(e.Reply)
	if len(e.Command) > 0 {
		text = e.Command[0] + ": " + text
	}
	if e.Applied > 0 {
		text += " (" + strconv.Itoa(e.Applied) + " other commands of the change were carried out; read the key again)"
	}
	if hint := e.Hint(); hint != "" {
		text += " (" + hint + ")"
	}
	return text
}

// Unwrap returns the server's error.
func (e *Refused) Unwrap() error { return e.Reply }

// Code is the first word of the server's error, its stable part: READONLY, NOPERM, OOM ...
func (e *Refused) Code() string {
	code, _, _ := strings.Cut(string(e.Reply), " ")
	return code
}

// Hint says what to do next; it is empty when nobody can know.
func (e *Refused) Hint() string {
	switch e.Code() {
	case "READONLY":
		return "this is a read-only replica; connect to its master to write"
	case "NOPERM":
		return "the user of this connection may not do that; ask for the permission or connect as another user"
	case "CROSSSLOT":
		return "the two keys are on different nodes of the cluster; copy the key and then delete the old one, or choose a name with the same {tag}"
	case "MOVED", "ASK":
		return "the key is on another node of the cluster; connect with -c"
	case "OOM":
		return "the server is at its memory limit; delete something first or raise maxmemory"
	case "MISCONF", "NOREPLICAS":
		return "the server refuses all writes until its persistence or replication works again"
	}
	return ""
}

// Unsure says that the connection broke after the write was sent and before its reply came. It may or may not have been carried out:
// read the key again.
//
//nolint:errname // reads as a sentence where it is used: edit.Unsure
type Unsure struct{ Err error }

// Error tells what to do.
func (e *Unsure) Error() string {
	return "the connection broke while the write was under way, so it may or may not have happened; read the key again: " + e.Err.Error()
}

// Unwrap returns what broke the connection.
func (e *Unsure) Unwrap() error { return e.Err }
