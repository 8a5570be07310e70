package cli

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"redan/commands/latency"
	"redan/conn"
	"redan/ui/format"
	"redan/ui/modes"
	"redan/ui/repl"
)

// The windows of redis-cli.
const (
	latencyWindow = time.Second
	historyWindow = 15 * time.Second
)

// latency is --latency: for a program one line after a second or -i, for a person figures and charts until Ctrl-C. To redis-cli,
// --latency-history is the same with windows, so both together are that.
func (a *app) latency(ctx context.Context) int {
	if a.inv.given("latency-history") {
		return a.latencyHistory(ctx)
	}
	return a.measure(ctx, latencyWindow, func(ctx context.Context, m *measurement) error {
		switch {
		case m.live:
			screen := modes.NewLatencyScreen(m.screen, printable(m.session.Addr().String()), m.connected.Opening, m.percentiles, m.began)
			return a.watch(ctx, m, screen)
		case a.printer.Mode != format.Standard:
			return m.once(ctx)
		case a.dumb():
			return m.lines(ctx)
		}
		return m.inLine(ctx, math.MaxInt64)
	})
}

// latencyHistory is --latency-history: a line for each 15 seconds or -i, until a signal.
func (a *app) latencyHistory(ctx context.Context) int {
	return a.measure(ctx, historyWindow, func(ctx context.Context, m *measurement) error {
		switch {
		case m.live:
			return a.watch(ctx, m, modes.NewLatencyHistory(m.screen, m.length, m.percentiles, m.began))
		case a.printer.Mode != format.Standard, a.dumb():
			return m.lines(ctx)
		}
		return m.inLine(ctx, m.length)
	})
}

// latencyDist is --latency-dist: a row for each second or -i, until a signal.
func (a *app) latencyDist(ctx context.Context) int {
	return a.measure(ctx, latencyWindow, func(ctx context.Context, m *measurement) error {
		text := a.spectrum()
		if m.live {
			return a.watch(ctx, m, modes.NewSpectrumScreen(m.screen, text, m.length, m.percentiles, m.began))
		}
		return m.rows(ctx, text)
	})
}

// spectrum is how rows of --latency-dist look. redis-cli colours them in a pipe too, where they would say nothing otherwise.
func (a *app) spectrum() modes.Spectrum {
	return modes.Spectrum{Mode: a.printer.Mode, Color: !a.noColor() && !a.dumb(), Mono: a.inv.options.Mono}
}

// measurement is a server that is being asked for its latency.
type measurement struct {
	app         *app
	session     *conn.Session
	length      time.Duration // of a window
	percentiles []float64
	connected   modes.Connected
	began       time.Time
	live        bool // on a terminal that can be drawn on
	screen      modes.Screen
	refused     string // what the server refused last, by its first word
}

// measure connects and runs one of the modes. window is how long its windows are unless -i says otherwise.
func (a *app) measure(ctx context.Context, window time.Duration, run func(context.Context, *measurement) error) int {
	m := &measurement{app: a, length: window}
	var err error
	if m.percentiles, err = parsePercentiles(a.inv.options.Percentiles); err != nil {
		return a.fail(err)
	}
	length, err := a.interval()
	if err != nil {
		return a.fail(err)
	}
	if length > 0 {
		m.length = length
	}
	m.live = a.sys.OutTTY && a.printer.Mode == format.Standard && !a.dumb() && !a.asRedisCLI() // that name promises one line
	m.screen = a.screen(a.sys.OutTTY)
	if m.live {
		until, stop := a.untilInterrupted(ctx)
		defer stop()
		ctx = until
	}
	if err := m.connect(ctx); err != nil {
		return a.ended(ctx, err)
	}
	defer func() { _ = m.session.Close() }()
	return a.ended(ctx, run(ctx, m))
}

// ended returns the exit code of a measurement that ended with err.
func (a *app) ended(ctx context.Context, err error) int {
	if code, ok := a.interrupted(ctx); ok {
		return code
	}
	if err != nil {
		return a.fail(err)
	}
	return exitOK
}

// connect opens the connection that is measured, and notes what that took.
func (m *measurement) connect(ctx context.Context) error {
	a := m.app
	if _, _, err := a.dialer(ctx); err != nil { // questions and warnings take no part in it
		return err
	}
	began := a.sys.Now()
	session, err := a.open(ctx)
	if err != nil {
		return err
	}
	session.BeforeRead, session.OnPush = nil, nil // output is of another goroutine, perhaps
	m.session, m.began = session, a.sys.Now()
	m.connected.Opening = latency.OpeningOf(session, m.began.Sub(began))
	return nil
}

// roundtrips asks the server until ctx ends.
func (m *measurement) roundtrips(ctx context.Context) iter.Seq2[latency.Roundtrip, error] {
	pinger := latency.Pinger{Server: m.session, Every: latency.PingEvery, Now: m.app.sys.Now, Pause: repl.Pause}
	return pinger.Roundtrips(ctx)
}

// refusal returns what is to be said of an answer that is an error: once for each kind.
func (m *measurement) refusal(r latency.Roundtrip) string {
	if r.Refusal == nil {
		return ""
	}
	kind, _, _ := strings.Cut(r.Refusal.Error(), " ")
	if kind == m.refused {
		return ""
	}
	m.refused = kind
	return "The server answers PING with an error, which is measured all the same: " + printable(r.Refusal.Error())
}

// text is how lines for programs look.
func (m *measurement) text() modes.LatencyText {
	text := modes.LatencyText{Mode: m.app.printer.Mode, Percentiles: m.percentiles}
	if m.app.inv.options.Verbose {
		text.Connected = &m.connected
	}
	return text
}

// each adds up round trips, and calls full at the end of each window until that returns false. A connection that is lost ends a window, too.
func (m *measurement) each(
	ctx context.Context, length time.Duration, added func(latency.Roundtrip, latency.Window), full func(latency.Window) bool,
) error {
	windows := latency.NewWindows(m.began, length, latency.PingEvery)
	for r, err := range m.roundtrips(ctx) {
		if err != nil {
			if w := windows.Open(); w.Count() > 0 {
				full(w)
				m.app.flush()
			}
			return err
		}
		if note := m.refusal(r); note != "" {
			m.app.warn(note)
		}
		if windows.Open().Count() == 0 && m.connected.FirstPing == 0 {
			m.firstPing(r)
		}
		isFull := windows.Add(r)
		added(r, windows.Open())
		if isFull {
			goOn := full(windows.Open())
			m.app.flush()
			if !goOn || m.app.stdout.err != nil {
				return nil
			}
			windows.Next()
		}
	}
	return nil
}

// firstPing completes what is known of how the connection came about.
func (m *measurement) firstPing(r latency.Roundtrip) {
	m.connected.FirstPing = r.Took
	if m.app.inv.options.Verbose {
		m.app.warn(strings.Join(m.connected.Parts(true), ", "))
	}
}

// nothing is for who looks at windows only.
func nothing(latency.Roundtrip, latency.Window) {}

// once prints the figures of one window.
func (m *measurement) once(ctx context.Context) error {
	return m.each(ctx, m.length, nothing, func(w latency.Window) bool {
		m.app.print(m.text().Line(w.Tally))
		return false
	})
}

// lines prints a line for each window.
func (m *measurement) lines(ctx context.Context) error {
	return m.each(ctx, m.length, nothing, func(w latency.Window) bool {
		m.app.print(m.text().WindowLine(w))
		return true
	})
}

// inLine is what redis-cli --no-raw writes into a pipe: the figures so far over and over again, in the same place.
func (m *measurement) inLine(ctx context.Context, length time.Duration) error {
	text := m.text()
	return m.each(ctx, length, func(_ latency.Roundtrip, w latency.Window) {
		m.app.print("\x1b[0G\x1b[2K" + text.Line(w.Tally))
		m.app.flush()
	}, func(w latency.Window) bool {
		if length == m.length {
			m.app.print(strings.TrimPrefix(text.WindowLine(w), text.Line(w.Tally)))
		} else {
			m.app.print("\n")
		}
		return true
	})
}

// rows prints a row for each window.
func (m *measurement) rows(ctx context.Context, text modes.Spectrum) error {
	var spectrum latency.Spectrum
	row := 0
	return m.each(ctx, m.length, func(r latency.Roundtrip, _ latency.Window) { spectrum.Add(r.Took) }, func(w latency.Window) bool {
		m.app.print(text.Legend(row) + text.Row(spectrum, w))
		spectrum = latency.Spectrum{}
		row++
		return true
	})
}

// parsePercentiles reads --latency-percentiles: numbers above 0 and up to 100, with commas between.
func parsePercentiles(text string) ([]float64, error) {
	if text == "" {
		return nil, nil
	}
	var all []float64
	for word := range strings.SplitSeq(text, ",") {
		p, err := strconv.ParseFloat(strings.TrimSpace(word), 64)
		if err != nil || !(p > 0 && p <= 100) {
			return nil, &usageError{text: fmt.Sprintf("--latency-percentiles takes numbers up to 100, such as 50,99,99.9, not '%s'.", text)}
		}
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all, nil
}
