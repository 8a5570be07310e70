package edit

import (
	"unicode/utf8"
)

// Preview is what a change will do, for a person to agree to.
type Preview struct {
	Key string
	DB  int
	// Commands are those that write, word by word as they will be sent. What checks is not among them; see Check.
	Commands [][]string
	// Check is how the server is made to write only if what was read is still there.
	Check Check
	Diff  Diff
	// TTLEffect says what becomes of the time to live: "TTL stays 2h 14m", "no TTL".
	TTLEffect string
	// Undoable tells that [Apply] tries to keep what is removed.
	Undoable bool
}

// Check is how a write is guarded.
type Check string

// The ways to guard a write.
const (
	CheckWatch   Check = "WATCH" // WATCH, read again, MULTI ... EXEC
	CheckIfEqual Check = "IFEQ"  // the command itself compares
)

// Diff is what was there and what will be.
type Diff struct{ Old, New Side }

// Side is one side of a difference: a window on the text around the first byte that differs, so that it can be shown whatever the size.
type Side struct {
	Present bool
	Text    string
	// Before and After are the numbers of bytes left out.
	Before, After int64
	Size          int64
	// Sum is a digest in place of Text, for what is too large to hold.
	Sum string
}

// The window of a difference, in bytes.
const (
	windowBefore = 256
	windowSize   = 4096
)

// Plan says what the change would do to what was read. It is pure. Errors are [ErrUnchanged], [*Exists], [*Absent], [*Invalid],
// [*TypeChanged], [*TooLarge], and those about times that have passed.
func Plan(change Change, read State) (Preview, error) {
	if want := change.keyType(); want != "" && read.Type != want {
		return Preview{}, &TypeChanged{read.Key, want, read.Type}
	}
	script, err := scriptFor(change, read)
	if err != nil {
		return Preview{}, err
	}
	before, after := sides(change, read)
	if before.same(after) && !restarts(change) {
		return Preview{}, ErrUnchanged
	}
	preview := Preview{
		Key: read.Key, DB: read.DB, Commands: script, Check: CheckWatch,
		Diff: diff(before, after), TTLEffect: ttlEffect(change, read),
	}
	if r, ok := change.(remover); ok {
		preview.Undoable = r.removes(read) != ""
	}
	if set, ok := change.(StringSet); ok {
		if command, ok := set.ifEqual(read); ok {
			preview.Check, preview.Commands = CheckIfEqual, [][]string{command}
		}
	}
	return preview, nil
}

// restarts tells that a change has an effect though the value looks the same: a time to live starts anew.
func restarts(change Change) bool {
	switch c := change.(type) {
	case Expire:
		return !c.TTL.IsNever()
	case FieldExpire:
		return !c.TTL.IsNever()
	}
	return false
}

func ttlEffect(change Change, read State) string {
	if l, ok := change.(lasting); ok {
		return l.ttlEffect(read)
	}
	effect := stays(read)
	if read.Old.ExpireAt > 0 {
		effect += "; the field keeps its own"
	}
	return effect
}

// stays says that the time to live is left alone.
func stays(read State) string {
	if !read.Expires {
		return "no TTL"
	}
	return "TTL stays " + FormatTTL(read.Left)
}

// goes says that the key ends.
func goes(read State, what string) string {
	if !read.Expires {
		return what + " goes"
	}
	return what + " goes, with its TTL of " + FormatTTL(read.Left)
}

// lastGoes says that the time to live stays, unless the only element is removed and the key with it.
func lastGoes(read State, element string) string {
	if read.Count == 1 && read.Old.Present {
		return goes(read, "the key") + ": this is its last " + element
	}
	return stays(read)
}

// diff cuts both sides to a window around their first difference.
func diff(before, after Part) Diff {
	start := max(0, commonPrefix(before.Text, after.Text)-windowBefore)
	return Diff{Old: side(before, start), New: side(after, start)}
}

func commonPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// side is a window on a part. It begins and ends between characters, where there are any.
func side(p Part, start int) Side {
	s := Side{Present: p.Present, Size: p.Size, Sum: p.Sum}
	if !p.Present || p.Sum != "" {
		return s
	}
	start = min(start, len(p.Text))
	for range utf8.UTFMax {
		if start == 0 || start == len(p.Text) || utf8.RuneStart(p.Text[start]) {
			break
		}
		start--
	}
	end := min(len(p.Text), start+windowSize)
	for i := range utf8.UTFMax {
		if end == len(p.Text) || end-i <= start {
			break
		}
		if utf8.RuneStart(p.Text[end-i]) {
			end -= i
			break
		}
	}
	s.Text, s.Before, s.After = p.Text[start:end], int64(start), int64(len(p.Text)-end)
	return s
}
