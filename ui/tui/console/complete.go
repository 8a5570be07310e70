package console

import (
	"slices"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/ui/tui/kit"
)

// namesKept bounds how many key names are offered.
const namesKept = 64

// found are names of keys that begin with a prefix.
type found struct {
	names  []string // sorted
	common string   // what all begin with, also those that are not among names
	over   bool     // there are more than are kept
	more   bool     // there are others, or may be
}

func (f *found) add(key string) {
	if len(f.names) == 0 {
		f.common = key
	}
	f.common = commonPrefix(f.common, key)
	at, known := slices.BinarySearch(f.names, key)
	if known {
		return
	}
	f.names = slices.Insert(f.names, at, key)
	if len(f.names) > namesKept {
		f.names, f.over = f.names[:namesKept], true
	}
}

// commonPrefix returns what both begin with, in whole characters.
func commonPrefix(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for i := max(0, n-utf8.UTFMax); i < n; i++ {
		if utf8.RuneStart(a[i]) && !utf8.FullRuneInString(a[i:n]) {
			return a[:i]
		}
	}
	return a[:n]
}

// globEscape returns the pattern that matches only s.
func globEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`).Replace(s)
}

// menu is what tab offers.
type menu struct {
	before  string   // what stays of the line
	after   string   // behind the cursor
	options []string // what may follow it
	at      int      // the one in the line; -1 for none yet
	more    bool     // there are more than those
}

func (m menu) open() bool { return len(m.options) > 0 }

// offers are what a line may be completed to, from its last word on, and the line completed as far as it is clear.
func offers(table *commands.Table, head string, keys found) (completed string, m menu) {
	typed, err := commands.SplitPartial(head)
	if err != nil {
		return head, menu{}
	}
	before := head[:typed.Start]
	var options []string
	for _, line := range table.Complete(head) {
		options = append(options, line[typed.Start:])
	}
	words := len(options)
	for _, key := range keys.names {
		options = append(options, commands.Quote(key))
	}
	switch {
	case len(options) == 0:
		return head, menu{}
	case len(options) == 1 && !keys.more:
		return before + options[0] + " ", menu{}
	}
	m = menu{before: before, options: options, at: -1, more: keys.more}
	common := ""
	if words == 0 {
		common = quotedStart(keys.common, head[len(before):])
	} else if len(keys.names) == 0 {
		common = options[0]
		for _, option := range options[1:] {
			common = commonPrefix(common, option)
		}
	}
	if len(before)+len(common) > len(head) {
		return before + common, m
	}
	return head, m
}

// quotedStart is the beginning of a word, quoted if it must be or was begun so, and left open.
func quotedStart(word, typed string) string {
	quoted := commands.Quote(word)
	switch {
	case word == "":
		return ""
	case quoted[0] == '"':
		return strings.TrimSuffix(quoted, `"`)
	case strings.HasPrefix(typed, `"`):
		return `"` + quoted
	}
	return quoted
}

// complete answers tab: with what the table knows at once, with key names as soon as they have come.
func (p Pane) complete() (Pane, tea.Cmd) {
	if p.menu.open() {
		return p.choose(1), nil
	}
	head := p.line.Before()
	p.gens.complete++
	if prefix, ok := p.config.Table.KeyAt(head); ok && p.server.Client != nil {
		learnt := p.learnt(prefix)
		if p.server.NoScan {
			return p.offer(head, learnt), nil
		}
		return p, findKeys(p.ctx, p.server.Client, prefix, head, learnt, p.stamp(p.gens.complete))
	}
	return p.offer(head, found{}), nil
}

func (p Pane) completed(msg completed) Pane {
	if msg.gen != p.gens.complete || msg.head != p.line.Before() {
		return p
	}
	return p.offer(msg.head, msg.found)
}

func (p Pane) offer(head string, keys found) Pane {
	completed, m := offers(p.config.Table, head, keys)
	m.after = strings.TrimPrefix(p.line.Text(), p.line.Before())
	p.line = joined(completed, m.after)
	p.menu = m
	return p
}

// joined is a line with the cursor between two parts.
func joined(before, after string) kit.Line {
	line, _ := kit.NewLine(after).Update(kit.Press("home"))
	return line.Insert(before)
}

// choose puts the next option into the line, or the one before.
func (p Pane) choose(n int) Pane {
	count := len(p.menu.options)
	if p.menu.at < 0 && n < 0 {
		p.menu.at = 0
	}
	p.menu.at = (p.menu.at + n + count) % count
	p.line = joined(p.menu.before+p.menu.options[p.menu.at], p.menu.after)
	return p
}
