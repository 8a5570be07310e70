package viewer

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"redan/conn/resp"
	"redan/ui/tui/kit"
)

var update = flag.Bool("update", false, "write the golden files anew")

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

// sample is a key of each type.
func sample() *fake {
	hyll := "HYLL\x01\x00\x00\x00" + "\x8b\x04\x00\x00\x00\x00\x00\x00" + "\x7f\xff\x80\x01"
	var entries []fakeEntry
	for i := range 60 {
		entries = append(entries, fakeEntry{fmt.Sprintf("17637648%05d-0", i*100), []string{"sensor", fmt.Sprint(i % 4), "celsius", fmt.Sprintf("2%d.5", i%10)}})
	}
	var scores []string
	for i := range 300 {
		scores = append(scores, fmt.Sprintf("player:%03d", i), fmt.Sprint(i*7))
	}
	return &fake{keys: map[string]*fakeKey{
		"orders:2026:11:22:0042": {kind: "hash", ttl: 2*time.Hour + 14*time.Minute, memory: 1229, items: []string{
			"status", "paid",
			"total", `{"amount": 1299, "currency": "EUR"}`,
			"lines", "[1,2,3]",
			"customer", "c:88213",
			"note", "naïve café ☕",
			"blob", gzipped("some text that was packed"),
			"bad\xff", "\x00\x01\x02\xfe\xff\x00\x03\x04",
		}},
		"greeting": {kind: "string", text: "Hello, world.\nSecond line with a tab\there and an escape \x1b[31m.\n" + strings.Repeat("a long line that goes on ", 12) + "\n", memory: 400},
		"config":   {kind: "string", text: `{"name":"redan","list":[1,2,{"deep":true,"none":null}],"empty":{},"text":"naïve ☕ 漢字"}`, memory: 120},
		"binary":   {kind: "string", text: "\x00\x01\x02\x03\xff\xfe\xfd" + strings.Repeat("\x00\xde\xad\xbe\xef", 20), memory: 160},
		"visitors": {kind: "string", text: hyll, memory: 60},
		"queue":    {kind: "list", items: numbered("job %d", 1000), memory: 20_000},
		"tags":     {kind: "set", items: []string{"red", "green", "blue", "", "with space"}, memory: 300},
		"board":    {kind: "zset", items: scores, memory: 9000},
		"telemetry": {kind: "stream", entries: entries, memory: 5000, extra: map[string]resp.Value{
			"XINFO GROUPS": array(
				array(bulk("name"), bulk("workers"), bulk("consumers"), integer(2), bulk("pending"), integer(5), bulk("last-delivered-id"), bulk("1763764800500-0"), bulk("lag"), integer(54)),
				array(bulk("name"), bulk("audit"), bulk("consumers"), integer(0), bulk("pending"), integer(0), bulk("last-delivered-id"), bulk("0-0"), bulk("lag"), resp.Value{Kind: resp.NullBulk})),
			"XPENDING": array(array(bulk("1763764800500-0"), bulk("alice"), integer(61_000), integer(3))),
		}},
		"flags": {kind: "ReJSON-RL", memory: 900, extra: map[string]resp.Value{"JSON.GET": bulk(`[{"a":[true,false],"b":"x"}]`)}},
		"vectors": {kind: "vectorset", memory: 900, extra: map[string]resp.Value{
			"VCARD": integer(2), "VRANDMEMBER": bulks("one", "two"),
			"VINFO": array(bulk("quant-type"), bulk("int8"), bulk("vector-dim"), integer(3)),
			"VEMB":  bulks("0.5", "-1", "0.25"),
		}},
		"sketch": {kind: "TopK-TYPE", memory: 900, extra: map[string]resp.Value{"DUMP": bulk("\x07\x81\x00\x01module bytes")}},
		strings.Repeat("very:long:key:name:", 40) + "end": {kind: "string", text: "x", memory: 60},
	}}
}

// views are what the golden frames show: the key, and what is pressed then.
func views() map[string][]string {
	return map[string][]string{
		"hash": {"orders:2026:11:22:0042", "down"}, "text": {"greeting"}, "json": {"config"}, "json_folded": {"config", "W"}, "hex": {"binary"},
		"bits": {"binary", "b"}, "hll": {"visitors"}, "list": {"queue", "down", "pgdown"}, "list_end": {"queue", "G"}, "set": {"tags"}, "zset": {"board"},
		"zset_reverse": {"board", "s"}, "stream": {"telemetry"}, "stream_groups": {"telemetry", "c"}, "stream_pending": {"telemetry", "c", "enter"},
		"stream_entry": {"telemetry", "enter"}, "module_json": {"flags"}, "vector": {"vectors"}, "vector_member": {"vectors", "enter"}, "module": {"sketch"},
		"hash_field": {"orders:2026:11:22:0042", "down", "enter"}, "packed_field": {"orders:2026:11:22:0042", "down", "down", "down", "down", "down", "enter"},
		"long_name": {strings.Repeat("very:long:key:name:", 40) + "end"}, "gone": {"nothing"}, "filter": {"board", "/", "2", "9", "9"},
	}
}

func TestGoldenFrames(t *testing.T) {
	for _, size := range []struct{ w, h int }{{120, 40}, {80, 24}, {60, 16}} {
		for name, steps := range views() {
			t.Run(fmt.Sprintf("%s_%dx%d", name, size.w, size.h), func(t *testing.T) {
				d := newDriver(sample(), size.w, size.h, false)
				d.open(steps[0], "")
				d.press(steps[1:]...)
				checkFrame(t, d.frame(), size.w, size.h)
				golden(t, fmt.Sprintf("%s_%dx%d", name, size.w, size.h), ansi.Strip(d.frame()))
			})
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	lines := strings.Split(got, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	got = strings.Join(lines, "\n") + "\n"
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s\nwant:\n%s", file, got, want)
	}
}

// checkFrame checks that a frame is exactly as large as it was to be.
func checkFrame(t *testing.T, frame string, w, h int) {
	t.Helper()
	lines := strings.Split(frame, "\n")
	if len(lines) != h {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), h, frame)
	}
	for i, line := range lines {
		if kit.Width(line) != w {
			t.Fatalf("line %d has %d columns, want %d: %q", i, kit.Width(line), w, line)
		}
	}
}
