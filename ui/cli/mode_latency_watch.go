package cli

import (
	"context"
	"time"

	"redan/commands/latency"
	"redan/ui/modes"
)

// answer is what came of a PING.
type answer struct {
	roundtrip latency.Roundtrip
	err       error
}

// watch shows a measurement on the terminal until it ends, and leaves what it found there. The server is asked by another goroutine, so that
// one that does not answer is seen not to answer.
func (a *app) watch(ctx context.Context, m *measurement, live modes.Live) error {
	ctx, cancel := context.WithCancel(ctx)
	answers := make(chan answer)
	go func() {
		defer close(answers)
		for r, err := range m.roundtrips(ctx) {
			select {
			case answers <- answer{r, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	defer func() {
		cancel()
		for range answers {
			continue // until nobody uses the session any more
		}
	}()
	terminal := watched{app: a, live: live}
	ticker := time.NewTicker(redraw)
	defer ticker.Stop()
	for terminal.draw(); a.stdout.err == nil; {
		select {
		case got, ok := <-answers:
			if !ok || got.err != nil {
				terminal.leave()
				return got.err
			}
			live.Add(got.roundtrip)
			if note := m.refusal(got.roundtrip); note != "" {
				terminal.say(note)
			}
		case <-ticker.C:
			terminal.draw()
		case <-ctx.Done():
			terminal.leave()
			return nil
		}
	}
	return nil
}

// watched is a measurement that is being looked at.
type watched struct {
	app   *app
	live  modes.Live
	place inPlace
}

// size is that of the terminal, less the column that makes a line wrap and the line of the cursor.
func (w *watched) size() (columns, width, height int) {
	columns, lines := w.app.terminalSize()
	return columns, columns - 1, max(lines-1, 1)
}

func (w *watched) draw() {
	columns, width, height := w.size()
	now := w.app.sys.Now()
	w.put(w.place.draw(w.live.Settled(width), w.live.Frame(now, width, height), columns))
}

// leave draws what stays when the measurement has ended.
func (w *watched) leave() {
	columns, width, height := w.size()
	now := w.app.sys.Now()
	w.put(w.place.draw(append(w.live.Settled(width), w.live.Last(now, width, height)...), nil, columns))
}

// say prints a line on standard error, which may be the same terminal.
func (w *watched) say(line string) {
	columns, width, _ := w.size()
	w.put(w.place.draw(w.live.Settled(width), nil, columns))
	w.app.warn(line)
}

func (w *watched) put(text string) {
	w.app.print(text)
	w.app.flush()
}
