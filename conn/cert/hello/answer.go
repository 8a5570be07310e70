package hello

import (
	"encoding/binary"
	"errors"
	"io"
)

// What reading an answer fails with, besides the errors of the network.
var (
	// ErrNotTLS says that what came is no TLS.
	ErrNotTLS = errors.New("the answer to a TLS hello is no TLS")
	// ErrMalformed says that what came is TLS, but breaks its rules.
	ErrMalformed = errors.New("the answer to a TLS hello is malformed")
	// ErrTooMuch says that the server sent more than anybody needs.
	ErrTooMuch = errors.New("the answer to a TLS hello does not end")
)

// The bounds of an answer.
const (
	longestRecord  = 1<<14 + 2048
	longestMessage = 1 << 20
	mostRecords    = 256
	mostMessages   = 32
	mostWarnings   = 8
)

// Answer is what a server said to one ClientHello.
type Answer struct {
	Version uint16 // chosen; 0 when there was no ServerHello
	Suite   uint16
	Retry   bool // the ServerHello was a HelloRetryRequest: all is well but for the group of the key share
	// Chain are the certificates, as sent. Under TLS 1.3 they are encrypted, and can be read if the server agreed to the key share and to
	// an AES-GCM suite.
	Chain [][]byte
	// Alert is the alert that ended the handshake, or a warning when nothing else was said; nil when there was none.
	Alert *uint8
}

// ReadAnswer reads what a server answers, to its certificates if wantChain, else to its choice. Errors are those of r, [ErrNotTLS],
// [ErrMalformed] or [ErrTooMuch]; what was read before is returned beside them. An alert is no error.
func (g Greeting) ReadAnswer(r io.Reader, wantChain bool) (Answer, error) {
	in := reader{from: r, greeting: g, wantChain: wantChain}
	for range mostRecords {
		done, err := in.record()
		if done || err != nil {
			return in.answer, err
		}
	}
	return in.answer, ErrTooMuch
}

// reader puts an answer together.
type reader struct {
	from      io.Reader
	greeting  Greeting
	wantChain bool
	answer    Answer
	opener    *opener // of the records that are encrypted; nil before
	pending   []byte  // of handshake messages
	messages  int
	warnings  int
}

// record reads one record, and reports whether the answer is complete.
func (in *reader) record() (done bool, err error) {
	var header [recordHeader]byte
	if _, err := io.ReadFull(in.from, header[:]); err != nil {
		return false, err
	}
	kind, length := header[0], int(binary.BigEndian.Uint16(header[3:]))
	if kind < recordChangeCipherSpec || kind > recordApplicationData || header[1] != 3 || length > longestRecord {
		return false, ErrNotTLS
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(in.from, body); err != nil {
		return false, err
	}
	if kind == recordApplicationData {
		if in.opener == nil {
			return true, nil // nothing in clear comes any more
		}
		if kind, body, err = in.opener.open(header[:], body); err != nil {
			return false, err
		}
	}
	switch kind {
	case recordAlert:
		return in.alert(body)
	case recordHandshake:
		in.pending = append(in.pending, body...)
		return in.handshake()
	}
	return false, nil
}

func (in *reader) alert(body []byte) (done bool, err error) {
	const warning = 1
	if len(body) != 2 {
		return false, ErrMalformed
	}
	in.answer.Alert = &body[1]
	if in.warnings++; in.warnings > mostWarnings {
		return false, ErrTooMuch
	}
	return body[0] != warning, nil
}

// handshake reads the messages that are complete.
func (in *reader) handshake() (done bool, err error) {
	for len(in.pending) >= messageHeader {
		length := int(in.pending[1])<<16 | int(in.pending[2])<<8 | int(in.pending[3])
		if length > longestMessage {
			return false, ErrTooMuch
		}
		if len(in.pending) < messageHeader+length {
			return false, nil
		}
		message := in.pending[:messageHeader+length]
		in.pending = in.pending[len(message):]
		if in.messages++; in.messages > mostMessages {
			return false, ErrTooMuch
		}
		if done, err := in.message(message); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

func (in *reader) message(message []byte) (done bool, err error) {
	kind, body := message[0], message[messageHeader:]
	switch {
	case kind == messageServerHello && in.answer.Version == 0:
		share, err := in.serverHello(body)
		if err != nil {
			return false, err
		}
		in.answer.Alert = nil // it was a warning
		if in.wantChain && in.answer.Version == TLS13 {
			in.opener = in.greeting.opener(in.answer.Suite, share, message)
			return in.opener == nil, nil
		}
		return !in.wantChain || in.answer.Version > TLS13, nil
	case in.answer.Version == 0 || kind == messageServerHello:
		return false, ErrMalformed
	case kind == messageCertificate:
		in.answer.Chain, err = certificates(body, in.answer.Version)
		return true, err
	}
	return kind == messageServerHelloDone || kind == messageFinished, nil
}

// serverHello reads version and suite, and returns the key share for X25519 if there is one.
func (in *reader) serverHello(body []byte) (share []byte, err error) {
	s := text{rest: body}
	version := s.number(2)
	random := s.bytes(32)
	s.bytes(s.number(1)) // the session
	suite := s.number(2)
	s.bytes(1) // the compression
	extensions := text{}
	if len(s.rest) > 0 {
		extensions.rest = s.bytes(s.number(2))
	}
	for len(extensions.rest) > 0 {
		number := extensions.number(2)
		extension := text{rest: extensions.bytes(extensions.number(2))}
		switch number {
		case extensionSupportedVersions:
			version = extension.number(2)
			s.short = s.short || extension.short
		case extensionKeyShare: // of a HelloRetryRequest it is only the group
			if extension.number(2) == groupX25519 && len(extension.rest) > 0 {
				share = extension.bytes(extension.number(2))
			}
		}
	}
	if s.short || extensions.short || version == 0 {
		return nil, ErrMalformed
	}
	in.answer.Version, in.answer.Suite = uint16(version), uint16(suite) //nolint:gosec // read from two bytes
	in.answer.Retry = string(random) == retryRandom
	return share, nil
}

// retryRandom is the random of a ServerHello that is a HelloRetryRequest (RFC 8446, section 4.1.3).
const retryRandom = "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c"

// certificates reads the list of a Certificate message. That of TLS 1.3 has extensions beside each certificate.
func certificates(body []byte, version uint16) ([][]byte, error) {
	s := text{rest: body}
	if version >= TLS13 {
		s.bytes(s.number(1)) // the context of a request
	}
	list := text{rest: s.bytes(s.number(3))}
	var chain [][]byte
	for len(list.rest) > 0 {
		if der := list.bytes(list.number(3)); len(der) > 0 {
			chain = append(chain, der)
		}
		if version >= TLS13 {
			list.bytes(list.number(2))
		}
	}
	if s.short || list.short {
		return chain, ErrMalformed
	}
	return chain, nil
}

// text reads fields off a message; short is set when there was less than was to be read.
type text struct {
	rest  []byte
	short bool
}

func (s *text) bytes(n int) []byte {
	if n > len(s.rest) {
		s.short, s.rest = true, nil
		return nil
	}
	field := s.rest[:n]
	s.rest = s.rest[n:]
	return field
}

// number reads a number of size bytes, at most 3.
func (s *text) number(size int) int {
	n := 0
	for _, b := range s.bytes(size) {
		n = n<<8 | int(b)
	}
	return n
}
