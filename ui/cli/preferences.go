package cli

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"

	"redan/commands/nearest"
	"redan/profiles"
	"redan/profiles/tomlfile"
	"redan/ui/tui"
)

// preferences are what a person wants of the faces, as far as it can be had.
type preferences struct {
	profiles.Preferences
	// complaint says in one line what is wrong with config.toml; empty when nothing is.
	complaint string
}

// preferences returns what config.toml says. It is read once, and only for somebody at a terminal: no command in a script waits for it,
// and the name redis-cli promises a program that has no such file.
func (a *app) preferences() preferences {
	if a.chosen == nil {
		a.chosen = &preferences{}
		if a.sys.InTTY && !a.asRedisCLI() {
			*a.chosen = a.readPreferences()
		}
	}
	return *a.chosen
}

func (a *app) readPreferences() preferences {
	store, err := a.store()
	if err != nil { // without a home there are no preferences, and no fault
		return preferences{}
	}
	read, err := store.Preferences()
	p := preferences{Preferences: read}
	faults := faultsOf(err)
	good, problems := tui.CheckKeys(read.Keys)
	p.Keys = good
	for _, problem := range problems {
		at, _ := read.Origin("keys", problem.Action)
		faults = append(faults, tomlfile.Fault{At: at, Text: problem.Text, Nearest: nearest.Word(problem.Word, problem.Known)})
	}
	p.complaint = complaint(faults)
	return p
}

// store is where preferences and profiles are. The error is [profiles.ErrNoHome].
func (a *app) store() (profiles.Store, error) { return a.storeFor(a.inv) }

// storeFor is the store that a command line means.
func (a *app) storeFor(inv *invocation) (profiles.Store, error) {
	place := profiles.Place{Option: inv.options.Config, Getenv: a.sys.Getenv, System: runtime.GOOS}
	dir, err := place.Directory()
	if err != nil {
		return profiles.Store{}, err
	}
	return profiles.NewStore(dir, place.Home()), nil
}

// faultsOf takes an error of reading apart.
func faultsOf(err error) []tomlfile.Fault {
	var fault tomlfile.Fault
	var faults tomlfile.Faults
	switch {
	case err == nil:
		return nil
	case errors.As(err, &faults):
		return faults
	case errors.As(err, &fault):
		return []tomlfile.Fault{fault}
	}
	return []tomlfile.Fault{{Text: err.Error()}}
}

// complaint says in one line what is wrong; the folder of the file would only push that out of the line.
func complaint(faults []tomlfile.Fault) string {
	if len(faults) == 0 {
		return ""
	}
	first := faults[0]
	if first.At.File != "" {
		first.At.File = filepath.Base(first.At.File)
	}
	text := first.Error()
	if more := len(faults) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return printable(text)
}

// historyPath returns where the lines of before are kept: REDISCLI_HISTFILE, else what the preferences say, else redis-cli's file.
func (a *app) historyPath() string {
	chosen := a.preferences().History
	if path, _ := a.sys.Getenv("REDISCLI_HISTFILE"); path == "" {
		if chosen.Off {
			return ""
		}
		return cmp.Or(chosen.File, a.homeFile("REDISCLI_HISTFILE", ".rediscli_history"))
	}
	return a.homeFile("REDISCLI_HISTFILE", ".rediscli_history")
}
