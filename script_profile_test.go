package main_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// fillIn puts the variables of the transcript into files: fill FILE... What is none of them, such as ${port}, stays.
func fillIn(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) == 0, "fill FILE...")
	for _, name := range args {
		text := os.Expand(ts.ReadFile(name), func(variable string) string {
			if value := ts.Getenv(variable); value != "" {
				return value
			}
			return "${" + variable + "}"
		})
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
}

// noted waits until the process that a file notes runs, with ! until it does not: [!] alive FILE.
func noted(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) != 1, "[!] alive FILE")
	eventually(ts, "the process of "+args[0], func() bool {
		id, err := notedProcess(ts, args[0])
		return (err == nil && signalProcess(id, syscall.Signal(0)) == nil) != neg
	})
}

// killNoted kills the process that a file notes: kill-noted FILE.
func killNoted(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) != 1, "kill-noted FILE")
	id, err := notedProcess(ts, args[0])
	ts.Check(err)
	ts.Check(signalProcess(id, os.Kill))
	noted(ts, true, args)
}

// signalProcess sends a signal; 0 only asks whether there is such a process.
func signalProcess(id int, signal os.Signal) error {
	process, err := os.FindProcess(id)
	if err != nil {
		return err
	}
	return process.Signal(signal)
}

func notedProcess(ts *testscript.TestScript, file string) (int, error) {
	text, err := os.ReadFile(ts.MkAbs(file))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

// forward is a program that profiles run: forward PORT TARGET [DELAY] sends what comes to a port on to another. It takes one connection
// after the other, notes its process in the file "forwarding", and knows no signal.
func forward() {
	complain := func(err error) {
		if err != nil {
			_, _ = fmt.Fprintln(os.Stderr, "forward:", err)
			os.Exit(1)
		}
	}
	if len(os.Args) > 3 {
		delay, err := time.ParseDuration(os.Args[3])
		complain(err)
		time.Sleep(delay)
	}
	complain(os.WriteFile("forwarding", fmt.Appendln(nil, os.Getpid()), 0o600))
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	complain(err)
	for {
		from, err := listener.Accept()
		complain(err)
		to, err := net.Dial("tcp", os.Args[2])
		complain(err)
		go func() {
			_, _ = io.Copy(to, from)
			_ = to.Close()
		}()
		go func() {
			_, _ = io.Copy(from, to)
			_ = from.Close()
		}()
	}
}
