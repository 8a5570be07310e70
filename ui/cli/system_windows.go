//go:build windows

package cli

// ignoreBrokenPipe does nothing: Windows has no SIGPIPE.
func ignoreBrokenPipe() {}
