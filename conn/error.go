package conn

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"redan/conn/cert"
	"redan/conn/resp"
)

// Stage says how far a connection had come when it failed.
type Stage string

// The stages of a connection, in order.
const (
	StageFiles   Stage = "files" // certificates and keys, before anything is dialled
	StageDNS     Stage = "dns"
	StageConnect Stage = "connect"
	StageTLS     Stage = "tls"
	StageAuth    Stage = "auth" // AUTH, SELECT, HELLO
	StageIO      Stage = "io"   // commands and replies
)

// The codes of an [Error] that are not about certificates; those of package
// cert are added to them.
const (
	CodeDNS           = "DNS"
	CodeRefused       = "REFUSED"
	CodeTimeout       = "STALL"
	CodeNoSocket      = "NO_SOCKET"
	CodeUnreachable   = "UNREACHABLE"
	CodeTLS           = "TLS"
	CodeCiphers       = "CIPHERS"
	CodeTLSToPlain    = "TLS_TO_PLAIN"
	CodePlainToTLS    = "PLAIN_TO_TLS"
	CodeNotRedis      = "NOT_REDIS"
	CodeCloseAtOnce   = "CLOSE_AT_ONCE"
	CodeClosed        = "CLOSED"
	CodeProtocol      = "PROTOCOL"
	CodeWrongPassword = "WRONG_PASSWORD"
	CodeAuthRequired  = "AUTH_REQUIRED"
	CodeNoCredentials = "NO_CREDENTIALS"
	CodeNoPermission  = "NO_PERMISSION"
	CodeSelect        = "SELECT"
)

// Error is a connection that failed. Line is what redis-cli would have said,
// for scripts that look for it; Cause and Fix say what it did not.
type Error struct {
	Stage Stage
	Addr  Addr
	Code  string // stable, such as REFUSED or UNKNOWN_CA
	Line  string // one line, without a line break
	Cause string // one or two sentences; empty when Line says it all
	Fix   string // what to do next; empty when nobody can know
	Err   error

	// Report is what is known about a connection that could not be made; nil for other failures.
	Report *cert.Report
}

// Error returns Line and Cause.
func (e *Error) Error() string {
	if e.Cause == "" {
		return e.Line
	}
	return e.Line + " (" + e.Cause + ")"
}

// Unwrap returns the underlying error.
func (e *Error) Unwrap() error { return e.Err }

// couldNotConnect opens redis-cli's sentence about a connection that never stood.
func couldNotConnect(addr Addr, why string) string {
	return "Could not connect to Redis at " + addr.String() + ": " + why
}

// dialError explains a network connection that could not be made.
func (d *Dialer) dialError(addr Addr, err error) *Error {
	e := &Error{Stage: StageConnect, Addr: addr, Code: CodeUnreachable, Err: err, Line: couldNotConnect(addr, dialReason(addr, err))}
	o := cert.Observation{Target: d.target(addr), At: time.Now(), Stage: cert.StageConnect, Err: err}
	var dns *net.DNSError
	var family *net.AddrError
	if errors.As(err, &dns) || errors.As(err, &family) {
		e.Stage, o.Stage = StageDNS, cert.StageDNS
	}
	d.explain(e, o)
	if errors.As(err, &family) && (addr.Network == "tcp4" || addr.Network == "tcp6") {
		version := addr.Network[len("tcp"):]
		e.Cause, e.Fix = `"`+addr.Host+`" has no address of IPv`+version, "leave out -"+version
	}
	return e
}

// dialReason is how redis-cli ends its line about a connection that could not be made.
func dialReason(addr Addr, err error) string {
	var dns *net.DNSError
	var family *net.AddrError
	var errno syscall.Errno
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return "Name or service not known"
	case errors.As(err, &dns) && !dns.IsTimeout:
		return "Temporary failure in name resolution"
	case errors.As(err, &family) && (addr.Network == "tcp4" || addr.Network == "tcp6"):
		return "Address family for hostname not supported"
	case isTimeout(err):
		return "Connection timed out"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Connection refused"
	case errors.Is(err, os.ErrNotExist):
		return "No such file or directory"
	case errors.As(err, &errno):
		return sentence(errno.Error())
	}
	return rootText(err)
}

// silentError explains a server that accepts the connection and does not answer
// what is said first on it.
func silentError(addr Addr, err error) *Error {
	return &Error{
		Stage: StageIO, Addr: addr, Code: CodeTimeout, Err: err,
		Line:  "Error: Connection timed out",
		Cause: "the connection stands, but AUTH, SELECT or HELLO got no answer within the connect timeout",
		Fix:   "check that a Redis server listens there, and whether it is blocked by a long command; -t SECONDS waits longer",
	}
}

// streamError explains a connection that broke while it was used.
func streamError(addr Addr, err error, midway bool) *Error {
	e := &Error{Stage: StageIO, Addr: addr, Code: CodeClosed, Err: err}
	var protocol *resp.ProtocolError
	var errno syscall.Errno
	switch {
	case errors.As(err, &protocol):
		e.Code = CodeProtocol
		e.Line = "Error: " + protocol.Error()
		e.Cause = "what answers at " + addr.String() + " does not speak the Redis protocol, or a proxy in between garbles it"
		e.Fix = "check the host and the port"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		e.Line = "Error: Server closed the connection"
		if midway {
			e.Cause = "in the middle of a reply, which is incomplete"
		}
	case isTimeout(err):
		e.Code = CodeTimeout
		e.Line = "Error: Connection timed out"
	case errors.As(err, &errno):
		e.Line = "Error: " + sentence(errno.Error())
	default:
		e.Line = "Error: " + rootText(err)
	}
	return e
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.As(err, &timeout) && timeout.Timeout()
}

// isReset reports whether the peer ended the connection without a word.
func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// isRecordHeader reports whether the peer answered a TLS hello with something else.
func isRecordHeader(err error) (header [5]byte, ok bool) {
	var record tls.RecordHeaderError
	ok = errors.As(err, &record)
	return record.RecordHeader, ok
}

// rootText is the text of the innermost error: the outer ones repeat the address.
func rootText(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return sentence(err.Error())
		}
		err = inner
	}
}

// sentence upper-cases the first letter: Go's error numbers have C's texts but for that.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
