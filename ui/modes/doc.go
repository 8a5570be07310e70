// Package modes puts what redis-cli's special modes find into text: the values of packages sweep, analysis, latency and transfer in, bytes
// out. What scripts read is byte for byte what redis-cli prints; what a terminal shows may be better. Nothing here does I/O.
package modes
