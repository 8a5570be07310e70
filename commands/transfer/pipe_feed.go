package transfer

import (
	"context"
	"io"
)

// feed reads a stream ahead, to a bounded extent.
type feed struct {
	chunks chan []byte
	used   chan []byte
	quit   chan struct{}
	end    error // why there are no more chunks; set before that channel is closed
}

const (
	chunkSize = 64 << 10
	// readAhead is how many chunks are read before they are asked for.
	readAhead = 8
)

func newFeed(src io.Reader) *feed {
	f := &feed{chunks: make(chan []byte, readAhead), used: make(chan []byte, readAhead), quit: make(chan struct{})}
	go f.read(src)
	return f
}

// stop ends the reading. A read that waits is left behind.
func (f *feed) stop() { close(f.quit) }

func (f *feed) read(src io.Reader) {
	defer close(f.chunks)
	for empty := 0; empty < 100; empty++ {
		var b []byte
		select {
		case b = <-f.used:
		default:
			b = make([]byte, chunkSize)
		}
		n, err := src.Read(b)
		if n > 0 {
			empty = 0
			select {
			case f.chunks <- b[:n]:
			case <-f.quit:
				return
			}
		}
		if err != nil {
			f.end = err
			return
		}
	}
	f.end = io.ErrNoProgress
}

// next returns the next chunk, to be given back by release. It waits for one, or returns nil when there is none yet. The error is that of the
// stream, at its end, or of ctx.
func (f *feed) next(ctx context.Context, wait bool) ([]byte, error) {
	if !wait {
		select {
		case b, ok := <-f.chunks:
			return f.chunk(b, ok)
		default:
			return nil, nil //nolint:nilnil // nothing yet is no error
		}
	}
	select {
	case b, ok := <-f.chunks:
		return f.chunk(b, ok)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (f *feed) chunk(b []byte, ok bool) ([]byte, error) {
	if !ok {
		return nil, f.end
	}
	return b, nil
}

func (f *feed) release(b []byte) {
	select {
	case f.used <- b[:cap(b)]:
	default:
	}
}
