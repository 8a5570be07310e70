package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// terminal is a program in a terminal of its own, which tmux plays: what a
// person would see can be asked for at any time.
type terminal struct {
	socket, folder string
	env            []string
}

// openTerminal runs a program in a terminal of so many columns and lines, and in the end shows its exit code. Whoever has opened it
// closes it.
func openTerminal(folder string, env []string, columns, lines int, words []string) (terminal, error) {
	dir, err := os.MkdirTemp("", "redan") // a socket's path may have about 100 bytes
	if err != nil {
		return terminal{}, err
	}
	t := terminal{socket: filepath.Join(dir, "tmux"), folder: folder, env: env}
	_, err = t.tell("-f", "/dev/null", "new-session", "-d", "-x", strconv.Itoa(columns), "-y", strconv.Itoa(lines),
		quoteWords(words)+`; echo "[exit $?]"; exec cat`)
	return t, err
}

// close ends what runs in the terminal.
func (t terminal) close() {
	_, _ = t.tell("kill-server") // an error means that it has ended
	_ = os.RemoveAll(filepath.Dir(t.socket))
}

// tell has tmux do something, and returns what it prints.
func (t terminal) tell(args ...string) (string, error) {
	cmd := exec.Command("tmux", append([]string{"-S", t.socket}, args...)...)
	cmd.Dir, cmd.Env = t.folder, append(slices.Clone(t.env), "SHELL=/bin/sh", "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("tmux %s: %w: %s", args[0], err, out)
	}
	return string(out), nil
}

// screen is what a person sees.
func (t terminal) screen() (string, error) {
	shown, err := t.tell("capture-pane", "-p", "-J")
	lines := strings.Split(shown, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n", err
}

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
	t, err := openTerminal(ts.MkAbs("."), scriptEnvironment(ts), 80, 24, args)
	ts.Defer(t.close)
	ts.Check(err)
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

// typeKeys types into a terminal: keys [as=NAME] [-l] TEXT|KEY... Words that tmux
// knows as keys (Enter, C-c, Tab, Up) are those keys, unless -l says otherwise.
func typeKeys(ts *testscript.TestScript, neg bool, args []string) {
	t, args := terminalNamed(ts, args)
	usage(ts, neg || len(args) == 0, "keys [as=NAME] [-l] TEXT|KEY...")
	_, err := t.tell(append([]string{"send-keys"}, args...)...)
	ts.Check(err)
}

// pressUntil presses a key again and again until a screen matches: press-until [as=NAME] PATTERN KEY. Questions take no key in their first
// half second.
func pressUntil(ts *testscript.TestScript, neg bool, args []string) {
	t, args := terminalNamed(ts, args)
	usage(ts, neg || len(args) != 2, "press-until [as=NAME] PATTERN KEY")
	pattern, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	var pressed time.Time
	eventually(ts, "the screen shows "+args[0], func() bool {
		shown, err := t.screen()
		ts.Check(err)
		if pattern.MatchString(shown) {
			return true
		}
		if time.Since(pressed) > 700*time.Millisecond {
			_, err = t.tell("send-keys", args[1])
			ts.Check(err)
			pressed = time.Now()
		}
		return false
	})
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
		shown, err := t.screen()
		ts.Check(err)
		if pattern.MatchString(shown) {
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
		var err error
		shown, err = t.screen()
		ts.Check(err)
		return pattern.MatchString(shown)
	})
}
