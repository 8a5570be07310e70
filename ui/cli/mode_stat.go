package cli

import "context"

func (a *app) stat(ctx context.Context) int { return a.later("--stat")(ctx) }
