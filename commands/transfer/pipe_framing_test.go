package transfer

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
)

// followed feeds text in pieces of these sizes in turn.
func followed(text []byte, sizes ...int) *framing {
	f := &framing{}
	for i := 0; len(text) > 0; i++ {
		size := min(sizes[i%len(sizes)], len(text))
		f.feed(text[:size])
		text = text[size:]
	}
	return f
}

func TestFraming(t *testing.T) {
	long := "*2\r\n$3\r\nGET\r\n$100000\r\n" + strings.Repeat("*1\r\n", 25_000) + "\r\n"
	for _, c := range []struct {
		name, input string
		commands    int64
		cut         *Cut
		garbage     *Garbage
		uneven      bool
		nul         int64
	}{
		{name: "nothing"},
		{name: "two requests", input: "*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n", commands: 2},
		{name: "lines", input: "PING\r\nget a\nget b", commands: 3},
		{name: "blank lines", input: "\r\n\n  \t\r\nPING\r\n \r\n", commands: 1},
		{name: "mixed", input: "PING\r\n*1\r\n$4\r\nPING\r\nPING", commands: 3},
		{name: "data that looks like commands", input: long + "PING\r\n", commands: 2},
		{name: "no arguments", input: "*0\r\n*-1\r\nPING\r\n", commands: 1},
		{name: "empty argument", input: "*2\r\n$3\r\nGET\r\n$0\r\n\r\n", commands: 1},
		{name: "no line break at the end", input: "*1\r\n$4\r\nPING", commands: 1},
		{name: "half a line break at the end", input: "*1\r\n$4\r\nPING\r", commands: 1},
		{name: "another line break", input: "*1\r\n$4\r\nPINGxyPING\r\n", commands: 2},
		{name: "subscribe", input: "*2\r\n$9\r\nsubSCRIBE\r\n$1\r\na\r\n", commands: 1, uneven: true},
		{name: "subscribe in a line", input: "  PSUBSCRIBE a b\r\n", commands: 1, uneven: true},
		{name: "client, unfinished", input: "client reply off", commands: 1, uneven: true},
		{name: "a name that only begins like one", input: "subscribed a\r\n*1\r\n$7\r\nclients\r\n", commands: 2},
		{name: "NUL", input: "PING\r\nset a \x00b\r\n", commands: 2, nul: 13},
		{
			name: "NUL in a number", input: "*1\r\n$1\x002\r\nPING", nul: 7,
			garbage: &Garbage{Offset: 9, Command: 1, Detail: "the length of an argument is none"},
		},
		{name: "NUL in a request", input: "*2\r\n$3\r\nGET\r\n$1\r\n\x00\r\n", commands: 1},
		{name: "cut in a number", input: "PING\r\n*3", commands: 1, cut: &Cut{Offset: 8, Begun: 6, Command: 2}},
		{name: "cut behind the count", input: "*3\r\n", cut: &Cut{Offset: 4, Command: 1, Arguments: 3, Argument: 1}},
		{
			name: "cut in an argument", input: "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$50\r\nabc",
			cut: &Cut{Offset: 28, Command: 1, Arguments: 3, Argument: 3, Length: 50, Missing: 49},
		},
		{
			name: "cut before a line break", input: "*2\r\n$3\r\nGET",
			cut: &Cut{Offset: 11, Command: 1, Arguments: 2, Argument: 1, Length: 3, Missing: 2},
		},
		{name: "no $", input: "PING\r\n*1\r\nfoo\r\n", commands: 1, garbage: &Garbage{Offset: 10, Command: 2, Detail: `"$" should begin an argument`}},
		{name: "no count", input: "*x\r\n", garbage: &Garbage{Offset: 3, Command: 1, Detail: "the number of arguments is none"}},
		{name: "leading zero", input: "*01\r\n", garbage: &Garbage{Offset: 4, Command: 1, Detail: "the number of arguments is none"}},
		{name: "no length", input: "*1\r\n$-1\r\n", garbage: &Garbage{Offset: 8, Command: 1, Detail: "the length of an argument is none"}},
		{name: "endless number", input: "*" + strings.Repeat("1", 100), garbage: &Garbage{Offset: 25, Command: 1, Detail: "a number should end here"}},
	} {
		for _, sizes := range [][]int{{1}, {2, 3}, {7}, {len(c.input) + 1}} {
			f := followed([]byte(c.input), sizes...)
			cut := f.end()
			if f.commands != c.commands || f.uneven != c.uneven || f.nul != c.nul {
				t.Errorf("%s, by %d: %d commands, uneven %t, NUL %d", c.name, sizes, f.commands, f.uneven, f.nul)
			}
			if (cut == nil) != (c.cut == nil) || cut != nil && *cut != *c.cut {
				t.Errorf("%s, by %d: cut %+v, want %+v", c.name, sizes, cut, c.cut)
			}
			if (f.garbage == nil) != (c.garbage == nil) || f.garbage != nil && *f.garbage != *c.garbage {
				t.Errorf("%s, by %d: garbage %+v, want %+v", c.name, sizes, f.garbage, c.garbage)
			}
		}
	}
}

// plain reads commands out of memory, as a server does and as simply as that can be written. It returns how many there are, and whether
// the last one is cut off or what follows is garbage.
func plain(b []byte) (commands int64, cut, garbage bool) {
	for len(b) > 0 {
		if b[0] != '*' {
			line, rest, found := bytes.Cut(b, []byte("\n"))
			if trimmed := bytes.TrimLeft(line, " \t\r\n\v\f"); len(trimmed) > 0 && trimmed[0] != 0 {
				commands++
			}
			if b = rest; !found {
				return commands, false, false
			}
			continue
		}
		count, rest, state := plainNumber(b[1:], longestHead)
		if state != "" {
			return commands, state == "cut", state == "garbage"
		}
		b = rest
		for i := range max(count, 0) {
			if len(b) == 0 {
				return commands, true, false
			}
			if b[0] != '$' {
				return commands, false, true
			}
			length, rest, state := plainNumber(b[1:], longestHead-1)
			if state == "" && length < 0 {
				state = "garbage"
			}
			if state != "" {
				return commands, state == "cut", state == "garbage"
			}
			if int64(len(rest)) < length+2 {
				last := i == count-1 && int64(len(rest)) >= length
				if last {
					commands++
				}
				return commands, !last, false
			}
			b = rest[length+2:]
		}
		if count > 0 {
			commands++
		}
	}
	return commands, false, false
}

func plainNumber(b []byte, longest int) (n int64, rest []byte, state string) {
	end := bytes.IndexByte(b, '\r')
	switch {
	case end > longest || end < 0 && len(b) > longest:
		return 0, nil, "garbage"
	case end < 0 || end+1 == len(b):
		return 0, nil, "cut"
	}
	n, err := strconv.ParseInt(string(b[:end]), 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != string(b[:end]) {
		return 0, nil, "garbage"
	}
	return n, b[end+2:], ""
}

func FuzzFraming(f *testing.F) {
	for _, seed := range []string{
		"*1\r\n$4\r\nPING\r\n", "PING\r\nset a b\n\n", "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nab\r\nc\r\n*0\r\n", "*2\r\n$3\r\nGET\r\n$10\r\nabc",
		"*1\r\n$x\r\n", "*-1\r\n$4\r\n", "*1\r\n$0\r\n\r\n*1\r\n", "\x00a\nb\x00\n", " \v\f\n*1\r\n$1\r\na\r", "*2\r\n$9\r\nsubscribe\r\n$0\r\n\r\n",
	} {
		f.Add([]byte(seed), 3, 5)
	}
	f.Fuzz(func(t *testing.T, text []byte, first, second int) {
		if longNumber(text) {
			return // numbers that no server takes are not looked at so closely
		}
		f := followed(text, max(first, 1), max(second, 1))
		isCut := f.end() != nil
		commands, cut, garbage := plain(text)
		if f.commands != commands || isCut != cut || (f.garbage != nil) != garbage {
			t.Errorf("%q by %d, %d: %d commands, cut %t, garbage %+v; plainly %d, %t, %t",
				text, first, second, f.commands, isCut, f.garbage, commands, cut, garbage)
		}
		whole := followed(text, len(text)+1)
		whole.end()
		if whole.uneven != f.uneven || whole.nul != f.nul {
			t.Errorf("%q by %d, %d: uneven %t and not %t, NUL at %d and not %d", text, first, second, f.uneven, whole.uneven, f.nul, whole.nul)
		}
	})
}

// longNumber reports whether there are numbers of which a server and this package say different things: none that could be sent.
func longNumber(text []byte) bool {
	digits := 0
	for _, c := range text {
		if c < '0' || c > '9' {
			digits = 0
		} else if digits++; digits > 17 {
			return true
		}
	}
	return false
}

func BenchmarkFraming(b *testing.B) {
	for name, one := range map[string]string{
		"requests": "*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000012\r\n$14\r\nvalue:00000012\r\n",
		"lines":    "SET key:000000000012 value:00000012\r\n",
		"large":    "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$60000\r\n" + strings.Repeat("x", 60_000) + "\r\n",
	} {
		text := bytes.Repeat([]byte(one), max(128<<10/len(one), 1))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			f := &framing{}
			for b.Loop() {
				f.feed(text)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(f.commands), "ns/command")
		})
	}
}
