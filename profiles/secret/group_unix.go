//go:build unix

package secret

import (
	"os/exec"
	"syscall"
)

// modesTell reports whether the mode of a file tells who may read it.
const modesTell = true

// inGroup makes a command the head of a process group of its own, so that all of it can be killed.
func inGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

func shellWords(line string) []string { return []string{"sh", "-c", line} }
