package explain_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"redan/conn/cert/explain"
)

// sample is a line of testdata/corpus.txt.
type sample struct{ codes, speaker, text string }

func corpus(t testing.TB) []sample {
	t.Helper()
	file, err := os.ReadFile("testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	var samples []sample
	for line := range strings.Lines(string(file)) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), " | ", 3)
		if strings.HasPrefix(line, "#") {
			continue
		}
		if len(parts) != 3 {
			t.Fatalf("testdata/corpus.txt: not of three parts: %q", line)
		}
		samples = append(samples, sample{parts[0], parts[1], parts[2]})
	}
	if len(samples) < 300 {
		t.Fatalf("the corpus has only %d texts", len(samples))
	}
	return samples
}

func newExplainer(t testing.TB) *explain.Explainer {
	t.Helper()
	x, err := explain.New(explain.About{})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// codesOf writes what was found as the corpus does.
func codesOf(result explain.Result) string {
	var codes []string
	for _, e := range result.Explanations {
		code := e.Code
		if e.Ambiguous() {
			code += "?"
		}
		codes = append(codes, code)
	}
	if codes == nil {
		return "-"
	}
	return strings.Join(codes, " ")
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	for _, s := range corpus(t) {
		result := x.Text(s.text)
		if got := codesOf(result); got != s.codes {
			t.Errorf("%s\n is explained as %s, want %s", s.text, got, s.codes)
			continue
		}
		for _, e := range result.Explanations {
			speaker := e.Speaker
			if speaker == "" {
				speaker = "-"
			}
			if speaker != s.speaker {
				t.Errorf("%s\n is said to be of %s, want %s", s.text, speaker, s.speaker)
			}
			if e.Meaning == "" || len(e.Causes) == 0 || len(e.Fixes) == 0 || e.Next == "" || e.Quote == "" {
				t.Errorf("%s\n is explained with something left empty: %+v", s.text, e)
			}
		}
	}
}

// TestCorpusWrapped writes each text as other programs would pass it on.
func TestCorpusWrapped(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	for _, way := range []struct {
		name string
		wrap func(string) string
	}{
		{"upper case", strings.ToUpper},
		{"lower case", strings.ToLower},
		{"a log's prefix", func(s string) string { return "2026-11-22T05:37:45.401Z redis-1  | " + s }},
		{"JSON", func(s string) string { return `{"level":"warn","msg":` + strconv.Quote(s) + `,"stream":"stderr"}` }},
		{"JSON in JSON", func(s string) string { return `{"log":` + strconv.Quote(`{"msg":`+strconv.Quote(s)+`}`) + `}` }},
		{"colours", func(s string) string {
			return "\x1b[31m" + strings.ReplaceAll(s, " ", "\x1b[0m \x1b[1;31m") + "\x1b[0m"
		}},
		{"escaped colours", func(s string) string { return `\u001b[31m` + strings.ReplaceAll(s, " ", `\u001b[0m \u001b[31m`) }},
		{"CRLF", func(s string) string { return s + "\r\n" }},
		{"quoted in a mail", func(s string) string { return "> " + s }},
		{"UTF-16", func(s string) string {
			var b strings.Builder
			for i := range len(s) {
				b.WriteString(s[i:i+1] + "\x00")
			}
			return "\xff\xfe" + b.String()
		}},
		{"lines of 60 columns", func(s string) string { return fold(s, 60, true) }},
		{"indented lines of 40 columns", func(s string) string { return strings.ReplaceAll(fold(s, 40, true), "\n", "\n        ") }},
	} {
		for _, s := range corpus(t) {
			isCode := !strings.Contains(s.text, " ") || s.text == "error 20" || strings.Contains(s.text, "FAIL") || strings.Contains(s.text, `"code":"EXPIRED"`)
			endsLine := strings.Contains(way.name, "JSON") && s.text == "I/O error"
			if isCode || endsLine { // a name, or a number, alone or spelled just so; words that mean something only at the end of a line
				continue
			}
			if got := codesOf(x.Text(way.wrap(s.text))); got != s.codes {
				t.Errorf("in %s: %s\n is explained as %s, want %s", way.name, way.wrap(s.text), got, s.codes)
			}
		}
	}
}

// TestCorpusBroken breaks texts in the middle of words, as a terminal does.
func TestCorpusBroken(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	for _, text := range []struct{ text, codes string }{
		{"Could not connect to Redis at 127.0.0.1:6380: SSL_connect failed: certificate verify failed", "UNKNOWN_CA?"},
		{"tls: failed to verify certificate: x509: certificate relies on legacy Common Name field, use SANs instead", "CN_ONLY"},
		{"error:0A000418:SSL routines::tlsv1 alert unknown ca", "CLIENT_CA_UNKNOWN?"},
	} {
		for width := 9; width < len(text.text); width++ {
			if got := codesOf(x.Text(fold(text.text, width, false))); got != text.codes {
				t.Errorf("%q\n is explained as %s, want %s", fold(text.text, width, false), got, text.codes)
			}
		}
	}
}

// fold breaks text into lines of a width, at blanks or anywhere.
func fold(text string, width int, atBlanks bool) string {
	var b strings.Builder
	if atBlanks {
		column := 0
		for i, word := range strings.Split(text, " ") {
			switch {
			case i == 0:
			case column+1+len(word) > width:
				b.WriteByte('\n')
				column = 0
			default:
				b.WriteByte(' ')
				column++
			}
			b.WriteString(word)
			column += len(word)
		}
		return b.String()
	}
	for len(text) > width {
		b.WriteString(text[:width] + "\n")
		text = text[width:]
	}
	return b.String() + text
}
