package transfer

import (
	"cmp"
	"slices"
	"sync/atomic"
	"time"
)

// Ending is how a bulk load ended.
type Ending string

// The endings.
const (
	// Complete is a load whose every command was answered; some of the replies may be errors.
	Complete Ending = "complete"
	// Silent is a server that said nothing for as long as it was to be waited for.
	Silent Ending = "silence"
	// Truncated is an input that ends inside a command. Those before it were answered.
	Truncated Ending = "truncated"
	// Unconfirmed is a load whose last reply is no echo: the server refused to send one.
	Unconfirmed Ending = "unconfirmed"
	// Lost is a connection that broke, or a server that does not speak the protocol.
	Lost Ending = "lost"
	// Unreadable is an input that failed.
	Unreadable Ending = "unreadable"
	// Stopped is a load that its context ended.
	Stopped Ending = "interrupted"
	// Unsendable is an input with a command that cannot be sent to a cluster: Err is an [*UnsendableError]. Those before it were answered, and
	// it and those behind it were not sent.
	Unsendable Ending = "unsendable"
)

// PipeProgress is how far a bulk load has come.
type PipeProgress struct {
	Bytes    int64 // of input that connections took
	Commands int64 // whole ones in the input read so far
	Replies  int64
	Errors   int64 // replies that are errors
}

// PipeError is an error reply.
type PipeError struct {
	Number int64 // of the reply, from 1 on
	Text   []byte
	Cut    bool // it was longer
}

// ledger is what a bulk load counts, and keeps of its errors.
type ledger struct {
	sent, commands, replies, errors atomic.Int64
	tally                           tally
	last                            []byte // the last error, or what came instead of the echo
}

// Progress may be called at any time, from anywhere.
func (l *ledger) Progress() PipeProgress {
	return PipeProgress{Bytes: l.sent.Load(), Commands: l.commands.Load(), Replies: l.replies.Load(), Errors: l.errors.Load()}
}

// failed accounts for an error reply, and tells it.
func (l *ledger) failed(e PipeError, tell func(PipeError)) {
	l.errors.Add(1)
	l.last = append(l.last[:0], e.Text...)
	l.tally.add(e.Text, e.Number)
	if tell != nil {
		tell(e)
	}
}

// PipeReport is what became of a bulk load.
type PipeReport struct {
	Ending  Ending
	Elapsed time.Duration
	PipeProgress
	// Kinds are the errors by the word that they begin with, the most frequent first.
	Kinds []ErrorKind
	// Cut says what the end of the input cut off.
	Cut *Cut
	// Garbage says from where on the input is not made of commands.
	Garbage *Garbage
	// NUL is the place of a NUL outside of RESP's arguments, where servers look no further; from 1 on, 0 is nowhere.
	NUL int64
	// Uneven tells that replies cannot be assigned to commands: there was one that is not answered with exactly one.
	Uneven bool
	// Last is the last reply that was an error, or was where the echo should have been.
	Last string
	// Err is why the connection or the input failed, and Unread what the server sent that is no reply, or not a whole one. Of a
	// [ClusterPipe] Err says all, and which master it is about.
	Err    error
	Unread []byte
	// Patience is how long the server was silent, for [Silent].
	Patience time.Duration
}

// Unanswered is how many commands were read that no reply came to, as far as that can be known.
func (r *PipeReport) Unanswered() int64 { return max(r.Commands-r.Replies, 0) }

// Cut is the place where an input ends inside a command.
type Cut struct {
	// Offset is the size of the input, Begun where its last command begins, Command that one's number from 1 on.
	Offset, Begun, Command int64
	// Arguments is how many arguments were announced, Argument the number of the one that is not whole; 0 when not even that is known.
	Arguments, Argument int64
	// Length is the length that was announced for this argument and Missing how much of it, with its line break, did not come; 0 when the
	// input ends before that.
	Length, Missing int64
}

// Garbage is the place from which on an input is not made of commands.
type Garbage struct {
	Offset, Command int64
	Detail          string // what should have been there
}

// ErrorKind is what error replies with the same first word have in common.
type ErrorKind struct {
	Word  string // such as "WRONGTYPE"; empty for those that begin with none
	Count int64
	// First is the number of the first reply of this kind and Text what it says.
	First int64
	Text  string
}

// tally counts errors by kinds.
type tally struct{ kinds map[string]*ErrorKind }

// mostKinds bounds what a server that invents error codes makes us keep.
const mostKinds = 64

// longestExample bounds the text that is kept of each kind.
const longestExample = 300

func (t *tally) add(text []byte, number int64) {
	word := codeOf(text)
	kind := t.kinds[string(word)]
	if kind == nil && len(t.kinds) >= mostKinds {
		word = nil
		kind = t.kinds[""]
	}
	if kind == nil {
		if t.kinds == nil {
			t.kinds = map[string]*ErrorKind{}
		}
		kind = &ErrorKind{Word: string(word), First: number, Text: string(text[:min(len(text), longestExample)])}
		t.kinds[kind.Word] = kind
	}
	kind.Count++
}

func (t *tally) list() []ErrorKind {
	all := make([]ErrorKind, 0, len(t.kinds))
	for _, kind := range t.kinds {
		all = append(all, *kind)
	}
	slices.SortFunc(all, func(a, b ErrorKind) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.First, b.First))
	})
	return all
}

// codeOf is the word in capitals that an error begins with.
func codeOf(text []byte) []byte {
	const longest = 32
	for i, c := range text {
		switch {
		case c == ' ' && i > 0:
			return text[:i]
		case i == longest || (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_':
			return nil
		}
	}
	return text
}
