package resp

import "fmt"

func (r *Reader) bulk(kind Kind) (Token, error) {
	line, err := r.number()
	if err != nil {
		return Token{}, err
	}
	if string(line) == "?" && kind == BulkString {
		r.part = partial{kind: kind, chunked: true}
		return r.nextChunk()
	}
	n, err := parseInt(line)
	switch {
	case err != nil || n < -1 || n == -1 && kind != BulkString:
		return Token{}, &ProtocolError{fmt.Sprintf("invalid length %q of %s", line, kind)}
	case n == -1:
		return Token{Kind: NullBulk}, nil
	case n > r.limits.Bulk:
		return Token{}, &ProtocolError{fmt.Sprintf("%s of %d bytes is over the limit of %d", kind, n, r.limits.Bulk)}
	}
	r.part = partial{kind: kind, remaining: n}
	return r.continueScalar()
}

func (r *Reader) continueScalar() (Token, error) {
	switch {
	case r.part.line:
		return r.continueLine()
	case r.part.chunked && r.part.remaining == 0:
		return r.nextChunk()
	}
	return r.continueBulk()
}

// nextChunk reads the header of a streamed string's next chunk.
func (r *Reader) nextChunk() (Token, error) {
	if err := r.need(1); err != nil {
		return Token{}, err
	}
	if mark := r.buf[r.start]; mark != ';' {
		return Token{}, &ProtocolError{fmt.Sprintf("got %s where a chunk of a streamed string should begin", quoteByte(mark))}
	}
	line, err := r.number()
	if err != nil {
		return Token{}, err
	}
	n, err := parseInt(line)
	if err != nil || n < 0 || n > r.limits.Bulk {
		return Token{}, &ProtocolError{fmt.Sprintf("invalid chunk %q of a streamed string", line)}
	}
	if n == 0 {
		tok := Token{Kind: r.part.kind, Streamed: true}
		r.part = partial{}
		return tok, nil
	}
	r.part.remaining = n
	return r.continueBulk()
}

// continueBulk returns what is left of a string, or a buffer's worth of it.
func (r *Reader) continueBulk() (Token, error) {
	part := &r.part
	want := part.remaining + int64(len(crlf))
	if want <= int64(len(r.buf)) {
		if err := r.need(int(want)); err != nil {
			return Token{}, err
		}
		end := r.start + int(part.remaining)
		text := r.buf[r.start:end:end]
		if r.buf[end] != '\r' || r.buf[end+1] != '\n' {
			return Token{}, &ProtocolError{fmt.Sprintf("%s is not followed by CRLF", part.kind)}
		}
		r.start += int(want)
		tok := Token{Kind: part.kind, Text: text, More: part.chunked, Streamed: part.chunked}
		if part.chunked {
			part.remaining = 0
		} else {
			*part = partial{}
		}
		return tok, nil
	}
	// Large: hand out what has come, but never less than a verbatim string's format,
	// and never all, so that the part before the CRLF is never empty.
	const formatLen = 4
	if err := r.need(formatLen); err != nil {
		return Token{}, err
	}
	n := min(int64(r.Buffered()), part.remaining-1)
	end := r.start + int(n)
	text := r.buf[r.start:end:end]
	r.start = end
	part.remaining -= n
	return Token{Kind: part.kind, Text: text, More: true, Streamed: part.chunked}, nil
}

// continueLine returns what is left of a line, or a buffer's worth of it.
func (r *Reader) continueLine() (Token, error) {
	kind := r.part.kind
	scanned := 0
	for {
		if i := indexCRLF(r.buf[r.start+scanned : r.end]); i >= 0 {
			end := r.start + scanned + i
			text := r.buf[r.start:end:end]
			if kind == BigNumber && !isBigNumber(text) {
				return Token{}, &ProtocolError{"bad big number value"}
			}
			r.start = end + len(crlf)
			r.part = partial{}
			return Token{Kind: kind, Text: text}, nil
		}
		scanned = max(0, r.Buffered()-1) // the last byte may be the CR of a CRLF
		if r.Buffered() == len(r.buf) {
			if kind == BigNumber {
				return Token{}, &ProtocolError{"big number is too long"}
			}
			end := r.start + scanned
			text := r.buf[r.start:end:end]
			r.start = end
			return Token{Kind: kind, Text: text, More: true}, nil
		}
		if err := r.fill(); err != nil {
			return Token{}, err
		}
	}
}

func (r *Reader) scalarLine(kind Kind) (Token, error) {
	line, err := r.number()
	if err != nil {
		return Token{}, err
	}
	tok := Token{Kind: kind}
	switch kind {
	case Integer:
		if tok.Int, err = parseInt(line); err != nil {
			return Token{}, &ProtocolError{fmt.Sprintf("bad integer value %q", line)}
		}
	case Boolean:
		if len(line) != 1 || line[0] != 't' && line[0] != 'f' {
			return Token{}, &ProtocolError{fmt.Sprintf("bad boolean value %q", line)}
		}
		if line[0] == 't' {
			tok.Int = 1
		}
	case Double:
		if !isDouble(line) {
			return Token{}, &ProtocolError{fmt.Sprintf("bad double value %q", line)}
		}
		tok.Text = line
	default: // Null
		if len(line) != 0 {
			return Token{}, &ProtocolError{fmt.Sprintf("bad null value %q", line)}
		}
	}
	return tok, nil
}
