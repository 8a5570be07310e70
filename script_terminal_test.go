package main_test

import (
	"os/exec"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// terminal is a program in a terminal of its own, which tmux plays: what a
// person would see can be asked for at any time.
type terminal struct{ socket string }

// startTerminal runs a program in a terminal of 80 columns and 24 lines:
// terminal PROGRAM [ARG]... Its exit code is shown when it has ended.
func startTerminal(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) == 0, "terminal PROGRAM [ARG]...")
	t := terminal{socket: ts.MkAbs(".tmux")}
	words := []string{
		"-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24",
		quoteWords(args) + `; echo "[exit $?]"; exec cat`,
	}
	t.tmux(ts, words...)
	ts.Defer(func() { _ = t.command(ts, "kill-server").Run() })
}

// quoteWords makes a line for the shell of words.
func quoteWords(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return strings.Join(quoted, " ")
}

func (t terminal) command(ts *testscript.TestScript, args ...string) *exec.Cmd {
	cmd := exec.Command("tmux", append([]string{"-S", t.socket}, args...)...)
	cmd.Dir, cmd.Env = ts.MkAbs("."), append(scriptEnvironment(ts), "SHELL=/bin/sh", "LC_ALL=C.UTF-8")
	return cmd
}

func (t terminal) tmux(ts *testscript.TestScript, args ...string) string {
	out, err := t.command(ts, args...).CombinedOutput()
	if err != nil {
		ts.Fatalf("tmux %s: %v\n%s", args[0], err, out)
	}
	return string(out)
}

// typeKeys types into the terminal: keys TEXT... Words that tmux knows as keys
// (Enter, C-c, Tab, Up) are those keys; with -l as first word nothing is.
func typeKeys(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) == 0, "keys [-l] TEXT|KEY...")
	terminal{socket: ts.MkAbs(".tmux")}.tmux(ts, append([]string{"send-keys"}, args...)...)
}

// seeScreen waits until the screen matches: screen PATTERN. With ! it checks
// that the screen does not match now.
func seeScreen(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) != 1, "[!] screen PATTERN")
	t := terminal{socket: ts.MkAbs(".tmux")}
	pattern, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	look := func() bool { return pattern.MatchString(t.tmux(ts, "capture-pane", "-p")) }
	if neg {
		if look() {
			ts.Fatalf("the screen matches %s:\n%s", args[0], t.tmux(ts, "capture-pane", "-p"))
		}
		return
	}
	defer func() {
		if recovered := recover(); recovered != nil {
			ts.Logf("[screen]\n%s", t.tmux(ts, "capture-pane", "-p"))
			panic(recovered)
		}
	}()
	eventually(ts, "the screen shows "+args[0], look)
}
