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
	if value >= 1e3 {
		value, unit = value/1e3, "M"
	}
	if value >= 1e3 {
		value, unit = value/1e3, "G"
	}
	precision := 1
	if value >= 100 {
		precision = 0
	}
	return "~" + strconv.FormatFloat(value, 'f', precision, 64) + unit
}
