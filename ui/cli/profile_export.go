package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"redan/profiles"
	"redan/profiles/exchange"
)

type exportFlags struct {
	profileFlags
	Format string `name:"format" placeholder:"FORMAT"`
	Out    string `short:"o" name:"out" placeholder:"FILE"`
}

const profileExportHelp = `redan profile export: write profiles for others

  redan profile export > profiles.toml
  redan profile export orders-prod orders-eu --format uri
  redan profile export orders-prod --format shell

All profiles, or those named, on standard output. Secrets are never
part of it: references (env:NAME) are, where the format has room for
them. redan profile import reads toml, json and uri.

  --format FORMAT  toml (default), json, uri or shell
  -o, --out FILE   a new file instead of standard output
  --config DIR     another directory of profiles (else REDAN_CONFIG)
  --json           the same as --format json

Exit code: 0, or 1 when a profile could not be written.
`

func profileExport(_ context.Context, a *app, args []string) int {
	var flags exportFlags
	r, code, done := a.newProfileRun(args, &flags, false, profileExportHelp)
	if done {
		return code
	}
	return r.end(r.export(&flags))
}

func (r *profileRun) export(f *exportFlags) error {
	format := exchange.TOML
	if r.flags.JSON {
		format = exchange.JSON
	}
	if f.Format != "" {
		var err error
		if format, err = exchange.ParseFormat(f.Format, exchange.Writable()); err != nil {
			return &usageError{text: "--format: " + err.Error()}
		}
	}
	names := r.names
	all := len(names) == 0
	if all {
		var err error
		if names, err = r.store.Names(); err != nil {
			return err
		}
	}
	var list []profiles.Profile
	broken := 0
	for _, name := range names {
		p, err := r.store.Load(name)
		switch {
		case err == nil:
			list = append(list, p)
		case all && !errors.Is(err, fs.ErrPermission):
			broken++
			r.warn(printable(err.Error()))
		default:
			return err
		}
	}
	if len(list) == 0 {
		return errors.New("there is no profile to export in " + r.store.Folder())
	}
	written, err := exchange.Write(list, format)
	if err != nil {
		return err
	}
	for _, note := range written.Notes {
		r.warn(printable(note))
	}
	if err := r.deliver(f.Out, written.Data); err != nil {
		return err
	}
	if broken > 0 {
		return fmt.Errorf("%d of %d profiles are broken and were left out", broken, len(names))
	}
	return nil
}

// deliver writes to a new file, or to standard output.
func (r *profileRun) deliver(path string, data []byte) error {
	if path == "" {
		r.print(string(data))
		return nil
	}
	if _, err := r.sys.ReadFile(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already", path)
	}
	return r.sys.SaveNew(path, data)
}
