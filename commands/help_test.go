package commands

import (
	"strings"
	"testing"
)

// Every command and every group, byte for byte. redis-cli asks the server for
// its documentation, so both sides know the same.
func TestHelpIsThatOfRedisCLI(t *testing.T) {
	s := startServer(t)
	table := s.table("-3")
	asked := append(make([]string, 0, 400),
		"nosuch", "@nosuch", "@", "@STRING", "GET", "client l", "client list x", "client @string",
		"@string @list", "get set", `""`, `"client list"`, "cli")
	for _, c := range table.Commands() {
		asked = append(asked, strings.ToLower(c.Name))
	}
	for _, group := range table.Groups() {
		asked = append(asked, "@"+group)
	}
	var input strings.Builder
	for _, words := range asked {
		input.WriteString("help " + words + "\nping\n")
	}
	const end = "PONG\n"
	got := strings.Split(string(s.cli(input.String())), end)
	for i, line := range asked {
		words, err := Split(line)
		if err != nil {
			t.Fatal(err)
		}
		if want := string(AppendHelp(nil, table.Help(words), !HelpOnGroup(words))); got[i] != want {
			t.Errorf("help %s:\nredis-cli %q\nours      %q", line, got[i], want)
		}
	}
}

func TestOneShotHelpIsThatOfRedisCLI(t *testing.T) {
	s := startServer(t)
	table := s.table("-3")
	for _, line := range []string{"get", "@string", "client", "nosuch", "set"} {
		words := []string{line}
		want := string(AppendHelp(nil, table.Help(words), !HelpOnGroup(words)))
		if got := string(s.cli("", "help", line)); got != want {
			t.Errorf("help %s:\nredis-cli %q\nours      %q", line, got, want)
		}
	}
}

func TestHelpWithoutDocumentation(t *testing.T) {
	table, err := ParseCommands([]byte(`[["mod.cmd",-3,["write"],1,1,1],["mod.two",3,["write"],2,2,1]]`))
	if err != nil {
		t.Fatal(err)
	}
	got := string(AppendHelp(nil, table.Help([]string{"mod.cmd"}), true))
	want := "\r\n  \x1b[1mMOD.CMD\x1b[0m \x1b[90mkey arg [arg [arg ...]]\x1b[0m\r\n  \x1b[33msummary:\x1b[0m not documented by the server\r\n" +
		"  \x1b[33msince:\x1b[0m not known\r\n  \x1b[33mgroup:\x1b[0m not known\r\n\r\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if found := table.Help([]string{"@"}); found != nil {
		t.Errorf("commands without a group are in the group without a name: %v", found)
	}
	if two, _ := table.Lookup([]string{"mod.two"}); two.Syntax() != "arg key" {
		t.Errorf("second word is the key: %q", two.Syntax())
	}
}

func TestGeneralHelpNamesTheProgram(t *testing.T) {
	got := GeneralHelp("redan", "1.2.3")
	if !strings.HasPrefix(got, "redan 1.2.3\n") || !strings.HasSuffix(got, "\n") || strings.Contains(got, "\r") {
		t.Errorf("%q", got)
	}
	if n := len(embeddedTable(t).Help(nil)); n != 0 {
		t.Errorf("help without words is about %d commands", n)
	}
}
