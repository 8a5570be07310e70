package console

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// live is a list of what comes: the messages of a subscription, or the commands of MONITOR.
type live struct {
	on     bool
	title  string
	tail   *tail
	cancel context.CancelFunc

	list   []heard
	total  int64 // that came
	rate   int64 // in the last second
	before int64 // total a second ago
	lost   int64 // that came too fast to be kept
	paused bool
	still  []heard // what there was when it was paused
	since  int64   // total, then
	up     int     // messages scrolled up

	own  func(client string) bool // nil when there is nobody to be left out
	mine int64                    // commands of redan's own that were left out
	all  bool                     // they are not left out

	filter kit.Line
	typing bool // the filter
	match  func(string) bool
	wrong  error // what is wrong with the filter
}

// goLive begins the list with the reply that said so.
func (p Pane) goLive(msg ran) (Pane, tea.Cmd) {
	ctx, cancel := context.WithCancel(p.ctx)
	p.gens.live++
	p.live = live{on: true, title: kit.Escape(strings.Join(p.job.words, " ")), tail: newTail(), cancel: cancel}
	if msg.place.state.Monitoring {
		p.live.own = p.server.Own
	}
	for _, r := range msg.replies {
		p.live = p.live.add([]heard{r.live}, 0)
	}
	p.job = job{}
	s := p.stamp(p.gens.live)
	return p, tea.Batch(listen(ctx, p.wire, p.config.Now, p.live.tail, p.live.own, s), take(ctx, p.live.tail, s))
}

func (l live) add(list []heard, lost int64) live {
	if l.own != nil && !l.all {
		n := len(list)
		list = slices.DeleteFunc(list, func(h heard) bool { return h.own })
		l.mine += int64(n - len(list))
	}
	l.total += int64(len(list)) + lost
	l.lost += lost
	all := slices.Concat(l.list, list)
	if n := len(all) - heardKept; n > 0 {
		l.lost += int64(n)
		all = slices.Clone(all[n:])
	}
	l.list = all
	return l
}

func (p Pane) heard(msg messages) (Pane, tea.Cmd) {
	if msg.gen != p.gens.live || !p.live.on {
		return p, nil
	}
	p.live = p.live.add(msg.list, msg.lost)
	if !msg.more {
		return p, nil
	}
	return p, take(p.ctx, p.live.tail, p.stamp(msg.gen))
}

// leaveLive ends the list; what is on its way is still taken in.
func (p Pane) leaveLive() (Pane, tea.Cmd) {
	p.live.cancel()
	return p, nil
}

// listened takes in the end of the list. Its last messages stay in the output.
func (p Pane) listened(msg listened) (Pane, tea.Cmd) {
	if msg.gen != p.gens.live || !p.live.on {
		return p, nil
	}
	list, lost := p.live.tail.drain()
	ended := p.live.add(list, lost)
	ended.paused, ended.up = false, 0
	p.live.cancel()
	p.live, p.place = live{}, msg.place
	shown := ended.matching()
	shown = shown[max(0, len(shown)-foldAt):]
	rows := make([]row, 0, len(shown)+1)
	for _, h := range shown {
		rows = append(rows, h.row())
	}
	rows = append(rows, row{{ended.title + " ended after " + plural(int(ended.total), "message"), dim}})
	p = p.print("", rows...)
	if errors.Is(msg.err, context.Canceled) {
		return p.reconnect()
	}
	waiting := len(p.queue)
	p.queue = nil
	p = p.print("", explain(msg.err)...)
	p = p.tellLost(msg.place.state.Lost())
	p = p.tellUnsent(waiting)
	return p, kit.Say(kit.Failed{What: "read messages", Err: msg.err})
}

func (h heard) row() row {
	r := row{{h.at.Format("15:04:05 "), dim}}
	if h.channel != "" {
		r = append(r, span{h.channel, name}, span{"  ", plain})
	}
	return append(r, span{h.text, plain})
}

// current are the messages to be shown: while paused, those that were there then.
func (l live) current() []heard {
	if l.paused {
		return l.still
	}
	return l.list
}

// matching are the messages that the filter lets pass.
func (l live) matching() []heard {
	if l.match == nil {
		return l.current()
	}
	var list []heard
	for _, h := range l.current() {
		if l.match(h.line()) {
			list = append(list, h)
		}
	}
	return list
}

// newest are the last n messages that pass the filter, after the newest skip of them.
func (l live) newest(n, skip int) []heard {
	list := l.current()
	var found []heard
	for i := len(list) - 1; i >= 0 && len(found) < n; i-- {
		if l.match != nil && !l.match(list[i].line()) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		found = append(found, list[i])
	}
	slices.Reverse(found)
	return found
}

func (l live) pause(on bool) live {
	l.paused, l.still, l.since, l.up = on, nil, l.total, 0
	if on {
		l.still = l.list
	}
	return l
}

// scroll goes up by n messages, down when negative. Going up pauses, so that nothing moves.
func (l live) scroll(n, h int) live {
	if n > 0 && !l.paused {
		l = l.pause(true)
	}
	l.up = max(0, min(l.up+n, len(l.matching())-h))
	return l
}

// setFilter applies what is typed into the filter.
func (l live) setFilter(line kit.Line) live {
	l.filter, l.up = line, 0
	match, err := kit.Filter(line.Text())
	l.wrong = err
	if err == nil {
		l.match = match
	}
	return l
}

// tick counts how many messages came in the last second.
func (l live) tick() live {
	l.rate, l.before = l.total-l.before, l.total
	return l
}
