package cli

import (
	"context"
	"time"

	"redan/commands/latency"
	"redan/ui/modes"
)

// intrinsicLatency is --intrinsic-latency: how long this machine leaves a busy process waiting. No server is asked.
func (a *app) intrinsicLatency(ctx context.Context) int {
	length, ok := parseSeconds(a.inv.options.IntrinsicLatency)
	if !ok || length == 0 {
		return a.fail(&usageError{text: "--intrinsic-latency takes seconds above 0, such as 5 or 0.5, not '" + a.inv.options.IntrinsicLatency + "'."})
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
			return exitOK // Main tells
		}
	}
	a.print(text.Summary(last))
	return a.found(ctx, exitOK)
}
