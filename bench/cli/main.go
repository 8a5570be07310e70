// Command cli measures the command line beside redis-cli, in one run on one machine, with redis-servers of its own. It prints a table of
// medians and ratios, and fails when a bar is missed.
//
//	bench/run                                  all of it, some ten minutes
//	bench/run WORD                             only the rows whose name has the word
//	bench/run --readme                         all of it, and if every bar is held the README's table is made of it
//	bench/run --keys 10000 --rounds 1 bigkeys  smaller, to try something
//
// REDAN=PROGRAM measures another program in redan's place, REDISCLI=PROGRAM another redis-cli. Both must give the same answer before
// anything is measured, and they are measured by turns, so that a machine that changes its speed changes it for both.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"redan/bench/rig"
)

// options say what is measured.
type options struct {
	redan    string
	rediscli string
	only     string
	readme   bool
	sizes    sizes
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		_, _ = fmt.Fprintln(os.Stderr, "bench/cli: "+err.Error())
		os.Exit(1)
	}
}

const usage = `bench/run [OPTION...] [WORD]: redan beside redis-cli; with WORD only the rows whose name has it (-- before one that begins with a dash).
REDAN=PROGRAM measures another program in redan's place, REDISCLI=PROGRAM another redis-cli.
`

// parse reads the command line.
func parse(words []string, getenv func(string) string, errs io.Writer) (options, error) {
	o := options{redan: getenv("REDAN"), rediscli: getenv("REDISCLI"), sizes: full()}
	if o.rediscli == "" {
		o.rediscli = "redis-cli"
	}
	flags := flag.NewFlagSet("bench/run", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() {
		_, _ = fmt.Fprint(errs, usage)
		flags.PrintDefaults()
	}
	flags.BoolVar(&o.readme, "readme", false, "put the table into README.md, if all was measured and every bar is held")
	flags.IntVar(&o.sizes.keys, "keys", o.sizes.keys, "keys to scan and analyse, and commands for --pipe")
	flags.IntVar(&o.sizes.far, "far", o.sizes.far, "keys behind the slow way")
	flags.IntVar(&o.sizes.elements, "elements", o.sizes.elements, "elements of the list")
	flags.IntVar(&o.sizes.sets, "sets", o.sizes.sets, "SETs from standard input")
	flags.IntVar(&o.sizes.snapshot, "snapshot", o.sizes.snapshot, "size of the dataset for --rdb, in `MiB`")
	flags.IntVar(&o.sizes.rounds, "rounds", 0, "how often both are measured (default: what each row needs)")
	if err := flags.Parse(words); err != nil {
		return o, err
	}
	switch flags.NArg() {
	case 0:
	case 1:
		o.only = flags.Arg(0)
	default:
		return o, fmt.Errorf("one WORD limits the rows, not %d", flags.NArg())
	}
	if o.readme && (o.only != "" || o.redan != "" || o.sizes != full()) {
		return o, errors.New("--readme is for a whole run of this redan: no WORD, no REDAN, no other sizes")
	}
	return o, nil
}

var errMissed = errors.New("bars were missed")

// run measures what the words ask for.
func run(ctx context.Context, words []string, getenv func(string) string, out, errs io.Writer) error {
	start := time.Now()
	o, err := parse(words, getenv, errs)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "redan-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if o.redan == "" {
		o.redan = filepath.Join(folder, "redan")
		if err := rig.Build(o.redan); err != nil {
			return err
		}
	}
	b := &bench{options: o, folder: folder, out: out, errs: errs}
	if err := b.enoughSpace(ctx); err != nil {
		return err
	}
	if o.readme {
		if err := calm(ctx, out, rig.Load, time.Tick(time.Second)); err != nil {
			return err
		}
	}
	intro, err := b.intro(ctx)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprint(out, intro.text(), head)
	if err := b.measure(ctx); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "\nMedians; memory is the most that was resident.%s It all took %v.\n", b.note, time.Since(start).Round(time.Second))
	return b.conclude(intro)
}

// mostWaits is how many ticks are waited for a machine that was busy, if only with building redan.
const mostWaits = 180

// calm waits until the machine is not busy any more, but not for ever.
func calm(ctx context.Context, out io.Writer, load func() float64, tick <-chan time.Time) error {
	for waits := 0; waits < mostWaits && load() > busyLoad; waits++ {
		if waits == 0 {
			_, _ = fmt.Fprintf(out, "waiting for the load to fall from %.2f to %d\n", load(), busyLoad)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick:
		}
	}
	return nil
}

// conclude says how it went, and makes the README's table.
func (b *bench) conclude(in intro) error {
	missed := 0
	for _, r := range b.rows {
		if !r.good() {
			missed++
		}
	}
	switch {
	case len(b.rows) == 0:
		return fmt.Errorf("no row has %q in its name", b.options.only)
	case missed > 0:
		return fmt.Errorf("%w: %d of %d", errMissed, missed, len(b.rows))
	}
	_, _ = fmt.Fprintln(b.out, "every bar is held")
	if !b.options.readme {
		return nil
	}
	if in.busy() {
		_, _ = fmt.Fprintln(b.out, "README.md is left as it is: the machine was busy")
		return nil
	}
	return rewrite("README.md", in, b.rows)
}
