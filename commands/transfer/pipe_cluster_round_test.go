package transfer

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// everywhere are masters of which the first serves everything.
type everywhere struct{}

func (everywhere) Owner(string) (int, bool) { return 0, true }

func (everywhere) Redirect(int, string) (int, bool, bool) { return 0, false, false }

func (everywhere) Refresh(context.Context) error { return nil }

// FuzzPack: what is cut out of the input to be routed is what a server takes for commands.
func FuzzPack(f *testing.F) {
	for _, text := range []string{
		"SET a 1\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n", "*1\r\n$4\r\nPING\r\n\r\n  \n*0\r\n*-1\r\n$4\r\n", "*2\r\n$3\r\nGET\r\n$-1\r\n", "*1\r\n$4\r\nPI",
		"*1x\r\n", "*" + strings.Repeat("1", 30), "a\x00b\n\x00\n", "*1\rx$0\rx\r\n", "get k",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		p := &ClusterPipe{
			Masters: everywhere{}, Key: func([]string) (string, bool, error) { return "", true, nil },
			Split: func(line string) ([]string, error) {
				line, _, _ = strings.Cut(line, "\x00")
				return strings.FieldsFunc(line, func(r rune) bool { return r < 128 && isBlank(byte(r)) }), nil
			},
		}
		p.framing.feed(input)
		text, cut := string(input), p.framing.end()
		if cut == nil {
			text += lineBreak
		}
		round, size, err := p.pack(t.Context(), text)
		unsendable, failed := errors.AsType[*UnsendableError](err)
		garbage := p.framing.garbage
		switch {
		case failed != (garbage != nil):
			t.Errorf("%q: %v, and the framing says %+v", input, err, garbage)
		case int64(len(round)) != p.framing.commands:
			t.Errorf("%q: %d commands, and the framing has %d", input, len(round), p.framing.commands)
		case failed && unsendable.Command != garbage.Command:
			t.Errorf("%q: command %d is none, and the framing says %d", input, unsendable.Command, garbage.Command)
		case cut != nil && int64(size) != cut.Begun:
			t.Errorf("%q: cut at %d, and the framing says %d", input, size, cut.Begun)
		}
	})
}
