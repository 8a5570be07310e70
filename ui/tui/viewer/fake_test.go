package viewer

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/conn/resp"
	"redan/ui/theme"
	"redan/ui/tui/kit"
)

// fake is a server whose keys are as they are written down, in their order.
type fake struct {
	keys    map[string]*fakeKey
	sent    [][]string
	refuse  map[string]string // first words of commands that are refused, and how
	failing error             // of the connection
}

type fakeKey struct {
	kind    string
	text    string   // of a string
	items   []string // of everything else: elements, fields and values, members and scores
	entries []fakeEntry
	ttl     time.Duration
	memory  int64
	extra   map[string]resp.Value // replies to commands of modules, by their names
}

type fakeEntry struct {
	id    string
	pairs []string
}

func bulk(s string) resp.Value    { return resp.Value{Kind: resp.BulkString, Text: []byte(s)} }
func integer(n int64) resp.Value  { return resp.Value{Kind: resp.Integer, Int: n} }
func failure(s string) resp.Value { return resp.Value{Kind: resp.SimpleError, Text: []byte(s)} }

func array(elems ...resp.Value) resp.Value { return resp.Value{Kind: resp.Array, Elems: elems} }

func bulks(list ...string) resp.Value {
	v := array()
	for _, s := range list {
		v.Elems = append(v.Elems, bulk(s))
	}
	return v
}

func (f *fake) Do(ctx context.Context, words ...string) (resp.Value, error) {
	replies, err := f.Pipeline(ctx, words)
	if err != nil {
		return resp.Value{}, err
	}
	return replies[0], nil
}

func (f *fake) Pipeline(ctx context.Context, commands ...[]string) ([]resp.Value, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if f.failing != nil {
		return nil, f.failing
	}
	var replies []resp.Value
	for _, words := range commands {
		f.sent = append(f.sent, words)
		replies = append(replies, f.answer(words))
	}
	return replies, nil
}

func (f *fake) answer(words []string) resp.Value {
	name := words[0]
	if why, ok := f.refuse[name]; ok {
		return failure(why)
	}
	at := 1
	switch name {
	case "MEMORY", "OBJECT", "XINFO", "JSON.DEBUG":
		name, at = name+" "+words[1], 2
	}
	k := f.keys[words[at]]
	if k == nil {
		if name == "TYPE" {
			return resp.Value{Kind: resp.SimpleString, Text: []byte("none")}
		}
		return resp.Value{Kind: resp.NullBulk}
	}
	if v, ok := k.extra[name]; ok {
		return v
	}
	if v, ok := k.common(name); ok {
		return v
	}
	return k.read(name, words)
}

func (k *fakeKey) common(name string) (resp.Value, bool) {
	switch name {
	case "TYPE":
		return resp.Value{Kind: resp.SimpleString, Text: []byte(k.kind)}, true
	case "PTTL":
		if k.ttl == 0 {
			return integer(-1), true
		}
		return integer(k.ttl.Milliseconds()), true
	case "MEMORY USAGE":
		return integer(max(k.memory, 56)), true
	case "OBJECT ENCODING":
		return bulk("listpack"), true
	case "OBJECT IDLETIME":
		return integer(3), true
	case "STRLEN":
		return integer(int64(len(k.text))), true
	case "LLEN", "SCARD":
		return integer(int64(len(k.items))), true
	case "HLEN", "ZCARD":
		return integer(int64(len(k.items) / 2)), true
	case "XLEN":
		return integer(int64(len(k.entries))), true
	}
	return resp.Value{}, false
}

func (k *fakeKey) read(name string, words []string) resp.Value {
	number := func(i int) int { n, _ := strconv.Atoi(words[i]); return n }
	window := func(list []string, each int) []string {
		from, to := number(2)*each, (number(3)+1)*each
		return list[min(from, len(list)):max(min(from, len(list)), min(to, len(list)))]
	}
	switch name {
	case "GETRANGE":
		from := min(number(2), len(k.text))
		return bulk(k.text[from:max(from, min(number(3)+1, len(k.text)))])
	case "LRANGE":
		return bulks(window(k.items, 1)...)
	case "ZRANGE":
		return bulks(window(k.items, 2)...)
	case "ZREVRANGE":
		var turned []string
		for i := len(k.items) - 2; i >= 0; i -= 2 {
			turned = append(turned, k.items[i], k.items[i+1])
		}
		return bulks(window(turned, 2)...)
	case "HSCAN", "SSCAN":
		each := 1
		if name == "HSCAN" {
			each = 2
		}
		from := number(2) * each
		end := min(len(k.items), from+number(4)*each)
		next := strconv.Itoa(end / each)
		if end == len(k.items) {
			next = "0"
		}
		return array(bulk(next), bulks(k.items[from:end]...))
	case "XRANGE", "XREVRANGE":
		return k.stream(name == "XREVRANGE", words)
	case "HSTRLEN", "HGET", "HEXISTS":
		return k.field(name, words[2])
	case "LINDEX":
		return bulk(k.items[number(2)])
	}
	return failure("ERR unknown command '" + name + "', with args beginning with: ")
}

func (k *fakeKey) field(name, field string) resp.Value {
	for i := 0; i < len(k.items); i += 2 {
		if k.items[i] == field {
			switch name {
			case "HSTRLEN":
				return integer(int64(len(k.items[i+1])))
			case "HEXISTS":
				return integer(1)
			}
			return bulk(k.items[i+1])
		}
	}
	if name == "HGET" {
		return resp.Value{Kind: resp.NullBulk}
	}
	return integer(0)
}

func (k *fakeKey) stream(newestFirst bool, words []string) resp.Value {
	count, _ := strconv.Atoi(words[5])
	v := array()
	for i := range k.entries {
		e := k.entries[i]
		if newestFirst {
			e = k.entries[len(k.entries)-1-i]
		}
		from := words[2]
		skipped := from != "+" && from != "-" && (newestFirst && e.id > from || !newestFirst && e.id < from)
		if !skipped && len(v.Elems) < count {
			v.Elems = append(v.Elems, array(bulk(e.id), bulks(e.pairs...)))
		}
	}
	return v
}

// noon is when all tests take place.
func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// heldTimer keeps what is due for the test to deliver.
type heldTimer struct{ due []kit.Message }

func (h *heldTimer) start(_ time.Duration, m kit.Message) tea.Cmd {
	h.due = append(h.due, m)
	return nil
}

// driver runs a pane without a program.
type driver struct {
	pane  Pane
	timer *heldTimer
	asked []tea.Msg // what the pane asked the root for
	held  []tea.Cmd // commands that were not run, where hold is set
	hold  bool
}

func newDriver(client kit.Client, w, h int, ascii bool) *driver {
	d := &driver{timer: &heldTimer{}}
	d.pane = New(Config{
		Context: context.Background(), Client: client, Look: kit.Look{Theme: theme.New(false), ASCII: ascii},
		Now: noon, Timer: d.timer.start, ID: 1,
	}).Focused(true)
	d.send(tea.WindowSizeMsg{Width: w, Height: h})
	return d
}

// send delivers a message and runs what follows from it to the end.
func (d *driver) send(msg tea.Msg) {
	var cmd tea.Cmd
	d.pane, cmd = d.pane.Update(msg)
	d.run(cmd)
}

func (d *driver) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	if d.hold {
		d.held = append(d.held, cmd)
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			d.run(c)
		}
	case message:
		d.send(msg)
	default:
		d.asked = append(d.asked, msg)
	}
}

// release runs the commands that were held back.
func (d *driver) release() {
	held := d.held
	d.hold, d.held = false, nil
	for _, c := range held {
		d.run(c)
	}
}

// keyMsg is the press of a key by its name.
func keyMsg(name string) tea.KeyPressMsg {
	codes := map[string]tea.Key{
		"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown},
		"left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
		"pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown}, "space": {Code: tea.KeySpace, Text: " "},
	}
	if k, ok := codes[name]; ok {
		return tea.KeyPressMsg(k)
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	r := []rune(name)[0]
	return tea.KeyPressMsg{Code: r, Text: name}
}

func (d *driver) press(names ...string) {
	for _, name := range names {
		d.send(keyMsg(name))
	}
}

func (d *driver) write(text string) {
	for _, r := range text {
		d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

// open opens a key and says what the pane looks like.
func (d *driver) open(key, kind string) string {
	d.send(kit.OpenKey{Key: key, Type: kind})
	return d.frame()
}

func (d *driver) frame() string { return d.pane.View(d.pane.width, d.pane.height) }

// numbered returns n texts with numbers.
func numbered(format string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(format, i)
	}
	return list
}
