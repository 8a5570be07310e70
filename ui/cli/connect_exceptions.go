package cli

import (
	"strings"

	"redan/commands"
	"redan/commands/guard"
	"redan/profiles"
	"redan/profiles/tomlfile"
)

// exceptionsKey is the key of the exceptions of the guard.
const exceptionsKey = "guard.exceptions"

// connectionOf returns how the server of a profile is reached, unless what the profile says contradicts itself, or names an exception of
// the guard that is none: people would rely on it.
func connectionOf(p profiles.Profile) (profiles.Connection, error) {
	c, err := p.Connection()
	if err != nil {
		return c, err
	}
	return c, checkExceptions(p)
}

// checkExceptions returns what is wrong with the exceptions of a profile.
func checkExceptions(p profiles.Profile) error {
	if len(p.Guard.Exceptions) == 0 {
		return nil // the table of commands takes a moment to load
	}
	table, err := commands.Embedded()
	if err != nil {
		return err
	}
	at, _ := p.Origin(exceptionsKey)
	var faults tomlfile.Faults
	for _, exception := range p.Guard.Exceptions {
		if strings.TrimSpace(exception) == "" {
			faults = append(faults, tomlfile.Fault{At: at, Key: exceptionsKey, Text: exceptionsKey + " has an empty entry"})
			continue
		}
		if err := guard.CheckException(table, exception); err != nil {
			faults = append(faults, tomlfile.Fault{At: at, Key: exceptionsKey, Text: exceptionsKey + ": " + err.Error()})
		}
	}
	return faults.OrNil()
}
