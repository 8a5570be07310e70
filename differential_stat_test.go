package main_test

import (
	"bufio"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"redan/conn/conntest"
)

// timeDependent is what is another number in each run of --stat and --lru-test. It is masked with its blanks, so that the columns count.
var timeDependent = []mask{
	{"", regexp.MustCompile(`\b\d+(\.\d\d)?[BKMGT] +`), "~"},                                      // used memory
	{"", regexp.MustCompile(`\b\d+ \(\+\d+\) +`), "~"},                                            // requests
	{"", regexp.MustCompile(`~\d+ {8,}`), "~"},                                                    // connections
	{"", regexp.MustCompile(`\b\d+( Gets/sec \| Hits: )\d+ \(\d+\.\d\d%\)( \| Misses: )\d+`), ""}, // of --lru-test
	{"", regexp.MustCompile(`\(\d+\.\d\d%\)$`), ""},
}

// TestRowsAgreeWithRedisCLI compares the rows of the modes that go on until a signal ends them. stdbuf makes redis-cli print each at once;
// by itself it keeps them until there are 4 kB.
func TestRowsAgreeWithRedisCLI(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t, conntest.Config("maxmemory", "3mb"), conntest.Config("maxmemory-policy", "allkeys-lru"))
	server.Do("MSET", "a", "1", "b", "2")
	server.Do("SWAPDB", "0", "15")
	server.Do("MSET", "a", "1", "b", "2", "c", "3")
	for _, c := range []struct {
		name, options string
		rows          int
		before        func()
	}{
		{"stat", "--stat -i 0.001", 50, func() {}},
		{"stat in a format", "--raw --stat -i 0.001", 5, func() {}},
		{"stat with a child", "--stat -i 0.001", 5, func() {
			server.Do("CONFIG", "SET", "rdb-key-save-delay", "100000000")
			server.Do("BGSAVE")
		}},
		{"cache", "--lru-test 1000", 1, func() {}},
	} {
		c.before()
		port := strconv.Itoa(server.Port)
		theirs, how := firstRows(t, c.rows, "stdbuf", "-oL", "redis-cli", "-p", port, c.options)
		ours, ends := firstRows(t, c.rows, os.Args[0], "-p", port, c.options)
		if ours != theirs || ends != how {
			t.Errorf("%s: redan ends by %q and prints\n%s\nredis-cli ends by %q and prints\n%s", c.name, ends, ours, how, theirs)
		}
		if strings.Contains(c.name, "child") && !strings.Contains(ours, "SAVE") {
			t.Errorf("%s: none is shown:\n%s", c.name, ours)
		}
	}
}

// firstRows runs a program until it has printed so many lines, ends it as Ctrl-C does, and returns the lines with what depends on time
// masked, and the signal that it ended by.
func firstRows(t *testing.T, count int, words ...string) (rows, signal string) {
	t.Helper()
	words = append(words[:len(words)-1], strings.Fields(words[len(words)-1])...)
	cmd := exec.CommandContext(t.Context(), words[0], words[1:]...)
	if words[0] == os.Args[0] {
		cmd.Args[0] = "redis-cli" // see TestMain
	}
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", asRedan + "=1", "GORACE=atexit_sleep_ms=0"}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	lines := bufio.NewScanner(out)
	for range count {
		if !lines.Scan() {
			t.Fatalf("%v ended after\n%s", words, b.String())
		}
		line := lines.Text()
		for _, m := range timeDependent {
			line = m.pattern.ReplaceAllStringFunc(line, func(found string) string {
				if m.instead != "" {
					return strings.Repeat(m.instead, len(found))
				}
				return strings.Map(noDigits, found)
			})
		}
		b.WriteString(line + "\n")
	}
	_ = cmd.Process.Signal(syscall.SIGINT)
	for lines.Scan() { // until it has closed its output
	}
	_ = cmd.Wait() // how it ended is in its ProcessState
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return b.String(), ""
	}
	return b.String(), status.Signal().String()
}

// noDigits makes a shape of a number, however long.
func noDigits(r rune) rune {
	if r >= '0' && r <= '9' {
		return -1
	}
	return r
}
