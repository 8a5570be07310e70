package main

import (
	"fmt"
	"strings"

	"redan/bench/rig"
)

// sizes say how much there is to do.
type sizes struct {
	keys, far, elements, sets int
	snapshot                  int // MiB
	rounds                    int // 0: what each work needs
}

// full is what the README's table is made with.
func full() sizes {
	return sizes{keys: 1_000_000, far: 10_000, elements: 1_000_000, sets: 100_000, snapshot: 1024}
}

// ground is what works run on: a server of their own, and its data.
type ground struct {
	name  string
	ready func(*lab) error
	works []work
}

// work is what both programs are asked to do. In words, $port and the like stand for what the ground has.
type work struct {
	name   string
	words  string   // for redan
	theirs string   // for redis-cli, where that differs
	self   bool     // redan is compared with itself: theirs is asked of it too
	input  string   // file for standard input, in the lab
	bar    float64  // how much of redis-cli's time it may take
	memory int      // MiB that may be resident; 0: not measured
	rounds int      // turns
	runs   int      // of each program in a turn; from ten on, some more go before to warm up
	before before   // makes ready for a run; not measured
	left   left     // what a run leaves behind, which must be the same too
	same   compared // what of the answers must be the same
}

type (
	before   func(*lab) error
	left     func(*lab) (string, error)
	compared func(answer []byte) string
)

// The bars of memory, in MiB.
const (
	barMemory   = 32
	barSnapshot = 24
)

// plan is everything that is measured. Both issue and design name the bars. A redis-cli before 7.4 knows no --keystats.
func plan(s sizes, keystats bool) []ground {
	grounds := []ground{commands(s), pipe(s), keyspace(s, keystats), far(s), snapshot(s)}
	if s.rounds > 0 {
		for _, g := range grounds {
			for i := range g.works {
				g.works[i].rounds = s.rounds
			}
		}
	}
	return grounds
}

// commands are one-shot and piped commands, on a server with plain TCP and TLS and a long list.
func commands(s sizes) ground {
	list := "LRANGE of " + rig.Grouped(s.elements)
	return ground{"commands", commandsGround(s), []work{
		{name: "one-shot PING, plain", words: "-p $port ping", bar: 1.00, rounds: 20, runs: 25, same: exactly},
		{name: "one-shot PING, TLS --cacert", words: "-p $tlsport --tls --cacert $ca ping", bar: 0.75, rounds: 20, runs: 20, same: exactly},
		{
			name: "cert check (left: redan's TLS PING)", words: "cert check -p $tlsport --cacert $ca --warn 1 --crit 0", self: true,
			theirs: "-p $tlsport --tls --cacert $ca ping", bar: 3.00, rounds: 10, runs: 20,
		},
		{
			name: rig.Grouped(s.sets) + " SETs from standard input", words: "-p $port", input: setsLines,
			bar: 0.10, rounds: 3, runs: 1, same: exactly,
		},
		{name: list + ", raw", words: "-p $port --raw lrange bench:list 0 -1", bar: 0.80, memory: barMemory, rounds: 5, runs: 2, same: exactly},
		{name: list + ", --no-raw", words: "-p $port --no-raw lrange bench:list 0 -1", bar: 0.80, memory: barMemory, rounds: 4, runs: 1, same: exactly},
	}}
}

// pipe is the bulk load into an empty server, which takes most of the time itself: many turns, for a bar that is near.
func pipe(s sizes) ground {
	name := "--pipe of " + rig.Grouped(s.keys) + " SETs"
	one := func(name, input string) work {
		return work{
			name: name, words: "-p $port --pipe", input: input, bar: 1.00, memory: barMemory, rounds: 7, runs: 1,
			before: emptied, left: keysThere, same: exactly,
		}
	}
	return ground{"pipe", pipeGround(s), []work{one(name, pipeRESP), one(name+", inline", pipeLines)}}
}

// keyspace is what reads all keys: strings mostly, and some of every other type.
func keyspace(s sizes, keystats bool) ground {
	of := " of " + rig.Grouped(s.keys) + " keys"
	stats := work{name: "--keystats" + of, words: "-p $port --keystats", bar: 0.50, rounds: 3, runs: 1, same: statistics}
	if !keystats { // it finds what --memkeys and --bigkeys find, and more: the strict measure is the dearer one of them alone
		stats.name += " (left: --memkeys)"
		stats.theirs = "-p $port --memkeys"
		stats.same = sampled
	}
	return ground{"keyspace", keyspaceGround(s), []work{
		{name: "--scan" + of, words: "-p $port --scan", bar: 0.30, memory: barMemory, rounds: 3, runs: 1, same: sorted},
		{name: "--bigkeys" + of, words: "-p $port --bigkeys", bar: 0.30, memory: barMemory, rounds: 3, runs: 1, same: summary},
		{name: "--memkeys" + of, words: "-p $port --memkeys", bar: 0.30, rounds: 3, runs: 1, same: summary},
		stats,
		{name: "--hotkeys" + of, words: "-p $port --hotkeys", bar: 0.50, rounds: 3, runs: 1, same: hottest},
	}}
}

// far is a server that is a round trip of a millisecond away. Fewer keys: redis-cli takes three trips for ten of them.
func far(s sizes) ground {
	return ground{"far", farGround(s), []work{{
		name: "--bigkeys of " + rig.Grouped(s.far) + " keys, 1 ms away", words: "-p $port --bigkeys", bar: 0.20, rounds: 3, runs: 1, same: summary,
	}}}
}

// snapshot is a dataset that does not compress, sent as a replica gets it. Here too the server takes most of the time.
func snapshot(s sizes) ground {
	size := fmt.Sprintf("%d MiB", s.snapshot)
	if s.snapshot%1024 == 0 {
		size = fmt.Sprintf("%d GiB", s.snapshot/1024)
	}
	return ground{"snapshot", snapshotGround(s), []work{{
		name: "--rdb of " + size, words: "-p $port --rdb $dump", bar: 1.00, memory: barSnapshot, rounds: 5, runs: 1,
		before: noDump, left: wholeDump, same: nothing,
	}}}
}

// selected leaves the works whose rows have a word in their name.
func selected(grounds []ground, word string) []ground {
	var all []ground
	for _, g := range grounds {
		works := []work{}
		for _, w := range g.works {
			for _, r := range w.rows() {
				if strings.Contains(r.name, word) {
					works = append(works, w)
					break
				}
			}
		}
		if len(works) > 0 {
			g.works = works
			all = append(all, g)
		}
	}
	return all
}

// rows are the rows of a work, with nothing measured yet.
func (w work) rows() []row {
	rows := []row{{name: w.name, unit: milliseconds, bar: w.bar}}
	if w.memory > 0 {
		rows = append(rows, row{name: w.name + ", memory", unit: mebibytes, bar: float64(w.memory)})
	}
	return rows
}
