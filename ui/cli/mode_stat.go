package cli

import (
	"context"
	"errors"

	"redan/commands/keyspace"
	"redan/commands/latency"
	"redan/conn"
	"redan/ui/format"
	"redan/ui/modes"
)

// stat prints what the server says of itself, a line each second or -i, until a signal ends it.
func (a *app) stat(ctx context.Context) int {
	interval, err := a.interval()
	if err != nil {
		return a.fail(err)
	}
	if _, _, err := a.dialer(ctx); err != nil {
		return a.fail(err)
	}
	sampler := latency.NewStat(latency.StatConfig{Nodes: a.statNodes(), Interval: interval, Now: a.sys.Now})
	defer sampler.Close()
	view := a.statView()
	for {
		row, err := sampler.Next(ctx)
		if code, done := view.failed(err); done {
			return code
		}
		if err == nil {
			view.show(row)
		}
		a.flush()
		if a.stdout.err != nil {
			return exitOK // Main tells, unless it is that the reader had enough
		}
	}
}

// statNodes finds the servers to add up: with -c all masters of the cluster. It asks the whole cluster when it is called again.
func (a *app) statNodes() func(ctx context.Context) ([]latency.StatNode, error) {
	var masters *keyspace.Masters
	return func(ctx context.Context) ([]latency.StatNode, error) {
		_, o, err := a.dialer(ctx)
		switch {
		case err != nil:
			return nil, err
		case !a.follows():
			return []latency.StatNode{a.statNode(o.Addr())}, nil
		case masters == nil:
			masters, err = a.masters(ctx)
		default:
			err = masters.Refresh(ctx)
		}
		if err != nil {
			return nil, err
		}
		var nodes []latency.StatNode
		for _, at := range masters.Serving() {
			nodes = append(nodes, a.statNode(at))
		}
		return nodes, nil
	}
}

func (a *app) statNode(at conn.Addr) latency.StatNode {
	open := a.openNode(at)
	return latency.StatNode{Name: at.String(), Open: func(ctx context.Context) (conn.Doer, error) { return open(ctx) }}
}

// statView shows the rows of --stat, and what happens between them.
type statView struct {
	app    *app
	append func(dst []byte, row latency.StatRow) []byte

	began, waiting bool
	lost           map[string]bool
}

func (a *app) statView() *statView {
	v := &statView{app: a, lost: map[string]bool{}}
	switch {
	case a.asJSON():
		v.append = modes.AppendStatJSON
	case a.printer.Mode == format.CSV:
		a.print(modes.StatCSVHeader())
		v.append = modes.AppendStatCSV
	case a.sys.OutTTY:
		table := &modes.StatScreen{Screen: a.screen(a.sys.OutTTY)}
		v.append = func(dst []byte, row latency.StatRow) []byte {
			columns, lines := a.terminalSize()
			return table.Append(dst, row, columns, lines)
		}
	default:
		v.append = new(modes.StatTable).Append
	}
	return v
}

// show prints a row, and says which nodes went and came.
func (v *statView) show(row latency.StatRow) {
	a := v.app
	if v.waiting {
		v.waiting = false
		if a.sys.OutTTY {
			a.print(modes.Erase)
		} else {
			a.warn("reconnected")
		}
	}
	v.began = true
	missing := make(map[string]bool, len(row.Lost))
	for _, node := range row.Lost {
		missing[node.Name] = true
		if !v.lost[node.Name] {
			a.flush()
			a.warn(printable(node.Name) + " is not counted: " + errorText(node.Err, false))
		}
	}
	for name := range v.lost {
		if !missing[name] {
			a.warn(printable(name) + " is counted again.")
		}
	}
	v.lost = missing
	_, _ = a.out.Write(v.append(nil, row))
}

// failed says what err is about, and whether that is the end.
func (v *statView) failed(err error) (code int, done bool) {
	a := v.app
	lost, isLost := errors.AsType[*latency.LostError](err)
	switch refused, isRefused := errors.AsType[*latency.RefusedError](err); {
	case err == nil:
		return 0, false
	case isRefused:
		a.flush()
		a.warn("ERROR: " + printable(refused.Error()))
		return exitError, true
	case !isLost || !v.began:
		return a.fail(err), true
	case a.sys.OutTTY:
		a.print(modes.Reconnecting(lost.Attempts))
	case !v.waiting:
		a.warn(errorText(lost.Err, false) + "; reconnecting")
	}
	v.waiting = true
	return 0, false
}
