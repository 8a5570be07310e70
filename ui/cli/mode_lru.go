package cli

import "context"

func (a *app) lruTest(ctx context.Context) int { return a.later("--lruTest")(ctx) }
