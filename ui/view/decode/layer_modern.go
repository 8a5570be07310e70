package decode

import (
	"bytes"
	"errors"
	"io"
	"math/bits"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// usualWindow is how far back a zstd stream may refer for every reader to read it (RFC 8878). A reader has to hold that much.
const usualWindow = 8 << 20

func zstdDecoder() compression {
	return compression{
		name:  Zstd,
		magic: func(head []byte) bool { return bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}) },
		open:  openZstd,
		pack:  packZstd,
	}
}

// openZstd returns a reader that holds no more history than can be referred to within limit.
func openZstd(source *bytes.Reader, limit int) (io.ReadCloser, error) {
	const longestHeader, blockHeader = 18, 3
	head := make([]byte, longestHeader+blockHeader)
	n, err := io.ReadFull(source, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	exponent := windowFor(limit)
	head = narrowed(head[:n], exponent)
	widest := max(usualWindow, uint64(1)<<exponent)
	z, err := zstd.NewReader(io.MultiReader(bytes.NewReader(head), source),
		zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecodeBuffersBelow(0),
		zstd.WithDecoderMaxWindow(widest), zstd.WithDecoderMaxMemory(widest))
	if err != nil {
		return nil, err
	}
	return z.IOReadCloser(), nil
}

// windowFor returns the exponent of a window that is enough to read limit bytes: nothing refers to what is before the first of them.
func windowFor(limit int) int {
	const block = 128 << 10
	return bits.Len(uint(limit) + 2*block)
}

// narrowed returns the header of a frame with a window of 2 to the exponent, if it asks for more. The reader allocates the whole
// window at once, and a header of a few bytes may ask for any.
func narrowed(head []byte, exponent int) []byte {
	const magic, leastExponent, single = 4, 10, 1 << 5
	var header zstd.Header
	if err := header.Decode(head); err != nil || header.Skippable {
		return head
	}
	declared, rest := header.WindowSize, head[magic+1:]
	if header.SingleSegment {
		declared = header.FrameContentSize
	} else {
		rest = rest[1:]
	}
	if declared <= 1<<exponent {
		return head
	}
	narrow := append(bytes.Clone(head[:magic]), head[magic]&^single, byte(exponent-leastExponent)<<3) //nolint:gosec // at most 22
	return append(narrow, rest...)
}

// packZstd writes a checksum if the original has one, and the size always.
func packZstd(w io.Writer, original, plain []byte) error {
	var header zstd.Header
	if err := header.Decode(original); err != nil {
		header.HasCheckSum = true
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(header.HasCheckSum), zstd.WithZeroFrames(true))
	if err != nil {
		return err
	}
	_, err = w.Write(z.EncodeAll(plain, nil))
	if closed := z.Close(); err == nil {
		err = closed
	}
	return err
}

func lz4Decoder() compression {
	return compression{
		name:  LZ4,
		magic: func(head []byte) bool { return bytes.HasPrefix(head, []byte{0x04, 0x22, 0x4d, 0x18}) },
		open: func(source *bytes.Reader, _ int) (io.ReadCloser, error) {
			z := lz4.NewReader(source)
			if err := z.Apply(lz4.ConcurrencyOption(1)); err != nil {
				return nil, err
			}
			return io.NopCloser(z), nil
		},
		pack: packLZ4,
	}
}

// packLZ4 keeps the block size, the checksums and whether the size is told.
func packLZ4(w io.Writer, original, plain []byte) error {
	const blockChecksum, size, checksum = 1 << 4, 1 << 3, 1 << 2
	z := lz4.NewWriter(w)
	options := []lz4.Option{lz4.ConcurrencyOption(1)}
	if len(original) > 5 {
		flags := original[4]
		options = append(options, lz4.BlockSizeOption(blockSize(original[5])),
			lz4.BlockChecksumOption(flags&blockChecksum != 0), lz4.ChecksumOption(flags&checksum != 0))
		if flags&size != 0 {
			options = append(options, lz4.SizeOption(uint64(len(plain))))
		}
	}
	if err := z.Apply(options...); err != nil {
		return err
	}
	if _, err := z.Write(plain); err != nil {
		return err
	}
	return z.Close()
}

// blockSize returns the block size that a frame's descriptor tells of.
func blockSize(descriptor byte) lz4.BlockSize {
	switch descriptor >> 4 & 7 {
	case 4:
		return lz4.Block64Kb
	case 5:
		return lz4.Block256Kb
	case 6:
		return lz4.Block1Mb
	}
	return lz4.Block4Mb
}
