package main_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"redan/conn/conntest"
)

// keysCases are --bigkeys, --memkeys and --hotkeys, with the names that the seeds have. What redan tells otherwise on purpose is masked: see
// withoutAnalysisDifferences.
func keysCases() []comparison {
	all := []rendering{{}, {flags: []string{"--csv"}}, {flags: []string{"--no-raw"}}, {flags: []string{"-3"}}, {env: []string{"FAKETTY=1"}}}
	plain := []comparison{
		{line: "-p {kept} --bigkeys", renderings: all},
		{line: "-p {kept} --bigkeys get s:hello"},
		{line: "-p {kept} --bigkeys --pattern s:*"},
		{line: `-p {kept} --bigkeys --quoted-pattern '"\xd0*"'`},
		{line: "-p {kept} --bigkeys --pattern nosuch*"},
		{line: "-p {kept} --bigkeys -i 0.01"},
		{line: "-p {kept} --bigkeys --memkeys"},
		{line: "-p {kept} --bigkeys -n 5"},
		{line: "-p {kept} --bigkeys -n 7", name: "biggest of an empty database"},
		{line: "-s {socket} --bigkeys -n 5"},
		{line: "-p {tls} --tls --cacert {ca} --bigkeys -n 5"},
		{line: "-p {kept} --bigkeys", name: "nobody reads --bigkeys", shut: true},
		{line: "-p {kept} --memkeys", renderings: all},
		{line: "-p {kept} --memkeys --memkeys-samples 0 --pattern l*"},
		{line: "-p {kept} --memkeys-samples 3", renderings: all[:2]},
		{line: "-p {kept} --memkeys -n 7"},
		{line: "-p {kept} -n 3 --hotkeys", renderings: all},
		{line: "-p {kept} -n 3 --hotkeys --pattern hot:1*"},
		{line: "-p {kept} --hotkeys -n 7"},
		{line: "-p {kept} --bigkeys --hotkeys"},
		{line: "-p {port} --hotkeys"},
		{line: "-p {guarded} --memkeys"},
		{line: "-p 1 --bigkeys"},
		{line: "-p 1 --hotkeys"},
		{line: `-p {kept} --bigkeys --quoted-pattern '"a'`},
	}
	for i := range plain {
		plain[i].mask, plain[i].masks = withoutAnalysisDifferences, []string{"names in one pair of quotes", "progress by key", "types in one order"}
	}
	return append(plain,
		comparison{line: "-p {port} --memkeys-samples x", differs: "strict numbers", redan: outcome{code: 1, stderr: []string{
			"--memkeys-samples conversion error.", "--memkeys-samples takes a number from 0 on, not 'x'.",
		}}},
		comparison{line: "-p {port} --bigkeys --json --pattern nosuch*", differs: "analyses as JSON", redan: outcome{stdout: "{\n  \"schema\": \"redan.keys/1\",\n  \"mode\": \"bigkeys\",\n" + andMore}},
		comparison{line: "-p {port} --keystats --pattern nosuch*", differs: "newer options", redan: outcome{stdout: "\n# Scanning the entire keyspace" + andMore}},
	)
}

// withoutAnalysisDifferences takes away what redan prints otherwise on purpose: 7.0 has names in two pairs of quotes, tells how far it has come
// by pages, and goes through types as a hash table has them.
func withoutAnalysisDifferences(o outcome) outcome {
	text := regexp.MustCompile(`'("(?:[^"\\]|\\.)*")'`).ReplaceAllString(o.stdout, "$1")
	text = regexp.MustCompile(`(?m)^\[\d+\.\d\d%\]`).ReplaceAllString(text, "[~%]")
	head, summary, _ := strings.Cut(text, "\n-------- summary -------\n")
	lines := strings.Split(summary, "\n")
	slices.Sort(lines)
	o.stdout = head + "\n--\n" + strings.Join(lines, "\n")
	return o
}

// startKept starts a server that has the seeds and is left alone: its keys come in one order, and in database 3 are keys that are used, with
// counters that stay as they are.
func startKept(t *testing.T) *conntest.Server {
	t.Helper()
	server := conntest.Start(t, conntest.Config("maxmemory-policy", "allkeys-lfu"), conntest.Config("lfu-decay-time", "0"),
		conntest.Config("activerehashing", "no"), conntest.Config("enable-debug-command", "yes"))
	for _, line := range lines(libraries) {
		server.Do(words(line)...)
	}
	server.Do("EVAL", seedScript(), "0", seeded)
	for i := range 40 {
		server.Do("EVAL", `redis.call('set','seed','x') local d=redis.call('dump','seed') redis.call('del','seed') redis.call('select',3)
			return redis.call('restore',KEYS[1],0,d,'FREQ',ARGV[1])`, "1", fmt.Sprintf("hot:%d\n", i), fmt.Sprint(i*61%250))
	}
	server.Do("DEBUG", "RELOAD") // makes tables of the right size: one that is still growing changes its order while it is read
	return server
}
