//go:build !linux

package conntest

import "syscall"

// dieWithParent does nothing where the system has no such thing: a server can
// outlive a test binary that was killed.
func dieWithParent() *syscall.SysProcAttr { return nil }
