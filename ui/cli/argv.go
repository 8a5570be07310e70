package cli

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"redan/commands/nearest"
)

// usageError is a command line that cannot be understood. It ends with exit
// code 1 and its text on standard error.
type usageError struct {
	text string
	hint string // what was probably meant; may be empty
}

// Error implements error.
func (e *usageError) Error() string {
	if e.hint == "" {
		return e.text
	}
	return e.text + "\n" + e.hint
}

// invocation is a command line taken apart.
type invocation struct {
	options grammar
	// order holds, by option name, where it stood last: later ones win over
	// earlier ones that say something else about the same thing.
	order   map[string]int
	command []string
	// version and help are acted on as soon as they are reached.
	version, help bool
}

// given reports whether an option was on the command line.
func (inv *invocation) given(name string) bool {
	_, ok := inv.order[name]
	return ok
}

// last returns which of the options stood last, or "".
func (inv *invocation) last(names ...string) string {
	found, at := "", -1
	for _, name := range names {
		if i, ok := inv.order[name]; ok && i > at {
			found, at = name, i
		}
	}
	return found
}

// parseArgs takes a command line apart by redis-cli's rules: options are read
// from left to right until the first word that is not one, an option's value is
// the next word whatever it looks like, the last of repeated options wins.
// Beyond redis-cli, --option=value, -p6379 and -- are understood. Kong knows
// which options there are and turns their values into a grammar.
func parseArgs(args []string) (*invocation, error) {
	inv := &invocation{order: map[string]int{}}
	sections := inv.options.sections()
	for i := 0; i < len(args); {
		word := args[i]
		if !strings.HasPrefix(word, "-") {
			inv.command = args[i:]
			break
		}
		if word == "--" {
			inv.command = args[i+1:]
			break
		}
		switch last := i == len(args)-1; {
		case word == "--version" || word == "-v":
			inv.version = true
			return inv, nil
		case word == "--help" || word == "-h" && last:
			inv.help = true
			return inv, nil
		}
		option, err := readOption(sections, args[i:])
		if err != nil {
			return nil, err
		}
		if option.name != "" {
			inv.order[option.name] = i
		}
		i += option.width
	}
	for _, section := range sections {
		if err := section.decode(); err != nil {
			return nil, err
		}
	}
	return inv, nil
}

// section is a part of the grammar and what the command line says of it. Kong
// learns a section when an option is looked for in it.
type section struct {
	target any
	parser *kong.Kong
	index  optionIndex
	plain  []string // --name=value for every option given, which is unmistakable
}

func (g *grammar) sections() []*section {
	return []*section{
		{target: &g.connectFlags},
		{target: &g.runFlags},
		{target: &g.tlsFlags},
		{target: &g.demoFlags},
		{target: &g.keyspaceFlags},
		{target: &g.latencyFlags},
		{target: &g.transferFlags},
		{target: &g.laterModes},
	}
}

func (s *section) learn() error {
	if s.parser != nil {
		return nil
	}
	parser, err := kong.New(s.target, kong.NoDefaultHelp(), kong.Exit(func(int) {}))
	if err != nil {
		return fmt.Errorf("the grammar of options is broken: %w", err)
	}
	s.parser, s.index = parser, newOptionIndex(parser.Model.Flags)
	return nil
}

func (s *section) decode() error {
	if len(s.plain) == 0 {
		return nil
	}
	if _, err := s.parser.Parse(s.plain); err != nil {
		return &usageError{text: err.Error()}
	}
	return nil
}

// readOption reads the option at the start of words into its section.
func readOption(sections []*section, words []string) (givenOption, error) {
	for _, section := range sections {
		if err := section.learn(); err != nil {
			return givenOption{}, err
		}
		option, err := section.index.read(words)
		if err != nil {
			return option, err
		}
		if option.width > 0 {
			section.plain = append(section.plain, option.plain())
			return option, nil
		}
	}
	if takesValue, ok := clusterManagerOption(words[0]); ok {
		if takesValue {
			return givenOption{width: min(2, len(words))}, nil
		}
		return givenOption{width: 1}, nil
	}
	return givenOption{}, unknownOption(sections, words[0])
}

// givenOption is one option of the command line, under its full name.
type givenOption struct {
	name, value string
	isSwitch    bool
	width       int // how many words it took; 0 when it was not found
}

func (o givenOption) plain() string {
	if o.isSwitch {
		return "--" + o.name
	}
	return "--" + o.name + "=" + o.value
}

// optionIndex finds options by what is written on the command line.
type optionIndex map[string]*kong.Flag

func newOptionIndex(flags []*kong.Flag) optionIndex {
	index := make(optionIndex, 2*len(flags))
	for _, flag := range flags {
		index["--"+flag.Name] = flag
		for _, alias := range flag.Aliases {
			index["--"+alias] = flag
		}
		if flag.Short != 0 {
			index["-"+string(flag.Short)] = flag
		}
	}
	return index
}

// read reads the option at the start of words, if the index has it.
func (index optionIndex) read(words []string) (givenOption, error) {
	word := words[0]
	if flag, ok := index[word]; ok {
		return separate(flag, words)
	}
	if name, value, ok := strings.Cut(word, "="); ok && strings.HasPrefix(word, "--") {
		if flag := index[name]; flag != nil && !isSwitch(flag) {
			return givenOption{name: flag.Name, value: value, width: 1}, nil
		}
	}
	if len(word) > 2 && word[1] != '-' {
		if flag := index[word[:2]]; flag != nil && !isSwitch(flag) {
			return givenOption{name: flag.Name, value: word[2:], width: 1}, nil
		}
	}
	return givenOption{}, nil
}

// separate reads an option whose value, if it takes one, is the next word.
func separate(flag *kong.Flag, words []string) (givenOption, error) {
	if isSwitch(flag) {
		return givenOption{name: flag.Name, isSwitch: true, width: 1}, nil
	}
	if len(words) == 1 {
		return givenOption{}, &usageError{text: badOption(words[0]), hint: words[0] + " needs a value after it."}
	}
	return givenOption{name: flag.Name, value: words[1], width: 2}, nil
}

func isSwitch(flag *kong.Flag) bool { return flag.Target.Kind() == reflect.Bool }

// badOption is redis-cli's sentence.
func badOption(word string) string {
	return fmt.Sprintf("Unrecognized option or bad number of args for: '%s'", word)
}

func unknownOption(sections []*section, word string) error {
	e := &usageError{text: badOption(word), hint: "Try redan --help for more information."}
	typed, _, _ := strings.Cut(word, "=")
	if near := nearestOption(typed, sections); near != "" {
		e.hint = "Did you mean " + near + "?"
	}
	return e
}

// clusterManagerOption recognises the options of redis-cli's --cluster.
func clusterManagerOption(word string) (takesValue, ok bool) {
	switch strings.TrimPrefix(word, "--cluster-") {
	case "replicas", "from", "to", "slots", "timeout", "pipeline", "weight", "threshold", "master-id", "from-user", "from-pass":
		return true, true
	case "yes", "replace", "copy", "use-empty-masters", "simulate", "slave", "search-multiple-owners",
		"fix-with-unreachable-masters", "only-masters", "only-replicas", "from-askpass":
		return false, true
	}
	return false, false
}

// nearestOption returns the known option that a mistyped one was probably meant to be, if one is close.
func nearestOption(typed string, sections []*section) string {
	var names []string
	for _, section := range sections {
		for name, flag := range section.index {
			if !flag.Hidden && len(name) > 2 {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names) // or chance would choose among those that are as near
	return nearest.Word(typed, names)
}
