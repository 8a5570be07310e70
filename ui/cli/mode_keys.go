package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"redan/commands/keyspace/sweep"
	"redan/ui/modes"
)

func (a *app) bigKeys(ctx context.Context) int {
	return a.analyse(ctx, "bigkeys", modes.NewBigKeys(), sweep.Questions{Length: true})
}

func (a *app) memKeys(ctx context.Context) int {
	samples, err := a.samples("memkeys-samples", a.inv.options.MemKeysSamples)
	if err != nil {
		return a.fail(err)
	}
	return a.analyse(ctx, "memkeys", modes.NewMemKeys(), sweep.Questions{Type: true, Memory: true, MemorySamples: samples})
}

func (a *app) hotKeys(ctx context.Context) int {
	return a.analyse(ctx, "hotkeys", modes.NewHotKeys(), sweep.Questions{Frequency: true})
}

// defaultTop is how many keys --keystats lists.
const defaultTop = 10

func (a *app) keyStats(ctx context.Context) int {
	samples, err := a.samples("keystats-samples", a.inv.options.KeyStatsSamples)
	if err != nil {
		return a.fail(err)
	}
	top := int64(defaultTop)
	if a.inv.given("top") {
		if top, err = parseAmount(a.inv.options.Top, "--top", "--top should be followed by a positive integer."); err != nil {
			return a.fail(err)
		}
	}
	return a.analyse(ctx, "keystats", modes.NewKeyStats(int(top)), sweep.Questions{Length: true, Memory: true, MemorySamples: samples})
}

// samples is how many elements MEMORY USAGE is to look at; nil leaves that to the server.
func (a *app) samples(option, text string) (*int64, error) {
	if !a.inv.given(option) {
		return nil, nil //nolint:nilnil // that it was not given is no error
	}
	n, err := parseAmount(text, "--"+option, "--"+option+" value should be positive.")
	return &n, err
}

// parseAmount reads a number from 0 on. The sentences are redis-cli's; what is beyond all numbers is the largest.
func parseAmount(text, option, negative string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	hint := fmt.Sprintf("%s takes a number from 0 on, not '%s'.", option, text)
	switch {
	case n < 0:
		return 0, &usageError{text: negative, hint: hint}
	case err != nil && !errors.Is(err, strconv.ErrRange):
		return 0, &usageError{text: option + " conversion error.", hint: hint}
	}
	return n, nil
}

// keyAnalysis is one run of a mode that reads all keys and adds up what they are.
type keyAnalysis struct {
	*app
	mode    string
	sweep   *sweep.Sweep
	cursors []string // where each node is to be asked next, "" where it was not asked yet
	json    bool
	live    bool // the terminal shows the sum so far, redrawn in place

	begun bool // what stands above everything is printed

	mu     sync.Mutex // over report, which is drawn while it grows
	report modes.KeyReport
}

// scansPerRest is how many SCANs -i sleeps after.
const scansPerRest = 100

func (a *app) analyse(ctx context.Context, mode string, report modes.KeyReport, ask sweep.Questions) int {
	ctx, done := a.untilInterrupted(ctx)
	defer done()
	s, err := a.newSweep(ctx, sweep.Options{Every: scansPerRest, Size: true, Ask: ask})
	switch {
	case ctx.Err() != nil:
		return a.found(ctx, exitOK)
	case err != nil:
		return a.fail(err)
	}
	k := &keyAnalysis{app: a, mode: mode, sweep: s, report: report}
	k.json = a.asJSON()
	k.live = !k.json && a.sys.OutTTY && !a.dumb()
	k.cursors = make([]string, s.Nodes())
	return a.found(ctx, k.run(ctx))
}

func (k *keyAnalysis) run(ctx context.Context) int {
	stop := k.show() // a server that is slow to begin is seen to be
	defer stop()     // also when we panic
	code := k.eachPage(ctx, k.sweep, func(p sweep.Page) bool {
		k.begin()
		k.take(p)
		return !k.pointless() && k.stdout.err == nil
	})
	stop()
	interrupted := ctx.Err() != nil
	if code != exitOK && !k.begun {
		return code // nothing could be read, and that was said
	}
	k.begin()
	if k.pointless() {
		return k.noCounters()
	}
	k.tell(code, interrupted)
	if k.report.Empty() {
		return exitError
	}
	return code
}

// begin prints what stands above everything. It waits until there is something: a server that is not there, or does not answer, is not
// introduced.
func (k *keyAnalysis) begin() {
	if k.begun {
		return
	}
	k.begun = true
	if !k.json {
		k.tellBeside(k.report.Intro())
	}
}

// tellBeside prints text at once, beside what is drawn.
func (k *keyAnalysis) tellBeside(text string) {
	k.beside(func() {
		k.print(text)
		k.flush()
	})
}

// take counts the keys of a page, and prints what is new.
func (k *keyAnalysis) take(p sweep.Page) {
	expected := k.sweep.Progress().Expected
	silent := k.json || k.live
	var lines []string
	k.mu.Lock()
	for i := range p.Keys {
		if line := k.report.Take(p.Node, &p.Keys[i], expected); line != "" && !silent {
			lines = append(lines, line)
		}
	}
	k.mu.Unlock()
	k.cursors[p.Node] = p.Cursor
	if len(lines) > 0 {
		k.tellBeside(strings.Join(lines, ""))
	}
}

// countless are the refusals to tell how often a key is used, one of each node that there is one of.
func (k *keyAnalysis) countless() []sweep.Refusal {
	return slices.DeleteFunc(k.sweep.Refusals(), func(r sweep.Refusal) bool { return r.Command != "OBJECT FREQ" })
}

// pointless tells that no server counts the use of keys, so that there is nothing to go on for.
func (k *keyAnalysis) pointless() bool {
	return k.mode == "hotkeys" && k.report.Empty() && len(k.countless()) == k.sweep.Nodes()
}

// noCounters says why there are no hot keys, in redis-cli's words, and what helps.
func (k *keyAnalysis) noCounters() int {
	refusals, addrs := k.countless(), k.sweep.Addrs()
	for _, r := range refusals {
		text := "Error: " + r.Err.Error()
		if len(addrs) > 1 {
			text = addrs[r.Node].String() + ": " + text
		}
		k.warn(printable(text))
	}
	k.warn(counterFix(refusals[0].Err.Error()))
	return exitError
}

// counterFix is what helps when OBJECT FREQ is answered by an error.
func counterFix(text string) string {
	if strings.HasPrefix(text, "NOPERM") {
		return "  fix:   --hotkeys asks OBJECT FREQ of every key: ACL SETUSER NAME +object|freq"
	}
	return "  fix:   CONFIG SET maxmemory-policy allkeys-lfu (or volatile-lfu); the counters begin at that moment"
}

// tell prints the result, and what is missing in it.
func (k *keyAnalysis) tell(code int, interrupted bool) {
	ending := k.ending(code, interrupted)
	if k.json {
		if err := k.printJSON(k.report.Document(ending)); err != nil {
			k.warn(err.Error())
		}
	} else {
		k.print(k.report.Summary(ending))
	}
	k.flush()
	for _, r := range ending.Refusals {
		text := fmt.Sprintf("%s was not answered for %s: %s", r.Command, keysOf(r.Keys), r.Error)
		if r.Command == "DBSIZE" { // which is about no key
			text = r.Command + " was not answered: " + r.Error
		}
		if k.sweep.Nodes() > 1 {
			text = r.Node + ": " + text
		}
		k.warn(printable(text))
	}
	if refusals := k.countless(); len(refusals) > 0 {
		k.warn(counterFix(refusals[0].Err.Error()))
	}
	if len(ending.Failed) > 0 {
		k.warn("The figures are those of the keys that were read before.")
	}
}

func keysOf(n int64) string {
	if n == 1 {
		return "1 key"
	}
	return modes.Thousands(n) + " keys"
}
