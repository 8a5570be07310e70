package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// terminal is a program in a terminal of its own, which tmux plays: what a
// person would see can be asked for at any time.
type terminal struct{ socket string }

// terminalNamed returns the terminal of the first word, when that is as=NAME,
// and the other words.
func terminalNamed(ts *testscript.TestScript, args []string) (t terminal, rest []string) {
	name, rest := terminalName(args)
	t, ok := worldOf(ts).terminals[name]
	if !ok {
		ts.Fatalf("there is no terminal named %q", name)
	}
	return t, rest
}

func terminalName(args []string) (name string, rest []string) {
	if len(args) > 0 && strings.HasPrefix(args[0], "as=") {
		return strings.TrimPrefix(args[0], "as="), args[1:]
	}
	return "", args
}

// startTerminal runs a program in a terminal of 80 columns and 24 lines, and in
// the end shows its exit code: terminal [as=NAME] PROGRAM [ARG]...
func startTerminal(ts *testscript.TestScript, neg bool, args []string) {
	name, args := terminalName(args)
	usage(ts, neg || len(args) == 0, "terminal [as=NAME] PROGRAM [ARG]...")
	dir, err := os.MkdirTemp("", "redan") // a socket's path may have about 100 bytes
	ts.Check(err)
	ts.Defer(func() { _ = os.RemoveAll(dir) })
	t := terminal{socket: filepath.Join(dir, "tmux")}
	t.tmux(ts, "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24",
		quoteWords(args)+`; echo "[exit $?]"; exec cat`)
	ts.Defer(func() { _ = t.command(ts, "kill-server").Run() })
	worldOf(ts).terminals[name] = t
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

// typeKeys types into a terminal: keys [as=NAME] [-l] TEXT|KEY... Words that tmux
// knows as keys (Enter, C-c, Tab, Up) are those keys, unless -l says otherwise.
func typeKeys(ts *testscript.TestScript, neg bool, args []string) {
	t, args := terminalNamed(ts, args)
	usage(ts, neg || len(args) == 0, "keys [as=NAME] [-l] TEXT|KEY...")
	t.tmux(ts, append([]string{"send-keys"}, args...)...)
}

// seeScreen waits until a screen matches: screen [as=NAME] PATTERN. Lines that
// the terminal wrapped are whole, without blanks at their end. With ! it checks
// that the screen does not match now.
func seeScreen(ts *testscript.TestScript, neg bool, args []string) {
	t, args := terminalNamed(ts, args)
	usage(ts, len(args) != 1, "[!] screen [as=NAME] PATTERN")
	pattern, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	if neg {
		if shown := t.screen(ts); pattern.MatchString(shown) {
			ts.Fatalf("the screen matches %s:\n%s", args[0], shown)
		}
		return
	}
	shown := ""
	defer func() {
		if !pattern.MatchString(shown) {
			ts.Logf("[screen]\n%s", shown)
		}
	}()
	eventually(ts, "the screen shows "+args[0], func() bool {
		shown = t.screen(ts)
		return pattern.MatchString(shown)
	})
}

// screen is what a person sees.
func (t terminal) screen(ts *testscript.TestScript) string {
	lines := strings.Split(t.tmux(ts, "capture-pane", "-p", "-J"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
}
