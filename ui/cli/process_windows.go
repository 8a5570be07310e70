//go:build windows

package cli

import (
	"os"
	"os/exec"
	"os/signal"
	"sync"
)

// ownGroup does nothing: Windows has no process groups that could be ended.
func ownGroup(*exec.Cmd) {}

func endGroup(cmd *exec.Cmd, _ bool)  { _ = cmd.Process.Kill() }
func killGroup(cmd *exec.Cmd, _ bool) { _ = cmd.Process.Kill() }

// onHangup does nothing: Windows has no signals but Ctrl-C.
func onHangup(func()) (release func()) { return func() {} }

// onEnd calls end at Ctrl-C, until release is called, and with leave ends the program then.
func onEnd(leave bool, end func()) (release func()) {
	if !leave {
		return func() {}
	}
	arrived, quit := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(arrived, os.Interrupt)
	go func() {
		select {
		case <-arrived:
			end()
			os.Exit(exitError) //nolint:forbidigo // as the signal would have ended it
		case <-quit:
		}
	}()
	return sync.OnceFunc(func() {
		signal.Stop(arrived)
		close(quit)
	})
}
