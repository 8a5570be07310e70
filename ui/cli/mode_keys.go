package cli

import "context"

func (a *app) bigKeys(ctx context.Context) int { return a.later("--bigKeys")(ctx) }

func (a *app) memKeys(ctx context.Context) int { return a.later("--memKeys")(ctx) }

func (a *app) keyStats(ctx context.Context) int { return a.later("--keyStats")(ctx) }

func (a *app) hotKeys(ctx context.Context) int { return a.later("--hotKeys")(ctx) }
