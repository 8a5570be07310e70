package console

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/ui/tui/kit"
)

const (
	// watchEvery is how long \watch waits when not told, and watchLeast what it waits at least.
	watchEvery = 2 * time.Second
	watchLeast = 100 * time.Millisecond
)

// watch takes `\watch [seconds] [command]` apart. Without a command it is about the one before. No command of a server begins so.
func watch(line string, before []string) (time.Duration, []string, bool) {
	words, err := commands.Split(line)
	if err != nil || len(words) == 0 || words[0] != `\watch` {
		return 0, nil, false
	}
	every := watchEvery
	rest := words[1:]
	if len(rest) > 0 {
		if seconds, err := strconv.ParseFloat(rest[0], 64); err == nil && seconds >= 0 && seconds <= 24*3600 {
			every, rest = max(watchLeast, time.Duration(seconds*float64(time.Second))), rest[1:]
		}
	}
	if len(rest) == 0 {
		rest = before
	}
	return every, rest, true
}

func everyText(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'g', 4, 64) + " s"
}

func (p Pane) beginWatch(every time.Duration, words []string) (Pane, tea.Cmd) {
	if len(words) == 0 {
		return p.refuse(`\watch repeats the command before it, or the one that follows: \watch 2 get key`)
	}
	if commands.EffectOf(words) != commands.NoEffect {
		return p.refuse(strings.ToUpper(kit.Escape(words[0])) + " changes the connection and is not repeated")
	}
	return p.send(words, 1, every)
}

// watching reports whether a command is repeated, and will be again.
func (p Pane) watching() bool { return p.job.every > 0 && !p.job.ending }

// endWatch ends a repetition; a reply that is on its way is still shown.
func (p Pane) endWatch() Pane {
	switch {
	case !p.watching():
	case p.job.flying:
		p.job.ending = true
	default:
		p.job = job{}
	}
	return p
}

// showWatched writes the newest reply of a watch over the one before, with a sign at the rows that the one before did not have.
func (p Pane) showWatched(r reply) Pane {
	before := map[string]int{}
	for _, line := range p.job.shown {
		before[line]++
	}
	first := p.job.entry == 0
	rows := make([]row, len(r.rows))
	lines := make([]string, len(r.rows))
	changed := 0
	for i, fresh := range r.rows {
		lines[i] = fresh.plain()
		mark := span{"  ", plain}
		if before[lines[i]] == 0 && !first {
			mark = span{kit.Marked().Of(p.config.Look) + " ", accent}
			changed++
		}
		before[lines[i]]--
		rows[i] = append(row{mark}, fresh...)
	}
	p.job.shown = lines
	note := "every " + everyText(p.job.every) + ", run " + kit.Count(int64(p.job.done+1))
	if changed > 0 {
		note += ", " + kit.Count(int64(changed)) + " changed"
	}
	note += "  " + took(r.took)
	w := p.columns(p.width)
	if first {
		p.out = p.out.print(w, note, rows...).attach(r.kept)
		p.job.entry = p.out.made
		return p
	}
	p.out = p.out.replace(w, p.job.entry, note, r.kept, rows...)
	return p
}
