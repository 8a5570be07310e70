package explain_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"redan/conn/cert/explain"
)

// update writes the table of codes: go test ./conn/cert/explain -update.
var update = flag.Bool("update", false, "rewrite the table of codes in docs/certificates.md")

// TestCodesPage holds docs/certificates.md to the codes that redan cert explain knows. With -update it writes them down.
func TestCodesPage(t *testing.T) {
	const path, begin, end = "../../../docs/certificates.md", "<!-- codes -->\n", "<!-- end of codes -->"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(page), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no place for the codes", path)
	}
	known, err := explain.New(explain.About{})
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	table.WriteString("| code | severity | meaning |\n|---|---|---|\n")
	for _, code := range known.Codes() {
		e, ok := known.Code(code)
		if !ok {
			t.Errorf("%s is listed, and not known", code)
			continue
		}
		table.WriteString("| `" + code + "` | " + e.Severity.String() + " | " + strings.ReplaceAll(e.Meaning, "|", `\|`) + " |\n")
	}
	want := before + begin + table.String() + end + after
	if want == string(page) {
		return
	}
	if !*update {
		t.Fatalf("%s is not what redan cert explain knows: go test ./conn/cert/explain -run CodesPage -update", path)
	}
	if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
		t.Fatal(err)
	}
}
