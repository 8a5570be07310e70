package sweep

import (
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	ask := Questions{Type: true}
	for name, c := range map[string]struct {
		o     Options
		first int
		took  []time.Duration
		then  int
	}{
		"as told":           {Options{Count: 7, Ask: ask, Now: time.Now, Interval: time.Second}, 7, make([]time.Duration, 9), 7},
		"with pauses":       {Options{Ask: ask, Interval: time.Second}, 10, make([]time.Duration, 9), 10},
		"names only":        {Options{}, 2000, make([]time.Duration, 9), 2000},
		"without a clock":   {Options{Ask: ask}, 500, make([]time.Duration, 9), 500},
		"near":              {Options{Ask: ask, Now: time.Now}, 500, []time.Duration{9e6, 300e3, 400e3, 500e3}, 500},
		"in the same town":  {Options{Ask: ask, Now: time.Now}, 500, []time.Duration{2e6, 3e6, 2e6, 2e6}, 800},
		"far":               {Options{Ask: ask, Now: time.Now}, 500, []time.Duration{90e6, 80e6, 80e6, 80e6, 1}, 2000},
		"not known so soon": {Options{Ask: ask, Now: time.Now}, 500, []time.Duration{90e6, 80e6, 80e6}, 500},
	} {
		var now time.Time
		if c.o.Now != nil {
			c.o.Now = func() time.Time { return now }
		}
		p := newPace(c.o)
		if p.count != c.first {
			t.Errorf("%s: begins with %d, want %d", name, p.count, c.first)
		}
		for _, took := range c.took {
			p.asked()
			now = now.Add(took)
			p.answered()
		}
		if p.count != c.then {
			t.Errorf("%s: goes on with %d, want %d", name, p.count, c.then)
		}
	}
}
