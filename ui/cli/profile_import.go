package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"redan/conn/cert"
	"redan/profiles"
	"redan/profiles/exchange"
	"redan/profiles/secret"
)

type importFlags struct {
	profileFlags
	From       string  `name:"from" placeholder:"FORMAT"`
	DryRun     bool    `name:"dry-run"`
	Group      *string `name:"group" placeholder:"GROUP"`
	OnConflict string  `name:"on-conflict" placeholder:"WAY"`
	Secrets    string  `name:"secrets" placeholder:"PLACE"`
	Yes        bool    `name:"yes"`
}

const profileImportHelp = `redan profile import: take over the servers of other tools

  redan profile import RedisInsight_connections.json --dry-run
  redan profile import connections.ano --group Work
  redan profile import < .env
  redan profile import           the variable REDIS_URL

Reads the exports of RedisInsight, Another Redis Desktop Manager,
Tiny RDM and RESP.app, iredis' [alias_dsn], lists of redis:// URIs,
.env files, IBM Cloud credentials, stunnel.conf, and what redan
profile export wrote. The format is told by the content.

Passwords go into the system's keyring and never into the files of
profiles. Nothing is connected to.

  --dry-run          say what would be made, make nothing
  --from FORMAT      ` + "redisinsight, ardm, tiny-rdm, resp.app, iredis, uri,\n" + `                     env, ibm, stunnel, toml, json
  --group GROUP      heading in lists for all of them
  --on-conflict WAY  a name that is taken: ask, skip, rename (to
                     NAME-2) or replace; else it is asked on a
                     terminal and skipped in a script
  --secrets PLACE    keyring (default), age (one encrypted file each)
                     or skip
  --yes              do not ask about profiles that run programs
                     (before.command, command: and shell: references)
                     whenever they are used; which ones is said
  --config DIR       another directory (else REDAN_CONFIG)
  --json             {"profiles": [{"name", "label", "done", "notes"}]}

Exit code: 0, or 1 when something could not be taken over.
`

func importFormats() []string { return formatNames(exchange.Readable()) }

func exportFormats() []string { return formatNames(exchange.Writable()) }

func formatNames(formats []exchange.Format) []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = string(f)
	}
	return names
}

func profileImport(ctx context.Context, a *app, args []string) int {
	var flags importFlags
	r, code, done := a.newProfileRun(args, &flags, false, profileImportHelp)
	if done {
		return code
	}
	r.placeOption = "--secrets"
	i := &importing{profileRun: r, flags: &flags}
	if err := i.check(); err != nil {
		return r.end(err)
	}
	return i.run(ctx)
}

// importing is one run of import.
type importing struct {
	*profileRun
	flags    *importFlags
	conflict string
	done     []imported
	failed   bool
}

// imported is what became of one server.
type imported struct {
	Name  string   `json:"name"`
	Label string   `json:"label,omitempty"`
	File  string   `json:"file"`
	Done  string   `json:"done"` // added, replaced, skipped, failed, would add ...
	Notes []string `json:"notes"`
}

func (i *importing) check() error {
	switch i.flags.OnConflict {
	case "":
		i.conflict = "skip"
		if i.isTerminal() {
			i.conflict = "ask"
		}
	case "ask", "skip", "rename", "replace":
		i.conflict = i.flags.OnConflict
	default:
		return &usageError{text: "--on-conflict takes ask, skip, rename or replace, not '" + i.flags.OnConflict + "'."}
	}
	if i.conflict == "ask" && !i.isTerminal() {
		return errors.New("--on-conflict ask needs a terminal; give skip, rename or replace")
	}
	if i.flags.From != "" {
		if _, err := exchange.ParseFormat(i.flags.From, exchange.Readable()); err != nil {
			return &usageError{text: "--from: " + err.Error()}
		}
	}
	switch i.flags.Secrets {
	case "", string(secret.Keyring), string(secret.Age), "skip":
		return nil
	}
	return &usageError{text: "--secrets takes keyring, age or skip, not '" + i.flags.Secrets + "'."}
}

func (i *importing) run(ctx context.Context) int {
	sources, err := i.sourceFiles()
	if err != nil {
		return i.end(err)
	}
	for _, source := range sources {
		result, err := i.read(source)
		if err != nil {
			i.failed = true
			i.warn(printable(err.Error()))
			continue
		}
		for _, note := range result.Notes {
			i.warn(printable(filepath.Base(source.name) + ": " + note))
		}
		for _, entry := range result.Entries {
			i.take(ctx, source.name, entry)
		}
	}
	return i.finish()
}

// take makes a profile of one server, or says why not.
func (i *importing) take(ctx context.Context, file string, e exchange.Entry) {
	it := imported{Name: e.Name, Label: e.Label, File: file, Notes: append([]string{}, e.Notes...)}
	defer func() { i.done = append(i.done, it) }()
	replaces := false
	if _, err := i.store.Text(e.Name); err == nil || !errors.Is(err, profiles.ErrNotFound) {
		var way string
		if e.Name, way = i.settle(e.Name); way == "skip" {
			it.Done = "skipped"
			it.Notes = append(it.Notes, "there is a profile of this name; --on-conflict rename or replace takes it over")
			return
		}
		replaces = way == "replace"
		it.Name = e.Name
	}
	lines := programs(&e)
	it.Notes = append(it.Notes, lines...)
	it.Done = "added"
	if replaces {
		it.Done = "replaced"
	}
	if i.flags.DryRun {
		it.Done = map[bool]string{false: "would add", true: "would replace"}[replaces]
		for _, key := range e.SecretKeys() {
			it.Notes = append(it.Notes, key+": "+i.destination())
		}
		return
	}
	if err := i.mayRun(&e, lines); err != nil {
		it.Done, it.Notes = "skipped", append(it.Notes, err.Error())
		return
	}
	notes, err := i.put(ctx, e, replaces)
	it.Notes = append(it.Notes, notes...)
	if err != nil {
		i.failed = true
		it.Done, it.Notes = "failed", append(it.Notes, err.Error())
	}
}

func (i *importing) destination() string {
	switch i.flags.Secrets {
	case string(secret.Age):
		return "goes into an encrypted file"
	case "skip":
		return "is left out"
	}
	return "goes into the keyring"
}

// errProgram is a profile of somebody else's that would run a program.
var errProgram = errors.New("these programs were not agreed to: look at them, and add --yes")

// programs says for every key that starts a program what that is.
func programs(e *exchange.Entry) []string {
	var lines []string
	for _, key := range e.Runs {
		for _, c := range e.Changes {
			if strings.Join(c.Path, ".") != key {
				continue
			}
			lines = append(lines, "whenever it is used, "+key+" runs: "+programOf(c.Value))
		}
	}
	return lines
}

// programOf is a command as a shell would take it.
func programOf(value any) string {
	switch v := value.(type) {
	case []string:
		words := make([]string, len(v))
		for i, word := range v {
			words[i] = cert.ShellQuote(word)
		}
		return strings.Join(words, " ")
	case string:
		reference, err := secret.Parse(v)
		switch {
		case err == nil && reference.Kind == secret.Command:
			return programOf(reference.Words)
		case err == nil && reference.Kind == secret.Shell:
			return "sh -c " + cert.ShellQuote(reference.Name)
		}
	}
	return fmt.Sprint(value)
}

// mayRun asks whether the programs that come with a profile may run from now on.
func (i *importing) mayRun(e *exchange.Entry, lines []string) error {
	if len(lines) == 0 || i.flags.Yes {
		return nil
	}
	if !i.isTerminal() {
		return errProgram
	}
	i.flush()
	for _, line := range lines {
		_, _ = fmt.Fprintln(i.sys.Stderr, printable(e.Name+": "+line))
	}
	q := &questions{run: i.profileRun}
	if !q.isSure("Take it over", false) {
		return errProgram
	}
	return nil
}

// settle decides what becomes of a name that is taken.
func (i *importing) settle(name string) (string, string) {
	way := i.conflict
	if way == "ask" {
		q := &questions{run: i.profileRun}
		way = q.ask(name+" is taken: skip, rename, replace, or all of these with a ! behind", "skip", func(text string) error {
			switch strings.TrimSuffix(text, "!") {
			case "skip", "rename", "replace":
				return nil
			}
			return errors.New("skip, rename or replace")
		})
		if word, all := strings.CutSuffix(way, "!"); all {
			way, i.conflict = word, word
		}
		if q.err != nil {
			way, i.conflict = "skip", "skip"
		}
	}
	if way != "rename" {
		return name, way
	}
	for n := 2; ; n++ {
		other := fmt.Sprintf("%s-%d", name, n)
		if i.vacant(other) == nil || n > 1000 {
			return other, way
		}
	}
}

// put makes a profile, with its secrets where they are wanted.
func (i *importing) put(ctx context.Context, e exchange.Entry, replaces bool) ([]string, error) {
	changes := e.Changes
	if i.flags.Group != nil {
		changes = append(changes, profiles.Set(*i.flags.Group, "group"))
	}
	var secrets []placing
	var notes []string
	for _, key := range e.SecretKeys() {
		if i.flags.Secrets == "skip" {
			notes = append(notes, key+" is left out; redan profile edit "+e.Name+" --set-password")
			continue
		}
		p, err := i.place(ctx, e.Name, strings.Split(key, "."), i.flags.Secrets, e.Secrets[key])
		if err != nil {
			return notes, err
		}
		secrets = append(secrets, p)
		notes = append(notes, p.note)
	}
	if replaces {
		more, err := i.replace(ctx, e.Name, changes, secrets)
		return append(notes, more...), err
	}
	return notes, i.made(ctx, e.Name, changes, secrets)
}

// replace makes a profile in the place of another one. When it cannot be made, the old one is back.
func (i *importing) replace(ctx context.Context, name string, changes []profiles.Change, secrets []placing) ([]string, error) {
	before, err := i.store.Text(name)
	if err != nil {
		return nil, err
	}
	old := i.ownSecrets(name)
	err = i.rewritten(ctx, name, before, secrets, func(references []profiles.Change) error {
		return i.store.Replace(ctx, name, slices.Concat(changes, references)...)
	})
	if err != nil {
		return nil, err
	}
	return i.superseded(ctx, name, old, secrets), nil
}

func (i *importing) finish() int {
	code := exitOK
	if i.failed {
		code = exitError
	}
	if i.profileRun.flags.JSON {
		if err := i.printJSON(struct {
			Schema   string     `json:"schema"`
			DryRun   bool       `json:"dry_run"`
			Profiles []imported `json:"profiles"`
		}{profileSchema, i.flags.DryRun, append([]imported{}, i.done...)}); err != nil {
			return i.end(err)
		}
		return code
	}
	for _, it := range i.done {
		from := ""
		if it.Label != "" && it.Label != it.Name {
			from = " (" + it.Label + ")"
		}
		i.print(printable(it.Done+" "+it.Name+from) + "\n")
		for _, note := range it.Notes {
			i.print("  " + printable(note) + "\n")
		}
	}
	return code
}
