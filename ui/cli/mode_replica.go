package cli

import "context"

func (a *app) replica(ctx context.Context) int { return a.later("--replica")(ctx) }
