package cli

import (
	"context"
)

// certCommand is a sub-command of redan cert. args are the words behind it, and before them the options that stood before the verb.
type certCommand func(ctx context.Context, a *app, args []string) int

// certCommandNamed returns a sub-command by its name.
func certCommandNamed(name string) (certCommand, bool) {
	switch name {
	case "check":
		return certCheck, true
	case "files":
		return certFiles, true
	case "explain":
		return certExplain, true
	case "init":
		return certInit, true
	case "issue":
		return certIssue, true
	case "bundle":
		return certBundle, true
	case "show":
		return certShow, true
	}
	return nil, false
}

// cert runs "redan [before ...] cert [after ...]". Without a sub-command it is cert check.
func (a *app) cert(ctx context.Context, before, after []string) int {
	command := certCommand(certCheck)
	if len(after) > 0 {
		if named, ok := certCommandNamed(after[0]); ok {
			command, after = named, after[1:]
		}
	}
	return command(ctx, a, append(append([]string{}, before...), after...))
}
