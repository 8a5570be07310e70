package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"redan/profiles"
	"redan/profiles/tomlfile"
)

type listFlags struct {
	profileFlags
	Group   *string  `name:"group" placeholder:"GROUP"`
	Tag     []string `name:"tag" sep:"none" placeholder:"TAG"`
	Check   bool     `name:"check"`
	Timeout string   `short:"t" name:"timeout" placeholder:"SECONDS"`
}

const profileListHelp = `redan profile list: all profiles

  redan profile list
  redan profile list --group Orders --tag eu
  redan profile list --check         ask each server for a PING

Sorted by group and name. A profile whose file is broken is shown
with what is wrong with it. --check asks all servers side by side;
where a password or passphrase would have to be typed, it tells
whether the server answers at all.

  --group GROUP  only profiles under this heading ("": under none)
  --tag TAG      only those with this tag; several: with all of them
  --check        the state of the server, too
  -t, --timeout SECONDS  time for --check (default 5)
  --config DIR   another directory of profiles (else REDAN_CONFIG)
  --json         as JSON: {"profiles": [{"name", "group", ...}]}

Exit code: 0, or 1 when a profile is broken or --check found one that
does not answer.
`

func profileList(ctx context.Context, a *app, args []string) int {
	var flags listFlags
	r, code, done := a.newProfileRun(args, &flags, false, profileListHelp)
	if done {
		return code
	}
	if err := r.wants(0, 0, "list"); err != nil {
		return r.end(err)
	}
	return r.list(ctx, &flags)
}

// listed is a profile of a list, as JSON has it.
type listed struct {
	Name        string   `json:"name"`
	Path        string   `json:"path"`
	Extends     string   `json:"extends,omitempty"`
	Description string   `json:"description,omitempty"`
	Group       string   `json:"group,omitempty"`
	Tags        []string `json:"tags"`
	Color       string   `json:"color,omitempty"`
	Environment string   `json:"environment,omitempty"`
	Production  bool     `json:"production"`
	ReadOnly    bool     `json:"read_only"`
	Host        string   `json:"host,omitempty"`
	Port        int      `json:"port,omitempty"`
	Socket      string   `json:"socket,omitempty"`
	TLS         bool     `json:"tls"`
	User        string   `json:"user,omitempty"`
	Password    string   `json:"password,omitempty"`
	DB          int      `json:"db"`
	Faults      []fault  `json:"faults"`
	// Check is what --check found.
	Check *checked `json:"check,omitempty"`

	connection profiles.Connection
	reachable  bool // it can be tried to connect
}

// fault is what is wrong with a file, as JSON has it.
type fault struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Key    string `json:"key,omitempty"`
	Text   string `json:"text"`
}

func faultOf(f tomlfile.Fault) fault {
	short := f
	short.At = tomlfile.Position{}
	return fault{File: f.At.File, Line: f.At.Line, Column: f.At.Column, Key: f.Key, Text: short.Error()}
}

func (r *profileRun) list(ctx context.Context, f *listFlags) int {
	entries, err := r.store.List()
	if err != nil {
		return r.end(err)
	}
	limit, err := checkLimit(f.Timeout)
	if err != nil {
		return r.end(err)
	}
	var all []listed
	for _, entry := range entries {
		if l := listEntry(entry); f.takes(l) {
			all = append(all, l)
		}
	}
	slices.SortStableFunc(all, func(a, b listed) int { return strings.Compare(strings.ToLower(a.Group), strings.ToLower(b.Group)) })
	if f.Check {
		r.checkAll(ctx, all, limit)
	}
	code := exitOK
	if slices.ContainsFunc(all, func(l listed) bool { return len(l.Faults) > 0 || l.Check != nil && !l.Check.OK }) {
		code = exitError
	}
	if r.flags.JSON {
		err = r.printJSON(struct {
			Schema    string   `json:"schema"`
			Directory string   `json:"directory"`
			Profiles  []listed `json:"profiles"`
		}{profileSchema, r.store.Directory(), append([]listed{}, all...)})
		if err != nil {
			return r.end(err)
		}
		return code
	}
	r.printList(all, len(entries))
	return code
}

func (f *listFlags) takes(l listed) bool {
	if f.Group != nil && !strings.EqualFold(*f.Group, l.Group) {
		return false
	}
	return !slices.ContainsFunc(f.Tag, func(tag string) bool { return !slices.Contains(l.Tags, tag) })
}

// listEntry is what there is to say about a profile, broken or not.
func listEntry(e profiles.Entry) listed {
	p := e.Profile
	l := listed{
		Name: e.Name, Path: e.Path, Extends: p.Extends, Description: p.Description, Group: p.Group, Tags: append([]string{}, p.Tags...),
		Color: p.Color, Environment: string(p.Environment), Production: p.Environment.IsProduction(), ReadOnly: p.ReadOnly, Faults: []fault{},
	}
	err := e.Err
	connection, wrong := connectionOf(p)
	if err == nil {
		err = wrong
	}
	for _, f := range faultsOf(err) {
		l.Faults = append(l.Faults, faultOf(f))
	}
	l.connection, l.reachable = connection, err == nil
	o := connection.Options
	l.Socket, l.User, l.DB, l.TLS = o.Socket, o.User, o.DB, o.TLS != nil
	if o.Socket == "" {
		l.Host, l.Port = o.Host, o.Port
	}
	if connection.Password.IsSet() {
		l.Password = connection.Password.String()
	}
	return l
}

// address is where the server is, as people write it.
func (l listed) address() string {
	if l.Socket != "" {
		return l.Socket
	}
	if l.Host == "" {
		return ""
	}
	return net.JoinHostPort(l.Host, strconv.Itoa(l.Port))
}

func (r *profileRun) printList(all []listed, total int) {
	switch {
	case total == 0:
		r.print("There are no profiles in " + printable(r.store.Folder()) + ".\n\n" + howToBegin)
		return
	case len(all) == 0:
		r.print(fmt.Sprintf("None of %d profiles fits.\n", total))
		return
	}
	rows := [][]string{{"NAME", "ENV", "ADDRESS", "TLS", "USER", "GROUP"}}
	checks := slices.ContainsFunc(all, func(l listed) bool { return l.Check != nil })
	for _, l := range all {
		environment := l.Environment
		if l.Production {
			environment = "PROD"
		}
		if l.ReadOnly {
			environment = strings.TrimSpace(environment + " ro")
		}
		secure := ""
		if l.TLS {
			secure = "tls"
		}
		address := l.address()
		if len(l.Faults) > 0 {
			address = "broken"
		}
		rows = append(rows, []string{l.Name, environment, address, secure, l.User, l.Group})
	}
	if checks {
		rows[0] = slices.Insert(rows[0], 2, "STATE")
		for i, l := range all {
			rows[i+1] = slices.Insert(rows[i+1], 2, l.Check.word())
		}
	}
	lines := table(rows, r.columns())
	r.print(lines[0] + "\n")
	for i, l := range all {
		r.print(printable(lines[i+1]) + "\n")
		for _, f := range l.Faults {
			r.print("  " + printable(f.sentence()) + "\n")
		}
		if l.Check != nil && !l.Check.OK && l.Check.Error != "" {
			r.print("  " + printable(l.Check.Error) + "\n")
		}
	}
}

// sentence is the fault with the name of its file; the folder is that of all of them.
func (f fault) sentence() string {
	at := tomlfile.Position{File: f.File[strings.LastIndexAny(f.File, `/\`)+1:], Line: f.Line, Column: f.Column}
	if at.File == "" {
		return f.Text
	}
	return at.String() + ": " + f.Text
}

const howToBegin = `  redan -h HOST --tls --user NAME --askpass profile add NAME
                            makes one of these options
  redan profile add         asks for all of it
  redan profile import      takes over those of other tools
`

// errNoAnswer is a server that --check did not reach in time.
var errNoAnswer = errors.New("no answer in time")
