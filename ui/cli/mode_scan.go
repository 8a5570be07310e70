package cli

import (
	"context"

	"redan/commands/keyspace/sweep"
	"redan/ui/modes"
)

// scan is --scan: the names of all keys, or of those that match, one a line.
func (a *app) scan(ctx context.Context) int {
	ctx, stop := a.untilInterrupted(ctx)
	defer stop()
	metered := a.metered() && !a.sys.OutTTY
	s, err := a.newSweep(ctx, sweep.Options{Every: 1, Size: metered})
	switch {
	case ctx.Err() != nil:
		return a.found(ctx, exitOK)
	case err != nil:
		return a.fail(err)
	}
	if metered {
		defer a.sweepMeter(s)()
	}
	lines := modes.KeyLines{Mode: a.printer.Mode, Terminal: a.sys.OutTTY}
	return a.found(ctx, a.eachPage(ctx, s, func(page sweep.Page) bool {
		for i := range page.Keys {
			_, _ = a.out.Write(lines.Append(a.out.AvailableBuffer(), page.Keys[i].Name))
		}
		a.flush()
		return a.stdout.err == nil
	}))
}
