package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"redan/bench/rig"
)

// bench is one run.
type bench struct {
	options options
	folder  string
	out     io.Writer
	errs    io.Writer // why a row failed
	rows    []row
	note    string // what the reader of the table should know
}

// measure runs what was chosen, ground by ground, and prints each row as soon as it is known. What fails is a row too: it does not hide
// the others.
func (b *bench) measure(ctx context.Context) error {
	for _, g := range b.chosen(ctx) {
		if err := b.onGround(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) chosen(ctx context.Context) []ground {
	return selected(plan(b.options.sizes, knowsKeystats(ctx, b.options.rediscli)), b.options.only)
}

// knowsKeystats asks a redis-cli in a way that needs no server: an option that it does not know ends it at once.
func knowsKeystats(ctx context.Context, rediscli string) bool {
	_, err := program{path: rediscli, args: []string{"--keystats", "--version"}}.answer(ctx)
	return err == nil
}

// onGround makes one ground ready and does its works. It fails only when it is told to stop.
func (b *bench) onGround(ctx context.Context, g ground) error {
	l, err := newLab(b.folder)
	if err != nil {
		return err
	}
	defer l.close()
	unready := g.ready(l)
	b.note += l.note
	for _, w := range g.works {
		rows, err := w.rows(), unready
		if err == nil {
			rows, err = b.take(ctx, l, w)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			_, _ = fmt.Fprintf(b.errs, "%s: %v\n", w.name, err)
		}
		for _, r := range rows {
			if strings.Contains(r.name, b.options.only) {
				r.failure = err
				b.rows = append(b.rows, r)
				_, _ = fmt.Fprint(b.out, r)
			}
		}
	}
	return nil
}

// take compares the answers and then measures, by turns.
func (b *bench) take(ctx context.Context, l *lab, w work) ([]row, error) {
	rows := w.rows()
	theirs, ours := b.programs(l, w)
	if err := compare(ctx, l, w, theirs, ours); err != nil {
		return rows, err
	}
	var their, our samples
	for round := 0; round < w.rounds || round < patience*w.rounds && (round%w.rounds != 0 || w.close(their, our)); round++ {
		turn := []func() error{
			func() error { return w.batch(ctx, l, theirs, &their) },
			func() error { return w.batch(ctx, l, ours, &our) },
		}
		for i := range turn {
			if err := turn[(i+round)%2](); err != nil {
				return rows, err
			}
		}
	}
	rows[0].theirs, rows[0].ours = their.milliseconds(), our.milliseconds()
	if w.memory > 0 {
		rows[1].theirs, rows[1].ours = their.peak, our.peak
	}
	return rows, nil
}

const (
	// patience is how many times as many turns are taken where the ratio is so near to its bar that chance may decide.
	patience = 3
	nearBar  = 0.05
)

// close reports whether the ratio so far is near its bar.
func (w work) close(theirs, ours samples) bool {
	if w.bar == 0 || theirs.milliseconds() == 0 {
		return false
	}
	return math.Abs(ours.milliseconds()/theirs.milliseconds()-w.bar) < nearBar*w.bar
}

// programs are the two that are compared, with the words that they get.
func (b *bench) programs(l *lab, w work) (theirs, ours program) {
	ours = program{path: b.options.redan, args: l.expand(w.words)}
	theirs = program{path: b.options.rediscli, args: ours.args}
	if w.theirs != "" {
		theirs.args = l.expand(w.theirs)
	}
	if w.self {
		theirs.path = ours.path
	}
	if w.input != "" {
		ours.input = l.file(w.input)
		theirs.input = ours.input
	}
	return theirs, ours
}

// samples are what was measured of one program.
type samples struct {
	times []time.Duration
	peak  float64 // MiB, the worst
}

func (s samples) milliseconds() float64 { return rig.Median(s.times).Seconds() * 1000 }

// warm is from how many runs in a turn on some more go before: a tenth.
const warm = 10

// batch runs one program as often as it runs in a turn.
func (w work) batch(ctx context.Context, l *lab, p program, s *samples) error {
	for i := -w.runs / warm; i < w.runs; i++ {
		took, peak, err := w.once(ctx, l, p)
		if err != nil {
			return err
		}
		if i >= 0 {
			s.times = append(s.times, took)
			s.peak = max(s.peak, peak)
		}
	}
	return nil
}

// once makes everything ready and runs a program.
func (w work) once(ctx context.Context, l *lab, p program) (took time.Duration, peak float64, err error) {
	if w.before != nil {
		if err := w.before(l); err != nil {
			return 0, 0, err
		}
	}
	if w.memory > 0 {
		return p.weigh(ctx, drain{})
	}
	took, err = p.run(ctx, drain{})
	return took, 0, err
}

var errDiffer = errors.New("the answers differ, so their speed means nothing")

// compare has both programs do the work and looks whether they say the same and leave the same behind.
func compare(ctx context.Context, l *lab, w work, theirs, ours program) error {
	if w.same == nil { // one program compared with itself at other work
		return nil
	}
	their, err := w.outcome(ctx, l, theirs)
	if err != nil {
		return err
	}
	our, err := w.outcome(ctx, l, ours)
	if err != nil {
		return err
	}
	if their != our {
		return fmt.Errorf("%w: %s", errDiffer, difference(their, our))
	}
	return nil
}

// outcome is what counts of an answer, and of what it leaves behind.
func (w work) outcome(ctx context.Context, l *lab, p program) (string, error) {
	if w.before != nil {
		if err := w.before(l); err != nil {
			return "", err
		}
	}
	out, err := p.answer(ctx)
	if err != nil {
		return "", err
	}
	counts := w.same(out)
	if w.left != nil {
		behind, err := w.left(l)
		if err != nil {
			return "", err
		}
		counts += behind
	}
	if strings.TrimSpace(counts) == "" {
		return "", fmt.Errorf("%s: nothing of its answer can be compared: %.200q", p.name(), out)
	}
	return counts, nil
}

// difference shows the first line that is not the same.
func difference(theirs, ours string) string {
	their, our := strings.Split(theirs, "\n"), strings.Split(ours, "\n")
	for i := range max(len(their), len(our)) {
		a, b := line(their, i), line(our, i)
		if a != b {
			return fmt.Sprintf("line %d of what is compared is %.100q, redan's %.100q", i+1, a, b)
		}
	}
	return "nowhere"
}

func line(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(none)"
}
