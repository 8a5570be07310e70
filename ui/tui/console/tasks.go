package console

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/conn/resp"
	"redan/ui/tui/kit"
)

// The results of tasks.
type (
	// ran is what came of a command, once for each time that it ran.
	ran struct {
		stamp
		replies []reply
		place   place
		notes   []string
		anew    bool
		lost    []string
		streams bool // messages follow
		err     error
	}
	// listened tells that a live list has ended.
	listened struct {
		stamp
		place place
		err   error
	}
	// messages are what a live list has brought.
	messages struct {
		stamp
		list []heard
		lost int64
		more bool
	}
	slowDue  struct{ stamp }
	dropped  struct{ stamp }
	watchDue struct{ stamp }
	recalled struct {
		stamp
		lines []string
		err   error
	}
	remembered struct {
		stamp
		err error
	}
	completed struct {
		stamp
		head  string // what was before the cursor
		found found
	}
	saved struct {
		stamp
		name string
		what string
		err  error
	}
)

// reply is one reply, made text.
type reply struct {
	rows []row
	took time.Duration
	bad  bool // an error of the server
	kept *kept
	held bool // QUEUED, in a transaction
	live heard
}

// connect makes a connection, in the place of one that broke.
func connect(ctx context.Context, w *wire, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) ran {
		w.mu.Lock()
		defer w.mu.Unlock()
		result := ran{stamp: s}
		result.anew, result.lost, result.err = w.ready(ctx)
		result.place, result.notes = w.place(), w.told()
		return result
	})
}

// run sends a command, again and again up to so many times, but hands on what came after a moment.
func run(ctx context.Context, w *wire, now func() time.Time, words []string, times int, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) ran {
		w.mu.Lock()
		defer w.mu.Unlock()
		result := ran{stamp: s}
		result.anew, result.lost, result.err = w.ready(ctx)
		began := now()
		for i := 0; i < times && result.err == nil; i++ {
			if i > 0 && now().Sub(began) >= gatherFor {
				break
			}
			var r reply
			if r, result.err = ask(ctx, w.session, now, words); result.err == nil {
				result.replies = append(result.replies, r)
			}
			if state := w.session.State(); result.err == nil && streaming(words) && (state.Subscribed || state.Monitoring) {
				result.streams = true
				break
			}
		}
		result.place, result.notes = w.place(), w.told()
		return result
	})
}

// ask sends a command once and makes its reply text.
func ask(ctx context.Context, session Session, now func() time.Time, words []string) (reply, error) {
	start := now()
	var v resp.Value
	var read collector
	take := func(src resp.Source) (err error) {
		v, read, err = collect(src)
		return err
	}
	if err := session.Stream(ctx, words, take); err != nil {
		return reply{}, err
	}
	end := now()
	if v.Kind.IsError() {
		v.Text = []byte(commands.MaskedReply(words, string(v.Text)))
	}
	r := reply{took: end.Sub(start), bad: v.Kind.IsError(), held: session.State().Multi && v.String() == "QUEUED", live: hear(v, end)}
	r.rows = append(render(words, v), cutNote(read)...)
	if v.Kind != 0 {
		r.kept = &kept{words: commands.Masked(words), value: v, cut: read.cutElems > 0 || read.cutText > 0}
	}
	if commands.EffectOf(words) == commands.Unsubscribes && v.Kind.IsAggregate() {
		for range len(words) - 2 { // one reply for each channel
			if err := session.Next(ctx, take); err != nil {
				return r, err
			}
			r.rows = append(r.rows, render(words, v)...)
		}
	}
	return r, nil
}

// streaming reports whether messages follow the reply to a command.
func streaming(words []string) bool {
	switch commands.EffectOf(words) {
	case commands.Monitors:
		return true
	case commands.Subscribes:
		return len(words) > 1
	default:
		return false
	}
}

// listen reads what the server sends until the connection or ctx ends.
func listen(ctx context.Context, w *wire, now func() time.Time, t *tail, own func(string) bool, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) listened {
		w.mu.Lock()
		defer w.mu.Unlock()
		defer close(t.ended)
		for {
			if err := w.session.Next(ctx, func(src resp.Source) error {
				v, _, err := collect(src)
				if err == nil {
					h := hear(v, now())
					h.own = own != nil && own(h.client) // now: it may close its connection in a moment
					t.add(h)
				}
				return err
			}); err != nil {
				return listened{stamp: s, place: w.place(), err: err}
			}
		}
	})
}

// take waits for what a live list brings.
func take(ctx context.Context, t *tail, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) messages {
		list, lost, more := t.take(ctx)
		return messages{stamp: s, list: list, lost: lost, more: more}
	})
}

// drop closes a connection that the server may have lost: whether it stands is only found out by sending something.
func drop(ctx context.Context, w *wire, s stamp) tea.Cmd {
	return kit.Task(ctx, func(context.Context) dropped {
		w.drop()
		return dropped{s}
	})
}

// recallLines reads the history.
func recallLines(ctx context.Context, h History, s stamp) tea.Cmd {
	return kit.Task(ctx, func(context.Context) recalled {
		lines, err := h.Load()
		return recalled{stamp: s, lines: slices.Clone(lines), err: err}
	})
}

// remember writes lines to the history.
func remember(ctx context.Context, h History, lines []string, s stamp) tea.Cmd {
	return kit.Task(ctx, func(context.Context) remembered {
		for _, line := range lines {
			if err := h.Add(line); err != nil {
				return remembered{stamp: s, err: err}
			}
		}
		return remembered{stamp: s}
	})
}

// save writes messages to a file.
func save(ctx context.Context, how func(string, []byte) error, name string, list []heard, s stamp) tea.Cmd {
	return kit.Task(ctx, func(context.Context) saved {
		var b strings.Builder
		for _, h := range list {
			b.WriteString(h.at.Format(time.RFC3339Nano) + " " + h.line() + "\n")
		}
		return saved{stamp: s, name: name, what: plural(len(list), "message"), err: how(name, []byte(b.String()))}
	})
}

// saveReply writes a reply to a file.
func saveReply(ctx context.Context, how func(string, []byte) error, name string, k *kept, s stamp) tea.Cmd {
	return kit.Task(ctx, func(context.Context) saved {
		return saved{stamp: s, name: name, what: "the reply" + k.partText(), err: how(name, []byte(k.text(formOf(name))))}
	})
}

const (
	// keyPatience bounds how long tab waits for key names.
	keyPatience = 400 * time.Millisecond
	// scanCount is the COUNT of each SCAN: short enough to share the server.
	scanCount = "1000"
)

// findKeys looks for keys that begin with a prefix, as far as the server tells of them in time.
func findKeys(ctx context.Context, client kit.Client, prefix, head string, learnt found, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) completed {
		ctx, cancel := context.WithTimeout(ctx, keyPatience)
		defer cancel()
		result := completed{stamp: s, head: head, found: learnt}
		result.found.more = true
		for cursor := "0"; ; {
			reply, err := client.Do(ctx, "SCAN", cursor, "MATCH", globEscape(prefix)+"*", "COUNT", scanCount)
			if err != nil || len(reply.Elems) != 2 {
				break
			}
			for _, elem := range reply.Elems[1].Elems {
				result.found.add(elem.String())
			}
			cursor = reply.Elems[0].String()
			if cursor == "0" {
				result.found.more = result.found.over
				break
			}
			if result.found.over && len(result.found.common) <= len(prefix) {
				break // more names could not change anything
			}
		}
		return result
	})
}
