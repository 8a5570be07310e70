package conntest

import "syscall"

// dieWithParent makes the kernel kill a server whose test binary panicked, timed
// out or was killed: cleanups do not run then.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
