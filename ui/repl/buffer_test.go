package repl

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// at makes a buffer of a text in which | is the cursor.
func at(text string) *buffer {
	b := &buffer{}
	head, tail, found := strings.Cut(text, "|")
	b.set(head)
	pos := b.pos
	if b.set(head + tail); found {
		b.pos = pos
	}
	return b
}

func (b *buffer) marked() string { return b.head() + "|" + fromRunes(b.text[b.pos:]) }

func TestEditing(t *testing.T) {
	for _, tc := range []struct {
		before string
		keys   []press
		want   string
	}{
		{"|", []press{{keyText, "get"}}, "get|"},
		{"a|c", []press{{keyText, "日"}}, "a日|c"},
		{"ab|", []press{{key: keyBackspace}}, "a|"},
		{"|ab", []press{{key: keyBackspace}}, "|ab"},
		{"e\u0301|", []press{{key: keyBackspace}}, "|"}, // with the accent that combines with it
		{"e\u0301x|", []press{{key: keyLeft}, {key: keyLeft}}, "|e\u0301x"},
		{"|e\u0301x", []press{{key: keyRight}}, "e\u0301|x"},
		{"|e\u0301x", []press{{key: keyDelete}}, "|x"},
		{"ab|", []press{{key: keyDelete}}, "ab|"},
		{"|", []press{{key: keyDelete}, {key: keyBackspace}, {key: keyLeft}, {key: keyRight}, {key: keyTranspose}}, "|"},
		{"get user:1|", []press{{key: keyWordLeft}}, "get user:|1"},
		{"get user:1|", []press{{key: keyWordLeft}, {key: keyWordLeft}}, "get |user:1"},
		{"|get user:1", []press{{key: keyWordRight}, {key: keyWordRight}}, "get user|:1"},
		{"g|et", []press{{key: keyHome}}, "|get"},
		{"g|et", []press{{key: keyEnd}}, "get|"},
		{"get |key", []press{{key: keyKillToEnd}}, "get |"},
		{"get |key", []press{{key: keyKillToStart}}, "|key"},
		{"get |key", []press{{key: keyKillToStart}, {key: keyEnd}, {key: keyYank}}, "keyget |"},
		{"set user:1 v|", []press{{key: keyKillArgument}}, "set user:1 |"},
		{"set user:1 |v", []press{{key: keyKillArgument}}, "set |v"},
		{"get |foo", []press{{key: keyKillArgument}}, "|foo"}, // the rest of the line stays
		{"set user:1|", []press{{key: keyKillWordLeft}}, "set user:|"},
		{"get |user:1", []press{{key: keyKillWordRight}}, "get |:1"},
		{"x|", []press{{key: keyTranspose}, {keyText, "y"}}, "xy|"},
		{"ab|", []press{{key: keyTranspose}}, "ba|"},
		{"a|bc", []press{{key: keyTranspose}}, "ba|c"},
		{"naïve|", []press{{key: keyKillWordLeft}}, "|"},
	} {
		b := at(tc.before)
		for _, p := range tc.keys {
			if !b.edit(p) {
				t.Errorf("key %v is not one of editing", p)
			}
		}
		if got := b.marked(); got != tc.want {
			t.Errorf("%q after %v: got %q, want %q", tc.before, tc.keys, got, tc.want)
		}
	}
}

func FuzzRunesKeepEveryByte(f *testing.F) {
	f.Add("héllo \xff\xc3 \ufffd")
	f.Fuzz(func(t *testing.T, s string) {
		runes := toRunes(s)
		if got := fromRunes(runes); got != s {
			t.Errorf("got %q, want %q", got, s)
		}
		if utf8.ValidString(s) && len(runes) != utf8.RuneCountInString(s) {
			t.Errorf("%q has %d runes, not %d", s, utf8.RuneCountInString(s), len(runes))
		}
	})
}

func FuzzEditingNeverLeavesTheLine(f *testing.F) {
	f.Add("get e\u0301", []byte{3, 9, 200, 15})
	f.Fuzz(func(t *testing.T, text string, keys []byte) {
		b := &buffer{}
		b.set(text)
		for _, k := range keys {
			b.edit(press{key: key(k) % (keySuspend + 1), text: "x"})
			if b.pos < 0 || b.pos > len(b.text) {
				t.Fatalf("after key %d the cursor is at %d of %d", k, b.pos, len(b.text))
			}
		}
	})
}
