package guard_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"redan/commands/guard"
)

var update = flag.Bool("update", false, "write the table of docs/profiles.md anew")

// TestDocument holds that the table in docs/profiles.md is what the guard does with the commands of the decisions above.
func TestDocument(t *testing.T) {
	known := table(t)
	word := map[guard.Decision]string{guard.Allow: "sent", guard.Confirm: "asked", guard.Refuse: "**refused**"}
	var b strings.Builder
	b.WriteString("| command | read-only | production | why |\n|---|---|---|---|\n")
	for line := range strings.Lines(strings.TrimSpace(decisions)) {
		words := strings.Fields(line)[2:]
		readOnly := guard.Policy{ReadOnly: true}.Judge(known, words)
		production := guard.Policy{Production: true}.Judge(known, words)
		why := production.Reason
		if why == "" {
			why = readOnly.Reason
		}
		if production.Instead != "" {
			why += "; instead: `" + production.Instead + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", strings.Join(words, " "), word[readOnly.Decision], word[production.Decision], why)
	}
	path := filepath.Join("..", "..", "docs", "profiles.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	between := regexp.MustCompile(`(?s)(<!-- guard -->\n).*?(<!-- end -->)`)
	want := between.ReplaceAllString(string(text), "${1}"+strings.ReplaceAll(b.String(), "$", "$$")+"${2}")
	if want == string(text) && strings.Contains(want, b.String()) {
		return
	}
	if !*update {
		t.Fatal("the guard's table in docs/profiles.md is not what the guard does: go test ./commands/guard -update")
	}
	if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
		t.Fatal(err)
	}
}
