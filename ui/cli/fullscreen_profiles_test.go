package cli

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"redan/profiles"
)

// TestSecretsFollowInTheFullScreen holds that a profile that is copied, renamed or removed in the full screen takes the secret that redan
// keeps for it along, as with redan profile, and that a form cannot write what contradicts itself.
func TestSecretsFollowInTheFullScreen(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.passwords = []string{"hunter2"}
	b.ok("-h", "h.example.com", "--askpass", "profile", "add", "first", "--secret", "keyring")
	w := newTwin()
	w.env = map[string]string{"REDAN_CONFIG": b.dir}
	w.Keyring = b.keyring
	a := newApp(w.System)
	a.inv = &invocation{}
	s := a.savedServers()
	entries := func() string { return strings.Join(slices.Sorted(maps.Keys(b.keyring.entries)), " ") }

	if err := s.Copy(t.Context(), "first", "second"); err != nil || entries() != "first second" {
		t.Fatalf("copied: %v, the keyring has %s", err, entries())
	}
	if err := s.Save(t.Context(), "second", "third", nil); err != nil || entries() != "first third" {
		t.Fatalf("renamed: %v, the keyring has %s", err, entries())
	}
	if got := b.file("third"); !strings.Contains(got, `"keyring:third"`) {
		t.Errorf("the profile refers to another secret: %s", got)
	}
	if err := s.Remove(t.Context(), "first"); err != nil || entries() != "third" {
		t.Fatalf("removed: %v, the keyring has %s", err, entries())
	}
	before := b.file("third")
	contradiction := []profiles.Change{profiles.Set("rediss://h", "uri"), profiles.Set(false, "tls", "enabled")}
	if err := s.Save(t.Context(), "third", "third", contradiction); err == nil || b.file("third") != before {
		t.Errorf("a contradiction was written: %v\n%s", err, b.file("third"))
	}
	if err := s.Save(t.Context(), "", "new", contradiction); err == nil {
		t.Error("a profile that contradicts itself was made")
	}
	if names, err := s.store.Names(); err != nil || !slices.Equal(names, []string{"third"}) {
		t.Errorf("there are %q, %v", names, err)
	}
	if b.keyring.entries["third"] != "hunter2" {
		t.Error("the secret is another")
	}
}
