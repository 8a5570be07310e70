package profiles

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"redan/profiles/tomlfile"
)

var update = flag.Bool("update", false, "write the tables of docs/profiles.md anew")

// tables are the generated parts of docs/profiles.md, by the name in their marker.
func tables() map[string]string {
	var own []tomlfile.Key
	for _, key := range PreferenceKeys() {
		if !strings.HasPrefix(key.Name, "defaults.") {
			own = append(own, key)
		}
	}
	groups := map[string][]tomlfile.Key{"preferences": own}
	for _, key := range Keys() {
		group := "profile"
		if table, _, ok := strings.Cut(key.Name, "."); ok && table != "decoders" {
			group = table
		}
		groups[group] = append(groups[group], key)
	}
	rendered := map[string]string{}
	for group, keys := range groups {
		var b strings.Builder
		b.WriteString("| key | value | what it says |\n|---|---|---|\n")
		for _, key := range keys {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", key.Name, key.Kind, strings.ReplaceAll(key.Help, "|", `\|`))
		}
		rendered[group] = b.String()
	}
	return rendered
}

// TestDocumentNamesEveryKey holds that docs/profiles.md has every key that files may have, and no other.
func TestDocumentNamesEveryKey(t *testing.T) {
	path := filepath.Join("..", "docs", "profiles.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	document := string(text)
	for group, table := range tables() {
		if strings.Contains(table, "|  |\n") {
			t.Errorf("a key of %s has no help:\n%s", group, table)
		}
		between := regexp.MustCompile(`(?s)(<!-- keys: ` + group + ` -->\n).*?(<!-- end -->)`)
		if !between.MatchString(document) {
			t.Errorf("docs/profiles.md has no place for the keys of %s", group)
		}
		document = between.ReplaceAllStringFunc(document, func(found string) string {
			parts := between.FindStringSubmatch(found)
			return parts[1] + table + parts[2]
		})
	}
	if *update {
		if err := os.WriteFile(path, []byte(document), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if document != string(text) {
		t.Error("the tables of docs/profiles.md are not what the code knows; go test ./profiles -run Document -update writes them")
	}
}

// TestDocumentsExamplesAreRead holds that each example file in docs/profiles.md is one that is understood.
func TestDocumentsExamplesAreRead(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "profiles.md"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, example := range regexp.MustCompile("(?s)```toml\n# ([a-z./-]+)\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		files[example[1]] = example[2]
	}
	if len(files) < 3 {
		t.Fatalf("only %d examples", len(files))
	}
	s := newStore(t, files)
	if _, err := s.Preferences(); err != nil {
		t.Error(err)
	}
	entries, err := s.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Err != nil {
			t.Error(e.Err)
			continue
		}
		if _, err := e.Profile.Connection(); err != nil {
			t.Error(err)
		}
	}
}
