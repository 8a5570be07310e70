//go:build unix

package main_test

import (
	"os"
	"runtime"
	"syscall"
)

// maxResident is the most memory that a program held, in bytes.
func maxResident(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}
