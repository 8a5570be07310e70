// Package resp speaks the Redis serialization protocol, versions 2 and 3.
//
// It keeps what arrived: a status is not a bulk string, a map keeps its wire
// order, a null knows which of the three nulls it was. Turning a reply into
// text is left to the last printer (package ui/format).
//
// There are two ways to read. [Reader.Read] returns one whole [Value].
// [Reader.Next] returns one [Token] at a time, so that a reply of ten million
// elements, or of 512 MiB, passes through in constant memory. Both are bounded: see
// [Limits].
//
// The protocol is described at https://redis.io/docs/latest/develop/reference/protocol-spec/.
package resp

// Kind says what a value is. Except for the two nulls of RESP2 it is the byte
// that opens the value on the wire.
type Kind byte

// The kinds of RESP2 and RESP3.
const (
	SimpleString   Kind = '+'
	SimpleError    Kind = '-'
	Integer        Kind = ':'
	BulkString     Kind = '$'
	Array          Kind = '*'
	Null           Kind = '_' // the null of RESP3
	Boolean        Kind = '#'
	Double         Kind = ','
	BigNumber      Kind = '('
	BulkError      Kind = '!'
	VerbatimString Kind = '='
	Map            Kind = '%'
	Set            Kind = '~'
	Push           Kind = '>'
	Attribute      Kind = '|'

	// NullBulk and NullArray are RESP2's nulls, "$-1" and "*-1".
	NullBulk  Kind = 'n'
	NullArray Kind = 'N'
)

// IsAggregate reports whether values of this kind hold other values.
func (k Kind) IsAggregate() bool {
	switch k {
	case Array, Map, Set, Push, Attribute:
		return true
	default:
		return false
	}
}

// IsNull reports whether k is one of the three nulls.
func (k Kind) IsNull() bool { return k == Null || k == NullBulk || k == NullArray }

// IsError reports whether k is an error reply.
func (k Kind) IsError() bool { return k == SimpleError || k == BulkError }

// Value is one whole reply.
type Value struct {
	Kind Kind
	// Text is the payload of strings, errors, verbatim strings (format
	// included: "txt:..."), and the digits of doubles and big numbers exactly
	// as the server wrote them.
	Text []byte
	// Int is the value of an Integer, and 0 or 1 for a Boolean.
	Int int64
	// Elems are the children of an aggregate. A map is k, v, k, v in wire order.
	Elems []Value
	// Attrs are the attributes that came before this value: k, v, k, v.
	Attrs []Value
	// Streamed tells that the length was not announced ("$?", "*?").
	Streamed bool
}

// Token is a part of a reply, as returned by [Reader.Next].
//
// A scalar is one token, or, when it is longer than the reader's chunk size,
// several, all but the last with More set. An aggregate is an opening token,
// the tokens of its children, and a closing token with End set. An attribute is
// an aggregate of kind [Attribute] that stands before the value it describes
// and is not counted among its parent's children.
type Token struct {
	Kind Kind
	// Text is as in [Value]. It is valid until the next call of Next, or of
	// [Reader.PeekKind].
	Text []byte
	// Int is as in [Value]; for an opening token it is the number of children
	// (twice the number of pairs for maps and attributes), or -1 if the server
	// did not announce it.
	Int int64
	// More tells that the next token continues this scalar.
	More bool
	// Streamed tells that the length of this string was not announced ("$?").
	Streamed bool
	// End marks the end of an aggregate.
	End bool
}

// Source is a stream of tokens: a [Reader], or a [Value] replayed.
type Source interface {
	// Next returns the next token, or an error once the stream is broken or
	// ended (io.EOF).
	Next() (Token, error)
}

// Payload returns the text of the value without the format that opens a
// verbatim string ("txt:", "mkd:").
func (v Value) Payload() []byte { return payload(v.Kind, v.Text) }

// Payload returns the text of a scalar without the format that opens a verbatim
// string. It is meant for tokens that came whole and for the first part of those
// that did not: the format is never split from the text's first bytes.
func (t Token) Payload() []byte { return payload(t.Kind, t.Text) }

func payload(k Kind, text []byte) []byte {
	if k == VerbatimString && len(text) >= 4 && text[3] == ':' {
		return text[4:]
	}
	return text
}

// String returns the payload as a string, for errors and names.
func (v Value) String() string { return string(v.Payload()) }

// Err returns the error a reply carries, or nil.
func (v Value) Err() error {
	if v.Kind.IsError() {
		return ServerError(v.Text)
	}
	return nil
}

// ServerError is the text of an error reply, such as "ERR unknown command".
type ServerError string

func (e ServerError) Error() string { return string(e) }

// String names the kind in the words of the protocol's specification.
func (k Kind) String() string {
	switch k {
	case SimpleString:
		return "simple string"
	case SimpleError:
		return "simple error"
	case Integer:
		return "integer"
	case BulkString:
		return "bulk string"
	case Array:
		return "array"
	case Null, NullBulk, NullArray:
		return "null"
	case Boolean:
		return "boolean"
	case Double:
		return "double"
	case BigNumber:
		return "big number"
	case BulkError:
		return "bulk error"
	case VerbatimString:
		return "verbatim string"
	case Map:
		return "map"
	case Set:
		return "set"
	case Push:
		return "push"
	case Attribute:
		return "attribute"
	}
	return "unknown kind"
}
