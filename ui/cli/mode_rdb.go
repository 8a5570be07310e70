package cli

import "context"

func (a *app) dumpRDB(ctx context.Context) int { return a.later("--dumpRDB")(ctx) }
