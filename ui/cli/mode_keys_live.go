package cli

import (
	"fmt"
	"time"

	"redan/ui/modes"
)

// A block is not drawn for what is over at once, and then seldom enough to be read and to cost nothing.
const (
	firstBlock = 200 * time.Millisecond
	nextBlocks = 250 * time.Millisecond
)

// show shows the progress: the sum so far on a terminal, else a meter on standard error where that is one.
func (k *keyAnalysis) show() (stop func()) {
	if !k.live {
		return k.sweepMeter(k.sweep)
	}
	var canvas modes.Canvas
	return k.startDrawing(k.sys.Stdout, firstBlock, nextBlocks, func(elapsed time.Duration) string {
		work := sweepWork(k.sweep)
		work.Elapsed = elapsed
		columns, rows := k.terminalSize()
		block := modes.Block{Screen: k.screen(k.sys.OutTTY), Width: columns - 1, Height: rows, Source: k.source()}
		k.mu.Lock()
		defer k.mu.Unlock()
		return canvas.Draw(k.report.Live(block, work))
	}, canvas.Leave)
}

// source says whose keys are read.
func (k *keyAnalysis) source() string {
	addrs := k.sweep.Addrs()
	if len(addrs) == 1 {
		return addrs[0].String()
	}
	return fmt.Sprintf("%d masters", len(addrs))
}
