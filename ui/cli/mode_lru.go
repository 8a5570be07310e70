package cli

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"

	"redan/commands/guard"
	"redan/commands/latency"
	"redan/conn"
	"redan/ui/modes"
)

// lruTest plays the clients of a cache and prints how often it still has their keys, a line each second or -i, until a signal ends it.
func (a *app) lruTest(ctx context.Context) int {
	keys, err := strconv.ParseInt(a.inv.options.LRUTest, 10, 64)
	if err != nil || keys < 1 {
		return a.fail(&usageError{text: "--lru-test takes how many keys to play with, such as 10000000, not '" + a.inv.options.LRUTest + "'."})
	}
	interval, err := a.interval()
	if err != nil {
		return a.fail(err)
	}
	if err := a.permitFilling("--lru-test", "writes keys named lru:1 to lru:"+strconv.FormatInt(keys, 10)); err != nil {
		return a.fail(err)
	}
	d, o, err := a.dialer(ctx)
	if err != nil {
		return a.fail(err)
	}
	session, err := conn.Open(ctx, d, o)
	if err != nil {
		return a.fail(err)
	}
	defer func() { _ = session.Close() }()
	if err := a.warnOfLimits(ctx, session, keys); err != nil {
		return a.fail(err)
	}
	test := latency.NewCacheTest(session, latency.CacheConfig{Keys: keys, Interval: interval, Now: a.sys.Now, Random: rand.Float64})
	return a.playCache(ctx, test)
}

// permitFilling asks whether a mode may write: never where the connection is read-only, and on production with --yes, or when a person
// types the profile's name.
func (a *app) permitFilling(option, what string) error {
	policy := a.policy()
	objection := &guard.NotSentError{Command: option, Profile: a.profileName(), Verdict: guard.Verdict{Reason: what}}
	switch {
	case policy.ReadOnly:
		objection.Decision = guard.Refuse
		return objection
	case !policy.Production || a.inv.options.Yes:
		return nil
	}
	objection.Decision = guard.Confirm
	return a.secondLook(objection)
}

// warnOfLimits says when the server is no cache, so that the test would tell nothing.
func (a *app) warnOfLimits(ctx context.Context, server conn.Doer, keys int64) error {
	limits, known, err := latency.AskCacheLimits(ctx, server)
	if err != nil {
		return err
	}
	if warning := modes.CacheWarning(limits, keys); known && warning != "" {
		a.warn(warning)
	}
	return nil
}

// playCache prints the rows of a test.
func (a *app) playCache(ctx context.Context, test *latency.CacheTest) int {
	screen := modes.CacheScreen{Screen: a.screen(a.sys.OutTTY)}
	for {
		row, err := test.Next(ctx)
		refused, isRefused := errors.AsType[*latency.RefusedError](err)
		if isRefused {
			a.warn("ERROR: " + printable(refused.Error()))
			return exitError
		}
		for _, text := range row.First {
			a.warn(printable(text))
		}
		if err != nil {
			return a.fail(err)
		}
		a.printCacheRow(screen, row)
		if a.flush(); a.stdout.err != nil {
			return exitOK // Main tells, unless it is that the reader had enough
		}
	}
}

func (a *app) printCacheRow(screen modes.CacheScreen, row latency.CacheRow) {
	switch {
	case a.asJSON():
		_, _ = a.out.Write(modes.AppendCacheJSON(nil, row))
	case a.sys.OutTTY:
		columns, _ := a.terminalSize()
		_, _ = a.out.Write(screen.Append(nil, row, columns))
	default:
		_, _ = a.out.Write(modes.AppendCacheRow(nil, row))
	}
}
