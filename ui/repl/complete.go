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
	more    bool     // there are more options than those
}

const (
	// keyPatience bounds how long Tab waits for key names.
	keyPatience = 150 * time.Millisecond
	// maxKeys bounds how many key names are offered.
	maxKeys = 64
	// scanCount is the COUNT of each SCAN: short enough to share the server.
	scanCount = "1000"
)

// foundKeys are names of keys that begin with a prefix.
type foundKeys struct {
	names  []string // sorted, at most maxKeys
	common string   // what all begin with, also those that are not among names
	more   bool     // there are others, or may be
}

// complete completes head by what the table knows and, where the command takes
// a key, by names that keys finds for a prefix.
func complete(table *commands.Table, head string, keys func(prefix string) foundKeys) completion {
	lines := table.Complete(head)
	prefix, isKey := table.KeyAt(head)
	var found foundKeys
	if isKey {
		found = keys(prefix)
	}
	typed, err := commands.SplitPartial(head)
	switch {
	case err != nil || len(lines)+len(found.names) == 0:
		return completion{head: head}
	case len(lines) == 0:
		return completeKeys(head[:typed.Start], head, found)
	}
	options := make([]string, 0, len(lines)+len(found.names))
	for _, line := range lines {
		options = append(options, line[typed.Start:])
	}
	for _, name := range found.names {
		lines = append(lines, head[:typed.Start]+commands.Quote(name))
		options = append(options, commands.Quote(name))
	}
	if len(lines) == 1 {
		return completion{head: lines[0] + " "}
	}
	c := completion{head: head, options: options, more: found.more}
	if common := commonPrefix(lines); strings.HasPrefix(common, head) && !found.more {
		c.head = common
	}
	return c
}

// completeKeys completes a key name behind before, quoted if it must be.
func completeKeys(before, head string, found foundKeys) completion {
	if len(found.names) == 1 && !found.more {
		return completion{head: before + commands.Quote(found.names[0]) + " "}
	}
	c := completion{head: head, more: found.more}
	for _, name := range found.names {
		c.options = append(c.options, commands.Quote(name))
	}
	common := commands.Quote(found.common)
	switch {
	case found.common == "":
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

// findKeys returns names of keys that begin with prefix, as far as the server
// tells of them within ctx. It stops early only when more names could not
// change what is completed. A server that refuses is one without keys.
func findKeys(ctx context.Context, server conn.Doer, prefix string) foundKeys {
	names := map[string]struct{}{}
	found := foundKeys{more: true}
	for cursor := "0"; ; {
		reply, err := server.Do(ctx, "SCAN", cursor, "MATCH", globEscape(prefix)+"*", "COUNT", scanCount)
		if err != nil || len(reply.Elems) != 2 {
			break
		}
		found.add(names, reply.Elems[1])
		cursor = reply.Elems[0].String()
		if cursor == "0" {
			found.more = len(names) > maxKeys
			break
		}
		if len(names) > maxKeys && len(found.common) <= len(prefix) {
			break
		}
	}
	for name := range names {
		found.names = append(found.names, name)
	}
	slices.Sort(found.names)
	found.names = found.names[:min(len(found.names), maxKeys)]
	return found
}

// add takes in a page of names; of those too many to list, only one is kept.
func (f *foundKeys) add(names map[string]struct{}, page resp.Value) {
	for _, elem := range page.Elems {
		name := elem.String()
		if len(names) == 0 {
			f.common = name
		}
		f.common = commonPrefix([]string{f.common, name})
		if len(names) <= maxKeys {
			names[name] = struct{}{}
		}
	}
}

// globEscape returns the pattern that matches only s.
func globEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`).Replace(s)
}

// columns arranges options in at most so many lines of a width, going down and
// then right, and says how many it leaves out.
func columns(options []string, width, lines int, more bool) []string {
	cellWidth := 0
	for _, option := range options {
		cellWidth = max(cellWidth, displayWidth(cut(option, width))+2)
	}
	perLine := max(1, width/max(1, cellWidth))
	fits := perLine * lines
	if more || len(options) > fits {
		fits = perLine * max(1, lines-1)
	}
	listed := options[:min(len(options), fits)]
	height := (len(listed) + perLine - 1) / perLine
	out := make([]string, height, height+1)
	for i, option := range listed {
		cell := cut(option, width)
		if i+height < len(listed) {
			cell += strings.Repeat(" ", cellWidth-displayWidth(cell))
		}
		out[i%height] += cell
	}
	if more {
		return append(out, "... and more")
	}
	if left := len(options) - len(listed); left > 0 {
		return append(out, "... and "+strconv.Itoa(left)+" more")
	}
	return out
}
