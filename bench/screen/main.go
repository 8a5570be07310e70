// Command screen measures the full screen as a person meets it: the real program, on a pseudo-terminal, against a redis-server with a
// million keys; what counts is what is on the screen, and when. It prints a table and fails when a bar is missed.
//
//	go run ./bench/screen                      all of it, a few minutes; needs Linux, redis-server and redis-cli
//	go run ./bench/screen -keys 10000 -big 0 -only keys
//
// Every program that is measured is started anew, and times that are compared are taken by turns, so that a machine that changes its
// speed changes it for both.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"redan/bench/rig"
)

// options say what is measured.
type options struct {
	redan  string
	keys   int
	big    int
	rounds int
	idle   time.Duration
	trip   time.Duration
	only   string
	bars   bool
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench/screen: "+err.Error())
		os.Exit(1)
	}
}

var errMissed = errors.New("a bar was missed")

// run measures what the words ask for.
func run(words []string, out io.Writer) error {
	var o options
	flags := flag.NewFlagSet("screen", flag.ContinueOnError)
	flags.StringVar(&o.redan, "redan", "", "measure this `program` (default: build it)")
	flags.IntVar(&o.keys, "keys", 1_000_000, "keys on the server")
	flags.IntVar(&o.big, "big", 10_000_000, "keys for the test of memory; 0 leaves it out")
	flags.IntVar(&o.rounds, "rounds", 3, "how often times are taken; the median counts")
	flags.DurationVar(&o.idle, "idle", 20*time.Second, "how long to look at a program that does nothing")
	flags.DurationVar(&o.trip, "trip", 50*time.Millisecond, "round trip of the slow link")
	flags.StringVar(&o.only, "only", "", "only the part with this name: first, keys, load, memory, idle, far, big")
	flags.BoolVar(&o.bars, "bars", true, "fail when a bar is missed")
	if err := flags.Parse(words); err != nil {
		return err
	}
	if o.redan == "" {
		folder, err := os.MkdirTemp("", "redan-bench")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(folder) }()
		o.redan = filepath.Join(folder, "redan")
		if err := rig.Build(o.redan); err != nil {
			return err
		}
	}
	return measure(o, out)
}

// measure runs the parts, one after the other.
func measure(o options, out io.Writer) error {
	s, err := rig.StartServer()
	if err != nil {
		return err
	}
	defer s.Close()
	b := &bench{options: o, server: s, table: &table{out: out}}
	b.machine()
	if err := s.Fill(fillScript, o.keys); err != nil {
		return err
	}
	b.table.head()
	for _, part := range []struct {
		name string
		work func() error
	}{
		{"first", b.firstKeys},
		{"keys", b.pressKeys},
		{"load", b.load},
		{"memory", b.memory},
		{"idle", b.idle},
		{"far", b.far},
		{"big", b.big},
	} {
		if o.only != "" && o.only != part.name {
			continue
		}
		if err := part.work(); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	switch t := b.table; {
	case t.rows == 0:
		return fmt.Errorf("there is no part %q", o.only)
	case t.missed > 0 && o.bars:
		return fmt.Errorf("%w: %d of %d", errMissed, t.missed, t.rows)
	}
	return nil
}

// bench is one run.
type bench struct {
	options options
	server  *rig.Server
	table   *table
}

// machine says where this was measured.
func (b *bench) machine() {
	version, _ := b.server.CLI("--version")
	_, _ = fmt.Fprintf(b.table.out, "machine   %s; %s; %s; a terminal of %dx%d\nload      %.2f before the start\n", rig.Machine(),
		runtime.Version(), strings.TrimSpace(version), columns, lines, rig.Load())
}

// start starts the program on a terminal; what is measured is what follows.
func (b *bench) start(addr string, c cage) (*terminal, error) {
	host, port, _ := strings.Cut(addr, ":")
	return open(c.hold(exec.Command(b.options.redan, "-h", host, "-p", port)))
}
