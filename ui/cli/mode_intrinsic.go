package cli

import "context"

func (a *app) intrinsicLatency(ctx context.Context) int { return a.later("--intrinsicLatency")(ctx) }
