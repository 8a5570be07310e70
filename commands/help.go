package commands

import (
	"slices"
	"strings"
)

// Help finds the commands that "help" with these words is about, sorted by
// name: after "@group" those of the group, else those whose name begins with
// all the words, so that "client" gives CLIENT and all its sub-commands. Case
// does not matter. Nothing found gives nil; no words at all ask for
// GeneralHelp.
func (t *Table) Help(words []string) []*Command {
	if len(words) == 0 {
		return nil
	}
	var found []*Command
	for _, c := range t.sorted {
		if c.Group != "" && strings.EqualFold("@"+c.Group, words[0]) || c.nameBegins(words) {
			found = append(found, c)
		}
	}
	return found
}

// HelpOnGroup reports whether the words of help ask for a group, whose
// listing does not repeat the group in each entry.
func HelpOnGroup(words []string) bool {
	return len(words) > 0 && strings.HasPrefix(words[0], "@")
}

func (c *Command) nameBegins(words []string) bool {
	name := strings.Fields(c.Name)
	return len(words) <= len(name) && slices.EqualFunc(name[:len(words)], words, strings.EqualFold)
}

// AppendHelp writes help entries the way redis-cli prints them, which is with
// colours and CRLF even to a file, and for none a single empty line.
func AppendHelp(dst []byte, entries []*Command, withGroup bool) []byte {
	for _, c := range entries {
		dst = append(dst, "\r\n  \x1b[1m"...)
		dst = append(dst, c.Name...)
		dst = append(dst, "\x1b[0m \x1b[90m"...)
		dst = append(dst, c.Syntax()...)
		dst = append(dst, "\x1b[0m\r\n"...)
		dst = appendFact(dst, "summary", orUnknown(c.Summary, "not documented by the server"))
		dst = appendFact(dst, "since", orUnknown(c.Since, "not known"))
		if withGroup {
			dst = appendFact(dst, "group", orUnknown(c.Group, "not known"))
		}
	}
	return append(dst, "\r\n"...)
}

func appendFact(dst []byte, name, value string) []byte {
	dst = append(dst, "  \x1b[33m"...)
	dst = append(dst, name...)
	dst = append(dst, ":\x1b[0m "...)
	dst = append(dst, value...)
	return append(dst, "\r\n"...)
}

func orUnknown(value, unknown string) string {
	if value == "" {
		return unknown
	}
	return value
}

// GeneralHelp is what a bare "help" prints, for a program of that name and
// version.
func GeneralHelp(program, version string) string {
	return program + " " + version + `
Help on Redis commands:
      "help <command>"    what a command does and which arguments it takes
      "help @<group>"     all commands of a group, such as @string or @stream
      "help <tab>"        go through commands and groups

At the prompt:
      ":set nohints"      no hints while typing; ":set hints" brings them back
      "connect <h> <p>"   go on with another server
      "5 <command>"       run a command five times
      "clear"             clear the screen
      "quit"              leave
Preferences that should hold for every prompt go to ~/.redisclirc
`
}
