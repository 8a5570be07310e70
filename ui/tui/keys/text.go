package keys

import (
	"strconv"
	"time"

	"redan/ui/tui/kit"
)

// soon is a life that is told in the colour of warning.
const soon = time.Minute

// about is a number that is only an estimate: "~1.2M".
func about(n int64) string {
	if n < 10_000 {
		return kit.Count(n)
	}
	value, unit := float64(n)/1e3, "k"
	for _, next := range []string{"M", "G"} {
		if value < 999.5 {
			break
		}
		value, unit = value/1e3, next
	}
	precision := 1
	if value >= 99.95 {
		precision = 0
	}
	return "~" + strconv.FormatFloat(value, 'f', precision, 64) + unit
}
