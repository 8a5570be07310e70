package tui

import (
	"slices"
	"strconv"
	"strings"

	"redan/profiles"
	"redan/ui/theme"
	"redan/ui/tui/kit"
)

// field is a key of a profile in its form.
type field struct {
	key, label string
	hint       string // what it may be
	line       kit.Line
	was        string   // what the file has
	above      string   // what is inherited when the file has nothing
	wrong      string   // why what was typed is not taken, as the end of a sentence that begins with the label
	choices    []string // what there is to choose from; nothing for free text
	kind       fieldKind
}

// fieldKind is what the file has for a field.
type fieldKind int

const (
	textField fieldKind = iota
	listField
	numberField
	switchField
	secretField
	nameField
)

// formFields are the fields for a profile, with what its own file has.
func formFields(p Profile) []field {
	switches := []string{"", "yes", "no"}
	fields := []field{
		{label: "name", hint: "letters, digits, -, _ and .", kind: nameField},
		{key: "description", label: "description", hint: "what people should know"},
		{key: "group", label: "group", hint: "heading in the list"},
		{key: "tags", label: "tags", hint: "words to search by, with commas", kind: listField},
		{key: "environment", label: "environment", hint: "production is guarded; staging, test, any word"},
		{key: "color", label: "colour of the name", hint: "red, 208, #ff8700"},
		{key: "read_only", label: "read-only", choices: switches, kind: switchField},
		{key: "host", label: "host", hint: "127.0.0.1"},
		{key: "port", label: "port", hint: "6379", kind: numberField},
		{key: "socket", label: "or a unix socket", hint: "path"},
		{key: "uri", label: "or all as a URI", hint: "rediss://user@host:port/db"},
		{key: "db", label: "database", hint: "0", kind: numberField},
		{key: "user", label: "user", hint: "default"},
		{key: "password", label: "password is in", hint: "prompt, env:NAME, file:PATH, command:PROGRAM, keyring:ACCOUNT, age:PATH", kind: secretField},
		{key: "tls.enabled", label: "TLS", choices: switches, kind: switchField},
		{key: "tls.ca", label: "CA files", hint: "those of the system; with commas", kind: listField},
		{key: "tls.cert", label: "client certificate", hint: "file: PEM, DER or PKCS#12"},
		{key: "tls.key", label: "private key", hint: "file"},
		{key: "tls.key_passphrase", label: "its passphrase is in", hint: "prompt, env:NAME, keyring:ACCOUNT ...", kind: secretField},
		{key: "tls.server_name", label: "server name", hint: "the host"},
		{key: "tls.verify", label: "verify", choices: []string{"", "full", "ca", "none"}},
		{key: "cluster.follow", label: "cluster (-c)", choices: switches, kind: switchField},
		{key: "delimiter", label: "keys are parted by", hint: ":"},
		{key: "filter", label: "keys shown at first", hint: "a pattern such as user:*"},
	}
	for i, one := range fields {
		if one.key == "tls.enabled" && p.secured() {
			fields[i].hint = "yes, by what stands below"
		}
		value := profileValue(p.Saved, one.key)
		if one.kind == nameField {
			value = p.Name
		} else if at, said := p.Saved.Origin(one.key); !said || at.File != p.Saved.Path {
			fields[i].above, value = value, ""
		}
		fields[i].was, fields[i].line = value, kit.NewLine(value)
		if one.kind == nameField && value == "" {
			fields[i].wrong = fields[i].check()
		}
	}
	return fields
}

// profileValue is what a profile has for a key, as the form shows it. A secret in clear is not shown.
func profileValue(p profiles.Profile, key string) string {
	if _, said := p.Origin(key); !said {
		return ""
	}
	switch key {
	case "description":
		return p.Description
	case "group":
		return p.Group
	case "tags":
		return strings.Join(p.Tags, ", ")
	case "environment":
		return string(p.Environment)
	case "color":
		return p.Color
	case "read_only":
		return yesNo(p.ReadOnly)
	case "host":
		return p.Host
	case "port":
		return strconv.Itoa(int(p.Port))
	case "socket":
		return p.Socket
	case "uri":
		return p.URI.String()
	case "db":
		return strconv.Itoa(int(p.DB))
	case "user":
		return p.User
	case "password":
		return p.Password.String()
	case "cluster.follow":
		return yesNo(p.Cluster.Follow)
	case "delimiter":
		return p.Delimiter
	case "filter":
		return p.Filter
	}
	return tlsValue(p, key)
}

func tlsValue(p profiles.Profile, key string) string {
	switch t := p.TLS; key {
	case "tls.enabled":
		return yesNo(t.Enabled != nil && *t.Enabled)
	case "tls.ca":
		return beside(p, t.CA...)
	case "tls.cert":
		return beside(p, t.Cert)
	case "tls.key":
		return beside(p, t.Key)
	case "tls.key_passphrase":
		return t.KeyPassphrase.String()
	case "tls.server_name":
		return t.ServerName
	case "tls.verify":
		return string(t.Verify)
	}
	return ""
}

func yesNo(on bool) string {
	if on {
		return "yes"
	}
	return "no"
}

// path is the key in parts.
func (f field) path() []string { return strings.Split(f.key, ".") }

// value is a text as the file has it; nil takes the key away.
func (f field) value(text string) any {
	if text == "" {
		return nil
	}
	switch f.kind {
	case listField:
		return words(text)
	case numberField:
		if n, err := strconv.Atoi(text); err == nil {
			return n
		}
	case switchField:
		return text == "yes"
	case textField, secretField, nameField:
	}
	return text
}

// words are the parts of a list that was typed with commas.
func words(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// check says what is wrong with what was typed.
func (f field) check() string {
	text := strings.TrimSpace(f.line.Text())
	switch {
	case f.kind == nameField:
		if err := profiles.CheckName(text); err != nil {
			return "is " + strings.TrimPrefix(err.Error(), strconv.Quote(text)+" is ")
		}
		return ""
	case text == f.was || text == "":
		return ""
	case f.inClear():
		return "would stand in the file in clear: use prompt, env:NAME, keyring:ACCOUNT or another place"
	case f.key == "uri" && strings.Contains(text, "***"):
		return "has *** where the password was: leave it out"
	case f.key == "color":
		if _, err := theme.Named("", true, map[string]string{"strong": text}); err != nil {
			return "is none: a name, a number or #rrggbb"
		}
	case f.kind == switchField && !slices.Contains(f.choices, text):
		return "takes yes or no"
	}
	if err := profiles.Check(f.value(text), f.path()...); err != nil {
		return err.Error()
	}
	return ""
}

// inClear reports whether a secret itself was typed, or is being typed, for all that can be told.
func (f field) inClear() bool {
	text := strings.TrimSpace(f.line.Text())
	return f.kind == secretField && text != f.was && profiles.Reference(text).IsClear() && text != ""
}

// shown is the line as it may be seen: of what may be a secret, stars. What may still become the name of a place is shown.
func (f field) shown() kit.Line {
	text := f.line.Text()
	if !f.inClear() || slices.ContainsFunc(secretPlaces(), func(place string) bool { return strings.HasPrefix(place, text) }) {
		return f.line
	}
	return masked(f.line)
}

// secretPlaces are what references begin with.
func secretPlaces() []string {
	return []string{"prompt", "env:", "file:", "command:", "shell:", "keyring:", "age:"}
}
