package cli

import "context"

func (a *app) latency(ctx context.Context) int { return a.later("--latency")(ctx) }

func (a *app) latencyHistory(ctx context.Context) int { return a.later("--latencyHistory")(ctx) }

func (a *app) latencyDist(ctx context.Context) int { return a.later("--latencyDist")(ctx) }
