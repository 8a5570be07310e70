package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"redan/profiles"
	"redan/profiles/exchange"
)

type showProfileFlags struct {
	profileFlags
	Origins bool `name:"origins"`
}

const profileShowHelp = `redan profile show: what a profile says

  redan profile show orders-prod
  redan profile show orders-prod --origins
  redan profile show orders-prod --json

The values that apply, those it inherits among them, and the same
connection as options of one command line. Secrets are shown as
references (env:NAME); one in clear text is ***.

  --origins     where each value comes from: file:line:column
  --config DIR  another directory of profiles (else REDAN_CONFIG)
  --json        as JSON: {"name", "settings": [{"key", "value",
                "file", "line", "column"}], "command_line", "faults"}

Exit code: 0, or 1 when the profile is broken or not there.
`

func profileShow(_ context.Context, a *app, args []string) int {
	var flags showProfileFlags
	r, code, done := a.newProfileRun(args, &flags, false, profileShowHelp)
	if done {
		return code
	}
	if err := r.wants(1, 1, "show NAME"); err != nil {
		return r.end(err)
	}
	return r.show(r.names[0], flags.Origins)
}

// shownProfile is a profile as JSON has it.
type shownProfile struct {
	Schema      string    `json:"schema"`
	Name        string    `json:"name"`
	Path        string    `json:"path"`
	Settings    []setting `json:"settings"`
	CommandLine string    `json:"command_line,omitempty"`
	Faults      []fault   `json:"faults"`
}

// setting is one value that applies.
type setting struct {
	Key    string `json:"key"`
	Value  any    `json:"value"`
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	own    bool
}

func (r *profileRun) show(name string, origins bool) int {
	p, err := r.store.Load(name)
	if err != nil && len(p.Said()) == 0 {
		return r.end(err)
	}
	s := shownProfile{Schema: profileSchema, Name: name, Path: r.store.Path(name), Settings: []setting{}, Faults: []fault{}}
	for _, said := range p.Said() {
		if said.Key == "version" {
			continue
		}
		s.Settings = append(s.Settings, setting{said.Key, said.Value, said.At.File, said.At.Line, said.At.Column, said.At.File == p.Path})
	}
	_, wrong := connectionOf(p)
	if err == nil {
		err = wrong
	}
	for _, f := range faultsOf(err) {
		s.Faults = append(s.Faults, faultOf(f))
	}
	if err == nil {
		s.CommandLine = commandLine(p)
	}
	if r.flags.JSON {
		if failed := r.printJSON(s); failed != nil {
			return r.end(failed)
		}
	} else {
		r.print(printable(s.text(origins)))
	}
	if err != nil {
		return exitError
	}
	return exitOK
}

// text is the profile for people: as a file of it would look, and where each line comes from.
func (s shownProfile) text(origins bool) string {
	var b strings.Builder
	b.WriteString(s.Name + "   " + s.Path + "\n")
	for _, f := range s.Faults {
		b.WriteString("  broken: " + f.sentence() + "\n")
	}
	left := make([]string, len(s.Settings))
	widest := 0
	for i, said := range s.Settings {
		left[i] = said.Key + " = " + shownValue(said.Value)
		widest = max(widest, min(displayWidth(left[i]), mostValue))
	}
	for i, said := range s.Settings {
		b.WriteString("  " + left[i])
		if origins || !said.own {
			place := said.File + ":" + strconv.Itoa(said.Line) + ":" + strconv.Itoa(said.Column)
			if !origins {
				place = "from " + inheritedFrom(said.File)
			}
			b.WriteString(strings.Repeat(" ", max(2, widest-displayWidth(left[i])+2)) + "# " + place)
		}
		b.WriteString("\n")
	}
	if s.CommandLine != "" {
		b.WriteString("\n  " + s.CommandLine + "\n")
	}
	return b.String()
}

// mostValue is the width of a column of values; longer ones stand out of it.
const mostValue = 40

// inheritedFrom names the source of a value without its folder.
func inheritedFrom(file string) string {
	base := file[strings.LastIndexAny(file, `/\`)+1:]
	if base == "config.toml" {
		return "config.toml, [defaults]"
	}
	return strings.TrimSuffix(base, ".toml")
}

// shownValue is a value as a file has it; of a certificate only how long it is.
func shownValue(value any) string {
	switch v := value.(type) {
	case string:
		if strings.ContainsAny(v, "\n") || len(v) > 200 {
			return fmt.Sprintf("(%d bytes)", len(v))
		}
		return strconv.Quote(v)
	case []any:
		parts := make([]string, len(v))
		for i, element := range v {
			parts[i] = shownValue(element)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		return "{}"
	}
	return fmt.Sprint(value)
}

// commandLine is the connection of a profile as options, without secrets; empty when options cannot tell it.
func commandLine(p profiles.Profile) string {
	written, err := exchange.Write([]profiles.Profile{p}, exchange.Shell)
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(written.Data)), " # ")
	return line
}
