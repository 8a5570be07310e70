package main

import (
	"strings"
	"testing"
)

const older = `
[12.00%] Biggest string found so far '"a"' with 5 bytes

-------- summary -------

Sampled 3 keys in the keyspace!
Total key length in bytes is 3 (avg len 1.00)

Biggest   list found '"l has 9 items"' has 2 items
Biggest string found '"a"' has 5 bytes

1 lists with 2 items (33.33% of keys, avg size 2.00)
2 strings with 10 bytes (66.67% of keys, avg size 5.00)
`

// newer is the same in another order, with another string that is as big, quoted as redis-cli does from 7.4 on.
const newer = `
[99.00%] Biggest string found so far "b" with 5 bytes

-------- summary -------

Sampled 3 keys in the keyspace!
Total key length in bytes is 3 (avg len 1.00)

Biggest string found "b" has 5 bytes
Biggest   list found "l has 9 items" has 2 items

2 strings with 10 bytes (66.67% of keys, avg size 5.00)
1 lists with 2 items (33.33% of keys, avg size 2.00)
`

func TestSummary(t *testing.T) {
	want := summary([]byte(older))
	if got := summary([]byte(newer)); got != want || want == "" {
		t.Errorf("%s\nis not\n%s", got, want)
	}
	for _, change := range [][2]string{{"Sampled 3", "Sampled 4"}, {"has 2 items", "has 3 items"}, {"10 bytes", "11 bytes"}, {"1 lists", "2 lists"}} {
		if got := summary([]byte(strings.Replace(newer, change[0], change[1], 1))); got == want {
			t.Errorf("%q for %q is not seen", change[1], change[0])
		}
	}
	if got := summary([]byte("no summary")); got != "" {
		t.Errorf("%q of an answer without", got)
	}
}

func TestOthers(t *testing.T) {
	const hot = "[1%] Hot key \"a\" found so far with counter 7\nSampled 2 keys in the keyspace!\n" +
		"hot key found with counter: 7\tkeyname: \"a\"\nhot key found with counter: 6\tkeyname: \"b\"\n"
	const stats = `100.00% keys scanned
Keys sampled: 3
Keys size:    5.47K

--- Top 10 key sizes ---
  1    4.62K stream     "st"
--- Top size per type ---
list       l is 176B
Key size Percentile Total keys
     48B    0.0000%           1
Total key length is 21B (2B avg)
Type        Total keys  Keys % Tot size Avg size  Total length/card Avg ln/card
--------- ------------ ------- -------- -------- ------------------ -----------
list                 1  33.33%     176B     176B           11 items       11.00
string               2  66.67%     336B      67B                34B          7B
`
	for _, tt := range []struct {
		name    string
		same    compared
		answer  string
		want    string
		another string // counts as the same
	}{
		{"exactly", exactly, "a\nb", "a\nb", "a\nb"},
		{"sorted", sorted, "b\na\nb", "a\nb\nb", "a\nb\nb"},
		{"nothing", nothing, "a", "", "b"},
		{"hottest", hottest, hot, "Sampled 2 keys\nfound with counter: 6\nfound with counter: 7", strings.NewReplacer(`"a"`, `"c"`, "[1%]", "[2%]").Replace(hot)},
		{"sampled", sampled, older, "3", stats},
		{
			"statistics", statistics, stats, "Keys sampled: 3\nKeys size:    5.47K\nTotal key length is 21B (2B avg)\n" +
				"list                 1  33.33%     176B     176B           11 items       11.00\n" +
				"string               2  66.67%     336B      67B                34B          7B",
			strings.Replace(stats, "l is 176B", "m is 176B", 1),
		},
	} {
		if got := tt.same([]byte(tt.answer)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if got := tt.same([]byte(tt.another)); got != tt.want {
			t.Errorf("%s: %q is not the same", tt.name, tt.another)
		}
	}
}
