package viewer

import (
	"strings"
	"testing"

	"redan/ui/tui/kit"
)

// A key press to the next frame: it has 16 ms, of which the terminal needs most.
func BenchmarkKeyToFrame(b *testing.B) {
	f := sample()
	f.keys["wide"] = &fakeKey{kind: "hash", memory: 10_000}
	for _, name := range numbered("field:%d", 4000) {
		f.keys["wide"].items = append(f.keys["wide"].items, name, `{"amount": 1299, "list": [1,2,3,4,5,6,7,8], "currency": "EUR"}`)
	}
	f.keys["doc"] = &fakeKey{kind: "string", memory: 250_000, text: "[" + strings.Repeat(`{"amount":1299,"currency":"EUR"},`, 7000) + "1]"}
	f.keys["prose"] = &fakeKey{kind: "string", memory: 250_000, text: strings.Repeat("the quick brown fox jumps over the lazy dog ", 5000)}
	for _, key := range []string{"wide", "doc", "prose"} {
		b.Run(key, func(b *testing.B) {
			d := newDriver(f, 150, 50, false)
			d.send(kit.OpenKey{Key: key})
			for b.Loop() {
				d.press("down")
				_ = d.frame()
			}
		})
	}
}
