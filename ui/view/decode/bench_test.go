package decode_test

import (
	"strings"
	"testing"

	"redan/ui/view/decode"
)

// BenchmarkCell is what a table pays for each of its rows.
func BenchmarkCell(b *testing.B) {
	object := "[" + strings.Repeat(`{"name": "value", "list": [1, 2, 3]},`, 20) + "0]"
	for name, data := range map[string][]byte{"json": []byte(object), "zstd": zstdded(b, object), "text": []byte(strings.Repeat("words ", 100))} {
		b.Run(name, func(b *testing.B) {
			set, in := decode.Standard(), decode.Value(data)
			for b.Loop() {
				set.Preview(in, set.Detect(in), 80)
			}
		})
	}
}

// BenchmarkFrame is what a screen of a long JSON value pays.
func BenchmarkFrame(b *testing.B) {
	object := "[" + strings.Repeat(`{"name": "value", "list": [1, 2, 3]},`, 25_000) + "0]"
	set, in := decode.Standard(), decode.Value([]byte(object))
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			set.Open(in, decode.Chain{decode.JSON}, 0)
		}
	})
	document := set.Open(in, decode.Chain{decode.JSON}, 0).Document
	b.Run("draw", func(b *testing.B) {
		for b.Loop() {
			document.Lines(100_000, 100_060)
		}
	})
}
