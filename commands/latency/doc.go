// Package latency measures: how long a server takes to answer, how long this machine leaves a process waiting, what a server is doing, and
// how well a cache with a limit of memory works. Each measurement is a sampler that yields values; none knows of a terminal.
package latency
