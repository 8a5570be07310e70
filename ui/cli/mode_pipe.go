package cli

import "context"

func (a *app) pipe(ctx context.Context) int { return a.later("--pipe")(ctx) }
