package decode

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
)

// compression is what the compressed formats share: they are told by their first bytes, and read as a stream.
type compression struct {
	name  Name
	magic func(head []byte) bool
	// open returns a reader of what is inside. No more than limit bytes will be read from it, and one. It
	// may fail on a bad header.
	open func(source *bytes.Reader, limit int) (io.ReadCloser, error)
	// pack compresses, with the parameters of the original where they can be told.
	pack func(w io.Writer, original, plain []byte) error
}

func (c compression) Name() Name { return c.name }
func (compression) Wraps() bool  { return true }
func (c compression) isIt(in Input) bool {
	return in.Offset == 0 && c.magic(in.Bytes)
}

// Sniff tries: the first bytes alone also begin values that are something else.
func (c compression) Sniff(in Input) Confidence {
	if !c.isIt(in) {
		return No
	}
	head := in.head(sniffBytes)
	result, err := c.Decode(head, trialBytes)
	switch {
	case err != nil:
		return Possible
	case len(result.Inner) == 0 && head.More, isCleanText(head.Bytes, head.More):
		return Possible
	}
	return Certain
}

// Decode unpacks. What came out before an error is returned with it.
func (c compression) Decode(in Input, limit int) (Result, error) {
	source := bytes.NewReader(in.Bytes)
	r, err := c.open(source, bounded(limit))
	if err != nil {
		return c.result(nil, false, in, source, err)
	}
	inner, cut, err := readBounded(r, bounded(limit))
	if closed := r.Close(); err == nil && !cut {
		err = closed
	}
	return c.result(inner, cut, in, source, err)
}

// result tells a stream that is cut off because the input is from one that is damaged.
func (c compression) result(inner []byte, cut bool, in Input, source *bytes.Reader, err error) (Result, error) {
	result := Result{Inner: inner, Cut: cut || in.More}
	switch {
	case err == nil:
		return result, nil
	case in.More && source.Len() == 0 && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)):
		return result, nil
	}
	reason := fmt.Sprintf("%v, after %d bytes of what is inside", err, len(inner))
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		reason = fmt.Sprintf("%v, after %d bytes of what is inside", errShort, len(inner))
	}
	return result, &MalformedError{Name: c.name, Offset: source.Size() - int64(source.Len()), Reason: reason, Err: err}
}

// Draft returns what is inside, if that is all there and not damaged.
func (c compression) Draft(data []byte, limit int) ([]byte, error) {
	result, err := c.Decode(Value(data), limit)
	if err != nil {
		return nil, err
	}
	if result.Cut {
		return nil, ErrTooLong
	}
	return result.Inner, nil
}

func (c compression) Encode(original, draft []byte) ([]byte, error) {
	var b bytes.Buffer
	if err := c.pack(&b, original, draft); err != nil {
		return nil, fmt.Errorf("%s: compress: %w", c.name, err)
	}
	return b.Bytes(), nil
}

// readBounded reads at most limit bytes, and reports whether there are more.
func readBounded(r io.Reader, limit int) (data []byte, cut bool, err error) {
	var b bytes.Buffer
	_, err = b.ReadFrom(io.LimitReader(r, int64(limit)))
	if err != nil || b.Len() < limit {
		return b.Bytes(), false, err
	}
	n, err := io.ReadFull(r, make([]byte, 1))
	if n > 0 {
		return b.Bytes(), true, nil
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return b.Bytes(), false, err
}

func gzipDecoder() compression {
	return compression{
		name: Gzip,
		magic: func(head []byte) bool {
			const reserved = 0xe0
			return len(head) > 3 && bytes.HasPrefix(head, []byte{0x1f, 0x8b, 8}) && head[3]&reserved == 0
		},
		open: func(source *bytes.Reader, _ int) (io.ReadCloser, error) { return gzip.NewReader(source) },
		pack: packGzip,
	}
}

// packGzip keeps what the original's header says: name, comment, time, system.
func packGzip(w io.Writer, original, plain []byte) error {
	level := gzip.DefaultCompression
	if len(original) > 8 {
		level = levelOf(original[8])
	}
	z, err := gzip.NewWriterLevel(w, level)
	if err != nil {
		return err
	}
	if r, err := gzip.NewReader(bytes.NewReader(original)); err == nil {
		z.Header = r.Header
	}
	if _, err := z.Write(plain); err != nil {
		return err
	}
	return z.Close()
}

// levelOf returns the level that a gzip header's extra flags tell of.
func levelOf(flags byte) int {
	switch flags {
	case 2:
		return gzip.BestCompression
	case 4:
		return gzip.BestSpeed
	}
	return gzip.DefaultCompression
}

func zlibDecoder() compression {
	return compression{
		name: Zlib,
		magic: func(head []byte) bool {
			const deflate, window, dictionary = 8, 7, 0x20
			return len(head) > 1 && head[0]&0x0f == deflate && head[0]>>4 <= window &&
				(int(head[0])<<8|int(head[1]))%31 == 0 && head[1]&dictionary == 0
		},
		open: func(source *bytes.Reader, _ int) (io.ReadCloser, error) { return zlib.NewReader(source) },
		pack: packZlib,
	}
}

// packZlib keeps the level that the original's header tells of.
func packZlib(w io.Writer, original, plain []byte) error {
	level := zlib.DefaultCompression
	if len(original) > 1 {
		switch original[1] >> 6 {
		case 0:
			level = zlib.BestSpeed
		case 3:
			level = zlib.BestCompression
		}
	}
	z, err := zlib.NewWriterLevel(w, level)
	if err != nil {
		return err
	}
	if _, err := z.Write(plain); err != nil {
		return err
	}
	return z.Close()
}
