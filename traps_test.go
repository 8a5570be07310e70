package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"redan/conn/conntest"
)

// TestTrapSecretsOfTheFullScreen holds that no password is left where others could read it: in the list of processes, the title of the
// terminal, what is on the screen, the log, what was copied, and the history. It comes from the environment, and more of them are typed.
func TestTrapSecretsOfTheFullScreen(t *testing.T) {
	t.Parallel()
	const given, typed = "hunter2-given", "hunter2-typed"
	server := conntest.Start(t, conntest.Password(given), conntest.ACL("user ann on >"+typed+" ~* +@all"))
	server.Do("SET", "shown", "v")
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(given), 0o600); err != nil {
		t.Fatal(err)
	}
	p := atTerminal(t, 120, 40, "sh", "-c", `REDISCLI_AUTH=$(cat "$1") exec redan -p "$2"`, "sh", file, strconv.Itoa(server.Port))
	if _, err := p.tell("set-option", "-s", "set-clipboard", "on"); err != nil {
		t.Fatal(err)
	}
	p.sees(`shown +str`)

	// At the console, and behind the colon.
	p.types("2")
	for n, line := range []string{"set remembered v", "auth ann " + typed, "config set requirepass " + given} {
		p.writes(line)
		p.types("Enter")
		p.waits("the reply to "+line, func(shown string) bool { return strings.Count(shown, "\n OK  ") == n+1 })
	}
	p.types("M-1")
	p.writes(":auth ann " + typed)
	p.types("Enter")
	p.types("M-5")
	shown := p.sees(`(?i)auth \*+|auth .*\*\*\*`)
	p.withoutSecrets("the log", shown, given, typed)

	// A line of the log is copied, when the log stands still.
	p.types("Space")
	p.sees(`let it go on|stands still`)
	for !strings.Contains(lineOf(p.looks(), "▌"), "set remembered") {
		before := p.looks()
		p.types("Down")
		p.waits("the cursor to move", func(shown string) bool { return shown != before })
	}
	p.types("y")
	var copied string
	p.waits("something to be copied", func(string) bool {
		out, err := p.tell("show-buffer")
		copied = out
		return err == nil && out != ""
	})
	p.withoutSecrets("what was copied", copied, given, typed)
	if !strings.HasPrefix(copied, "redan ") || !strings.Contains(copied, "set remembered v") {
		t.Errorf("copied %q", copied)
	}

	title, err := p.tell("display-message", "-p", "#{pane_title} #{window_name}")
	if err != nil {
		t.Fatal(err)
	}
	p.withoutSecrets("the title", title, given, typed)
	if !strings.Contains(title, strconv.Itoa(server.Port)) {
		t.Errorf("the title is %q", title)
	}
	processes, err := exec.CommandContext(t.Context(), "ps", "-A", "-o", "args").Output()
	if err != nil {
		t.Fatal(err)
	}
	p.withoutSecrets("the list of processes", string(processes), given, typed)
	if !strings.Contains(string(processes), "redan -p "+strconv.Itoa(server.Port)) {
		t.Error("redan is not among the processes")
	}
	p.types("M-1", "q")
	p.withoutSecrets("the screen in the end", p.sees(`^\[exit 0\]$`), given, typed)
	history, err := os.ReadFile(filepath.Join(p.folder, "history"))
	if err != nil {
		t.Fatal(err)
	}
	p.withoutSecrets("the history", string(history), given, typed)
	if !strings.Contains(string(history), "set remembered v") {
		t.Errorf("the history is %q", history)
	}
}

// withoutSecrets fails if a text holds one of the secrets.
func (p person) withoutSecrets(what, text string, secrets ...string) {
	p.t.Helper()
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			p.t.Errorf("%s is in %s:\n%s", secret, what, text)
		}
	}
}

// lineOf is the first line with a text.
func lineOf(shown, text string) string {
	for line := range strings.Lines(shown) {
		if strings.Contains(line, text) {
			return line
		}
	}
	return ""
}
