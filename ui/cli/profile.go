package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"redan/commands/nearest"
	"redan/profiles"
)

// profileVerb is a sub-command of redan profile.
type profileVerb struct {
	name string
	// use is what stands behind the name; says is one line about it.
	use, says string
	run       profileCommand
}

// profileCommand runs a sub-command. args are the words behind it, and before them the options that stood before the verb.
type profileCommand func(ctx context.Context, a *app, args []string) int

// profileVerbs are the sub-commands, as help and completion list them.
func profileVerbs() []profileVerb {
	return []profileVerb{
		{"list", "[--check]", "all profiles, and what is wrong with them", profileList},
		{"show", "NAME", "what a profile says, and where that comes from", profileShow},
		{"add", "[NAME]", "make one: of connection options, or by questions", profileAdd},
		{"edit", "NAME", "change some keys, or all of it in your editor", profileEdit},
		{"secure", "NAME", "move passwords in clear text to the keyring", profileSecure},
		{"rename", "OLD NEW", "give it another name", profileRename},
		{"copy", "FROM TO", "a second one like it", profileCopy},
		{"remove", "NAME ...", "take it away, and its secret", profileRemove},
		{"test", "NAME ...", "connect, and say what works", profileTest},
		{"import", "[FILE ...]", "take over the servers of other tools", profileImport},
		{"export", "[NAME ...]", "write profiles for others, without secrets", profileExport},
		{"path", "[NAME]", "where the files are", profilePath},
	}
}

// profileVerbNames are the names of the sub-commands, in their order.
func profileVerbNames() []string {
	verbs := profileVerbs()
	names := make([]string, len(verbs))
	for i, verb := range verbs {
		names[i] = verb.name
	}
	return names
}

func profileVerbNamed(name string) (profileVerb, bool) {
	for _, verb := range profileVerbs() {
		if verb.name == name {
			return verb, true
		}
	}
	return profileVerb{}, false
}

// profileHelp is redan profile --help.
func profileHelp() string {
	const column = 22
	var b strings.Builder
	b.WriteString(profileHelpHead)
	for _, verb := range profileVerbs() {
		left := verb.name + " " + verb.use
		b.WriteString("  " + left + strings.Repeat(" ", max(1, column-len(left))) + verb.says + "\n")
	}
	b.WriteString(profileHelpTail)
	return b.String()
}

const profileHelpHead = `redan profile: servers under names of their own

  redan -h db.lab -p 6380 --cacert ca.crt --user ann --askpass \
        profile add orders-prod --environment production
  redan @orders-prod              the same server from now on

A profile keeps address, certificates, user and options under a
name. Of the password it keeps where that is, such as the keyring.

  redan profile COMMAND ...

`

const profileHelpTail = `
  --config DIR  another directory of profiles (else REDAN_CONFIG)
  --json        the answer as JSON, schema redan.profile/1

redan profile COMMAND --help tells more of each. Profiles are
files that you can write yourself: docs/profiles.md.

Exit code: 0 done, 1 something is wrong or was not done,
2 the command line cannot be understood.
`

// exitUsage is the exit code of redan profile for a command line that cannot be understood.
const exitUsage = 2

// runProfile runs "redan [before ...] profile [after ...]". Without a sub-command it lists the profiles.
func (a *app) runProfile(ctx context.Context, before, after []string) int {
	verb, _ := profileVerbNamed("list")
	if len(after) > 0 {
		named, ok := profileVerbNamed(after[0])
		switch word := after[0]; {
		case ok:
			verb, after = named, after[1:]
		case word == "--help" || word == "-h" || word == "help":
			a.print(profileHelp())
			return exitOK
		case !strings.HasPrefix(word, "-"):
			return a.failProfile(unknownProfileVerb(word))
		}
	}
	return verb.run(ctx, a, append(append([]string{}, before...), after...))
}

func unknownProfileVerb(word string) error {
	names := profileVerbNames()
	hint := "redan profile " + strings.Join(names, "|")
	if nearest := nearest.Word(word, names); nearest != "" {
		hint = "Did you mean redan profile " + nearest + "?"
	}
	return &usageError{text: fmt.Sprintf("redan profile has no command '%s'.", word), hint: hint}
}

// failProfile reports an error and returns its exit code.
func (a *app) failProfile(err error) int {
	a.fail(err)
	if _, usage := errors.AsType[*usageError](err); usage {
		return exitUsage
	}
	return exitError
}

// profileFlags are the options that all sub-commands have.
type profileFlags struct {
	Config string `name:"config" placeholder:"DIR"`
	JSON   bool   `name:"json"`
	Quiet  bool   `name:"no-auth-warning" hidden:""`
}

func (f *profileFlags) shared() *profileFlags { return f }

// profileOptions are the options of a sub-command.
type profileOptions interface{ shared() *profileFlags }

// profileRun is one run of a sub-command.
type profileRun struct {
	*app
	inv   *invocation
	store profiles.Store
	flags *profileFlags
	names []string
	// placeOption is the option that says where secrets go, if it is not --secret.
	placeOption string
}

// newProfileRun takes the words of a sub-command apart. It reports whether the run ends with that, and how.
func (a *app) newProfileRun(args []string, own profileOptions, connects bool, help string) (run *profileRun, code int, done bool) {
	inv, err := parseVerb(args, own, connects)
	if err != nil {
		if _, usage := errors.AsType[*usageError](err); !usage {
			err = &usageError{text: err.Error()}
		}
		return nil, a.failProfile(err), true
	}
	if inv.help {
		a.print(help)
		return nil, exitOK, true
	}
	flags := own.shared()
	inv.options.Config, inv.options.NoAuthWarn = flags.Config, flags.Quiet
	a.inv = inv
	store, err := a.store()
	if err != nil {
		return nil, a.failProfile(err), true
	}
	return &profileRun{app: a, inv: inv, store: store, flags: flags, names: inv.command}, exitOK, false
}

// wants returns an error unless as many names were given as the command takes.
func (r *profileRun) wants(least, most int, form string) error {
	switch n := len(r.names); {
	case n < least:
		return &usageError{text: "redan profile " + form + ": a name is missing.", hint: r.known()}
	case most >= 0 && n > most:
		return &usageError{text: fmt.Sprintf("redan profile %s: '%s' is one word too many.", form, r.names[most])}
	}
	return nil
}

// known names the profiles that there are, for somebody who is asked for one.
func (r *profileRun) known() string {
	const most = 8
	names, err := r.store.Names()
	switch {
	case err != nil || len(names) == 0:
		return "There are no profiles yet: redan -h HOST ... profile add NAME makes one."
	case len(names) > most:
		return fmt.Sprintf("There are %s and %d more: redan profile list", strings.Join(names[:most], ", "), len(names)-most)
	}
	return "There are: " + strings.Join(names, ", ")
}

// end reports an error, or nothing, and returns the exit code.
func (r *profileRun) end(err error) int {
	if err != nil {
		return r.failProfile(err)
	}
	return exitOK
}

// isTerminal reports whether a person can be asked.
func (r *profileRun) isTerminal() bool { return r.sys.InTTY && r.sys.ErrTTY }

// outcome is what a command that changes something did, as JSON has it.
type outcome struct {
	Schema string   `json:"schema"`
	Done   string   `json:"done"`
	Name   string   `json:"name"`
	From   string   `json:"from,omitempty"`
	Path   string   `json:"path,omitempty"`
	Notes  []string `json:"notes"`
}

// profileSchema is the version of the forms that --json writes. A number after the slash is raised only when a field changes its meaning
// or goes away.
const profileSchema = "redan.profile/1"

// report says what was done, with what else there is to know.
func (r *profileRun) report(done, name, from string, notes ...string) error {
	o := outcome{Schema: profileSchema, Done: done, Name: name, From: from, Notes: []string{}}
	if done != "removed" {
		o.Path = r.store.Path(name)
	}
	for _, note := range notes {
		if note != "" {
			o.Notes = append(o.Notes, note)
		}
	}
	if r.flags.JSON {
		return r.printJSON(o)
	}
	text := done + " " + name
	if from != "" {
		text = done + " " + from + " -> " + name
	}
	r.print(printable(text) + "\n")
	for _, note := range o.Notes {
		r.print("  " + printable(note) + "\n")
	}
	return nil
}

// profilePathHelp is redan profile path --help.
const profilePathHelp = `redan profile path: where the files are

  redan profile path             the directory of profiles
  redan profile path NAME        the file of a profile
  $EDITOR "$(redan profile path orders-prod)"

  --config DIR  another directory (else REDAN_CONFIG)
  --json        {"directory", "preferences", "profiles", "file"}
`

func profilePath(_ context.Context, a *app, args []string) int {
	var flags profileFlags
	r, code, done := a.newProfileRun(args, &flags, false, profilePathHelp)
	if done {
		return code
	}
	if err := r.wants(0, 1, "path [NAME]"); err != nil {
		return r.end(err)
	}
	return r.end(r.path())
}

func (r *profileRun) path() error {
	paths := struct {
		Schema      string `json:"schema"`
		Directory   string `json:"directory"`
		Preferences string `json:"preferences"`
		Profiles    string `json:"profiles"`
		File        string `json:"file,omitempty"`
	}{Schema: profileSchema, Directory: r.store.Directory(), Preferences: r.store.PreferencesPath(), Profiles: r.store.Folder()}
	answer := paths.Profiles
	if len(r.names) == 1 {
		if _, err := r.store.Text(r.names[0]); errors.Is(err, profiles.ErrNotFound) || errors.Is(err, profiles.ErrName) {
			return err
		}
		paths.File = r.store.Path(r.names[0])
		answer = paths.File
	}
	if r.flags.JSON {
		return r.printJSON(paths)
	}
	r.print(answer + "\n")
	return nil
}
