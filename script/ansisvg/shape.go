package main

import "strings"

// rectangle is a part of a cell: x and w in its width, y and h in its height.
type rectangle struct{ x, y, w, h float64 }

// shapeOf is how a line or block is drawn, so that neighbours touch whatever font the picture is seen in; nothing for other characters.
func shapeOf(text string) []rectangle {
	const thin, thick = 0.07, 0.14 // of a cell's width; half of that is one of its height
	level := func(flat float64) rectangle { return rectangle{0, 0.5 - flat/4, 1, flat / 2} }
	upright := func(bold float64) rectangle { return rectangle{0.5 - bold/2, 0, bold, 1} }
	switch text {
	case "─":
		return []rectangle{level(thin * 2)}
	case "━":
		return []rectangle{level(thick * 2)}
	case "│":
		return []rectangle{upright(thin * 1.8)}
	case "┃":
		return []rectangle{upright(thick * 1.8)}
	case "┴", "┬", "┼":
		wall := upright(thin * 1.8)
		if text == "┴" {
			wall.h = 0.5
		}
		if text == "┬" {
			wall.y, wall.h = 0.5, 0.5
		}
		return []rectangle{level(thin * 2), wall}
	case "▕":
		return []rectangle{{0.875, 0.1, 0.125, 0.8}}
	case "▐":
		return []rectangle{{0.5, 0, 0.5, 1}}
	}
	return blockOf(text)
}

// blockOf draws the blocks that fill eighths of a cell from its left or from below.
func blockOf(text string) []rectangle {
	const fromLeft, fromBelow = "▏▎▍▌▋▊▉█", "▁▂▃▄▅▆▇█"
	eighth := func(blocks string) float64 {
		if text == "" || len(text) != len("█") {
			return 0
		}
		at := strings.Index(blocks, text)
		return float64(at/len("█")+1) / 8
	}
	switch {
	case strings.Contains(fromLeft, text) && text != "":
		return []rectangle{{0, 0, eighth(fromLeft), 1}}
	case strings.Contains(fromBelow, text) && text != "":
		high := eighth(fromBelow)
		return []rectangle{{0, 1 - high, 1, high}}
	}
	return nil
}
