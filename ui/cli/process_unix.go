//go:build unix

package cli

import (
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"sync"
	"syscall"
)

// endGroup asks a program and all that it started to end. ended tells that the program itself has.
func endGroup(cmd *exec.Cmd, ended bool) { signalGroup(cmd, ended, syscall.SIGTERM) }

// killGroup ends a program and all that it started.
func killGroup(cmd *exec.Cmd, ended bool) { signalGroup(cmd, ended, syscall.SIGKILL) }

func signalGroup(cmd *exec.Cmd, ended bool, s syscall.Signal) {
	if ended && syscall.Kill(cmd.Process.Pid, 0) == nil { // somebody else's by now
		return
	}
	_ = syscall.Kill(-cmd.Process.Pid, s)
}

// onEnd calls end at the signals that end a program, until release is called. With leave the program then ends by the signal, Ctrl-C
// included; without, others see to that, and Ctrl-C is theirs.
func onEnd(leave bool, end func()) (release func()) {
	if leave {
		return onSignals(leave, end, syscall.SIGTERM, syscall.SIGHUP, os.Interrupt, syscall.SIGQUIT)
	}
	return onSignals(leave, end, syscall.SIGTERM, syscall.SIGHUP)
}

// onHangup calls end at the signals that end a program which sees to Ctrl-C and to requests to terminate itself. The program then ends.
func onHangup(end func()) (release func()) {
	return onSignals(true, end, syscall.SIGHUP, syscall.SIGQUIT)
}

// onSignals calls end at the first of the signals, and with leave the program then ends by it. Signals that whoever started the program has
// it ignore, as nohup does, stay ignored.
func onSignals(leave bool, end func(), signals ...os.Signal) (release func()) {
	signals = slices.DeleteFunc(signals, signal.Ignored)
	if len(signals) == 0 {
		return func() {}
	}
	arrived, quit := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(arrived, signals...)
	go func() {
		select {
		case s := <-arrived:
			end()
			if number, ok := s.(syscall.Signal); ok && leave {
				signal.Reset(s)
				_ = syscall.Kill(syscall.Getpid(), number)
			}
		case <-quit:
		}
	}()
	return sync.OnceFunc(func() {
		signal.Stop(arrived)
		close(quit)
	})
}
