package resp

import (
	"bytes"
	"fmt"
	"io"
)

// number consumes a line of at most maxNumber bytes and returns it without its
// type byte, which is there already and not a CR.
func (r *Reader) number() ([]byte, error) {
	const longest = 1 + maxNumber + len(crlf)
	for {
		pending := r.buf[r.start:min(r.end, r.start+longest)]
		if i := indexCRLF(pending); i >= 0 {
			r.start += i + len(crlf)
			return pending[1:i:i], nil
		}
		if len(pending) == longest {
			return nil, &ProtocolError{fmt.Sprintf("no end of line after %q", pending[:32])}
		}
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
}

// need makes at least n bytes available; n is at most the buffer's size.
func (r *Reader) need(n int) error {
	for r.Buffered() < n {
		if err := r.fill(); err != nil {
			return err
		}
	}
	return nil
}

// maxEmptyReads ends the patience with a stream that returns nothing and no error.
const maxEmptyReads = 100

// fill reads once from the stream. Slices of the buffer are valid until then. The
// buffer is not full of what was not consumed: its callers ask for less.
func (r *Reader) fill() error {
	if r.start == r.end {
		r.start, r.end = 0, 0
	} else if r.end == len(r.buf) {
		copy(r.buf, r.buf[r.start:r.end])
		r.start, r.end = 0, r.end-r.start
	}
	for range maxEmptyReads {
		n, err := r.src.Read(r.buf[r.end:])
		r.end += n
		if n > 0 {
			return nil // an error that came with bytes comes again
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

func indexCRLF(b []byte) int {
	for from := 0; ; {
		i := bytes.IndexByte(b[from:], '\r')
		if i < 0 || from+i+1 >= len(b) {
			return -1
		}
		if b[from+i+1] == '\n' {
			return from + i
		}
		from += i + 1
	}
}
