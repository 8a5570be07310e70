package resp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
)

// Limits bound what a peer can make a [Reader] hold or wait for. Memory grows
// with what arrives, never with what is promised, so they are generous.
type Limits struct {
	// Depth is how deep aggregates may nest.
	Depth int
	// Bulk is the largest length in bytes a string may announce.
	Bulk int64
	// Elements is the largest number of elements (pairs for maps) an aggregate
	// may announce.
	Elements int64
}

// DefaultLimits allow everything a Redis server can send: its strings end at
// 512 MiB unless proto-max-bulk-len is raised, its aggregates at 2^32-1 elements.
func DefaultLimits() Limits {
	return Limits{Depth: 512, Bulk: 4 << 30, Elements: 1<<32 - 1}
}

// ProtocolError says that the peer does not speak the protocol. The stream is
// of no use after it.
type ProtocolError struct {
	Detail string // such as `got "H" as reply type byte`
}

func (e *ProtocolError) Error() string { return "Protocol error, " + e.Detail }

// bufferSize is the reader's buffer and so the longest token. It is one read of
// a loopback socket, and small enough to stay in a processor's cache.
const bufferSize = 64 << 10

// maxNumber is the longest line that can be a length, an integer or a double.
const maxNumber = 512

// minBufferSize holds any such line.
const minBufferSize = 2 * maxNumber

const crlf = "\r\n"

// Reader reads replies from a stream. It is not safe for concurrent use.
type Reader struct {
	src    io.Reader
	limits Limits

	buf        []byte
	start, end int // buf[start:end] is read but not consumed
	err        error

	open       []frame // the aggregates we are in
	part       partial // the scalar we are in
	attributed bool    // an attribute ended, the value it describes is to come
}

// frame is an aggregate whose children are being read.
type frame struct {
	kind      Kind
	remaining int64 // children still to come; if not announced, -1 less those that came
}

// partial is a scalar that did not fit one token.
type partial struct {
	kind      Kind // 0 when there is none
	remaining int64
	line      bool // ends at CRLF instead of after remaining bytes
	chunked   bool // a streamed string: ";n" chunks follow
}

// NewReader returns a Reader on r with [DefaultLimits].
func NewReader(r io.Reader) *Reader { return NewReaderLimits(r, DefaultLimits()) }

// NewReaderLimits returns a Reader on r with the given limits.
func NewReaderLimits(r io.Reader, limits Limits) *Reader {
	limits.Bulk = min(limits.Bulk, math.MaxInt64-int64(len(crlf)))
	limits.Elements = min(limits.Elements, math.MaxInt64/2) // a pair is two children
	size := bufferSize
	if whole, ok := r.(*bytes.Reader); ok {
		// A reply that lies in memory needs no more, and there may be thousands of them.
		size = min(max(whole.Len(), minBufferSize), bufferSize)
	}
	return &Reader{src: r, limits: limits, buf: make([]byte, size)}
}

// Buffered returns the number of bytes read from the stream and not consumed.
func (r *Reader) Buffered() int { return r.end - r.start }

// PeekKind returns the kind byte of the next value without consuming it. It
// must be called between values. For RESP2's nulls it returns the byte on the
// wire, [BulkString] or [Array]. Errors are those of [Reader.Next], but an error
// of the stream met here does not stick: a peek that timed out may be repeated.
func (r *Reader) PeekKind() (Kind, error) {
	if r.err != nil {
		return 0, r.err
	}
	if err := r.need(1); err != nil {
		return 0, r.truncated(err)
	}
	return Kind(r.buf[r.start]), nil
}

// Midway reports whether a value has been read in part. Its attributes are a part.
func (r *Reader) Midway() bool { return len(r.open) > 0 || r.part.kind != 0 || r.attributed }

// Next returns the next token. Errors are *[ProtocolError], io.EOF between
// values, io.ErrUnexpectedEOF inside one, or the stream's own; they stick.
func (r *Reader) Next() (tok Token, err error) {
	if r.err != nil {
		return Token{}, r.err
	}
	if r.short(&tok) {
		return tok, nil
	}
	if tok, err = r.next(); err != nil {
		r.err = r.truncated(err)
		return Token{}, r.err
	}
	return tok, nil
}

// truncated tells the end of the stream inside a value from one between values.
func (r *Reader) truncated(err error) error {
	if errors.Is(err, io.EOF) && (r.Midway() || r.Buffered() > 0) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// short reads the next token if it is a bulk string or an integer that lies
// whole in the buffer. Nearly all tokens of long replies do, and this is several
// times as fast as next, which does the same. It fills in a token because
// returning one by value would cost as much again. When it declines, nothing is
// consumed.
func (r *Reader) short(tok *Token) bool {
	if n := len(r.open); r.part.kind != 0 || n > 0 && r.open[n-1].remaining == 0 {
		return false
	}
	b := r.buf[r.start:r.end]
	n, size := shortNumber(b)
	if size == 0 {
		return false
	}
	switch Kind(b[0]) {
	case Integer:
		tok.Kind, tok.Int = Integer, n
	case BulkString:
		if n > r.limits.Bulk || n > int64(len(b)-size-len(crlf)) {
			return false
		}
		end := size + int(n)
		if b[end] != '\r' || b[end+1] != '\n' {
			return false
		}
		tok.Kind, tok.Text = BulkString, b[size:end:end]
		size = end + len(crlf)
	default:
		return false
	}
	r.beginValue(tok.Kind)
	r.start += size
	return true
}

func (r *Reader) next() (Token, error) {
	if r.part.kind != 0 {
		return r.continueScalar()
	}
	if n := len(r.open); n > 0 && r.open[n-1].remaining == 0 {
		return r.closeAggregate(), nil
	}
	if err := r.need(1); err != nil {
		return Token{}, err
	}
	kind := Kind(r.buf[r.start])
	if kind == '.' && len(r.open) > 0 && r.open[len(r.open)-1].remaining < 0 {
		return r.closeStreamed()
	}
	r.beginValue(kind)
	switch kind {
	case SimpleString, SimpleError, BigNumber:
		r.start++
		r.part = partial{kind: kind, line: true}
		return r.continueScalar()
	case Integer, Boolean, Double, Null:
		return r.scalarLine(kind)
	case BulkString, BulkError, VerbatimString:
		return r.bulk(kind)
	case Array, Map, Set, Push, Attribute:
		return r.openAggregate(kind)
	default:
		return Token{}, &ProtocolError{fmt.Sprintf("got %s as reply type byte", quoteByte(byte(kind)))}
	}
}

// beginValue accounts for a value that begins. Attributes are not children.
func (r *Reader) beginValue(kind Kind) {
	if kind == Attribute {
		return
	}
	r.attributed = false
	if n := len(r.open); n > 0 {
		r.open[n-1].remaining--
	}
}

func (r *Reader) closeAggregate() Token {
	top := r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	r.attributed = top.kind == Attribute
	return Token{Kind: top.kind, End: true}
}

// closeStreamed consumes the "." that ends an aggregate whose length was not announced.
func (r *Reader) closeStreamed() (Token, error) {
	line, err := r.number()
	if err != nil {
		return Token{}, err
	}
	top := r.open[len(r.open)-1]
	children := -1 - top.remaining
	switch {
	case len(line) > 0:
		return Token{}, &ProtocolError{fmt.Sprintf("bad end %q of %s", line, top.kind)}
	case r.attributed:
		return Token{}, &ProtocolError{fmt.Sprintf("%s ends after an attribute without its value", top.kind)}
	case top.kind == Map && children%2 != 0:
		return Token{}, &ProtocolError{"map ends after a key without its value"}
	}
	return r.closeAggregate(), nil
}

func (r *Reader) openAggregate(kind Kind) (Token, error) {
	line, err := r.number()
	if err != nil {
		return Token{}, err
	}
	if string(line) == "?" && kind != Push && kind != Attribute {
		return r.push(kind, -1)
	}
	n, err := parseInt(line)
	switch {
	case err != nil || n < -1 || n == -1 && kind != Array:
		return Token{}, &ProtocolError{fmt.Sprintf("invalid length %q of %s", line, kind)}
	case n == -1:
		return Token{Kind: NullArray}, nil
	case n > r.limits.Elements:
		return Token{}, &ProtocolError{fmt.Sprintf("%s of %d elements is over the limit of %d", kind, n, r.limits.Elements)}
	case kind == Map || kind == Attribute:
		n *= 2
	}
	return r.push(kind, n)
}

func (r *Reader) push(kind Kind, n int64) (Token, error) {
	if len(r.open) >= r.limits.Depth {
		return Token{}, &ProtocolError{fmt.Sprintf("reply nests deeper than %d levels", r.limits.Depth)}
	}
	r.open = append(r.open, frame{kind: kind, remaining: n})
	return Token{Kind: kind, Int: n}, nil
}

// Read returns the next whole reply, attributes attached to the values they
// describe. Errors are those of [Reader.Next].
func (r *Reader) Read() (Value, error) { return Collect(r) }

// Unread returns what has arrived and was not returned yet. It is valid until the reader is used again, and meant for a stream that goes
// on as something else than replies.
func (r *Reader) Unread() []byte { return r.buf[r.start:r.end] }

// Discard consumes n bytes of what Unread returned, which must be whole replies. It must be called between values.
func (r *Reader) Discard(n int) { r.start += n }
