package repl

import "testing"

func TestRecall(t *testing.T) {
	r := &recall{}
	for _, line := range []string{"one", "two", "two", "three"} {
		r.add(line)
	}
	r.begin()
	current := "typed"
	for i, step := range []struct {
		steps int
		want  string
		ok    bool
	}{
		{1, "typed", false},
		{-1, "three", true},
		{-1, "two", true},
		{-1, "one", true}, // "two" was entered twice and is there once
		{-1, "one", false},
		{1, "two", true},
		{1, "three", true},
		{1, "typed", true}, // what was begun is not lost
	} {
		line, ok := r.move(current, step.steps)
		if line != step.want || ok != step.ok {
			t.Fatalf("step %d: got %q %v, want %q %v", i, line, ok, step.want, step.ok)
		}
		current = line
	}
	r.move("typed", -1)
	r.move("three, changed", -1)
	if line, _ := r.move("two", 1); line != "three, changed" {
		t.Errorf("got %q, want what it was changed to", line)
	}
	r.begin()
	if line, _ := r.move("", -1); line != "three" {
		t.Errorf("got %q: a change outlives the line", line)
	}
}

func TestRecallIsBounded(t *testing.T) {
	r := &recall{}
	for i := range maxInMemory + 10 {
		r.add(string(rune('0' + i%2)))
	}
	if len(r.lines) != maxInMemory {
		t.Errorf("%d lines, want %d", len(r.lines), maxInMemory)
	}
}

func TestSearch(t *testing.T) {
	lines := []string{"set a 1", "get a", "set b 2", "get a", "get b"}
	s := newSearch(lines)
	for i, step := range []struct {
		press   press
		prompt  string
		line    string
		offset  int
		handled bool
	}{
		{press{keyText, "g"}, "(reverse-i-search)'g': ", "get b", 0, true},
		{press{keyText, "et a"}, "(reverse-i-search)'get a': ", "get a", 0, true},
		{press{key: keySearchBack}, "(failing reverse-i-search)'get a': ", "get a", 0, true}, // the same line again is no news
		{press{key: keyBackspace}, "(reverse-i-search)'get ': ", "get b", 0, true},
		{press{key: keySearchBack}, "(reverse-i-search)'get ': ", "get a", 0, true},
		{press{key: keySearchForward}, "(i-search)'get ': ", "get b", 0, true},
		{press{keyText, "zz"}, "(failing i-search)'get zz': ", "get b", 0, true},
		{press{key: keyLeft}, "(failing i-search)'get zz': ", "get b", 0, false},
	} {
		handled := s.press(step.press)
		line, offset := s.found()
		if handled != step.handled || s.prompt() != step.prompt || line != step.line || offset != step.offset {
			t.Fatalf("step %d: got %v %q %q at %d, want %v %q %q at %d", i,
				handled, s.prompt(), line, offset, step.handled, step.prompt, step.line, step.offset)
		}
	}
}
