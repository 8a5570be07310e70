package decode_test

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"redan/ui/view/decode"
)

// allocated returns how many bytes work allocates in all.
func allocated(work func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	work()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestBombsUnpackToTheLimitAndNoFurther(t *testing.T) {
	const limit = 64 << 10
	megabyte := strings.Repeat("\x00", 1<<20)
	for name, data := range map[decode.Name][]byte{
		decode.Gzip: bytes.Repeat(gzipped(t, megabyte), 100), decode.Zlib: zlibbed(t, strings.Repeat(megabyte, 20)),
		decode.Zstd: bytes.Repeat(zstdded(t, megabyte), 100), decode.LZ4: bytes.Repeat(lz4ed(t, megabyte), 100),
	} {
		t.Run(string(name), func(t *testing.T) {
			d, err := decode.Standard().Find(name)
			if err != nil {
				t.Fatal(err)
			}
			var result decode.Result
			took := allocated(func() { result, err = d.Decode(decode.Value(data), limit) })
			if err != nil || len(result.Inner) != limit || !result.Cut {
				t.Errorf("got %d bytes, cut %v, %v; want %d, true", len(result.Inner), result.Cut, err, limit)
			}
			if took > 16<<20 {
				t.Errorf("allocated %d bytes to write %d", took, limit)
			}
			if chain := detect(decode.Value(data)); chain != string(name)+" > hex" {
				t.Errorf("detected %s", chain)
			}
		})
	}
}

// A frame's header may ask for any window. A reader that gives it at once is brought down by 20 bytes.
func TestAZstdHeaderAloneTakesNoMemory(t *testing.T) {
	const magic, block = "\x28\xb5\x2f\xfd", "\xfb\x00\x00x" // the last block: 31 times x
	set := decode.Standard()
	for name, header := range map[string]string{
		"a window of 128 MiB":              "\x00\x88",
		"a window of 256 MiB":              "\x00\x90",
		"a window of 2 TiB":                "\x00\xf8",
		"one segment of 60 GiB":            "\xe0\x00\x00\x00\x00\x0f\x00\x00\x00",
		"one segment of 100 MiB":           "\xa0\x00\x00\x40\x06",
		"a second frame that asks as much": "\x20\x00\x01\x00\x00" + magic + "\x00\x88",
	} {
		frame := []byte(magic + header + block)
		took := allocated(func() { set.Open(decode.Value(frame), decode.Chain{decode.Zstd, decode.Text}, 0) })
		if took > 8<<20 {
			t.Errorf("%s: allocated %d bytes", name, took)
		}
	}
}

func TestACutStreamShowsWhatThereIs(t *testing.T) {
	plain := noise(200_000)
	for name, data := range map[decode.Name][]byte{
		decode.Gzip: gzipped(t, plain), decode.Zlib: zlibbed(t, plain), decode.Zstd: zstdded(t, plain),
	} {
		t.Run(string(name), func(t *testing.T) {
			d, err := decode.Standard().Find(name)
			if err != nil {
				t.Fatal(err)
			}
			half := data[:len(data)/2+len(data)/3]
			result, err := d.Decode(decode.Input{Bytes: half, More: true}, 0)
			if err != nil || !result.Cut || len(result.Inner) == 0 || !strings.HasPrefix(plain, string(result.Inner)) {
				t.Errorf("a window: %d bytes, cut %v, %v", len(result.Inner), result.Cut, err)
			}
			damaged, err := d.Decode(decode.Value(half), 0)
			if m, ok := errors.AsType[*decode.MalformedError](err); !ok || m.Name != name || !strings.Contains(err.Error(), "ends too early") {
				t.Errorf("a damaged value: %v", err)
			}
			if !bytes.Equal(damaged.Inner, result.Inner) {
				t.Errorf("a damaged value shows %d bytes, the window %d", len(damaged.Inner), len(result.Inner))
			}
		})
	}
}

// noise returns letters that compress to about half.
func noise(n int) string {
	var b strings.Builder
	state := uint32(1)
	for range n {
		state = state*1664525 + 1013904223
		b.WriteByte('a' + byte(state>>24)%16)
	}
	return b.String()
}

func TestDamageIsToldAndNotHidden(t *testing.T) {
	data := gzipped(t, strings.Repeat("hello\n", 1000))
	data[len(data)-6] ^= 1 // the checksum
	view := decode.Standard().Open(decode.Value(data), decode.Chain{decode.Gzip, decode.Text}, 0)
	if view.Err == nil || view.Document.Len() != 1001 || view.Chain.Join(">") != "gzip > text" || !view.Cut {
		t.Errorf("%s, %d lines, cut %v, error %v", view.Chain.Join(">"), view.Document.Len(), view.Cut, view.Err)
	}
	if _, err := decode.Standard().Edit(data, decode.Chain{decode.Gzip, decode.Text}, 0); err == nil {
		t.Error("a damaged value was offered for editing: writing it back would lose the rest")
	}
}

func TestLargeValuesAreNotCopied(t *testing.T) {
	const size = 64 << 20
	for name, data := range map[string][]byte{
		"text":   bytes.Repeat([]byte("some line of text\n"), size/18),
		"line":   bytes.Repeat([]byte("x"), size),
		"json":   append([]byte("["), bytes.Repeat([]byte(`{"a": [1, 2]},`), size/14)...),
		"ndjson": bytes.Repeat([]byte("{\"a\": [1, 2]}\n"), size/14),
		"hex":    bytes.Repeat([]byte{0, 1, 2, 0xff}, size/4),
		"base64": bytes.Repeat([]byte("QmFzZTY0IGlzIHRleHQuIA=="[:20]), size/20),
		"pack":   append([]byte{0xdd, 0x7f, 0xff, 0xff, 0xff}, bytes.Repeat([]byte{0xa3, 'a', 'b', 'c'}, size/4)...),
	} {
		t.Run(name, func(t *testing.T) {
			set, in := decode.Standard(), decode.Value(data)
			took := allocated(func() {
				for _, chain := range append(set.Offers(in), decode.Chain{decode.Msgpack}) {
					view := set.Open(in, chain, 64<<10)
					view.Document.Lines(0, 100)
				}
			})
			if took > 32<<20 {
				t.Errorf("allocated %d bytes for a value of %d", took, len(data))
			}
		})
	}
}

// Levels beyond 19 refer further back than readers must go; what is shown needs no more than the limit.
func TestZstdWithAWideWindow(t *testing.T) {
	plain := strings.Repeat(noise(1<<20), 12) // repeats from 1 MiB before
	for _, single := range []bool{false, true} {
		var b bytes.Buffer
		w, err := zstd.NewWriter(&b, zstd.WithWindowSize(64<<20), zstd.WithSingleSegment(single), zstd.WithEncoderConcurrency(1))
		if err != nil {
			t.Fatal(err)
		}
		data := w.EncodeAll([]byte(plain), nil)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		d, err := decode.Standard().Find(decode.Zstd)
		if err != nil {
			t.Fatal(err)
		}
		for _, limit := range []int{1, 4 << 10, 3 << 20, 10 << 20, 64 << 20} {
			result, err := d.Decode(decode.Value(data), limit)
			if err != nil || string(result.Inner) != plain[:min(limit, len(plain))] || result.Cut != (limit < len(plain)) {
				t.Errorf("single segment %v, limit %d: %d bytes, cut %v, %v", single, limit, len(result.Inner), result.Cut, err)
			}
		}
	}
}
