package tui

import (
	"fmt"
	"testing"
	"time"

	"redan/ui/tui/kit"
)

// BenchmarkFrame presses a key and draws a large window over 100,000 keys.
func BenchmarkFrame(b *testing.B) {
	s := newScreen(b, 200, 60, coloured)
	clear(s.server.keys)
	for n := range 100_000 {
		s.server.keys[fmt.Sprintf("user:%d:profile:%d", n%500, n)] = fakeKey{kind: "string", items: []string{"x"}, life: time.Hour}
	}
	s.server.page = 5000
	s.start().keys("E")
	keys := []string{"down", "down", "pgdown", "up", "pgup", "down"}
	b.ResetTimer()
	for i := range b.N {
		s.m, _ = s.m.Update(kit.Press(keys[i%len(keys)]))
		s.m.View()
	}
}
