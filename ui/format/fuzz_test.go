package format_test

import (
	"bufio"
	"bytes"
	"testing"

	"redan/conn/resp"
	"redan/ui/format"
)

// FuzzPrint prints whatever a server may send: never a panic, never a byte that
// a terminal obeys, and the same text from the stream as from the value.
func FuzzPrint(f *testing.F) {
	for _, g := range append(goldens(), exotics()...) {
		f.Add([]byte(g.wire), uint8(3))
	}
	f.Add([]byte("*?\r\n|1\r\n+a\r\n+b\r\n.\r\n"), uint8(1))
	f.Add([]byte("%?\r\n%?\r\n+a\r\n.\r\n+b\r\n.\r\n"), uint8(1))
	f.Fuzz(func(t *testing.T, wire []byte, size uint8) {
		value, readErr := resp.NewReader(bytes.NewReader(wire)).Read()
		for _, m := range modes() {
			for _, terminal := range []bool{false, true} {
				p := format.New(m.mode)
				p.Terminal = terminal
				var out bytes.Buffer
				w := bufio.NewWriterSize(&out, 16+int(size))
				src := &splitter{src: resp.NewReader(bytes.NewReader(wire)), size: 1 + int(size)}
				_, err := p.Print(w, src)
				if flushErr := w.Flush(); flushErr != nil {
					t.Fatal(flushErr)
				}
				if terminal && err == nil && !isSafe(out.String()) {
					t.Fatalf("%s prints %q", m.flag, out.String())
				}
				// A value does not tell a repeated attribute from one with more pairs.
				repeated := m.mode == format.Standard && bytes.Count(wire, []byte("|")) > 1
				if err == nil && readErr == nil && !repeated {
					if want := printed(t, p, value.Source()); out.String() != want {
						t.Fatalf("%s streams\n%s\nbut holds\n%s", m.flag, out.String(), want)
					}
				}
			}
		}
	})
}
