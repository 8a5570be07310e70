package cli

import (
	"os/exec"
	"syscall"
)

// ownGroup makes a command the head of a process group of its own, so that all of it can be ended. The kernel ends the head when redan is
// killed in a way that leaves it no time.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
