package cli

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestExplainCommands parses every redan command that explanations offer, with the options of the verb it is for.
func TestExplainCommands(t *testing.T) {
	t.Parallel()
	line := regexp.MustCompile(`(?m)^(?:[cs]|n)> (redan [^|\n]*)`)
	commands := 0
	for _, name := range []string{"codes.txt", "texts.txt"} {
		table, err := os.ReadFile("../../conn/cert/explain/table/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range line.FindAllSubmatch(table, -1) {
			commands++
			command := string(found[1])
			command = strings.NewReplacer("{at}", "-h HOST -p PORT", "{hostport}", "HOST:PORT").Replace(command)
			command = regexp.MustCompile(`\{[a-z0-9]+\|([^}]*)\}`).ReplaceAllString(command, "$1")
			if err := parseOffered(strings.Fields(command)[1:]); err != nil {
				t.Errorf("%s: %s: %v", name, command, err)
			}
		}
	}
	if commands < 80 {
		t.Errorf("found only %d commands", commands)
	}
}

// parseOffered parses the words of a command behind its name.
func parseOffered(words []string) error {
	if len(words) < 2 || words[0] != "cert" {
		_, err := parseArgs(words)
		return err
	}
	verb, args := words[1], words[2:]
	if _, ok := certCommandNamed(verb); !ok {
		return &usageError{text: "no such verb: " + verb}
	}
	var err error
	switch verb {
	case "check":
		_, err = parseVerb(args, &checkFlags{}, true)
	case "show":
		_, err = parseVerb(args, &showFlags{}, true)
	case "files":
		_, err = parseVerb(args, &filesFlags{}, false)
	case "init":
		_, err = parseVerb(args, &certInitFlags{}, false)
	case "bundle":
		_, err = parseVerb(args, &certBundleFlags{}, false)
	default:
		err = &usageError{text: "this test does not know " + verb}
	}
	return err
}

// explained runs cert explain with a terminal or a pipe as standard input.
func explained(t *testing.T, terminal bool, stdin string, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(context.Background(), System{
		Name: "redan", Args: append([]string{"cert", "explain"}, args...), Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs,
		InTTY: terminal, Getenv: func(name string) (string, bool) { value, ok := env[name]; return value, ok },
	})
	return code, out.String(), errs.String()
}

func TestExplainNeedsText(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := explained(t, true, "", nil)
	if code != 1 || stdout != "" || !strings.Contains(stderr, "give the text to explain") {
		t.Errorf("exit %d, %q, %q", code, stdout, stderr)
	}
	if code, stdout, _ := explained(t, true, "certificate has expired\n", nil, "-"); code != 0 || !strings.Contains(stdout, "EXPIRED") {
		t.Errorf("exit %d, %q", code, stdout)
	}
	if code, stdout, _ := explained(t, false, "certificate has expired\n", nil); code != 0 || !strings.Contains(stdout, "EXPIRED") {
		t.Errorf("exit %d, %q", code, stdout)
	}
}

// TestExplainWidth folds prose, and leaves commands whole.
func TestExplainWidth(t *testing.T) {
	t.Parallel()
	const text = "Could not connect to Redis at db.lab:6380: SSL_connect failed: certificate verify failed"
	for _, width := range []string{"40", "60", "80", "100"} {
		columns := map[string]int{"40": 40, "60": 60, "80": 80, "100": 100}[width]
		_, stdout, _ := explained(t, false, "", map[string]string{"COLUMNS": width, "LC_ALL": "C"}, text)
		for line := range strings.Lines(stdout) {
			line = strings.TrimSuffix(line, "\n")
			isCommand := strings.Contains(line, "redan -h") || strings.Contains(line, "redan cert")
			if len(line) > columns && !isCommand {
				t.Errorf("%d columns: %q", columns, line)
			}
			if strings.Trim(line, " ") == "" {
				t.Errorf("%d columns: an empty line in\n%s", columns, stdout)
			}
		}
		if !strings.Contains(stdout, "redan -h db.lab -p 6380 --tls --cacert CA.crt ping\n") {
			t.Errorf("%d columns: the command is broken:\n%s", columns, stdout)
		}
	}
}
