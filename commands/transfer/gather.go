package transfer

import "time"

const (
	// gathered is how many bytes from a busy server are worth waking up for. What it spends on waking us it does not spend on its work:
	// over a million SETs it is four percent of its time, over a snapshot eight.
	gathered = 64 << 10
	// pauseBegins is after how much waiting there is a pause, in which every byte counts.
	pauseBegins = 5 * time.Millisecond
)
