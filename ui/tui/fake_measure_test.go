package tui

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"

	"redan/commands/keyspace/sweep"
	"redan/commands/latency"
	"redan/conn/resp"
	"redan/ui/tui/kit"
)

// fakeSweep reads the keys of the fake server, in the order of their names, 20 a page and 60 ms each.
type fakeSweep struct {
	server *fakeServer
	seen   int64
	closed *int
}

func (s *screen) sweep(sweep.Options) keySweep {
	s.sweeps++
	return &fakeSweep{server: s.server, closed: &s.closedRuns}
}

func (f *fakeSweep) Pages(ctx context.Context) iter.Seq2[sweep.Page, error] {
	return func(yield func(sweep.Page, error) bool) {
		defer func() { *f.closed++ }()
		names := slices.Sorted(maps.Keys(f.server.keys))
		for page := range slices.Chunk(names, 20) {
			f.server.clock.add(60 * time.Millisecond)
			for ; f.seen == 100 && f.server.hangs > 0; f.server.hangs-- {
				f.server.clock.add(readFor)
				if !yield(sweep.Page{}, nil) {
					return
				}
			}
			if ctx.Err() != nil {
				yield(sweep.Page{}, ctx.Err())
				return
			}
			if f.server.down != nil {
				yield(sweep.Page{}, &sweep.NodeError{Err: f.server.down})
				return
			}
			keys := make([]sweep.Key, len(page))
			for i, name := range page {
				k := f.server.keys[name]
				keys[i] = sweep.Key{Name: name, Type: k.kind, Length: int64(len(k.items)), Memory: int64(100 + 40*len(name)*len(k.items)), Frequency: -1}
				if f.server.noACL["MEMORY"] {
					keys[i].Memory = -1
				}
				if k.kind == "ReJSON-RL" {
					keys[i].Length = -1
				}
			}
			f.seen += int64(len(keys))
			if !yield(sweep.Page{Keys: keys, Cursor: "1"}, nil) {
				return
			}
		}
	}
}

func (f *fakeSweep) Progress() sweep.Progress {
	all := int64(len(f.server.keys))
	return sweep.Progress{Seen: f.seen, Expected: all, Scanned: float64(f.seen) / float64(max(all, 1))}
}

func (f *fakeSweep) Refusals() []sweep.Refusal {
	if !f.server.noACL["MEMORY"] {
		return nil
	}
	return []sweep.Refusal{{Command: "MEMORY USAGE", Err: resp.ServerError("NOPERM User default has no permissions to run the 'memory|usage' command"), Count: 9}}
}

// ping opens the fake server for round trips.
func (s *screen) ping(context.Context) (pingLink, error) {
	if s.server.down != nil {
		return pingLink{}, s.server.down
	}
	s.pingLinks++
	return pingLink{
		server: s.server, close: func() { s.pingLinks-- },
		opening: latency.Opening{Connect: 210 * time.Microsecond, Handshake: 1900 * time.Microsecond, Protocol: "TLS 1.3"},
	}, nil
}

func (s *screen) pause(_ context.Context, d time.Duration) { s.clock.add(d) }

// midway presses space, and then delivers only so many of the messages that follow from it, so that what goes on is seen.
func (s *screen) midway(parts int) *screen {
	s.held, s.kept = true, nil
	s.send(kit.Press("space"))
	for ; parts > 0 && len(s.kept) > 0; parts-- {
		cmd := s.kept[0]
		s.kept = s.kept[1:]
		if msg := cmd(); msg != nil {
			for _, next := range s.deliver(msg) {
				if next != nil {
					s.kept = append(s.kept, next)
				}
			}
		}
	}
	return s
}

// resume runs what midway left.
func (s *screen) resume() *screen {
	s.held = false
	kept := s.kept
	s.kept = nil
	for _, cmd := range kept {
		s.run(cmd)
	}
	return s
}
