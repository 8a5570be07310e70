package repl

import "testing"

func TestRuneWidth(t *testing.T) {
	for r, want := range map[rune]int{
		'a': 1, 'é': 1, '\u0301': 0, '\u200d': 0, '日': 2, 'ㄱ': 2, 'Ａ': 2, '｡': 1, '🎉': 2, '\U0001f3fb': 0,
		'🌡': 1, '→': 1, '\u10ff': 1, '\u1100': 2, '\u115f': 2, '\u1160': 1, 0x3fffd: 2, 0x3fffe: 1, rawByte: 1,
	} {
		if got := runeWidth(r); got != want {
			t.Errorf("%+q: got %d, want %d", r, got, want)
		}
	}
}

func TestWhatATerminalCouldObeyIsWrittenOut(t *testing.T) {
	for r, want := range map[rune]string{
		'a': "a", 'é': "é", '\t': "    ", 0x1b: `\x1b`, 0x9b: `\x9b`, 0x7f: `\x7f`, rawByte + 0xff: `\xff`,
		'\u202e': `\u202e`, '\ufeff': `\ufeff`, '\u200d': "\u200d", '\ufffd': "\ufffd",
	} {
		if got := shown(r); got != want {
			t.Errorf("%+q: got %q, want %q", r, got, want)
		}
	}
}
