package modes

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"redan/commands/keyspace/sweep"
	"redan/ui/format"
)

// KeyReport is one of the analyses of all keys: it is fed with keys and tells what they add up to, so far and in the end.
type KeyReport interface {
	// Intro is what stands above everything.
	Intro() string
	// Take counts a key of a node. The lines that it returns, mostly none, tell what is new.
	Take(node int, k *sweep.Key, expected int64) string
	// Live is the sum so far as a block of lines that fits.
	Live(b Block, w Work) []string
	// Summary is the sum as text, and Document as JSON.
	Summary(e Ending) string
	Document(e Ending) any
	// Empty tells that there were keys and nothing could be learned about any of them.
	Empty() bool
}

// Ending is how the reading of all keys ended.
type Ending struct {
	// Expected is how many keys there were, -1 if that was not told.
	Expected int64
	// Scanned is the part of the keyspace that was read, 0 to 1, for when Expected is not known.
	Scanned float64
	// Interrupted tells that somebody had seen enough, and Failed the nodes that could not be read to the end.
	Interrupted bool
	Failed      []string
	Refusals    []Refused
	// Nodes are the addresses of the nodes, by their numbers.
	Nodes []string
	// Resume are the command lines that go on where this reading ended; empty if it came to its end.
	Resume []string
	// Quoted asks for ASCII only in JSON, as --quoted-json does.
	Quoted bool
	// LongestName is how many bytes of a name the summary has, for a terminal that a longer one would flood; 0 is all.
	LongestName int
}

// Refused is a command that a server did not answer for some keys.
type Refused struct {
	Command string `json:"command"`
	Node    string `json:"node"`
	Error   string `json:"error"`
	Keys    int64  `json:"keys"`
}

// complete tells that all keys were seen.
func (e Ending) complete() bool { return !e.Interrupted && len(e.Failed) == 0 }

// percent is redis-cli's: how many of the keys that there were at the beginning.
func percent(done, expected int64) float64 {
	if expected <= 0 {
		return 0
	}
	return 100 * float64(done) / float64(expected)
}

// percent is that of n keys of those that there were; without their number, of the keyspace that was read.
func (e Ending) percent(n int64) float64 {
	if e.Expected < 0 {
		return 100 * e.Scanned
	}
	return percent(n, e.Expected)
}

// sampled is the line that says how many keys there were, with the part of all when they are not all.
func (e Ending) sampled(n int64) string {
	line := fmt.Sprintf("Sampled %d keys in the keyspace!\n", n)
	if e.complete() {
		return line
	}
	return fmt.Sprintf("[%05.2f%%] %s", e.percent(n), line)
}

// milestone is the line for each million keys.
func milestone(n, expected int64) string {
	if n%1_000_000 != 0 {
		return ""
	}
	return fmt.Sprintf("[%05.2f%%] Sampled %d keys so far\n", percent(n, expected), n)
}

// quoted is a name in the summary, with quotes around it, and bare one without if it can do without.
func (e Ending) quoted(name string) string { return e.shortened(name, quoted) }

func (e Ending) bare(name string) string { return e.shortened(name, bare) }

func (e Ending) shortened(name string, write func(string) string) string {
	if e.LongestName == 0 || len(name) <= e.LongestName {
		return write(name)
	}
	end := e.LongestName
	for end > 0 && !utf8.RuneStart(name[end]) {
		end--
	}
	return fmt.Sprintf("%s... (%d bytes)", write(name[:end]), len(name))
}

// quoted is a name as redis-cli writes it and reads it back.
func quoted(name string) string { return string(format.AppendQuoted(nil, []byte(name))) }

// bare is a name without quotes, unless it would be mistaken for something else: line breaks and the like, and bytes that are no text.
func bare(name string) string {
	if name == "" || !utf8.ValidString(name) || string(format.AppendTerminal(nil, []byte(name))) != name || strings.ContainsAny(name, "\n\t\r") {
		return quoted(name)
	}
	return name
}

// typeWord is a type as it is printed. A server may say anything.
func typeWord(name string) string {
	if name == "" {
		return "unknown"
	}
	return bare(name)
}
