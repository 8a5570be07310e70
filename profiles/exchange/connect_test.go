package exchange_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"redan/profiles"
	"redan/profiles/exchange"
)

// TestImportedProfilesConnect holds that the file of each tool becomes profiles that connect to real servers, that no secret of it gets into
// a profile or a text, and that what redan exports of them connects again.
func TestImportedProfilesConnect(t *testing.T) {
	all := targets(t)
	for _, tool := range tools() {
		t.Run(tool.name, func(t *testing.T) {
			list := slices.DeleteFunc(slices.Clone(all), func(s target) bool { return tool.can != nil && !tool.can(s) })
			if len(list) == 0 {
				t.Fatal("the tool knows none of the servers")
			}
			result, err := exchange.Read(filepath.Join(t.TempDir(), tool.file), []byte(tool.make(t, list)))
			if err != nil {
				t.Fatal(err)
			}
			if result.Format != tool.format || len(result.Entries) != len(list) || len(result.Notes) > 0 {
				t.Fatalf("%s, %d entries, want %s, %d; notes %q", result.Format, len(result.Entries), tool.format, len(list), result.Notes)
			}
			s := newShelf(t)
			s.add(t, result.Entries)
			connects(t, s, result.Entries)
			hidden(t, list, fmt.Sprintf("%+v %#v", result, result)+s.files(t))
			again(t, s, list)
		})
	}
}

func connects(t *testing.T, s shelf, entries []exchange.Entry) {
	t.Helper()
	for _, e := range entries {
		if err := s.ping(t, e.Name); err != nil {
			t.Errorf("%s: %v\n%s", e.Name, err, s.files(t))
		}
	}
}

// hidden fails when a secret of the servers stands in a text.
func hidden(t *testing.T, list []target, text string) {
	t.Helper()
	for _, s := range list {
		for _, secret := range []string{s.password, content(t, s.key)} {
			if holds(text, secret) {
				t.Errorf("a secret of %s shows in %s", s.label, text)
			}
		}
	}
}

// again exports the profiles and imports what came of it.
func again(t *testing.T, s shelf, list []target) {
	t.Helper()
	entries, err := s.List()
	if err != nil {
		t.Fatal(err)
	}
	var exported []profiles.Profile
	for _, e := range entries {
		exported = append(exported, e.Profile)
	}
	for _, format := range []exchange.Format{exchange.TOML, exchange.JSON} {
		written, err := exchange.Write(exported, format)
		if err != nil {
			t.Fatal(err)
		}
		hidden(t, list, string(written.Data)+strings.Join(written.Notes, ""))
		result, err := exchange.Read("bundle", written.Data)
		if err != nil || result.Format != format || len(result.Entries) != len(list) || len(result.Notes)+len(written.Notes) > 0 {
			t.Fatalf("%s: %v %v %q %q\n%s", format, result.Format, err, result.Notes, written.Notes, written.Data)
		}
		other := newShelf(t)
		other.secrets = s.secrets
		other.add(t, result.Entries)
		connects(t, other, result.Entries)
		if mine, theirs := s.files(t), other.files(t); format == exchange.TOML && len(mine) != len(theirs) {
			t.Errorf("what came back differs:\n%s\n%s", mine, theirs)
		}
	}
}
