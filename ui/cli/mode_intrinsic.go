package cli

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"redan/commands/latency"
	"redan/ui/modes"
)

// intrinsicLatency is --intrinsic-latency: how long this machine leaves a busy process waiting. No server is asked.
func (a *app) intrinsicLatency(ctx context.Context) int {
	length, err := parseSeconds("--intrinsic-latency", a.inv.options.IntrinsicLatency)
	if err != nil {
		return a.fail(err)
	}
	ctx, stop := a.untilInterrupted(ctx)
	defer stop()
	text := modes.IntrinsicText{Mode: a.printer.Mode}
	base := a.sys.Now()
	elapsed := func() time.Duration { return a.sys.Now().Sub(base) }
	if a.sys.Elapsed != nil {
		elapsed = a.sys.Elapsed
	}
	var last latency.Intrinsic
	for found := range latency.MeasureIntrinsic(ctx, elapsed, length) {
		if found.Worst.Microseconds() > last.Worst.Microseconds() {
			a.print(text.Worse(found.Worst))
			a.flush()
		}
		if last = found; a.stdout.err != nil {
			return exitError
		}
	}
	a.print(text.Summary(last))
	return a.found(ctx, exitOK)
}

// parseSeconds reads an option that takes seconds above 0.
func parseSeconds(option, text string) (time.Duration, error) {
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(seconds) || seconds <= 0 || seconds > maxSeconds {
		return 0, &usageError{text: fmt.Sprintf("%s takes seconds above 0, such as 5 or 0.5, not '%s'.", option, text)}
	}
	return time.Duration(seconds * float64(time.Second)), nil
}
