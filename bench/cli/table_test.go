package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRow(t *testing.T) {
	for name, tt := range map[string]struct {
		row  row
		good bool
		want string
	}{
		"held": {
			row{name: "--scan", unit: milliseconds, theirs: 2000, ours: 500, bar: 0.3},
			true,
			"| --scan | 2000 ms | 500 ms | 0.25 | <= 0.30 x | yes |",
		},
		"missed by little, which the ratio does not show": {
			row{name: "--scan", unit: milliseconds, theirs: 10_000, ours: 3001, bar: 0.3},
			false,
			"| --scan | 10.0 s | 3001 ms | 0.30 | <= 0.30 x | NO |",
		},
		"memory has a limit, whatever redis-cli takes": {
			row{name: "--rdb", unit: mebibytes, theirs: 5.5, ours: 23.25, bar: 24},
			true,
			"| --rdb | 5.50 MiB | 23.25 MiB | 4.23 | <= 24 MiB | yes |",
		},
		"too much memory": {
			row{name: "--rdb", unit: mebibytes, theirs: 1000, ours: 24.1, bar: 24},
			false,
			"| --rdb | 1000 MiB | 24.10 MiB | 0.02 | <= 24 MiB | NO |",
		},
		"failed": {
			row{name: "--rdb", unit: milliseconds, theirs: 5, bar: 1, failure: errors.New("no")},
			false,
			"| --rdb | - | failed | - | <= 1.00 x | NO |",
		},
		"nothing measured": {row{name: "x", unit: milliseconds, theirs: 1, bar: 1}, false, "| x | 1.00 ms | 0.00 ms | 0.00 | <= 1.00 x | NO |"},
	} {
		if tt.row.good() != tt.good {
			t.Errorf("%s: good is %v", name, !tt.good)
		}
		if got := strings.Join(strings.Fields(tt.row.String()), " "); got != tt.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, tt.want)
		}
	}
}

// The columns of the printed table are as wide in each line, whatever is in it.
func TestRowsAlign(t *testing.T) {
	width := len(strings.Split(head, "\n")[1])
	for _, g := range plan(full(), false) {
		for _, w := range g.works {
			for _, r := range w.rows() {
				r.theirs, r.ours = 123_456, 9999
				if got := len(strings.TrimSuffix(r.String(), "\n")); got != width {
					t.Errorf("%q is %d wide, the head %d", r.String(), got, width)
				}
			}
		}
	}
}

func TestRewrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(file, []byte("# redan\n"+markBegin+"old\n"+markEnd+"rest\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in := intro{machine: "a machine", programs: "redis-cli 7", load: 0.25}
	if err := rewrite(file, in, []row{{name: "PING", unit: milliseconds, theirs: 4, ours: 2, bar: 1}}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const want = "# redan\n" + markBegin + `
Measured on a machine; redis-cli 7; load 0.25 before the start. Medians; memory is the most that was resident.

| work | redis-cli | redan | ratio | bar |
|---|--:|--:|--:|---|
| PING | 4.00 ms | 2.00 ms | 0.50 | <= 1.00 x |

` + markEnd + "rest\n"
	if string(text) != want {
		t.Errorf("the file is now\n%s", text)
	}
	for _, broken := range []string{"", markBegin, markEnd + markBegin, markBegin + markEnd + markBegin + markEnd} {
		if _, _, _, err := between(broken); !errors.Is(err, errMarks) {
			t.Errorf("%q: %v", broken, err)
		}
	}
}

// TestREADME holds the README's table to what is measured: each row, in order, with its bar. A row that is new gets there by make bench.
func TestREADME(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _, err := between(string(text))
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for line := range strings.Lines(table) {
		if cells := strings.Split(strings.Trim(line, "| \n"), " | "); len(cells) == 5 && cells[0] != "work" {
			got = append(got, named(cells[0])+", "+cells[4])
		}
	}
	for _, g := range plan(full(), true) {
		for _, w := range g.works {
			for _, r := range w.rows() {
				want = append(want, named(r.name)+", "+r.limit())
			}
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("README.md has\n%s\nand bench/cli measures\n%s\n(make bench makes the table anew)", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// named is a row's name without what stands left: that depends on the redis-cli it was measured with.
func named(name string) string {
	name, _, _ = strings.Cut(name, " (left: ")
	return name
}

// The README gets its table when it was asked for, every bar is held, and the machine was quiet.
func TestConclude(t *testing.T) {
	held := row{name: "PING", unit: milliseconds, theirs: 4, ours: 2, bar: 1}
	missed := row{name: "SET", unit: milliseconds, theirs: 4, ours: 5, bar: 1}
	for name, tt := range map[string]struct {
		rows    []row
		readme  bool
		load    float64
		written bool
		want    error
	}{
		"held":      {[]row{held}, true, 0.1, true, nil},
		"not asked": {[]row{held}, false, 0.1, false, nil},
		"busy":      {[]row{held}, true, 3, false, nil},
		"missed":    {[]row{held, missed}, true, 0.1, false, errMissed},
	} {
		t.Chdir(t.TempDir())
		const before = "# redan\n" + markBegin + markEnd
		if err := os.WriteFile("README.md", []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		b := &bench{options: options{readme: tt.readme}, rows: tt.rows, out: t.Output(), errs: t.Output()}
		if err := b.conclude(intro{load: tt.load}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
		text, err := os.ReadFile("README.md")
		if written := strings.Contains(string(text), "| PING |"); err != nil || written != tt.written || !written && string(text) != before {
			t.Errorf("%s: the README is\n%s\n%v", name, text, err)
		}
	}
	b := &bench{options: options{only: "nonsense"}, out: t.Output(), errs: t.Output()}
	if err := b.conclude(intro{}); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("no row: %v", err)
	}
}
