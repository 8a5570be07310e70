package commands

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Hint says what may follow a line that is being typed: the arguments that
// are still missing and the options not yet given. A word counts only once a
// blank follows it. The hint is empty when nothing may follow, and when the
// line is not understood: an unknown command, an open quote, a word that fits
// nowhere, a repeat count in front.
func (t *Table) Hint(line string) string {
	words, err := Split(line)
	if err != nil {
		return ""
	}
	if len(words) > 0 && !endsBlank(line) {
		words = words[:len(words)-1]
	}
	list, ok := t.expect(words)
	if !ok {
		return ""
	}
	return string(appendList(nil, list, " "))
}

// expect gives what may follow the words of a command.
func (t *Table) expect(words []string) ([]element, bool) {
	c, n := t.Lookup(words)
	if c == nil {
		return nil, false
	}
	list := c.elements()
	for _, word := range words[n:] {
		var ok bool
		if list, ok = advance(list, word); !ok {
			return nil, false
		}
	}
	return list, true
}

func endsBlank(line string) bool {
	line = untilNUL(line)
	return line != "" && blank(line[len(line)-1])
}

// HintReport is the outcome of a file of hint tests.
type HintReport struct {
	Passed, Total int
	Problems      []string // one line each: what differed, or which line of the file could not be used
}

// Failures is the number of tests that did not pass.
func (r HintReport) Failures() int { return r.Total - r.Passed }

// Summary is the one line that ends a run, as redis-cli words it.
func (r HintReport) Summary() string {
	verdict := "SUCCESS"
	if r.Failures() > 0 {
		verdict = "FAILURE"
	}
	return fmt.Sprintf("%s: %d/%d passed", verdict, r.Passed, r.Total)
}

// RunHintFile checks hints against a file in the format of redis-cli's
// --test_hint_file: two quoted strings a line, what is typed and the hint
// expected for it, without regard to blanks at its end. Empty lines and lines
// that begin with # are passed over, and so are lines with bad quoting, which
// are named in the problems. The error is that of reading.
func (t *Table) RunHintFile(r io.Reader) (HintReport, error) {
	var report HintReport
	lines := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := lines.ReadString('\n')
		if line != "" {
			t.checkHint(&report, n, line)
		}
		if err == io.EOF {
			return report, nil
		}
		if err != nil {
			return report, fmt.Errorf("read hint tests, line %d: %w", n, err)
		}
	}
}

func (t *Table) checkHint(report *HintReport, number int, line string) {
	if strings.HasPrefix(line, "#") {
		return
	}
	words, err := Split(line)
	if err != nil {
		report.Problems = append(report.Problems, fmt.Sprintf("Line %d skipped: %v", number, err))
		return
	}
	if len(words) == 0 {
		return
	}
	report.Total++
	if len(words) == 1 {
		report.Problems = append(report.Problems, fmt.Sprintf("Missing expected hint for input '%s'", words[0]))
		return
	}
	want := balanced(strings.TrimRight(words[1], " "))
	if got := t.Hint(words[0]); got != want {
		report.Problems = append(report.Problems,
			fmt.Sprintf("Line %d: hint for '%s' is '%s', expected '%s'", number, words[0], got, want))
		return
	}
	report.Passed++
}

// balanced leaves out closing brackets that close nothing. Some redis-cli
// versions write one too many after a repeated option, and test files made
// for them expect it.
func balanced(hint string) string {
	var b strings.Builder
	depth := 0
	for _, r := range hint {
		switch r {
		case '[':
			depth++
		case ']':
			if depth == 0 {
				continue
			}
			depth--
		}
		b.WriteRune(r)
	}
	return b.String()
}
