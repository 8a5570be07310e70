package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"redan/bench/rig"
)

// The bars.
const (
	barFirst  = 100 * time.Millisecond
	barPress  = 16 * time.Millisecond
	barLoad   = 1.5
	barKey    = 150 // bytes
	barMemory = 2 << 30
	barIdle   = 1.0 // per cent
	barAsk    = 1.0 // commands a second
	barTrips  = 12  // round trips until the first keys of a far server
)

// cursorRow is the line of the tree that the cursor is on, or -1. What stands right of the wall is the value.
func cursorRow(e *emulator) int {
	for y := range e.height {
		left, _, beside := strings.Cut(e.Line(y), "│") // lines without it, as that of the progress, are no rows
		if beside && strings.Contains(left, "▌") {
			return y
		}
	}
	return -1
}

func hasKeys(e *emulator) bool { return cursorRow(e) >= 0 }

// complete tells that all keys are read: their number stands there, and no longer "of" how many.
func complete(keys int) func(*emulator) bool {
	text := "  " + rig.Grouped(keys) + " keys"
	return func(e *emulator) bool { return e.Find(text) >= 0 }
}

// firstKeys measures how long it takes from the start, and from the connection, until there are keys on the screen.
func (b *bench) firstKeys() error {
	var fromStart, fromConnect []time.Duration
	for range 3 * b.options.rounds {
		start, connect, err := b.firstKeysOnce(0)
		if err != nil {
			return err
		}
		fromStart, fromConnect = append(fromStart, start), append(fromConnect, connect)
	}
	b.table.atMost("first keys on screen, after connect", rig.Median(fromConnect), ", worst "+milliseconds(slices.Max(fromConnect)), barFirst)
	b.table.row("first keys on screen, after the start", milliseconds(rig.Median(fromStart)), "", true)
	return nil
}

func (b *bench) firstKeysOnce(trip time.Duration) (fromStart, fromConnect time.Duration, err error) {
	r, err := rig.NewRelay(b.server.Addr(), trip)
	if err != nil {
		return 0, 0, err
	}
	defer r.Close()
	t, err := b.start(r.Addr(), cage{})
	if err != nil {
		return 0, 0, err
	}
	defer t.close()
	at, err := t.wait("the first keys", patience, hasKeys)
	return at.Sub(t.started), at.Sub(r.Connected()), err
}

// pressKeys measures how long it takes from a key press until its frame is on the screen, while keys are loaded.
func (b *bench) pressKeys() error {
	var all, quiet []time.Duration
	for range b.options.rounds {
		loading, loaded, err := b.pressOnce()
		if err != nil {
			return err
		}
		all, quiet = append(all, loading...), append(quiet, loaded...)
	}
	b.table.atMost(fmt.Sprintf("key press to frame while loading, p99 of %d", len(all)), rig.Quantile(all, 0.99), "", barPress)
	b.table.row("the same: p50, p95, worst", fmt.Sprintf("%s, %s, %s", milliseconds(rig.Median(all)), milliseconds(rig.Quantile(all, 0.95)),
		milliseconds(slices.Max(all))), "", true)
	b.table.row("with nothing to load, for comparison: p50, p95, p99", fmt.Sprintf("%s, %s, %s", milliseconds(rig.Median(quiet)),
		milliseconds(rig.Quantile(quiet, 0.95)), milliseconds(rig.Quantile(quiet, 0.99))), "", true)
	return nil
}

// quietPresses is how many keys are pressed once all is loaded: what they take, the machine takes.
const quietPresses = 200

// pressOnce presses keys while one program loads, and some when it has.
func (b *bench) pressOnce() (loading, loaded []time.Duration, err error) {
	t, err := b.start(b.server.Addr(), cage{})
	if err != nil {
		return nil, nil, err
	}
	defer t.close()
	if _, err := t.wait("the first keys", patience, hasKeys); err != nil {
		return nil, nil, err
	}
	if _, err := t.press("E"); err != nil { // all branches are open: keys come in above and below
		return nil, nil, err
	}
	if _, err := t.wait("open branches", patience, func(e *emulator) bool { return e.Find("str ") >= 0 || e.Find("/articles/") >= 0 }); err != nil {
		return nil, nil, err
	}
	complete := complete(b.options.keys)
	if loading, err = presses(t, complete, 0); err != nil {
		return nil, nil, err
	}
	if _, err := t.wait("the number of keys", patience, complete); err != nil {
		return nil, nil, err
	}
	loaded, err = presses(t, func(*emulator) bool { return false }, quietPresses)
	return loading, loaded, err
}

// presses moves the cursor ten rows down and up until the screen says that it is over, or so often, and returns what each step took.
func presses(t *terminal, over func(*emulator) bool, most int) ([]time.Duration, error) {
	var all []time.Duration
	for i := 0; most == 0 || i < most; i++ {
		key, step := "j", 1
		if i/10%2 == 1 {
			key, step = "k", -1
		}
		end, at := false, 0
		if _, err := t.wait("a frame", time.Second, func(e *emulator) bool {
			end, at = over(e), cursorRow(e)
			return true
		}); err != nil || end {
			return all, err
		}
		pressed, err := t.press(key)
		if err != nil {
			return nil, err
		}
		seen, err := t.wait(fmt.Sprintf("the cursor in row %d, by %s from %d", at+step, key, at), 10*time.Second, func(e *emulator) bool {
			return cursorRow(e) == at+step
		})
		if err != nil {
			return nil, err
		}
		all = append(all, seen.Sub(pressed))
		time.Sleep(time.Duration(2+rand.IntN(38)) * time.Millisecond) // so that presses meet every moment between two frames
	}
	return all, nil
}

// load measures how long it takes until all keys are there, beside what redis-cli takes to list them.
func (b *bench) load() error {
	var ours, theirs []time.Duration
	for range b.options.rounds {
		their, err := scan(b.server, b.options.keys)
		if err != nil {
			return err
		}
		our, err := b.loadOnce()
		if err != nil {
			return err
		}
		ours, theirs = append(ours, our), append(theirs, their)
	}
	ratio := float64(rig.Median(ours)) / float64(rig.Median(theirs))
	b.table.row("all "+rig.Grouped(b.options.keys)+" keys, against redis-cli --scan | wc -l",
		fmt.Sprintf("%s : %s = %.2f x", milliseconds(rig.Median(ours)), milliseconds(rig.Median(theirs)), ratio), fmt.Sprintf("<= %.1f x", barLoad), ratio <= barLoad)
	return nil
}

func (b *bench) loadOnce() (time.Duration, error) {
	t, err := b.start(b.server.Addr(), cage{})
	if err != nil {
		return 0, err
	}
	defer t.close()
	at, err := t.wait("the number of keys", patience, complete(b.options.keys))
	return at.Sub(t.started), err
}

// settled is how long a program is left alone before its memory counts.
const settled = 5 * time.Second

// memory measures what a key costs: a program with all keys against one without any.
func (b *bench) memory() error {
	empty, err := rig.StartServer()
	if err != nil {
		return err
	}
	defer empty.Close()
	none, err := b.residentAfter(empty, 0, cage{})
	if err != nil {
		return err
	}
	full, err := b.residentAfter(b.server, b.options.keys, cage{})
	if err != nil {
		return err
	}
	each := float64(full.now-none.now) / float64(b.options.keys)
	b.table.row("memory of one key", fmt.Sprintf("%.0f bytes", each), fmt.Sprintf("<= %d bytes", barKey), each <= barKey)
	b.table.row("the whole program: without keys, with, peak",
		mebibytes(none.now)+", "+mebibytes(full.now)+", "+mebibytes(full.peak), "", true)
	return nil
}

func (b *bench) residentAfter(s *rig.Server, keys int, c cage) (resident, error) {
	t, err := b.start(s.Addr(), c)
	if err != nil {
		return resident{}, err
	}
	defer t.close()
	good := complete(keys)
	if keys == 0 {
		good = func(e *emulator) bool { return e.Find("There are no keys") >= 0 }
	}
	if _, err := t.wait("the number of keys", patience, good); err != nil {
		return resident{}, err
	}
	time.Sleep(settled)
	return residentOf(t.pid())
}

// idle measures what a program costs that nobody touches: on screen, and behind another window.
func (b *bench) idle() error {
	t, err := b.start(b.server.Addr(), cage{})
	if err != nil {
		return err
	}
	defer t.close()
	if _, err := t.wait("the number of keys", patience, complete(b.options.keys)); err != nil {
		return err
	}
	for _, state := range []struct {
		name, report string
		asks         float64
	}{
		{"idle, with the focus", "", barAsk},
		{"idle, without the focus", "\x1b[O", 0},
	} {
		if _, err := t.press(state.report); err != nil {
			return err
		}
		time.Sleep(3 * time.Second) // what was begun ends
		if err := b.watch(t, state.name, state.asks); err != nil {
			return err
		}
	}
	return nil
}

// watch looks at a program that does nothing.
func (b *bench) watch(t *terminal, name string, asks float64) error {
	before, err := calls(b.server)
	if err != nil {
		return err
	}
	busy, err := processorTime(t.pid())
	if err != nil {
		return err
	}
	written, start := t.output(), time.Now()
	time.Sleep(b.options.idle)
	took := time.Since(start)
	after, err := processorTime(t.pid())
	if err != nil {
		return err
	}
	calls, err := calls(b.server)
	if err != nil {
		return err
	}
	share := 100 * float64(after-busy) / float64(took)
	b.table.row(name+": processor", fmt.Sprintf("%.2f %%, %d bytes/s drawn", share, (t.output()-written)/int64(max(1, took.Seconds()))),
		fmt.Sprintf("<= %.0f %%", barIdle), share <= barIdle)
	calls["info"]-- // our own
	total, names := 0, []string{}
	for command, n := range calls {
		if n > before[command] {
			total += n - before[command]
			names = append(names, command)
		}
	}
	slices.Sort(names)
	rate := float64(total) / took.Seconds()
	b.table.row(name+": commands", strings.TrimSpace(fmt.Sprintf("%.2f/s %s", rate, strings.Join(names, " "))), fmt.Sprintf("<= %.0f/s", asks), rate <= asks)
	return nil
}

// far measures over a link that is slow: what takes round trips takes long.
func (b *bench) far() error {
	trip := b.options.trip
	var first []time.Duration
	for range b.options.rounds {
		_, connect, err := b.firstKeysOnce(trip)
		if err != nil {
			return err
		}
		first = append(first, connect)
	}
	b.table.atMost(fmt.Sprintf("round trip of %v: first keys, after connect", trip), rig.Median(first), "", barTrips*trip)
	r, err := rig.NewRelay(b.server.Addr(), trip)
	if err != nil {
		return err
	}
	defer r.Close()
	t, err := b.start(r.Addr(), cage{})
	if err != nil {
		return err
	}
	defer t.close()
	at, err := t.wait("the number of keys", patience, complete(b.options.keys))
	if err != nil {
		return err
	}
	b.table.row(fmt.Sprintf("round trip of %v: all %s keys", trip, rig.Grouped(b.options.keys)), milliseconds(at.Sub(t.started)), "", true)
	return nil
}

// big loads many keys with little memory.
func (b *bench) big() error {
	keys := b.options.big
	if keys == 0 {
		return nil
	}
	if err := b.server.Fill(fillScript, keys); err != nil {
		return err
	}
	c, err := newCage(barMemory)
	enforced := "enforced"
	if err != nil {
		enforced = "not enforced"
	}
	defer c.close()
	t, err := b.start(b.server.Addr(), c)
	if err != nil {
		return err
	}
	defer t.close()
	at, err := t.wait("the number of keys", 2*patience, complete(keys))
	if err != nil {
		return err
	}
	used, err := residentOf(t.pid())
	if err != nil {
		return err
	}
	b.table.row(rig.Grouped(keys)+" keys: peak of memory", mebibytes(used.peak)+", "+enforced, "<= "+mebibytes(barMemory), used.peak <= barMemory)
	b.table.row("the same: time, memory of a key", fmt.Sprintf("%s, %.0f bytes", milliseconds(at.Sub(t.started)), float64(used.now)/float64(keys)), "", true)
	pressed, err := t.press("E")
	if err != nil {
		return err
	}
	seen, err := t.wait("open branches", patience, func(e *emulator) bool { return e.Find("/articles/") >= 0 })
	b.table.row("the same: open all branches", milliseconds(seen.Sub(pressed)), "", true)
	return err
}
