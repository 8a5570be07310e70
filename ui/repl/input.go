// Package repl is the prompt: it reads commands from a person, line by line,
// and prints what the server answers.
package repl

import (
	"strconv"
	"strings"

	"redan/commands"
)

// Action is what a line of input asks for.
type Action int

// The actions of a line.
const (
	Nothing    Action = iota // an empty line
	Invalid                  // unbalanced quotes
	BadRepeat                // a repeat prefix that is no positive number
	Send                     // a command for the server
	Quit                     // quit, exit
	Help                     // help, ?
	Clear                    // clear
	Connect                  // connect HOST PORT
	Restart                  // restart, of the Lua debugger
	Preference               // :set ...
)

// Input is a line taken apart. Piped input has the same built-ins as the prompt.
type Input struct {
	Action Action
	// Words are the command, or the built-in with its arguments.
	Words []string
	// Repeat is how often to send the command, at least 1.
	Repeat int
}

// Interpret says what line asks for, by redis-cli's rules: built-ins are
// recognised by the first word, before a repeat prefix is taken off.
func Interpret(line string) Input {
	words, err := commands.Split(line)
	switch {
	case err != nil:
		return Input{Action: Invalid}
	case len(words) == 0:
		return Input{Action: Nothing}
	}
	if action, ok := builtin(words); ok {
		return Input{Action: action, Words: words, Repeat: 1}
	}
	if len(words) == 1 || !isNumber(words[0]) {
		return Input{Action: Send, Words: words, Repeat: 1}
	}
	repeat, err := strconv.Atoi(words[0])
	if err != nil || repeat <= 0 {
		return Input{Action: BadRepeat}
	}
	words = words[1:]
	if isHelp(words[0]) { // help alone is recognised behind a prefix
		return Input{Action: Help, Words: words, Repeat: repeat}
	}
	return Input{Action: Send, Words: words, Repeat: repeat}
}

func builtin(words []string) (Action, bool) {
	switch name := strings.ToLower(words[0]); {
	case name == "quit" || name == "exit":
		return Quit, true
	case isHelp(name):
		return Help, true
	case name == "clear" && len(words) == 1:
		return Clear, true
	case name == "connect" && len(words) == 3:
		return Connect, true
	case name == "restart":
		return Restart, true
	case words[0][:min(1, len(words[0]))] == ":":
		return Preference, true
	}
	return 0, false
}

func isHelp(word string) bool { return strings.EqualFold(word, "help") || word == "?" }

// isNumber reports whether word is written as an integer, in range or not.
func isNumber(word string) bool {
	digits := strings.TrimLeft(word, "+-")
	if digits == "" || len(word)-len(digits) > 1 {
		return false
	}
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// The sentences of redis-cli for lines that are not sent.
const (
	InvalidText    = "Invalid argument(s)"
	BadRepeatText  = "Invalid redis-cli repeat command option value."
	RestartText    = "Use 'restart' only in Lua debugging mode."
	unknownSetting = "unknown redis-cli preference "
	unknownColon   = "unknown redis-cli internal command "
)

// Refusal returns the sentence for input that is neither sent nor done.
func Refusal(in Input) string {
	switch in.Action {
	case Invalid:
		return InvalidText
	case BadRepeat:
		return BadRepeatText
	case Restart:
		return RestartText
	case Preference:
		return preferenceRefusal(in.Words)
	default:
		return ""
	}
}

// preferenceRefusal returns the sentence for a line that begins with a colon
// and sets nothing, or "" for the preferences there are.
func preferenceRefusal(words []string) string {
	if !strings.EqualFold(words[0], ":set") || len(words) < 2 {
		return unknownColon + "'" + words[0] + "'"
	}
	switch strings.ToLower(words[1]) {
	case "hints", "nohints", "shell", "noshell":
		return ""
	}
	return unknownSetting + "'" + words[1] + "'"
}
