package cli

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the help in docs/profiles.md anew")

// TestDocumentOfCommands holds that docs/profiles.md has the help of every command as the program prints it. With -update it is written
// anew.
func TestDocumentOfCommands(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "profiles.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	document := string(text)
	helps := map[string]string{"profile": profileHelp(), "completion": completionHelp}
	for _, verb := range profileVerbs() {
		helps["profile "+verb.name] = newBench(t).ok("profile", verb.name, "--help")
	}
	for name, help := range helps {
		place := regexp.MustCompile("(?s)(<!-- help: redan " + name + " -->\n```text\n).*?(```\n<!-- end -->)")
		if !place.MatchString(document) {
			t.Errorf("docs/profiles.md has no place for redan %s --help", name)
			continue
		}
		fresh := place.ReplaceAllString(document, "${1}"+strings.ReplaceAll(help, "$", "$$")+"${2}")
		if fresh != document && !*update {
			t.Errorf("docs/profiles.md does not say what redan %s --help says; write it with go test ./ui/cli -run TestDocumentOfCommands -update", name)
		}
		document = fresh
	}
	if *update {
		if err := os.WriteFile(path, []byte(document), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
