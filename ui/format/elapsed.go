package format

import (
	"fmt"
	"time"
)

// ElapsedThreshold is the time from which on a prompt tells how long a command
// took.
const ElapsedThreshold = 500 * time.Millisecond

// Elapsed returns the line that tells how long a command took, in seconds with
// two decimals: "(0.60s)\n".
func Elapsed(d time.Duration) string {
	return fmt.Sprintf("(%.2fs)\n", float64(d.Milliseconds())/1000)
}
