package cli

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"redan/conn"
	"redan/profiles"
	"redan/profiles/secret"
)

// defineFlags are the options that say what a profile is to be, beside those that say where to connect.
type defineFlags struct {
	Group       *string  `name:"group" placeholder:"GROUP"`
	Tag         []string `name:"tag" sep:"none" placeholder:"TAG"`
	Environment *string  `name:"environment" aliases:"env" placeholder:"WORD"`
	ReadOnly    bool     `name:"read-only"`
	ReadWrite   bool     `name:"read-write" hidden:""`
	Description *string  `name:"description" placeholder:"TEXT"`
	Color       *string  `name:"color" placeholder:"COLOR"`
	Extends     *string  `name:"extends" placeholder:"NAME"`
	Secret      string   `name:"secret" placeholder:"REF"`
	KeySecret   string   `name:"key-secret" placeholder:"REF"`
	Set         []string `name:"set" sep:"none" placeholder:"KEY=VALUE"`
}

// draft collects the changes that make a profile what the command line says.
type draft struct {
	inv     *invocation
	changes []profiles.Change
}

func (d *draft) set(value any, path ...string) {
	d.changes = append(d.changes, profiles.Set(value, path...))
}

func (d *draft) unset(path ...string) { d.changes = append(d.changes, profiles.Unset(path...)) }

// text sets a key to a text, and removes it when that is empty.
func (d *draft) text(value string, path ...string) {
	if value == "" {
		d.unset(path...)
		return
	}
	d.set(value, path...)
}

// draftOf returns the changes that the options of a command line stand for. Secrets are no part of it. With whole, an address that is
// not given is the usual one.
func draftOf(inv *invocation, f *defineFlags, whole bool) (*draft, error) {
	d := &draft{inv: inv}
	if err := d.about(f); err != nil {
		return nil, err
	}
	if err := d.address(whole && f.Extends == nil); err != nil {
		return nil, err
	}
	if err := d.manner(); err != nil {
		return nil, err
	}
	if err := d.tls(whole); err != nil {
		return nil, err
	}
	return d, d.others(f.Set)
}

func (d *draft) about(f *defineFlags) error {
	for _, said := range []struct {
		value *string
		key   string
	}{
		{f.Extends, "extends"}, {f.Description, "description"}, {f.Group, "group"}, {f.Color, "color"}, {f.Environment, "environment"},
	} {
		if said.value != nil {
			d.text(*said.value, said.key)
		}
	}
	switch {
	case len(f.Tag) == 1 && f.Tag[0] == "":
		d.unset("tags")
	case len(f.Tag) > 0:
		d.set(f.Tag, "tags")
	}
	switch {
	case f.ReadOnly && f.ReadWrite:
		return excludes("--read-only", "--read-write")
	case f.ReadOnly:
		d.set(true, "read_only")
	case f.ReadWrite:
		d.set(false, "read_only")
	}
	return nil
}

// address is where the server is and as whom to go there. A URI is taken apart, so that no password stays in it.
func (d *draft) address(whole bool) error {
	o := conn.DefaultOptions()
	if err := (&app{}).applyAddress(d.inv, &o); err != nil {
		return err
	}
	var uri conn.Options
	if d.inv.given("uri") {
		if err := uri.ApplyURI(d.inv.options.URI); err != nil {
			return &usageError{text: err.Error()}
		}
		d.unset("uri")
	}
	given := func(name string, byURI bool) bool { return d.inv.given(name) || byURI }
	switch {
	case o.Socket != "":
		path, err := filepath.Abs(o.Socket)
		if err != nil {
			return err
		}
		d.unset("host")
		d.unset("port")
		d.set(path, "socket")
	case given("host", uri.Host != ""):
		d.unset("socket")
		d.set(o.Host, "host")
	case whole:
		d.set(o.Host, "host")
	}
	if o.Socket == "" && (given("port", uri.Port != 0) || whole) {
		d.set(o.Port, "port")
	} else if d.inv.given("uri") {
		d.unset("port")
	}
	if given("user", uri.User != "") {
		d.text(o.User, "user")
	}
	switch {
	case given("db", uri.DB != 0):
		d.set(o.DB, "db")
	case d.inv.given("uri"):
		d.unset("db")
	}
	return nil
}

// manner is how the server is spoken to.
func (d *draft) manner() error {
	var o conn.Options
	o.Socket = d.inv.options.Socket
	if err := applyProtocol(d.inv, &o); err != nil {
		return err
	}
	switch {
	case d.inv.options.RESP3:
		d.set(3, "protocol")
	case d.inv.options.RESP2:
		d.set(2, "protocol")
	}
	if o.Family != 0 {
		d.set(o.Family, "ip")
	}
	if d.inv.given("timeout") {
		d.set(shortDuration(o.ConnectTimeout), "timeout")
	}
	if d.inv.options.Cluster {
		d.set(true, "cluster", "follow")
	}
	return nil
}

// shortDuration is a time span as people write it: 90s and not 1m30s0ms.
func shortDuration(d time.Duration) string {
	if d%time.Second == 0 {
		return strconv.FormatInt(int64(d/time.Second), 10) + "s"
	}
	return d.String()
}

// tls is the table of that name. Relative paths become absolute, since those of a file are relative to its folder.
func (d *draft) tls(whole bool) error {
	flags := &d.inv.options
	if err := d.files(); err != nil {
		return err
	}
	if d.inv.given("tls-verify-name") {
		d.set(flags.TLSVerifyName, "tls", "verify_names")
	}
	verify := strings.ToLower(flags.TLSVerify)
	if d.inv.last("insecure", "tls-verify") == "insecure" {
		verify = "none"
	}
	for _, said := range []struct{ value, key string }{
		{flags.CertB64, "ca_data"},
		{verify, "verify"},
		{flags.SNI, "server_name"},
		{flags.TLSMin, "min"},
		{flags.TLSMax, "max"},
		{flags.TLSCiphers, "ciphers"},
		{flags.TLSCiphersuites, "ciphersuites"},
	} {
		if said.value != "" {
			d.set(said.value, "tls", said.key)
		}
	}
	var uri conn.Options
	wanted := flags.TLS || d.inv.given("uri") && uri.ApplyURI(flags.URI) == nil && uri.TLS != nil
	if says := d.saysTLS(); wanted && !says || says && !whole { // in a new file the table says it by itself
		d.set(true, "tls", "enabled")
	}
	return nil
}

// files are the certificates and keys.
func (d *draft) files() error {
	flags := &d.inv.options
	for _, list := range []struct {
		paths []string
		key   string
	}{{flags.CACert, "ca"}, {flags.CACertDir, "ca_dirs"}} {
		if len(list.paths) == 0 {
			continue
		}
		paths := make([]string, len(list.paths))
		for i, path := range list.paths {
			var err error
			if paths[i], err = absolute(path); err != nil {
				return err
			}
		}
		d.set(paths, "tls", list.key)
	}
	for _, file := range []struct{ path, before, key string }{
		{flags.Cert, "", "cert"}, {flags.Key, "", "key"}, {flags.KeyPassFile, string(secret.File) + ":", "key_passphrase"},
	} {
		path, err := absolute(file.path)
		if err != nil {
			return err
		}
		if path != "" {
			d.set(file.before+path, "tls", file.key)
		}
	}
	return nil
}

// saysTLS reports whether a key of the table tls is set.
func (d *draft) saysTLS() bool {
	return slices.ContainsFunc(d.changes, func(c profiles.Change) bool { return c.Path[0] == "tls" && c.Value != nil })
}

// absolute returns a path that does not depend on the folder redan is called in. ~/ stays as it is.
func absolute(path string) (string, error) {
	if path == "" || strings.HasPrefix(path, "~/") {
		return path, nil
	}
	return filepath.Abs(path)
}

// others are the keys of --set.
func (d *draft) others(pairs []string) error {
	lists := map[string][]string{}
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return &usageError{text: "--set takes KEY=VALUE, not '" + pair + "'."}
		}
		key, path, err := profiles.FindKey(name)
		if err != nil {
			return &usageError{text: "--set: " + err.Error()}
		}
		if err := settable(name, value); err != nil {
			return err
		}
		switch key.Kind {
		case "list of texts":
			lists[name] = append(lists[name], value)
			d.changes = slices.DeleteFunc(d.changes, func(c profiles.Change) bool { return slices.Equal(c.Path, path) })
			d.set(lists[name], path...)
		case "number":
			n, err := strconv.Atoi(value)
			if err != nil {
				return &usageError{text: "--set: " + name + " takes a number."}
			}
			d.set(n, path...)
		case "true or false":
			is, err := strconv.ParseBool(value)
			if err != nil {
				return &usageError{text: "--set: " + name + " takes true or false."}
			}
			d.set(is, path...)
		default:
			d.set(value, path...)
		}
	}
	return nil
}

// settable returns an error when a value would put a secret into the file, or would not last.
func settable(name, value string) error {
	switch name {
	case "version":
		return &usageError{text: "--set: version is not yours to set; redan keeps it."}
	case "password", "tls.key_passphrase", "tls.key_data":
		if profiles.Reference(value).IsClear() {
			return &usageError{
				text: "--set: " + name + " takes a reference, and no secret.",
				hint: "Such as env:NAME, file:PATH, command:PROGRAM or keyring:ACCOUNT.",
			}
		}
	case "uri":
		var o conn.Options
		if o.ApplyURI(value) == nil && o.Password.IsSet() {
			return &usageError{text: "--set: the URI has a password in it.", hint: "Give it with -u, which takes the password apart from it."}
		}
	}
	return nil
}

// removals are the changes of --unset.
func removals(names []string) ([]profiles.Change, error) {
	var changes []profiles.Change
	for _, name := range names {
		path := []string{name}
		if name == "version" {
			return nil, &usageError{text: "--unset: version is not yours to remove; redan keeps it."}
		}
		if !slices.Contains(profileTables(), name) {
			var err error
			if _, path, err = profiles.FindKey(name); err != nil {
				return nil, &usageError{text: "--unset: " + err.Error()}
			}
		}
		changes = append(changes, profiles.Unset(path...))
	}
	return changes, nil
}

// profileTables are the tables of a profile, which can be removed as a whole.
func profileTables() []string {
	var tables []string
	for _, key := range profiles.Keys() {
		if table, _, ok := strings.Cut(key.Name, "."); ok && !slices.Contains(tables, table) {
			tables = append(tables, table)
		}
	}
	return tables
}

// onlySet returns the changes that put something in: a new file has nothing to remove.
func onlySet(changes []profiles.Change) []profiles.Change {
	return slices.DeleteFunc(slices.Clone(changes), func(c profiles.Change) bool { return c.Value == nil })
}
