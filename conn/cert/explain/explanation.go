package explain

import (
	"redan/conn/cert"
)

// Explanation is what an error text means.
type Explanation struct {
	// Code is what the text means, or most often means. It is one of the Code constants of package cert, or a code of this package's
	// own for what a check of one connection cannot find: those of replicas, clusters and a server's start.
	Code string
	// Codes are all faults the text may stand for, the most frequent first. With more than one, the text alone does not tell.
	Codes    []string
	Severity cert.Severity // that of Code
	Speaker  string        // whose text it is: "redis-cli", "Go", "Redis server"; empty when it could be anybody's
	Quote    string        // the piece that was recognised, fit for a terminal
	Also     []string      // quotes of texts that say less about the same failure, fit for a terminal
	Meaning  string        // in one line, without a full stop
	Causes   []Cause       // the most frequent first
	Fixes    []Fix         // the best first
	// Next is the command that tells more. Words in capitals in it must be replaced.
	Next string
	// Facts are what the text says about this case: "host", "port", "wanted", "present", "date", "file", "peer".
	Facts []cert.Fact
	Count int // how many times the text was there
	Line  int // where it was first, from 1
}

// Ambiguous reports whether the text stands for several faults and does not tell which it is.
func (e Explanation) Ambiguous() bool { return len(e.Codes) > 1 }

// Cause is one way in which a fault comes about.
type Cause struct {
	Code string // the candidate it belongs to; empty when the text has one code, or it belongs to all
	Text string // in one line, without a full stop
}

// Fix is one way to mend a fault.
type Fix struct {
	Code string // as in Cause
	cert.Fix
}

// Result is what was found in a text.
type Result struct {
	// Explanations has each distinct error once, the most frequent first. It is empty when nothing was recognised.
	Explanations []Explanation
	Lines        int    // how many lines were read
	Hints        []Hint // when nothing was recognised: what is known and comes closest, at most three
}

// Hint is a known text that resembles an unknown one.
type Hint struct {
	Text  string // some of its words
	Codes []string
}
