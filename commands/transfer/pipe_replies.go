package transfer

import (
	"bytes"
	"errors"
	"io"
	"os"
	"time"

	"redan/conn/resp"
)

// Why reading replies ended, other than by the connection.
var (
	errSilent   = errors.New("the server says nothing")
	errAnswered = errors.New("all whole commands are answered")
	errUnread   = errors.New("the input failed")
	errStopped  = errors.New("stopped")
)

// receive reads replies until something ends that, and says what.
func (p *Pipe) receive() (Ending, error) {
	for {
		how, err := p.reply()
		switch {
		case how != "":
			return how, nil
		case err == nil:
		case errors.Is(err, errSilent):
			return Silent, nil
		case errors.Is(err, errAnswered):
			return Truncated, nil
		case errors.Is(err, errUnread):
			return Unreadable, p.why(func(e *ending) error { return e.unread })
		case errors.Is(err, errStopped):
			return Stopped, p.why(func(e *ending) error { return e.stopped })
		default:
			return Lost, err
		}
	}
}

func (p *Pipe) why(of func(*ending) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return of(&p.ending)
}

// reply passes over the replies that have arrived and over one more, which may have to be waited for.
func (p *Pipe) reply() (Ending, error) {
	if p.skim() {
		return Complete, nil
	}
	if how := p.answered(); how != "" {
		return how, nil
	}
	for depth := 0; ; {
		tok, err := p.reader.Next()
		if err != nil {
			return "", err
		}
		if depth == 0 && !tok.Kind.IsAggregate() {
			return p.scalar(tok)
		}
		if !tok.Kind.IsAggregate() {
			continue
		}
		if !tok.End {
			depth++
			continue
		}
		if depth--; depth > 0 || tok.Kind == resp.Attribute { // the reply that an attribute describes is to come
			continue
		}
		if tok.Kind != resp.Push {
			p.count(1)
		}
		return p.afterReply(nil), nil
	}
}

// skim passes over the plain replies that lie whole in the buffer, up to the one that may be that to ECHO. Nearly all replies are plain.
// It reports whether the echo was among them.
func (p *Pipe) skim() bool {
	b := p.reader.Unread()
	most := p.expected.Load() - 1 - p.replies.Load()
	var echo []byte
	if p.ended.Load() {
		echo = p.echo
	}
	at, n := 0, int64(0)
	for n < most {
		size, text := plainReply(b[at:])
		if size == 0 {
			break
		}
		at += size
		if len(text) == len(echo) && len(echo) > 0 && bytes.Equal(text, echo) {
			p.count(n)
			p.reader.Discard(at)
			return true
		}
		n++
	}
	p.count(n)
	p.reader.Discard(at)
	return false
}

func (p *Pipe) count(n int64) {
	if n > 0 {
		p.replies.Add(n)
	}
}

// plainReply returns the size of a status, an integer or a string that lies whole at the beginning of b, and the text of a string. The
// size is 0 for anything else.
func plainReply(b []byte) (size int, text []byte) {
	const ok = "+OK\r\n"
	if len(b) >= len(ok) && string(b[:len(ok)]) == ok {
		return len(ok), nil
	}
	if len(b) < len(":1\r\n") {
		return 0, nil
	}
	switch b[0] {
	case '+':
		if at := bytes.IndexByte(b, '\r'); at > 0 && at+1 < len(b) && b[at+1] == '\n' {
			return at + len(lineBreak), nil
		}
	case ':':
		_, end := number(b, 1)
		return end, nil
	case '$':
		n, begin := number(b, 1)
		if begin == 0 || n > int64(len(b)-begin-len(lineBreak)) {
			return 0, nil
		}
		end := begin + int(n)
		if b[end] == '\r' && b[end+1] == '\n' {
			return end + len(lineBreak), b[begin:end]
		}
	}
	return 0, nil
}

// longestError bounds what is kept of the text of an error.
const longestError = 64 << 10

// scalar takes a reply that is no aggregate, the first token of which has been read.
func (p *Pipe) scalar(tok resp.Token) (Ending, error) {
	kind := tok.Kind
	keep := kind.IsError() || kind == resp.SimpleString || kind == resp.BulkString && len(tok.Text) <= len(p.echo)
	if keep {
		p.text = append(p.text[:0], tok.Text...)
	}
	text, cut := p.text, false
	for tok.More {
		var err error
		if tok, err = p.reader.Next(); err != nil {
			return "", err
		}
		if keep {
			room := min(len(tok.Text), max(longestError-len(text), 0))
			text, cut = append(text, tok.Text[:room]...), cut || room < len(tok.Text)
		}
	}
	p.text = text
	if kind == resp.BulkString && keep && p.ended.Load() && bytes.Equal(text, p.echo) {
		return Complete, nil
	}
	p.count(1)
	if kind.IsError() {
		p.failed(PipeError{Number: p.replies.Load(), Text: text, Cut: cut}, p.OnError)
	}
	return p.afterReply(text), nil
}

// afterReply looks whether a reply was the last. The one behind those to all commands is that to ECHO, whatever it says.
func (p *Pipe) afterReply(text []byte) Ending {
	if p.replies.Load() >= p.expected.Load() {
		p.last = append(p.last[:0], text...)
		return Unconfirmed
	}
	return ""
}

// answered ends a load whose input was cut when all its whole commands are answered.
func (p *Pipe) answered() Ending {
	if !p.ended.Load() {
		return ""
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cut != nil && p.replies.Load() >= p.framing.commands {
		return Truncated
	}
	return ""
}

// patientReader is the stream of replies. A read waits as long as that makes sense.
type patientReader struct {
	pipe *Pipe
	src  io.Reader
}

// Read implements io.Reader.
func (r *patientReader) Read(b []byte) (int, error) {
	p := r.pipe
	if p.BeforeRead != nil {
		p.BeforeRead()
	}
	for {
		n, err := r.src.Read(b)
		if n > 0 {
			if p.ended.Load() {
				p.heard = p.Now()
			}
			return n, nil // an error that came with bytes comes again
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return 0, err
		}
		if err := p.patience(); err != nil {
			return 0, err
		}
	}
}

// patience says why to wait no longer, or sets until when. Before it gives up it has a last look at what has come: this program may have
// been stopped for a while, or replies been gathered.
func (p *Pipe) patience() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var until time.Time
	var enough error
	switch {
	case p.stopped != nil:
		enough = errStopped
	case p.unread != nil:
		enough = errUnread
	case p.cut != nil && p.replies.Load() >= p.framing.commands:
		return errAnswered
	case p.unsent != nil:
		until, enough = later(p.at, p.heard).Add(lastWords), p.unsent
	case p.begun && p.Patience > 0:
		until, enough = later(p.at, p.heard).Add(p.Patience), errSilent
	}
	switch {
	case enough == nil, p.Now().Before(until):
		p.looking = time.Time{}
	case p.looking.IsZero():
		p.looking = p.Now().Add(lastLook)
		until = p.looking
	case p.Now().Before(p.looking):
		until = p.looking
	default:
		return enough
	}
	return p.conn.SetReadDeadline(until)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
