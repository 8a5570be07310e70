//go:build windows

package cli

// onSuspend does nothing: Windows does not stop programs.
func onSuspend(func(halt func())) {}
