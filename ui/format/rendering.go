package format

import (
	"bufio"
	"strconv"

	"redan/conn/resp"
)

const (
	// minRoom is the free space, in bytes, that small writes count on.
	minRoom = 256
	// maxErrorText bounds the text of an error that is kept for the [Summary].
	maxErrorText = 1 << 10
)

// rendering is one reply on its way from tokens to text.
//
// Text is appended to buf. With an output, buf is the free part of the output's
// own buffer, so nothing is copied and nothing allocated.
type rendering struct {
	Printer
	out    *bufio.Writer // nil: everything stays in buf
	buf    []byte
	tokens lookahead
	held   escaper

	top     bool // no value has begun yet
	summary Summary
	err     error // the first error, of the tokens or of the output
}

// next returns the next token, or false once anything has failed.
func (r *rendering) next() (resp.Token, bool) {
	if r.err != nil {
		return resp.Token{}, false
	}
	if len(r.buf) > 0 {
		r.flush() // the next token may be long in coming, and who waits can flush the output only
	}
	tok, err := r.tokens.next()
	if err != nil {
		r.err = err
		return resp.Token{}, false
	}
	return tok, true
}

// fail keeps the first error.
func (r *rendering) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// flush hands buf to the output, which needs no copy unless buf outgrew it.
func (r *rendering) flush() {
	if r.out == nil {
		return
	}
	_, err := r.out.Write(r.buf)
	if err == nil && r.out.Available() < minRoom {
		err = r.out.Flush()
	}
	if err != nil {
		r.fail(err)
	}
	r.buf = r.out.AvailableBuffer()
}

// reserve makes room, so that appending n bytes does not allocate.
func (r *rendering) reserve(n int) {
	if cap(r.buf)-len(r.buf) < n {
		r.flush()
	}
}

// write appends text, past the buffer when it is large.
func (r *rendering) write(text []byte) {
	r.reserve(len(text))
	if r.out == nil || len(text) <= cap(r.buf)-len(r.buf) {
		r.buf = append(r.buf, text...)
		return
	}
	r.flush()
	if _, err := r.out.Write(text); err != nil {
		r.fail(err)
	}
	r.buf = r.out.AvailableBuffer()
}

// spaces appends n spaces.
func (r *rendering) spaces(n int) {
	const blank = "                                "
	for ; n > len(blank); n -= len(blank) {
		r.reserve(minRoom)
		r.buf = append(r.buf, blank...)
	}
	r.reserve(minRoom)
	r.buf = append(r.buf, blank[:n]...)
}

// text renders a scalar of which tok is the first part, all of it.
func (r *rendering) text(tok resp.Token, enc encoding) {
	part := tok.Payload()
	for {
		r.part(part, enc)
		if !tok.More {
			break
		}
		var ok bool
		if tok, ok = r.next(); !ok {
			break
		}
		part = tok.Text
	}
	r.reserve(minRoom)
	r.buf = r.held.finish(r.buf, enc)
}

// part renders a part of a scalar.
func (r *rendering) part(text []byte, enc encoding) {
	if enc == plain && !r.Terminal {
		r.write(text)
		return
	}
	const (
		growth   = 6  // bytes of text that one byte may become, at most: \u00NN
		minPiece = 32 // bytes encoded at a time even when the output's buffer is tiny
	)
	for len(text) > 0 {
		piece := text
		if r.out != nil {
			r.reserve(growth * minPiece)
			room := (cap(r.buf) - len(r.buf)) / growth
			piece = text[:min(len(text), max(room, minPiece))]
		}
		text = text[len(piece):]
		if r.Terminal && !enc.isASCII() {
			r.buf = r.held.append(r.buf, piece, enc)
		} else {
			r.buf = enc.append(r.buf, piece)
		}
	}
}

// quotedText is text between double quotes.
func (r *rendering) quotedText(tok resp.Token, enc encoding) {
	r.buf = append(r.buf, '"')
	r.text(tok, enc)
	r.buf = append(r.buf, '"')
}

func (r *rendering) integer(n int64) { r.buf = strconv.AppendInt(r.buf, n, 10) }

// literal appends a short string; larger texts go through write.
func (r *rendering) literal(s string) { r.buf = append(r.buf, s...) }

// begin notes what the whole reply is when its own first token comes by.
func (r *rendering) begin(tok resp.Token) {
	if !r.top {
		return
	}
	r.top = false
	r.summary.Kind = tok.Kind
	if tok.Kind.IsError() {
		r.summary.Err = resp.ServerError(tok.Text[:min(len(tok.Text), maxErrorText)])
	}
}
