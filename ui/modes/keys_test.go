package modes

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"redan/commands/keyspace/sweep"
)

// sampleKeys are the keys of testdata/keys.tsv, in the order in which a server told them: type, length, memory, name.
func sampleKeys(t *testing.T) []sweep.Key {
	t.Helper()
	text, err := os.ReadFile("testdata/keys.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var keys []sweep.Key
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		cells := strings.Split(line, "\t")
		length, err1 := strconv.ParseInt(cells[1], 10, 64)
		memory, err2 := strconv.ParseInt(cells[2], 10, 64)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, sweep.Key{Name: cells[3], Type: cells[0], Length: length, Memory: memory, Frequency: int64(i * 37 % 101)})
	}
	return keys
}

// told feeds a report and returns all that it prints.
func told(report KeyReport, keys []sweep.Key, e Ending) string {
	var b strings.Builder
	b.WriteString(report.Intro())
	for i := range keys {
		b.WriteString(report.Take(0, &keys[i], e.Expected))
	}
	return b.String() + report.Summary(e)
}

// TestKeyReportsAsRedisCLI: the files hold what redis-cli 8.0.2 printed about these keys, with the types in our order and without the
// percentages on the way, which it tells by pages.
func TestKeyReportsAsRedisCLI(t *testing.T) {
	t.Parallel()
	for name, report := range map[string]KeyReport{"bigkeys": NewBigKeys(), "memkeys": NewMemKeys(), "keystats": NewKeyStats(4)} {
		want, err := os.ReadFile("testdata/" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		keys := sampleKeys(t)
		got := told(report, keys, Ending{Expected: int64(len(keys))})
		got = regexp.MustCompile(`(?m)^\[\d\d\.\d\d%\]`).ReplaceAllString(got, "[00.00%]")
		if got != string(want) {
			t.Errorf("%s:\n got\n%s\nwant\n%s", name, got, want)
		}
	}
}

func TestHotKeysAsRedisCLI(t *testing.T) {
	t.Parallel()
	keys := []sweep.Key{{Name: "a", Frequency: 3}, {Name: "never", Frequency: 0}, {Name: "b\n", Frequency: 200}, {Name: "gone", Frequency: -1}}
	const want = `
# Scanning the entire keyspace to find hot keys as well as
# average sizes per key type.  You can use -i 0.1 to sleep 0.1 sec
# per 100 SCAN commands (not usually needed).

[00.00%] Hot key "a" found so far with counter 3
[50.00%] Hot key "b\n" found so far with counter 200

-------- summary -------

Sampled 4 keys in the keyspace!
hot key found with counter: 200	keyname: "b\n"
hot key found with counter: 3	keyname: "a"
`
	if got := told(NewHotKeys(), keys, Ending{Expected: 4}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestReportsOfNothing(t *testing.T) {
	t.Parallel()
	for report, want := range map[KeyReport]string{
		NewBigKeys(): "\n-------- summary -------\n\nSampled 0 keys in the keyspace!\nTotal key length in bytes is 0 (avg len 0.00)\n\n\n" +
			"0 strings with 0 bytes (00.00% of keys, avg size 0.00)\n0 lists with 0 items (00.00% of keys, avg size 0.00)\n" +
			"0 hashs with 0 fields (00.00% of keys, avg size 0.00)\n0 sets with 0 members (00.00% of keys, avg size 0.00)\n" +
			"0 zsets with 0 members (00.00% of keys, avg size 0.00)\n0 streams with 0 entries (00.00% of keys, avg size 0.00)\n",
		NewHotKeys(): "\n-------- summary -------\n\nSampled 0 keys in the keyspace!\n",
		NewKeyStats(10): "  0.00% keys scanned\nKeys sampled: 0\nKeys size:    0B\n\n--- Top 10 key sizes ---\n\n--- Top size per type ---\n\n" +
			"--- Top length and cardinality per type ---\n\nKey size Percentile Total keys\n-------- ---------- -----------\n" +
			"Note: 0.01% size precision, Mean: 0B, StdDeviation: 0B\n\nKey name length Percentile Total keys\n--------------- ---------- -----------\n" +
			"Total key length is 0B (0 avg)\n\n" +
			"Type        Total keys  Keys % Tot size Avg size  Total length/card Avg ln/card\n" +
			"--------- ------------ ------- -------- -------- ------------------ -----------\n",
	} {
		if got := report.Summary(Ending{Expected: 0}); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		if report.Empty() {
			t.Error("no keys are taken for keys about which nothing is known")
		}
	}
}

// TestModuleTypes: the lines of a type that redan does not know, as redis-cli prints them.
func TestModuleTypes(t *testing.T) {
	t.Parallel()
	keys := []sweep.Key{{Name: "m", Type: "ReJSON-RL", Length: -1, Memory: 77}, {Name: "m2", Type: "ReJSON-RL", Length: -1, Memory: 77}}
	for report, want := range map[KeyReport]string{
		NewBigKeys():   "2 ReJSON-RLs with 0 ? (100.00% of keys, avg size 0.00)\n",
		NewMemKeys():   "2 ReJSON-RLs with 154 bytes (100.00% of keys, avg size 77.00)\n",
		NewKeyStats(3): "ReJSON-RL            2 100.00%     154B      77B                 -           - \n",
	} {
		if got := told(report, keys, Ending{Expected: 2}); !strings.HasSuffix(got, want) {
			t.Errorf("%T ends with\n%s\nwant\n%s", report, got[max(len(got)-200, 0):], want)
		}
	}
}

// TestOddNames: a name is told so that it can be read back, on one line.
func TestOddNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"plain":         `string     plain is 9B`,
		"with blanks":   `string     with blanks is 9B`,
		"日本":            `string     日本 is 9B`,
		"line\nbreak":   `string     "line\nbreak" is 9B`,
		"tab\t":         `string     "tab\t" is 9B`,
		"\x1b[31mred":   `string     "\x1b[31mred" is 9B`,
		"bytes\xff\x00": `string     "bytes\xff\x00" is 9B`,
		"":              `string     "" is 9B`,
		"\u009b31m":     `string     "\xc2\x9b31m" is 9B`,
	} {
		got := told(NewKeyStats(1), []sweep.Key{{Name: name, Type: "string", Memory: 9, Length: 1}}, Ending{Expected: 1})
		if !strings.Contains(got, "\n"+want+"\n") {
			t.Errorf("%q:\n%s\nwant %s", name, got, want)
		}
	}
	long := strings.Repeat("é", 5000)
	keys := []sweep.Key{{Name: long, Type: "string", Memory: 9, Length: 1, Frequency: 1}}
	for _, report := range []KeyReport{NewBigKeys(), NewMemKeys(), NewHotKeys(), NewKeyStats(1)} {
		whole := told(report, keys, Ending{Expected: 1})
		if !strings.Contains(whole, quoted(long)) {
			t.Errorf("%T does not tell a long name whole", report)
		}
		if got := report.Summary(Ending{Expected: 1, LongestName: 101}); !strings.Contains(got, quoted(long[:100])+"... (10000 bytes)") || len(got) > 3000 {
			t.Errorf("%T on a terminal:\n%s", report, got)
		}
	}
}

// TestPartialReports: what is not all says so.
func TestPartialReports(t *testing.T) {
	t.Parallel()
	keys := sampleKeys(t)[:20]
	for report, want := range map[KeyReport]string{
		NewBigKeys():    "\n[25.00%] Sampled 20 keys in the keyspace!\n",
		NewHotKeys():    "\n[25.00%] Sampled 20 keys in the keyspace!\n",
		NewKeyStats(10): "\n 25.00% keys scanned\n",
	} {
		told(report, keys, Ending{Expected: 80})
		for _, e := range []Ending{
			{Expected: 80, Interrupted: true},
			{Expected: 80, Failed: []string{"127.0.0.1:1"}},
			{Expected: -1, Scanned: 0.25, Interrupted: true},
		} {
			if got := "\n" + report.Summary(e); !strings.Contains(got, want) {
				t.Errorf("%T: %q not in\n%s", report, want, got)
			}
		}
	}
	for _, c := range []struct {
		resume []string
		want   string
	}{
		{[]string{"redan --keystats --cursor 7"}, "\nScan interrupted:\nUse 'redan --keystats --cursor 7' to restart from the last cursor.\n"},
		{[]string{"redan --keystats --cursor 7 --pattern 'a*'"}, "\nScan interrupted:\nTo restart from the last cursor:\n  redan --keystats --cursor 7 --pattern 'a*'\n"},
		{[]string{"redan -p 1", "redan -p 2"}, "\nScan interrupted:\nTo restart from the last cursor:\n  redan -p 1\n  redan -p 2\n"},
		{nil, "\nScan interrupted.\n"},
	} {
		if got := NewKeyStats(1).Summary(Ending{Interrupted: true, Resume: c.resume}); !strings.HasSuffix(got, c.want) {
			t.Errorf("%q ends with\n%s\nwant\n%s", c.resume, got, c.want)
		}
	}
}

func TestMilestones(t *testing.T) {
	t.Parallel()
	for _, report := range []KeyReport{NewBigKeys(), NewHotKeys()} {
		var lines []string
		key := sweep.Key{Name: "k", Type: "string"}
		for range 1_000_001 {
			if line := report.Take(0, &key, 4_000_000); line != "" {
				lines = append(lines, line)
			}
		}
		if got, want := strings.Join(lines, ""), "[25.00%] Sampled 1000000 keys so far\n"; got != want {
			t.Errorf("%T: %q, want %q", report, got, want)
		}
	}
}

// TestHumanAmounts: as redis-cli 8.0.2 writes them.
func TestHumanAmounts(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0: "0B", 1023: "1023B", 1024: "1.00K", 229432: "224.05K", 1048575: "1024.00K", 1048576: "1.00M", 6291504: "6.00M", 1 << 30: "1.00G", 3 << 40: "3.00T",
	} {
		if got := ShortBytes(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

// TestDocuments: what the JSON says is what the keys add up to, and no name is lost.
func TestDocuments(t *testing.T) {
	t.Parallel()
	keys := append(sampleKeys(t), sweep.Key{Name: "bytes\xff\"\\\x00\n", Type: "string", Length: 1 << 40, Memory: 1 << 40, Frequency: 255},
		sweep.Key{Name: "module", Type: "ReJSON-RL", Length: -1, Memory: -1, Frequency: -1})
	e := Ending{
		Expected: 90, Nodes: []string{"127.0.0.1:6379"}, Interrupted: true, Resume: []string{"redan --cursor 3"},
		Refusals: []Refused{{Command: "MEMORY USAGE", Node: "127.0.0.1:6379", Error: "NOPERM", Keys: 1}},
	}
	for mode, report := range map[string]KeyReport{"bigkeys": NewBigKeys(), "memkeys": NewMemKeys(), "hotkeys": NewHotKeys(), "keystats": NewKeyStats(3)} {
		told(report, keys, e)
		text, err := json.Marshal(report.Document(e))
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			Mode        string
			Sampled     int
			Expected    int
			Complete    bool
			Interrupted bool
			Resume      []string
			Refusals    []Refused
			Nodes       []string
			Types       []struct {
				Type    string
				Keys    int
				Biggest *struct{ Key any }
				Longest *struct{ Key any }
			}
			Hottest []struct{ Key any }
			Largest []struct {
				Key        any
				Type, Unit string
				Size       int64
			}
		}
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatalf("%s: %v\n%s", mode, err, text)
		}
		if d.Mode != mode || d.Sampled != len(keys) || d.Expected != 90 || d.Complete || !d.Interrupted || len(d.Resume) != 1 || len(d.Refusals) != 1 || len(d.Nodes) != 1 {
			t.Errorf("%s: %+v", mode, d)
		}
		count := 0
		for _, sum := range d.Types {
			count += sum.Keys
		}
		if mode != "hotkeys" && count != len(keys) {
			t.Errorf("%s: the types have %d keys, want %d", mode, count, len(keys))
		}
		if !strings.Contains(string(text), `"key":{"base64":"Ynl0ZXP/IlwACg=="}`) {
			t.Errorf("%s: the bytes of a name are lost:\n%s", mode, text)
		}
		e := e
		e.Quoted = true
		text, err = json.Marshal(report.Document(e))
		if want := `"key":"bytes\\xff\\\"\\\\\\x00\\n"`; err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: --quoted-json: %v: no %s in\n%s", mode, err, want, text)
		}
	}
}

// TestNothingKnown: keys about which nothing was told are told apart from no keys.
func TestNothingKnown(t *testing.T) {
	t.Parallel()
	mute := sweep.Key{Name: "k", Type: "string", Length: -1, Memory: -1, Frequency: -1}
	for _, report := range []KeyReport{NewBigKeys(), NewMemKeys(), NewHotKeys(), NewKeyStats(3)} {
		report.Take(0, &mute, 1)
		if !report.Empty() {
			t.Errorf("%T knows something of a key without answers", report)
		}
		report.Take(0, &sweep.Key{Name: "k", Type: "string", Length: 3, Memory: 3, Frequency: 3}, 1)
		if report.Empty() {
			t.Errorf("%T knows nothing of a key with answers", report)
		}
		if got := report.Summary(Ending{}); !strings.Contains(got, "3") {
			t.Errorf("%T: %s", report, got)
		}
		if _, err := json.Marshal(report.Document(Ending{Expected: -1})); err != nil {
			t.Errorf("%T: %v", report, fmt.Errorf("JSON: %w", err))
		}
	}
}
