package tui

import "redan/ui/tui/kit"

// shape is what the layout depends on, beside the size of the window.
type shape struct {
	view   view
	focus  place
	split  int // columns of the keys; 0 is the usual share
	drawer int // lines of the console under keys and value; 0 is none
	zoom   bool
}

// picture is where everything stands. What does not fit is empty.
type picture struct {
	header, rule, tabs       kit.Rect
	keys, wall, value        kit.Rect
	drawerRule, drawer, body kit.Rect
	footer                   kit.Rect
	narrow                   bool // one pane at a time
}

const (
	// Below this size there is one line.
	leastWidth, leastHeight = 20, 5
	// Below this size there is one pane at a time.
	paneWidth, paneHeight = 80, 16
	// tabsHeight is the least height at which the views are listed.
	tabsHeight = 14
	// leastPane is the least width of a pane beside another.
	leastPane = 24
	// keysShare is the usual part of the width that the keys take, in percent.
	keysShare = 40
	// keysLeast and keysMost bound how wide the keys get by themselves: with less there is no room for the TTL.
	keysLeast, keysMost = 36, 64
	// leastDrawer is the least height of the console under the panes, and of what is above it.
	leastDrawer = 3
)

// arrange is the layout: where everything stands in a window of w columns and h lines.
func arrange(w, h int, s shape) picture {
	if w <= 0 || h <= 0 {
		return picture{}
	}
	if w < leastWidth || h < leastHeight {
		return picture{header: kit.Rect{W: w, H: 1}, narrow: true}
	}
	p := picture{
		header: kit.Rect{W: w, H: 1},
		rule:   kit.Rect{Y: 1, W: w, H: 1},
		footer: kit.Rect{Y: h - 1, W: w, H: 1},
		narrow: w < paneWidth || h < paneHeight,
	}
	top := 2
	if h >= tabsHeight {
		p.tabs = kit.Rect{Y: top, W: w, H: 1}
		top++
	}
	p.body = kit.Rect{Y: top, W: w, H: h - 1 - top}
	if s.view != keysView {
		return p
	}
	if p.narrow || s.zoom {
		switch s.focus {
		case keysPlace:
			p.keys = p.body
		case valuePlace:
			p.value = p.body
		case consolePlace:
			p.drawer = p.body
		}
		return p
	}
	return p.beside(s)
}

// beside puts keys and value next to each other, and the console under them.
func (p picture) beside(s shape) picture {
	upper := p.body
	if s.drawer > 0 {
		lines := max(leastDrawer, min(s.drawer, p.body.H-1-2*leastDrawer))
		upper.H -= lines + 1
		p.drawerRule = kit.Rect{Y: upper.Y + upper.H, W: p.body.W, H: 1}
		p.drawer = kit.Rect{Y: upper.Y + upper.H + 1, W: p.body.W, H: lines}
	}
	left := s.split
	if left == 0 {
		left = max(keysLeast, min(keysMost, upper.W*keysShare/100))
	}
	left = max(leastPane, min(left, upper.W-1-leastPane))
	p.keys = kit.Rect{Y: upper.Y, W: left, H: upper.H}
	p.wall = kit.Rect{X: left, Y: upper.Y, W: 1, H: upper.H}
	p.value = kit.Rect{X: left + 1, Y: upper.Y, W: upper.W - left - 1, H: upper.H}
	return p
}
