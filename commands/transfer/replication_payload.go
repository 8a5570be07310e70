package transfer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// MarkLength is how long the mark is behind a snapshot whose length the server did not know when it began.
const MarkLength = 40

// window is how much is read at once. More makes nothing faster.
const window = 256 << 10

// Payload is a snapshot on its way. Its bytes are checked as they pass.
type Payload struct {
	link     *link
	patience time.Duration
	size     int64  // announced; -1 with a mark
	mark     []byte // stands behind the payload; nil with a size

	buf        []byte
	start, end int // buf[start:end] has come and is not consumed
	check      *RDBCheck
	received   atomic.Int64
}

// Size is how many bytes the server has announced. It is not known when a mark ends them.
func (p *Payload) Size() (n int64, known bool) { return max(p.size, 0), p.mark == nil }

// Received is how many bytes have come so far. It may be asked from anywhere.
func (p *Payload) Received() int64 { return p.received.Load() }

// fill waits for more bytes.
func (p *Payload) fill(patience time.Duration) error {
	if p.start > 0 {
		p.end = copy(p.buf, p.buf[p.start:p.end])
		p.start = 0
	}
	n, err := p.link.readMuch(p.buf[p.end:], patience)
	p.end += n
	return err
}

// consume hands the next n bytes to w.
func (p *Payload) consume(w io.Writer, n int) error {
	if n == 0 {
		return nil
	}
	written, err := w.Write(p.buf[p.start : p.start+n])
	p.start += n
	p.received.Add(int64(n))
	if err == nil && written < n {
		err = io.ErrShortWrite
	}
	return err
}

// WriteTo writes the snapshot to w, to its end and no further. It returns the errors of w as they are; those of the connection are
// *[ReplicationError]. What it wrote is not checked yet: see [Payload.Whole].
func (p *Payload) WriteTo(w io.Writer) (int64, error) {
	var err error
	if p.mark == nil {
		err = p.writeSize(w)
	} else {
		err = p.writeToMark(w)
	}
	return p.Received(), err
}

func (p *Payload) writeSize(w io.Writer) error {
	for {
		n := int(min(int64(p.end-p.start), p.size-p.Received()))
		_, _ = p.check.Write(p.buf[p.start : p.start+n])
		if err := p.consume(w, n); err != nil {
			return err
		}
		if p.Received() == p.size {
			return nil
		}
		if err := p.fill(p.patience); err != nil {
			return p.incomplete(err)
		}
	}
}

// writeToMark writes until the mark.
func (p *Payload) writeToMark(w io.Writer) error {
	for {
		n, found := p.scan()
		if err := p.consume(w, n); err != nil {
			return err
		}
		patience := p.patience
		switch found {
		case markCertain:
			p.start += MarkLength
			return nil
		case markPerhaps:
			patience = glance
		case markMissing:
		}
		if err := p.fill(patience); err != nil {
			if found == markPerhaps && p.link.ctx.Err() == nil {
				p.start += MarkLength
				return nil
			}
			return p.incomplete(err)
		}
	}
}

// marking is whether the mark has come.
type marking int

const (
	markMissing marking = iota
	markPerhaps
	markCertain
)

// scan returns how many bytes of the buffer belong to the snapshot, and whether the mark stands behind them. Its bytes may stand in a
// value too, by malice, since servers use a mark again. So it ends the snapshot where the checksum before it agrees; where that cannot,
// because there is none or something is damaged, it does perhaps, if nothing comes after it.
func (p *Payload) scan() (n int, found marking) {
	at := p.start
	for {
		next := bytes.Index(p.buf[at:p.end], p.mark)
		if next < 0 {
			safe := max(at, p.end-(MarkLength-1)) // the mark may have come in part
			_, _ = p.check.Write(p.buf[at:safe])
			return safe - p.start, markMissing
		}
		_, _ = p.check.Write(p.buf[at : at+next])
		at += next
		if sum, err := p.check.Whole(); err == nil && sum == ChecksumOK {
			return at - p.start, markCertain
		}
		if at+MarkLength == p.end {
			return at - p.start, markPerhaps
		}
		_, _ = p.check.Write(p.buf[at : at+1])
		at++
	}
}

// incomplete explains an end before the end.
func (p *Payload) incomplete(err error) error {
	came := fmt.Sprintf(" after %d bytes of the snapshot", p.Received())
	if size, known := p.Size(); known {
		came = fmt.Sprintf(" after %d of %d bytes of the snapshot", p.Received(), size)
	}
	line := "I/O Error reading RDB payload from socket"
	if errors.Is(err, ErrSilence) {
		came += fmt.Sprintf(", for %s", p.patience)
	}
	return broken(line, err, came)
}

// Whole tells whether what [Payload.WriteTo] wrote is an RDB file.
func (p *Payload) Whole() (Checksum, error) { return p.check.Whole() }

// Rest reads what the server sends behind the snapshot. It waits for as long as it takes.
func (p *Payload) Rest() io.Reader {
	return io.MultiReader(bytes.NewReader(bytes.Clone(p.buf[p.start:p.end])), forEver{p.link})
}

type forEver struct{ link *link }

func (r forEver) Read(b []byte) (int, error) { return r.link.read(b, 0) }
