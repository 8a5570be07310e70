package cli

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"redan/profiles"
)

// completeVerb is what the scripts of redan completion call. It answers from files alone, since a person waits for it.
const completeVerb = "__complete"

//go:embed completion.bash
var bashCompletion string

//go:embed completion.zsh
var zshCompletion string

//go:embed completion.fish
var fishCompletion string

const completionHelp = `redan completion: the tab key in your shell

  redan completion bash > ~/.local/share/bash-completion/completions/redan
  redan completion zsh > "${fpath[1]}/_redan"
  redan completion fish > ~/.config/fish/completions/redan.fish

or, for this shell alone:

  source <(redan completion bash)

Completes options, verbs, sub-commands, names of commands of Redis, and
the names of profiles: redan @<tab>, redan profile edit <tab>.
`

func (a *app) completion(words []string) int {
	if len(words) == 1 {
		switch words[0] {
		case "bash":
			a.print(bashCompletion)
			return exitOK
		case "zsh":
			a.print(zshCompletion)
			return exitOK
		case "fish":
			a.print(fishCompletion)
			return exitOK
		case "--help", "-h", "help":
			a.print(completionHelp)
			return exitOK
		}
	}
	return a.failProfile(&usageError{text: "redan completion takes the name of a shell.", hint: "redan completion bash|zsh|fish"})
}

// complete prints what the last of words may become, one each line: redan __complete [OPTION ...] WORD ... with the word under the
// cursor at the end. It prints nothing where files are to be completed, and never an error: the person is in the middle of a line.
func (a *app) complete(_, words []string) int {
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	if len(words) == 0 {
		words = []string{""}
	}
	for _, candidate := range a.candidates(words) {
		if strings.HasPrefix(candidate, words[len(words)-1]) {
			a.print(candidate + "\n")
		}
	}
	return exitOK
}

// candidates are what the last word may become.
func (a *app) candidates(words []string) []string {
	last, before := words[len(words)-1], words[:len(words)-1]
	line := a.readLine(before)
	names := func() []string { return a.profileNames(line.config) }
	switch {
	case line.valueOf != "":
		return valuesOf(line.valueOf, names)
	case line.verb == "" && line.words > 0: // a command of Redis, whose keys are not in files
		return nil
	case strings.HasPrefix(last, "-"):
		if option, _, ok := strings.Cut(last, "="); ok {
			optionsOf(line.sections) // learns them
			return prefixed(option+"=", valuesOf(optionNamed(line.sections, option), names))
		}
		return optionsOf(line.sections)
	case line.verb == "" && strings.HasPrefix(last, "@"):
		return prefixed("@", names())
	case line.verb == "":
		return completedVerbs()
	case line.verb == "profile":
		return profileCandidates(line, names)
	case line.words > 1:
		return nil
	}
	switch line.verb {
	case "cert":
		return []string{"bundle", "check", "explain", "files", "init", "issue", "show"}
	case "completion":
		return []string{"bash", "fish", "zsh"}
	}
	return nil
}

// typedLine is what stands before the word under the cursor.
type typedLine struct {
	verb     string
	sub      string
	words    int // that are no options, the verb and the profile's @NAME not counted
	names    []string
	config   string
	valueOf  string // the option that the word under the cursor is the value of
	sections []*section
}

// readLine reads a line as far as it is typed; what is wrong in it is passed over.
func (a *app) readLine(words []string) typedLine {
	var g grammar
	line := typedLine{sections: g.sections()}
	for i := 0; i < len(words); {
		word := words[i]
		switch {
		case strings.HasPrefix(word, "-") && word != "-" && (line.verb != "" || line.words == 0):
			i += line.option(words[i:])
			continue
		case line.verb == "" && line.words == 0 && strings.HasPrefix(word, "@"):
		case line.verb == "" && line.words == 0 && slices.Contains(completedVerbs(), word):
			line.verb = word
			line.sections = append(line.sections, ownSections(word, "")...)
		default:
			line.words++
			if line.words == 1 && line.verb != "" {
				line.sub = word
				line.sections = append(line.sections, ownSections(line.verb, word)...)
			} else {
				line.names = append(line.names, word)
			}
		}
		i++
	}
	return line
}

// option reads an option at the start of words, and returns how many it takes.
func (l *typedLine) option(words []string) int {
	option, err := readOption(l.sections, words)
	switch {
	case err != nil && len(words) == 1:
		l.valueOf = optionNamed(l.sections, words[0])
	case option.name == "config":
		l.config = option.value
	}
	return max(1, option.width)
}

// completedVerbs are the first words that are completed. Commands of Redis are not among them: there are hundreds.
func completedVerbs() []string { return []string{"cert", "completion", "demo", "profile"} }

// ownSections are the options that a verb has beside those of every command line.
func ownSections(verb, sub string) []*section {
	if verb != "profile" {
		return nil
	}
	var own any
	switch sub {
	case "add":
		own = &addFlags{}
	case "edit":
		own = &editFlags{}
	case "secure":
		own = &secureFlags{}
	case "remove":
		own = &removeFlags{}
	case "list":
		own = &listFlags{}
	case "show":
		own = &showProfileFlags{}
	case "test":
		own = &testFlags{}
	case "import":
		own = &importFlags{}
	case "export":
		own = &exportFlags{}
	default:
		own = &profileFlags{}
	}
	return []*section{{target: own}}
}

// optionNamed is the full name of an option that needs a value and has none yet.
func optionNamed(sections []*section, word string) string {
	for _, s := range sections {
		if flag, ok := s.index[word]; ok {
			return flag.Name
		}
	}
	return "?"
}

// optionsOf lists the long options.
func optionsOf(sections []*section) []string {
	all := []string{"--help", "--version"}
	for _, s := range sections {
		if s.learn() != nil {
			continue
		}
		for _, flag := range s.parser.Model.Flags {
			if isOffered(flag) {
				all = append(all, "--"+flag.Name)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func isOffered(flag *kong.Flag) bool {
	return !flag.Hidden && (flag.Group == nil || flag.Group.Key != "later")
}

// valuesOf lists the values of an option that has few; those of files are for the shell to complete.
func valuesOf(option string, names func() []string) []string {
	switch option {
	case "profile", "extends":
		return names()
	case "tls-verify":
		return []string{"ca", "full", "none"}
	case "tls-min", "tls-max":
		return []string{"1.0", "1.1", "1.2", "1.3"}
	case "show-pushes":
		return []string{"no", "yes"}
	case "environment":
		return []string{"production", "staging", "test", "development"}
	case "secret", "key-secret", "to", "secrets":
		return []string{"age", "command:", "env:", "file:", "keyring", "prompt"}
	case "from":
		return importFormats()
	case "format":
		return exportFormats()
	case "on-conflict":
		return []string{"ask", "rename", "replace", "skip"}
	case "unset", "set":
		var keys []string
		for _, key := range profiles.Keys() {
			if option == "set" {
				keys = append(keys, key.Name+"=")
			} else {
				keys = append(keys, key.Name)
			}
		}
		return keys
	}
	return nil
}

// profileCandidates are the words behind redan profile.
func profileCandidates(line typedLine, names func() []string) []string {
	if line.words == 0 {
		return slices.Sorted(slices.Values(profileVerbNames()))
	}
	most := 1
	switch line.sub {
	case "remove", "test", "export":
		most = len(line.names) + 1
	case "add", "import", "list":
		most = 0
	}
	if len(line.names) >= most {
		return nil
	}
	return slices.DeleteFunc(names(), func(name string) bool { return slices.Contains(line.names, name) })
}

func prefixed(prefix string, names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = prefix + name
	}
	return all
}

// profileNames lists the profiles, broken ones too, without reading them.
func (a *app) profileNames(config string) []string {
	inv := &invocation{order: map[string]int{}}
	inv.options.Config = config
	store, err := a.storeFor(inv)
	if err != nil {
		return nil
	}
	names, err := store.Names()
	if err != nil {
		return nil
	}
	return names
}
