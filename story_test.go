package main_test

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestStory walks through the full screen as a person does, in a real terminal on the demo: opens a branch, looks at a value of each
// type, edits a field of a hash, does so again while redis-cli changes it, deletes a marked branch, and leaves. redis-cli tells
// that all else is as it was. Once the terminal is small, the demo runs on after the walk, and the other side of the conflict is kept.
func TestStory(t *testing.T) {
	t.Parallel()
	t.Run("120x40", func(t *testing.T) {
		t.Parallel()
		p := atTerminal(t, 120, 40, "redan", "demo")
		port := regexp.MustCompile(`127\.0\.0\.1:(\d+)`).FindStringSubmatch(p.sees(`127\.0\.0\.1:\d+`))[1]
		p.walk(demoAt{t: t, port: port}, true)
		p.types("q")
		p.sees(`^\[exit 0\]$`)
		if out, err := exec.CommandContext(t.Context(), "redis-cli", "-p", port, "ping").CombinedOutput(); err == nil {
			t.Errorf("the demo outlived its full screen: %s", out)
		}
	})
	t.Run("60x16", func(t *testing.T) {
		t.Parallel()
		served := atTerminal(t, 80, 24, "redan", "demo", "--serve")
		port := regexp.MustCompile(`redis-cli -h 127\.0\.0\.1 -p (\d+)`).FindStringSubmatch(served.sees(`redis-cli -h .* -p \d+`))[1]
		p := atTerminal(t, 60, 16, "redan", "-p", port)
		p.narrow = true
		demo := demoAt{t: t, port: port}
		p.walk(demo, false)
		after := demo.dump()
		p.types("q")
		p.sees(`^\[exit 0\]$`)
		compareDumps(t, after, demo.dump(), nil)
	})
}

// walk is the story.
func (p person) walk(demo demoAt, mine bool) {
	p.sees(`\d keys$`)
	before := demo.dump()

	p.walksTo("carts")
	p.types("Right")
	p.sees(`▾ carts +151`)
	p.types("Down")
	p.restsOn("1001")
	p.sees(`1001 +hash +\dd \d+h`)

	for _, look := range everyType(before) {
		p.opens(look.key)
		for _, pattern := range look.shows {
			p.sees(pattern)
		}
		p.types("BTab")
	}

	p.opens(cart)
	field := regexp.MustCompile(`▌ (\d{4}) +\d\b`).FindStringSubmatch(p.sees(`▌ \d{4} +\d\b`))[1]
	p.edits(cart, field, "71")
	p.accepts("✓ written")
	p.sees(`▌ ` + field + ` +71\n`)
	demo.holds(field, "71")

	p.edits(cart, field, "72")
	demo.cli("hset", cart, field, "66")
	p.accepts("Changed meanwhile: " + cart)
	p.sees(`read +71\n(?:.*\n)*.*theirs +66\n(?:.*\n)*.*yours +72\n`)
	demo.holds(field, "66")
	want := "66"
	if mine {
		want = "72"
		p.considers("Enter")
		p.sees(`▌ ` + field + ` +72\n`) // and not what was said of the write before
	} else {
		p.considers("Escape")
		p.sees(`▌ ` + field + ` +66\n`) // theirs, and not what was read before
	}
	demo.holds(field, want)
	p.types("BTab")

	p.deletesBranch("catalog", 120)
	after := demo.dump()
	compareDumps(p.t, before, after, func(key string, was, is entry) bool {
		switch {
		case strings.HasPrefix(key, "catalog:"):
			return is == entry{}
		case key == cart:
			return is.digest != was.digest && is.sameLife(was)
		}
		return is.same(was)
	})
}

// looked is a key and what is to be seen of it.
type looked struct {
	key   string
	shows []string
}

// everyType is one key of each type, and of what hides in strings.
func everyType(keys map[string]entry) []looked {
	today := func(prefix string) string {
		for key := range keys {
			if strings.HasPrefix(key, prefix) {
				return key
			}
		}
		return ""
	}
	return []looked{
		{"config:shop", []string{`str .*TTL ∞`, `"name": "Redan Outfitters"`}},
		{"cache:page:/home", []string{`str .*TTL \d+m`, `<!doctype html><html><head><title>home`}},
		{today("active:"), []string{`str .*TTL ∞`, `00000000  00 00 00 00`}},
		{today("visitors:"), []string{`hll .*TTL ∞`, `00000000  48 59 4c 4c`}},
		{"products:0001", []string{`hash   7 fields`, `sku +RD-0001`}},
		{"queue:payments", []string{`list   7 elements`, `▌ 0  \{"id": "`}},
		{"tags:sale", []string{`set   \d+ members`, `▌ \d{4}`}},
		{"leaderboard:loyalty", []string{`zset   420 members`, `▌ +0 +\d+ +\d{4}`}},
		{"stores:europe", []string{`zset   8 members`, `Lisboa`}},
		{"events:orders", []string{`strm   600 entries`, `▌ \d{13}-0 .*type=`}},
	}
}

// person sits at a terminal: looks, types, and looks again.
type person struct {
	t *testing.T
	terminal
	narrow bool // there is room for one pane only
}

// atTerminal starts a program in a terminal of its own, with a home of its own.
func atTerminal(t *testing.T, columns, lines int, words ...string) person {
	t.Helper()
	home := t.TempDir()
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TERM=xterm-256color", "GORACE=atexit_sleep_ms=0",
		"REDISCLI_HISTFILE=" + filepath.Join(home, "history"),
	}
	at, err := openTerminal(home, env, columns, lines, words)
	t.Cleanup(at.close)
	if err != nil {
		t.Fatal(err)
	}
	return person{t: t, terminal: at}
}

// looks is the screen as it is now.
func (p person) looks() string {
	p.t.Helper()
	shown, err := p.screen()
	if err != nil {
		p.t.Fatal(err)
	}
	return shown
}

// waits looks until the screen is as it should be, and returns it.
func (p person) waits(what string, good func(shown string) bool) string {
	p.t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.Now().Add(scriptPatience); ; <-ticker.C {
		shown := p.looks()
		if good(shown) {
			return shown
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("the screen does not show %s:\n%s", what, shown)
		}
	}
}

// sees waits until the screen matches a pattern.
func (p person) sees(pattern string) string {
	p.t.Helper()
	return p.waits(pattern, regexp.MustCompile("(?m)"+pattern).MatchString)
}

// types types keys, in tmux' names.
func (p person) types(keys ...string) {
	p.t.Helper()
	if _, err := p.tell(append([]string{"send-keys"}, keys...)...); err != nil {
		p.t.Fatal(err)
	}
}

// writes types text as it is.
func (p person) writes(text string) {
	p.t.Helper()
	p.types("-l", text)
}

// underCursor is the first word of the row of the keys that the cursor is on.
func underCursor(shown string) string {
	for line := range strings.Lines(shown) {
		left, _, _ := strings.Cut(line, "│")
		if strings.Contains(left, "▌") {
			words := strings.Fields(strings.NewReplacer("▌", " ", "▸", " ", "▾", " ", "●", " ").Replace(left))
			return strings.Join(words[:min(1, len(words))], "")
		}
	}
	return ""
}

// restsOn waits until the cursor is on a row of the keys.
func (p person) restsOn(name string) {
	p.t.Helper()
	p.waits("the cursor on "+name, func(shown string) bool { return underCursor(shown) == name })
}

// walksTo goes down the keys to a row.
func (p person) walksTo(name string) {
	p.t.Helper()
	// Until the cursor is drawn it is not known which of the keys below are still on their way.
	at := underCursor(p.waits("a cursor in the keys", func(shown string) bool { return underCursor(shown) != "" }))
	for at != name {
		p.types("Down")
		at = underCursor(p.waits("a cursor that leaves "+at, func(shown string) bool {
			now := underCursor(shown)
			return now != "" && now != at
		}))
	}
}

// opens goes to a key by its name, and on to its value.
func (p person) opens(key string) {
	p.t.Helper()
	p.writes(":key " + key)
	p.sees(`^ :key ` + regexp.QuoteMeta(key))
	p.types("Enter")
	if p.narrow {
		p.sees(`^ ` + regexp.QuoteMeta(key) + `$`)
	} else {
		p.sees(`│ ` + regexp.QuoteMeta(key) + `$`)
	}
}

// edits types another value for a field, as far as the sheet that shows what will be written.
func (p person) edits(key, field, value string) {
	p.t.Helper()
	p.types("e")
	p.sees(`Edit ` + key + ` → ` + field)
	p.types("C-u")
	p.writes(value)
	p.sees(`^ > ` + value + `$`)
	p.types("Enter")
	p.sees(`Write ` + key + ` → ` + field + ` +TTL stays`)
	p.sees(`\+ ` + value + `\n`)
	p.sees(`HSET ` + key + ` ` + field + ` ` + value)
}

// considers types keys on a sheet that has been on the screen for as long as it takes none: half a second.
func (p person) considers(keys ...string) {
	p.t.Helper()
	<-time.After(500 * time.Millisecond)
	p.types(keys...)
}

// accepts says yes to a sheet, and waits for what comes of it.
func (p person) accepts(then string) {
	p.t.Helper()
	p.considers("Enter")
	p.sees(regexp.QuoteMeta(then))
}

// deletesBranch marks a branch and deletes what is marked.
func (p person) deletesBranch(branch string, keys int) {
	p.t.Helper()
	count := strconv.Itoa(keys)
	p.opens(branch + ":0001")
	p.types("BTab")
	p.restsOn("0001")
	p.types("Left")
	p.restsOn(branch)
	p.types("m")
	p.sees(count + ` marked`)
	p.types("d")
	p.sees(`Delete ` + count + ` keys that are marked`)
	p.sees(`e\.g\. +` + branch + `:\d{4}`)
	p.considers("-l", count)
	p.sees(`type ` + count + ` to go on: ` + count)
	p.types("Enter")
	p.sees(`deleted ` + count + ` keys`)
}

// demoAt is the demo as redis-cli sees it.
type demoAt struct {
	t    *testing.T
	port string
}

// cli runs redis-cli and returns what it prints.
func (d demoAt) cli(args ...string) string {
	d.t.Helper()
	out, err := exec.CommandContext(d.t.Context(), "redis-cli", append([]string{"-p", d.port}, args...)...).CombinedOutput()
	if err != nil {
		d.t.Fatalf("redis-cli %q: %v\n%s", args, err, out)
	}
	return strings.TrimSuffix(string(out), "\n")
}

// cart is the hash that is edited. It has a time to live.
const cart = "carts:1001"

// holds checks a field of the cart.
func (d demoAt) holds(field, want string) {
	d.t.Helper()
	if got := d.cli("hget", cart, field); got != want {
		d.t.Errorf("%s of %s is %q, want %q", field, cart, got, want)
	}
}

// entry is what a dump says of a key. The zero value is no key.
type entry struct {
	db, kind, digest string
	expires          int64 // Unix milliseconds; -1 is never
}

// same reports whether nothing happened to a key.
func (e entry) same(was entry) bool { return e.digest == was.digest && e.sameLife(was) }

// sameLife reports whether a key is of the same type and expires when it did. The demo tells the time of that anew each time, and is off
// by as much as it is busy.
func (e entry) sameLife(was entry) bool {
	const busy = 20_000
	mayEnd := e.expires >= 0
	return e.db == was.db && e.kind == was.kind && mayEnd == (was.expires >= 0) && max(e.expires-was.expires, was.expires-e.expires) < busy
}

//go:embed testdata/story/dump.lua
var dumpScript string

// dump is all there is, in all databases, by the names of the keys as redis-cli quotes them.
func (d demoAt) dump() map[string]entry {
	d.t.Helper()
	keys := map[string]entry{}
	lines := regexp.MustCompile(`(?m)^ *\d+\) "(.*) (\d+) (\w+) (-?\d+) ([0-9a-f]{40})"$`).FindAllStringSubmatch(d.cli("--no-raw", "eval", dumpScript, "0"), -1)
	for _, line := range lines {
		expires, err := strconv.ParseInt(line[4], 10, 64)
		if err != nil {
			d.t.Fatal(err)
		}
		name := line[1]
		if line[2] != "0" {
			name = "db " + line[2] + " " + name
		}
		keys[name] = entry{db: line[2], kind: line[3], digest: line[5], expires: expires}
	}
	if len(keys) < 2500 {
		d.t.Fatalf("a dump of %d keys is none of the demo", len(keys))
	}
	return keys
}

// compareDumps checks each key that is in either dump, by default that it has not changed. What has expired meanwhile may be gone.
func compareDumps(t *testing.T, before, after map[string]entry, good func(key string, was, is entry) bool) {
	t.Helper()
	if good == nil {
		good = func(_ string, was, is entry) bool { return is.same(was) }
	}
	now := time.Now().UnixMilli()
	for key, was := range before {
		is, there := after[key]
		expired := !there && was.expires >= 0 && was.expires <= now
		if !expired && !good(key, was, is) {
			t.Errorf("%s was %+v and is %+v", key, was, is)
		}
	}
	for key, is := range after {
		if _, there := before[key]; !there {
			t.Errorf("%s is new: %+v", key, is)
		}
	}
}
