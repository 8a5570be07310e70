package conntest

import "time"

// Eventually asks until it is so, for what a server comes to by itself and tells only when it is asked. It fails the test when that takes
// longer than patience.
func Eventually(tb TB, patience time.Duration, what string, so func() bool) {
	tb.Helper()
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for deadline := time.Now().Add(patience); !so(); <-ticker.C {
		if time.Now().After(deadline) {
			tb.Fatalf("%s: not within %v", what, patience)
			return
		}
	}
}
