package console

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/conn"
	"redan/ui/tui/kit"
)

// job is the command that runs. The zero job is none.
type job struct {
	on     bool
	words  []string // nil for making a connection
	left   int      // times to go
	every  time.Duration
	done   int // times it ran
	entry  int // of the output, that a watch writes to
	began  time.Time
	cancel context.CancelFunc

	flying    bool // a task is under way
	slow      bool // for longer than is worth no word
	cancelled bool
	quiet     bool     // a new connection is what was wanted
	ending    bool     // a watch that was told to end
	shown     []string // the rows that a watch showed last
}

// slowAfter is how long one waits without being told for what.
const slowAfter = 150 * time.Millisecond

// idle reports whether the next line may run.
func (p Pane) idle() bool { return !p.job.on && !p.live.on && p.asked.kind == asksNothing }

// pump begins what waits, as far as it may. A new line ends a watch.
func (p Pane) pump() (Pane, tea.Cmd) {
	var cmds []tea.Cmd
	for len(p.queue) > 0 {
		if p.job.every > 0 && !p.job.flying {
			p.job = job{}
		}
		if !p.idle() {
			break
		}
		line := p.queue[0]
		p.queue = p.queue[1:]
		var cmd tea.Cmd
		p, cmd = p.begin(line)
		cmds = append(cmds, cmd)
	}
	return p, tea.Batch(cmds...)
}

// start runs a command.
func (p Pane) start(words []string, times int, every time.Duration) (Pane, tea.Cmd) {
	p.last = words
	p.job = job{on: true, words: words, left: times, every: every, began: p.config.Now()}
	return p.fly()
}

// fly sends the command of the job.
func (p Pane) fly() (Pane, tea.Cmd) {
	ctx, cancel := context.WithCancel(p.ctx)
	p.gens.run++
	p.job.cancel, p.job.flying = cancel, true
	s := p.stamp(p.gens.run)
	task := connect(ctx, p.wire, s)
	if p.job.words != nil {
		task = run(ctx, p.wire, p.config.Now, p.job.words, max(1, p.job.left), s)
	}
	if p.job.slow {
		return p, task
	}
	return p, tea.Batch(task, p.config.Timer(slowAfter, slowDue{s}))
}

func (p Pane) slowDue(msg slowDue) Pane {
	if msg.gen == p.gens.run && p.job.flying {
		p.job.slow, p.now = true, p.config.Now()
	}
	return p
}

// ran takes in what came of the job.
func (p Pane) ran(msg ran) (Pane, tea.Cmd) {
	if msg.gen != p.gens.run || !p.job.flying {
		return p, nil
	}
	p.job.cancel()
	p.job.flying = false
	before := p.place
	p.place = msg.place
	for _, note := range msg.notes {
		p = p.print("", say(dim, note)...)
	}
	if msg.anew && !p.job.quiet {
		p = p.print("", row{{"connected anew" + lostText(msg.lost), warn}})
	}
	var changed tea.Cmd
	p, changed = p.show(msg, before)
	p.job.done += len(msg.replies)
	p.job.left -= len(msg.replies)
	var cmd tea.Cmd
	if msg.err != nil {
		p, cmd = p.failed(msg.err, before)
	} else {
		p, cmd = p.goOn(msg)
	}
	return p, tea.Batch(changed, cmd)
}

// goOn does what comes after a reply: the same again, messages, or the next line.
func (p Pane) goOn(msg ran) (Pane, tea.Cmd) {
	switch {
	case msg.streams:
		return p.goLive(msg)
	case p.job.cancelled: // too late for this one
		p = p.tellUnsent(len(p.queue))
		p.queue = nil
	case p.watching() && len(p.queue) == 0:
		p.job.slow = false
		return p, p.config.Timer(p.job.every, watchDue{p.stamp(p.gens.run)})
	case p.job.every == 0 && p.job.left > 0 && p.job.words != nil:
		return p.fly()
	}
	p.job = job{}
	return p.pump()
}

// show prints replies, and tells the other panes what was written.
func (p Pane) show(msg ran, before place) (Pane, tea.Cmd) {
	if msg.streams {
		return p, nil
	}
	wrote := false
	for _, r := range msg.replies {
		if r.held {
			p.held++
		}
		wrote = wrote || !r.bad && !r.held
		if p.job.every > 0 {
			p = p.showWatched(r)
			continue
		}
		p = p.print(took(r.took), append(r.rows, p.outcome(r, before, msg.place)...)...)
		p.out = p.out.attach(r.kept)
	}
	if wrote {
		p = p.learnKeys(p.job.words)
	}
	if !msg.place.state.Multi {
		p.held = 0
	}
	if !wrote || msg.place.state.DB != p.server.DB {
		return p, nil
	}
	var cmds []tea.Cmd
	for _, key := range written(p.config.Table, p.job.words) {
		cmds = append(cmds, kit.Say(kit.KeyChanged{Key: key}))
	}
	return p, tea.Batch(cmds...)
}

func (p Pane) watchDue(msg watchDue) (Pane, tea.Cmd) {
	if msg.gen != p.gens.run || p.job.every == 0 || p.job.flying {
		return p, nil
	}
	return p.fly()
}

// failed says what became of a command whose reply did not come.
func (p Pane) failed(err error, before place) (Pane, tea.Cmd) {
	failed, waiting := p.job, len(p.queue)
	var lost []string
	if before.ready && !p.place.ready {
		lost = p.place.state.Lost()
	}
	p.job, p.queue = job{}, nil
	switch {
	case p.ctx.Err() != nil: // the server is left
		return p, nil
	case failed.cancelled:
		p = p.tellCancelled(failed)
		p = p.tellLost(lost)
		p = p.tellUnsent(waiting)
		if failed.words == nil || p.place.addr == (conn.Addr{}) { // it was the connection that was given up
			return p, nil
		}
		return p.reconnect()
	case commands.EffectOf(failed.words) == commands.ShutsDown && !p.place.ready:
		p = p.print("", row{{"the server closed the connection", dim}})
	default:
		p = p.print("", explain(err)...)
	}
	p = p.tellLost(lost)
	p = p.tellUnsent(waiting)
	what := "connect the console"
	if len(failed.words) > 0 {
		what = "run " + strings.ToUpper(kit.Escape(failed.words[0]))
	}
	return p, kit.Say(kit.Failed{What: what, Err: err})
}

// reconnect makes a connection in the place of one that was given up.
func (p Pane) reconnect() (Pane, tea.Cmd) {
	if p.place.ready || p.wire == nil {
		return p.pump()
	}
	p.job = job{on: true, quiet: true, began: p.config.Now()}
	return p.fly()
}

func (p Pane) tellCancelled(j job) Pane {
	if j.words == nil {
		return p.print("", row{{"cancelled: there is no connection", warn}})
	}
	return p.print("", row{{"cancelled; the server may have executed it nevertheless", warn}})
}

// dropped takes in that the connection was closed: what it held is gone, and the next command makes another.
func (p Pane) dropped() Pane {
	if !p.place.state.Multi {
		return p
	}
	p.place.state.Multi = false
	return p.tellLost([]string{"the open transaction"})
}

// tellLost says what a new connection will not have.
func (p Pane) tellLost(lost []string) Pane {
	if len(lost) == 0 {
		return p
	}
	p.held = 0
	return p.print("", row{{"lost: " + strings.Join(lost, ", "), danger}})
}

func (p Pane) tellUnsent(n int) Pane {
	if n == 0 {
		return p
	}
	return p.print("", row{{plural(n, "line") + " after it not sent", warn}})
}

func lostText(lost []string) string {
	if len(lost) == 0 {
		return ""
	}
	return "; lost: " + strings.Join(lost, ", ")
}

// explain tells of an error: what failed, why, and what to do.
func explain(err error) []row {
	var failed *conn.Error
	if !errors.As(err, &failed) {
		return say(danger, err.Error())
	}
	rows := say(danger, failed.Line)
	if failed.Cause != "" {
		rows = append(rows, say(plain, failed.Cause)...)
	}
	if failed.Fix != "" {
		rows = append(rows, say(plain, failed.Fix)...)
	}
	return rows
}

// giveUp is ctrl+c: it ends what runs, or else clears what is being typed.
func (p Pane) giveUp() (Pane, tea.Cmd) {
	switch {
	case p.live.on:
		return p.leaveLive()
	case p.find.on:
		p = p.endFind()
	case p.search.on:
		p.search = search{}
	case p.asked.kind == asksServer:
		p.asked = question{}
		waiting := len(p.queue)
		p.queue = nil
		return p.print("", row{{"cancelled; not sent", warn}}).tellUnsent(waiting), nil
	case p.job.flying:
		p.job.cancelled = true
		p.job.cancel()
	case p.job.on: // between two runs of a watch
		p.job = job{}
		return p.pump()
	default:
		return p.drop()
	}
	return p, nil
}
