package repl

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"redan/commands"
	"redan/conn"
	"redan/conn/resp"
)

// completion is the answer to Tab.
type completion struct {
	head    string   // what the text before the cursor becomes
	options []string // what it may go on with, when that is not clear
}

const (
	// keyPatience bounds how long Tab waits for key names.
	keyPatience = 150 * time.Millisecond
	// maxKeys bounds how many key names are offered.
	maxKeys = 64
	// scanCount is the COUNT of each SCAN: short enough to share the server.
	scanCount = "1000"
)

// complete completes head by what the table knows and, where the command takes
// a key, by names that keys finds for a prefix.
func complete(table *commands.Table, head string, keys func(prefix string) []string) completion {
	lines := table.Complete(head)
	prefix, isKey := table.KeyAt(head)
	var names []string
	if isKey {
		names = keys(prefix)
	}
	typed, err := commands.SplitPartial(head)
	switch {
	case err != nil || len(lines)+len(names) == 0:
		return completion{head: head}
	case len(lines) == 0:
		return completeKeys(head[:typed.Start], head, names)
	}
	options := make([]string, 0, len(lines)+len(names))
	for _, line := range lines {
		options = append(options, line[typed.Start:])
	}
	for _, name := range names {
		lines = append(lines, head[:typed.Start]+commands.Quote(name))
		options = append(options, commands.Quote(name))
	}
	if len(lines) == 1 {
		return completion{head: lines[0] + " "}
	}
	c := completion{head: head, options: options}
	if common := commonPrefix(lines); strings.HasPrefix(common, head) {
		c.head = common
	}
	return c
}

// completeKeys completes a key name behind before, quoted if it must be.
func completeKeys(before, head string, names []string) completion {
	if len(names) == 1 {
		return completion{head: before + commands.Quote(names[0]) + " "}
	}
	c := completion{head: head}
	for _, name := range names {
		c.options = append(c.options, commands.Quote(name))
	}
	common := commands.Quote(commonPrefix(names))
	switch {
	case common == `""`: // the names have nothing in common
		return c
	case common[0] == '"':
		common = strings.TrimSuffix(common, `"`)
	case strings.HasPrefix(head[len(before):], `"`):
		common = `"` + common
	}
	if len(before)+len(common) > len(head) {
		c.head = before + common
	}
	return c
}

// commonPrefix returns what all the strings begin with, in whole characters.
func commonPrefix(list []string) string {
	common := list[0]
	for _, s := range list[1:] {
		n := 0
		for n < len(common) && n < len(s) && common[n] == s[n] {
			n++
		}
		common = common[:n]
	}
	for i := max(0, len(common)-utf8.UTFMax); i < len(common); i++ {
		if utf8.RuneStart(common[i]) && !utf8.FullRuneInString(common[i:]) {
			return common[:i]
		}
	}
	return common
}

// findKeys returns, sorted, names of keys that begin with prefix: as many as
// the server tells of within ctx, at most maxKeys. A server that refuses is
// one without keys.
func findKeys(ctx context.Context, server conn.Doer, prefix string) []string {
	names := map[string]struct{}{}
	for cursor := "0"; len(names) < maxKeys; {
		reply, err := server.Do(ctx, "SCAN", cursor, "MATCH", globEscape(prefix)+"*", "COUNT", scanCount)
		if err != nil || len(reply.Elems) != 2 {
			break
		}
		addNames(names, reply.Elems[1])
		if cursor = reply.Elems[0].String(); cursor == "0" {
			break
		}
	}
	sorted := make([]string, 0, len(names))
	for name := range names {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	return sorted
}

func addNames(names map[string]struct{}, page resp.Value) {
	for _, name := range page.Elems {
		if len(names) < maxKeys {
			names[name.String()] = struct{}{}
		}
	}
}

// globEscape returns the pattern that matches only s.
func globEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`).Replace(s)
}

// columns arranges options in at most so many lines of a width, going down and
// then right, and says how many it leaves out.
func columns(options []string, width, lines int) []string {
	cellWidth := 0
	for _, option := range options {
		cellWidth = max(cellWidth, displayWidth(cut(option, width))+2)
	}
	perLine := max(1, width/max(1, cellWidth))
	fits := perLine * lines
	if len(options) > fits {
		fits = perLine * max(1, lines-1)
	}
	shownOptions := options[:min(len(options), fits)]
	height := (len(shownOptions) + perLine - 1) / perLine
	out := make([]string, height)
	for i, option := range shownOptions {
		cell := cut(option, width)
		if i+height < len(shownOptions) {
			cell += strings.Repeat(" ", cellWidth-displayWidth(cell))
		}
		out[i%height] += cell
	}
	if left := len(options) - len(shownOptions); left > 0 {
		out = append(out, "... and "+strconv.Itoa(left)+" more")
	}
	return out
}
