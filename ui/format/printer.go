// Package format turns replies into text, byte for byte as redis-cli does.
//
// Everything streams: a [Printer] reads the tokens of one reply and writes its
// text as they come, so ten million elements or a string of 512 MiB need no
// more memory than one line. Only the human layout looks ahead, and no further
// than it must to align indexes and to know whether a map's value fits its line.
//
// It also prints what redis-cli refuses: big numbers, NaN, bulk errors,
// attributes and aggregates of unannounced length. And where redis-cli hands a
// terminal whatever the server sent, a Printer with Terminal set escapes every
// control byte.
package format

import (
	"bufio"
	"errors"
	"io"

	"redan/conn/resp"
)

// Mode is a way to write replies down.
type Mode int

// The modes, each named after the flag of redis-cli that selects it.
const (
	Standard   Mode = iota // --no-raw: for people, with types and indexes
	Raw                    // --raw: the bytes, for scripts
	CSV                    // --csv: all leaves on one line
	JSON                   // --json: bytes over 0x7f are left alone
	QuotedJSON             // --quoted-json: ASCII only
)

// Printer writes replies as text. The zero value prints in [Standard] mode; use
// [New] for the others, whose delimiters are not empty by default.
type Printer struct {
	Mode Mode
	// ElementDelimiter stands between the elements of an aggregate and
	// ReplyDelimiter behind a reply, in Raw mode only.
	ElementDelimiter string
	ReplyDelimiter   string
	// Terminal escapes whatever a terminal could obey: in text that is
	// printed unquoted, every control character (those above 0x7f too, and
	// bytes that are not UTF-8) becomes \xNN, except tab, line feed, and a
	// carriage return right before a line feed. JSON has \u00NN instead.
	Terminal bool
}

// New returns a Printer of that mode with redis-cli's delimiters: a line feed
// between elements and one after a reply.
func New(mode Mode) Printer {
	return Printer{Mode: mode, ElementDelimiter: "\n", ReplyDelimiter: "\n"}
}

// Summary is what a caller may want to know of a reply that was printed.
type Summary struct {
	// Kind is the kind of the reply itself, never [resp.Attribute].
	Kind resp.Kind
	// Err is the error the reply is, with at most the first KiB of its text,
	// or nil. Errors inside an aggregate do not count.
	Err error
}

// Print reads exactly one reply from src and writes it to w with its
// terminator. It does not flush w.
//
// The error is that of src or of w. It is io.EOF only if src ended before the
// reply began; text of a reply that broke off may have been written by then.
func (p Printer) Print(w *bufio.Writer, src resp.Source) (Summary, error) {
	r := rendering{Printer: p, out: w, buf: w.AvailableBuffer(), tokens: lookahead{src: src}}
	summary, err := r.reply()
	if err != nil {
		return summary, err
	}
	if p.Mode == Raw {
		r.buf = append(r.buf, p.ReplyDelimiter...)
	} else {
		r.buf = append(r.buf, '\n')
	}
	r.flush()
	return summary, r.err
}

// PrintPlain is [Printer.Print] for commands whose reply is a text for people,
// such as INFO and CLIENT LIST: whatever the mode, the text is printed as it is
// and nothing is added, except a line feed after an error.
func (p Printer) PrintPlain(w *bufio.Writer, src resp.Source) (Summary, error) {
	p.Mode = Raw
	r := rendering{Printer: p, out: w, buf: w.AvailableBuffer(), tokens: lookahead{src: src}}
	summary, err := r.reply()
	if err != nil {
		return summary, err
	}
	r.flush()
	return summary, r.err
}

// Append appends the text of v to dst as [Printer.Print] writes it, but without
// the terminator. A value that no reader returns (a map with a key too many)
// is printed as far as it makes sense.
func (p Printer) Append(dst []byte, v resp.Value) []byte {
	r := rendering{Printer: p, buf: dst, tokens: lookahead{src: v.Source()}}
	_, _ = r.reply() // only a value that is no reply can fail
	return r.buf
}

// String returns the text of v, as [Printer.Append] does.
func (p Printer) String(v resp.Value) string { return string(p.Append(nil, v)) }

// reply renders one reply without its terminator. What was rendered before an
// error is handed on as well.
func (r *rendering) reply() (Summary, error) {
	first, err := r.tokens.next()
	if err != nil {
		return Summary{}, err
	}
	r.top = true
	r.value(first)
	if r.err != nil {
		err = r.err
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		r.flush()
	}
	return r.summary, err
}
