package view_test

import (
	"maps"
	"strconv"
	"strings"
	"testing"

	"redan/ui/view"
	"redan/ui/view/decode"
)

func TestPlausibleName(t *testing.T) {
	for _, name := range []string{"cust:88213", "user/7", "session_abc", "a1", "naïve:☕", "{tag}.x", "3f2a9c04-7d1e"} {
		if !view.PlausibleName([]byte(name), decode.Chain{decode.Text}) {
			t.Errorf("%q is taken for no name", name)
		}
	}
	for _, value := range []string{"", "x", "paid", "va lue", "12", "-3.5", "1e5", "2026-11-22", "a:b\nc", "a:\x00", "a:\xff", strings.Repeat("a:", 200)} {
		if view.PlausibleName([]byte(value), decode.Chain{decode.Text}) {
			t.Errorf("%q is taken for a name", value)
		}
	}
	if view.PlausibleName([]byte("a:b"), decode.Chain{decode.Base64, decode.Text}) {
		t.Error("what is encoded is taken for a name")
	}
}

func TestExistingKeys(t *testing.T) {
	server, c := connect(t)
	server.Do("SET", "cust:1", "Jane")
	server.Do("RPUSH", "a b", "x")
	got, err := view.Existing(t.Context(), c, []string{"cust:1", "cust:2", "a b"})
	if want := map[string]string{"cust:1": "string", "a b": "list"}; err != nil || !maps.Equal(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	if got, err := view.Existing(t.Context(), c, nil); err != nil || len(got) != 0 {
		t.Errorf("nothing asked for: %v, %v", got, err)
	}
}

// TestTrapScanCappedByTheClient holds that COUNT is a hint only: a hash or a set in a compact encoding hands out all of itself at once.
func TestTrapScanCappedByTheClient(t *testing.T) {
	server, c := connect(t)
	const n, page = 5000, 70
	for _, name := range []string{"hash-max-listpack-entries", "set-max-intset-entries"} {
		server.Do("CONFIG", "SET", name, strconv.Itoa(10*n))
	}
	hash, set := []string{"HSET", "hash"}, []string{"SADD", "set"}
	for i := range n {
		hash = append(hash, "f"+strconv.Itoa(i), "v")
		set = append(set, strconv.Itoa(i))
	}
	server.Do(hash...)
	server.Do(set...)
	for key, encoding := range map[string]string{"hash": "listpack", "set": "intset"} {
		if got := strings.TrimSpace(server.Do("OBJECT", "ENCODING", key)); got != encoding {
			t.Fatalf("the %s is a %s, so this tests nothing", key, got)
		}
		elements, largest := readAll(t, c, view.Request{Key: key, Type: key, Count: page})
		if largest != page || len(elements) != n {
			t.Errorf("%s: %d elements in pages of up to %d, want %d in pages of %d", key, len(elements), largest, n, page)
		}
	}
}

func TestSearchSize(t *testing.T) {
	for _, c := range []struct {
		memory, length int64
		want           int
	}{
		{view.Missing, 10, view.MostElements},
		{100 << 20, 1 << 20, 2000},
		{100 << 20, 100, 1},
		{64 << 20, 8192, 128},
	} {
		if got := view.SearchSize(view.Facts{Memory: c.memory, Length: c.length}); got != c.want {
			t.Errorf("%d bytes in %d elements: %d at once, want %d", c.memory, c.length, got, c.want)
		}
	}
}
