package modes

import (
	"fmt"
	"strings"
	"time"

	"redan/commands/latency"
	"redan/ui/format"
)

// IntrinsicText writes down how long a machine leaves a process waiting. CSV and JSON have one line, at the end; all else is redis-cli's.
type IntrinsicText struct{ Mode format.Mode }

// machine reports whether programs are to read it.
func (i IntrinsicText) machine() bool {
	return i.Mode == format.CSV || i.Mode == format.JSON || i.Mode == format.QuotedJSON
}

// Worse is the line of a run that took longer than all before.
func (i IntrinsicText) Worse(worst time.Duration) string {
	if i.machine() {
		return ""
	}
	return fmt.Sprintf("Max latency so far: %d microseconds.\n", worst.Microseconds())
}

// Summary is what is said at the end.
func (i IntrinsicText) Summary(found latency.Intrinsic) string {
	mean, ratio := found.Mean(), 0.0
	if mean > 0 {
		ratio = float64(found.Worst) / mean
	}
	switch i.Mode {
	case format.CSV:
		return fmt.Sprintf("%d,%.2f,%d,%.0f\n", found.Runs, mean, found.Worst.Microseconds(), ratio)
	case format.JSON, format.QuotedJSON:
		var over strings.Builder
		for i, wait := range latency.Waits() {
			if i > 0 {
				over.WriteString(", ")
			}
			fmt.Fprintf(&over, `"%d": %d`, wait.Microseconds(), found.Over[i])
		}
		return fmt.Sprintf(`{"runs": %d, "seconds": %.2f, "avg_ns": %.2f, "max_us": %.3f, "ratio": %.0f, "runs_over_us": {%s}}`+"\n",
			found.Runs, found.Elapsed.Seconds(), mean, float64(found.Worst)/1000, ratio, over.String())
	case format.Standard, format.Raw:
	}
	return fmt.Sprintf("\n%d total runs (avg latency: %.4f microseconds / %.2f nanoseconds per run).\nWorst run took %.0fx longer than the average latency.\n",
		found.Runs, mean/1000, mean, ratio)
}
