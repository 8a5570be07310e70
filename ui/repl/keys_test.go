package repl

import (
	"reflect"
	"strings"
	"testing"
)

func TestKeys(t *testing.T) {
	for _, tc := range []struct {
		in   string
		want []press
	}{
		{"get a", []press{{keyText, "get a"}}},
		{"é日", []press{{keyText, "é日"}}},
		{"\xff\xfe", []press{{keyText, "\xff\xfe"}}},
		{"a\rb\n", []press{{keyText, "a"}, {key: keyEnter}, {keyText, "b"}, {key: keyEnter}}},
		{"a\r\n", []press{{keyText, "a"}, {key: keyEnter}}},
		{"\n\n", []press{{key: keyEnter}, {key: keyEnter}}},
		{"\x01\x05\x02\x06", []press{{key: keyHome}, {key: keyEnd}, {key: keyLeft}, {key: keyRight}}},
		{"\x7f\x08\x04\x03", []press{{key: keyBackspace}, {key: keyBackspace}, {key: keyEOF}, {key: keyInterrupt}}},
		{"\x1b[A\x1b[B\x1b[C\x1b[D", []press{{key: keyUp}, {key: keyDown}, {key: keyRight}, {key: keyLeft}}},
		{"\x1bOA\x1bOB\x1bOH\x1bOF", []press{{key: keyUp}, {key: keyDown}, {key: keyHome}, {key: keyEnd}}},
		{"\x1b[1;5C\x1b[1;3D\x1bOc\x1bOd", []press{{key: keyWordRight}, {key: keyWordLeft}, {key: keyWordRight}, {key: keyWordLeft}}},
		{"\x1b[1~\x1b[4~\x1b[7~\x1b[8~\x1b[H\x1b[F", []press{{key: keyHome}, {key: keyEnd}, {key: keyHome}, {key: keyEnd}, {key: keyHome}, {key: keyEnd}}},
		{"\x1b[3~\x1b[3;5~", []press{{key: keyDelete}, {key: keyKillWordRight}}},
		{"\x1bb\x1bf\x1bd\x1b\x7f", []press{{key: keyWordLeft}, {key: keyWordRight}, {key: keyKillWordRight}, {key: keyKillWordLeft}}},
		{"\x12\x13\x14\x17\x19\x1a", []press{
			{key: keySearchBack}, {key: keySearchForward}, {key: keyTranspose}, {key: keyKillArgument}, {key: keyYank}, {key: keySuspend},
		}},
		// What means nothing leaves no trace: function keys, NUL, a mouse, an unknown Alt.
		{"\x1b[15~a\x1b[[Ab\x00c\x1b[<0;1;1Md", []press{{keyText, "a"}, {keyText, "b"}, {keyText, "c"}, {keyText, "d"}}},
		{"\x1bx", []press{{keyText, "x"}}},
		{"\x1b\x1b[A", []press{{key: keyUp}}},
		{"\x1b[\rx", []press{{key: keyEnter}, {keyText, "x"}}},
		// In a paste every byte is text, but for line ends.
		{pasteBegin + "a\tb\x03\x1b[A" + pasteEnd + "c", []press{{keyText, "a\tb\x03\x1b[A"}, {keyText, "c"}}},
		{pasteBegin + "one\r\ntwo\rthree\n" + pasteEnd, []press{
			{keyText, "one"}, {key: keyEnter}, {keyText, "two"}, {key: keyEnter}, {keyText, "three"}, {key: keyEnter},
		}},
		{pasteBegin + "a\x00b" + pasteEnd, []press{{keyText, "ab"}}},
	} {
		var d decoder
		if got := d.feed([]byte(tc.in)); !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%q: got %v, want %v", tc.in, got, tc.want)
		}
		if len(d.rest) > 0 {
			t.Errorf("%q: %q is left", tc.in, d.rest)
		}
	}
}

// joined writes key presses so that text is the same however it was cut.
func joined(presses []press) string {
	var b strings.Builder
	for _, p := range presses {
		if p.key == keyText {
			b.WriteString(p.text)
			continue
		}
		b.WriteString("<" + string(rune('A'+p.key)) + ">")
	}
	return b.String()
}

func FuzzKeysDoNotDependOnHowTheyAreCut(f *testing.F) {
	f.Add([]byte("get \xc3\xa9\x1b[1;5D\r"), uint8(3))
	f.Add([]byte(pasteBegin+"a\r\nb\x1b"+pasteEnd+"\x03"), uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, size uint8) {
		var whole, cut decoder
		want := joined(whole.feed(data))
		var got []press
		for rest := data; len(rest) > 0; {
			n := min(int(size)+1, len(rest))
			got = append(got, cut.feed(rest[:n])...)
			rest = rest[n:]
		}
		if joined(got) != want || string(cut.rest) != string(whole.rest) {
			t.Errorf("whole: %q rest %q\ncut: %q rest %q", want, whole.rest, joined(got), cut.rest)
		}
	})
}
