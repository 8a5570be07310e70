//go:build unix && !linux

package cli

import (
	"os/exec"
	"syscall"
)

// ownGroup makes a command the head of a process group of its own, so that all of it can be ended.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
