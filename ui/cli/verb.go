package cli

import (
	"strings"
)

// parseVerb takes the words of one of redan's own verbs apart: own are its options (a pointer to a struct in Kong's notation),
// and with connects those that say where to connect may be given too. Unlike those of a Redis command, options may stand
// before, between and behind the other words, which become the invocation's command; -- ends them.
func parseVerb(args []string, own any, connects bool) (*invocation, error) {
	inv := &invocation{order: map[string]int{}}
	sections := []*section{{target: own}}
	if connects {
		sections = append(sections, &section{target: &inv.options.connectFlags}, &section{target: &inv.options.tlsFlags})
	}
	for i := 0; i < len(args); {
		word := args[i]
		switch {
		case word == "--":
			inv.command = append(inv.command, args[i+1:]...)
			i = len(args)
			continue
		case word == "--help" || word == "-h" && (!connects || i == len(args)-1):
			inv.help = true
			return inv, nil
		case !strings.HasPrefix(word, "-") || word == "-":
			inv.command = append(inv.command, word)
			i++
			continue
		}
		option, err := readOption(sections, args[i:])
		if err != nil {
			return nil, err
		}
		inv.order[option.name] = i
		i += option.width
	}
	for _, section := range sections {
		if err := section.decode(); err != nil {
			return nil, err
		}
	}
	return inv, nil
}
