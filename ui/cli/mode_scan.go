package cli

import "context"

func (a *app) scan(ctx context.Context) int { return a.later("--scan")(ctx) }
