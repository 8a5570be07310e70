// Package decode turns the bytes of a value into something to read: it recognises how they are encoded, unwraps them (gzip, zlib, zstd,
// LZ4, base64) and lays out what is inside (JSON, MessagePack, text, hex).
//
// It is pure, holds no copy of what it shows, and never writes more than it was allowed to: a value may be hostile, damaged, 512 MiB
// long, or all of that. Nothing is repaired: what is no JSON is shown as what it is, with the place where it stops being JSON. All text
// it returns is fit for a terminal.
package decode

import (
	"errors"
	"fmt"
)

// Name is what a decoder is called on the screen, in preferences and in a [Chain].
type Name string

// The decoders of [Standard].
const (
	Gzip    Name = "gzip"
	Zlib    Name = "zlib"
	Zstd    Name = "zstd"
	LZ4     Name = "lz4"
	Base64  Name = "base64"
	JSON    Name = "json"
	NDJSON  Name = "ndjson"
	Msgpack Name = "msgpack"
	Text    Name = "text"
	Hex     Name = "hex"
)

// DefaultLimit is how many bytes a decoder writes, or lays out, where the caller names no limit of its own.
const DefaultLimit = 1 << 20

// Confidence is how sure a decoder is that bytes are in its encoding.
type Confidence int

// From never to always. What is Likely or Certain is decoded without being asked for; what is Possible is offered.
const (
	No Confidence = iota
	Possible
	Likely
	Certain
)

// Input is a value, or the window of it that was loaded. Its bytes must not change as long as anything made from it is in use: they
// are not copied.
type Input struct {
	Bytes  []byte
	Offset int64 // of Bytes in the value
	More   bool  // the value goes on after Bytes
}

// Value returns the input for a value that is there as a whole.
func Value(data []byte) Input { return Input{Bytes: data} }

// head returns the first n bytes of the input.
func (in Input) head(n int) Input {
	if len(in.Bytes) <= n {
		return in
	}
	return Input{Bytes: in.Bytes[:n], Offset: in.Offset, More: true}
}

// Result is what a decoder made of its input. It is meaningful beside an error too: what could be read before it.
type Result struct {
	Inner    []byte   // of a decoder that wraps: the bytes inside
	Document Document // of one that does not: what to show
	Cut      bool     // there is more: the limit was reached, or the input stops short of the value's end
}

// Decoder reads one encoding. It either wraps other bytes (gzip, base64) or shows them (JSON, hex).
type Decoder interface {
	Name() Name
	// Wraps reports whether the result is bytes for the next decoder, and not a document.
	Wraps() bool
	// Sniff says how sure it is that the input is in this encoding. It looks at the beginning only.
	Sniff(in Input) Confidence
	// Decode reads the input and writes, or lays out, at most limit bytes. An error is a [*MalformedError] or wraps one.
	Decode(in Input, limit int) (Result, error)
}

// Editable is a decoder whose values can be edited and written back.
type Editable interface {
	Decoder
	// Draft returns what is edited: the bytes inside for a decoder that wraps, text otherwise. Its errors are [*MalformedError],
	// [ErrTooLong] and [ErrBinary].
	Draft(data []byte, limit int) ([]byte, error)
	// Encode returns draft in this encoding, in the manner of the original that it takes the place of.
	Encode(original, draft []byte) ([]byte, error)
}

var (
	// ErrTooLong is returned for a value that cannot be edited because not all of it can be held.
	ErrTooLong = errors.New("too long to edit here: save it to a file, or edit a part of it")
	// ErrBinary is returned for bytes that are to be edited as text but are none.
	ErrBinary = errors.New("not UTF-8 text: edit it as hex")
	// ErrReadOnly is returned for an encoding that is only read.
	ErrReadOnly = errors.New("can be read but not written: edit it as hex")
	// ErrUnknown is returned for a name that no decoder has.
	ErrUnknown = errors.New("no such decoder")
)

// MalformedError tells that bytes are not in the encoding that they were read as, and where that shows.
type MalformedError struct {
	Name   Name
	Offset int64  // in the bytes that this decoder was given
	Line   int    // from 1; 0 where lines mean nothing
	Column int    // in bytes, from 1; 0 where lines mean nothing
	Reason string // what is wrong there: "comma or } expected"
	Err    error  // the cause, where there is one
}

// Error names the encoding, the place and the reason.
func (m *MalformedError) Error() string {
	if m.Line > 0 {
		return fmt.Sprintf("%s: line %d, column %d: %s", m.Name, m.Line, m.Column, m.Reason)
	}
	return fmt.Sprintf("%s: byte %d: %s", m.Name, m.Offset, m.Reason)
}

// Unwrap returns the cause.
func (m *MalformedError) Unwrap() error { return m.Err }

// How far decoders look before they are asked to decode.
const (
	sniffBytes = 64 << 10 // of the input
	trialBytes = 4 << 10  // of what is inside
)

// most is the longest limit: offsets into what is laid out are kept in 32 bits.
const most = 1 << 30

// bounded returns a limit that makes sense.
func bounded(limit int) int {
	if limit <= 0 {
		return DefaultLimit
	}
	return min(limit, most)
}
