package decode_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"redan/ui/view/decode"
)

func packed(t testing.TB, w io.WriteCloser, b *bytes.Buffer, plain string) []byte {
	t.Helper()
	if _, err := io.WriteString(w, plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(t testing.TB, plain string) []byte {
	t.Helper()
	var b bytes.Buffer
	return packed(t, gzip.NewWriter(&b), &b, plain)
}

func zlibbed(t testing.TB, plain string) []byte {
	t.Helper()
	var b bytes.Buffer
	return packed(t, zlib.NewWriter(&b), &b, plain)
}

func zstdded(t testing.TB, plain string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	return packed(t, w, &b, plain)
}

func lz4ed(t testing.TB, plain string) []byte {
	t.Helper()
	var b bytes.Buffer
	return packed(t, lz4.NewWriter(&b), &b, plain)
}

// detect returns the chain that a value is shown through.
func detect(in decode.Input) string { return decode.Standard().Detect(in).Join(">") }

// laid returns a document as a reader sees it, two blanks an indent.
func laid(d decode.Document) string {
	var b strings.Builder
	for i := range d.Len() {
		line := d.Line(i)
		b.WriteString(strings.Repeat("  ", line.Indent) + line.Text() + "\n")
	}
	return b.String()
}

// opened shows a value through a chain, and wants it to be that chain.
func opened(t testing.TB, data string, chain ...decode.Name) decode.View {
	t.Helper()
	view := decode.Standard().Open(decode.Value([]byte(data)), chain, 0)
	if view.Err != nil {
		t.Fatalf("opening %.40q as %v: %v", data, chain, view.Err)
	}
	return view
}
