package format_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"redan/conn/resp"
	"redan/ui/format"
)

// BenchmarkPrint prints a million short elements. "tokens" hands them out at no
// cost, "reader" decodes them, too.
func BenchmarkPrint(b *testing.B) {
	const elements = 1_000_000
	element := "$14\r\nelement-123456\r\n"
	wire := fmt.Sprintf("*%d\r\n%s", elements, strings.Repeat(element, elements))
	for _, m := range modes() {
		b.Run("tokens"+m.flag, func(b *testing.B) {
			benchmark(b, format.New(m.mode), func() resp.Source { return &elementSource{n: elements, text: []byte("element-123456")} })
		})
	}
	for _, m := range modes() {
		b.Run("reader"+m.flag, func(b *testing.B) {
			benchmark(b, format.New(m.mode), func() resp.Source { return resp.NewReader(strings.NewReader(wire)) })
		})
	}
}

// BenchmarkPrintString prints one string of 64 MiB.
func BenchmarkPrintString(b *testing.B) {
	const size = 64 << 20
	for name, pattern := range map[string]string{"text": "some text, nothing to escape. ", "binary": "\x00\x01\xfe\xff\"\\ab"} {
		wire := fmt.Appendf(nil, "$%d\r\n%s\r\n", size, bytes.Repeat([]byte(pattern), size/len(pattern)+1)[:size])
		for _, m := range modes() {
			for _, terminal := range []bool{false, true} {
				b.Run(fmt.Sprintf("%s%s/terminal=%v", name, m.flag, terminal), func(b *testing.B) {
					b.SetBytes(size)
					p := format.New(m.mode)
					p.Terminal = terminal
					benchmark(b, p, func() resp.Source { return resp.NewReader(bytes.NewReader(wire)) })
				})
			}
		}
	}
}

// BenchmarkPrintSmall prints the shortest reply: what a pipe pays per command.
func BenchmarkPrintSmall(b *testing.B) {
	for _, m := range modes() {
		b.Run(m.flag, func(b *testing.B) {
			src := &scalarSource{resp.Token{Kind: resp.SimpleString, Text: []byte("OK")}}
			benchmark(b, format.New(m.mode), func() resp.Source { return src })
		})
	}
}

func benchmark(b *testing.B, p format.Printer, source func() resp.Source) {
	b.Helper()
	w := bufio.NewWriterSize(io.Discard, 64<<10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Print(w, source()); err != nil {
			b.Fatal(err)
		}
	}
}

// elementSource is an array of n strings.
type elementSource struct {
	n      int
	text   []byte
	opened bool
}

func (s *elementSource) Next() (resp.Token, error) {
	if !s.opened {
		s.opened = true
		return resp.Token{Kind: resp.Array, Int: int64(s.n)}, nil
	}
	if s.n == 0 {
		return resp.Token{Kind: resp.Array, End: true}, nil
	}
	s.n--
	return resp.Token{Kind: resp.BulkString, Text: s.text}, nil
}

// scalarSource repeats one reply for ever.
type scalarSource struct{ resp.Token }

func (s *scalarSource) Next() (resp.Token, error) { return s.Token, nil }
