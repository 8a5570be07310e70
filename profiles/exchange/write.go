package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"redan/profiles"
	"redan/profiles/tomlfile"
)

// Written is what [Write] made.
type Written struct {
	Data []byte
	// Notes say what could not be told, one line each.
	Notes []string
}

// Write returns profiles as a file of the format. Secrets that stand in a profile in clear are left out, and noted; references, such as
// env:NAME, are kept by the formats that can have them. What a profile inherits is written with it.
func Write(list []profiles.Profile, format Format) (Written, error) {
	switch format {
	case TOML:
		return writeTOML(list)
	case JSON:
		return writeJSON(list)
	case URIs:
		return writeLines(list, uriLine)
	case Shell:
		return writeLines(list, shellLine)
	default:
		return Written{}, fmt.Errorf("%s %w", format.Title(), ErrNotWritable)
	}
}

// exported is a profile on its way out.
type exported struct {
	changes []profiles.Change
	notes   []string
}

func writeTOML(list []profiles.Profile) (Written, error) {
	var w Written
	text := bytes.NewBufferString(fmt.Sprintf("# Profiles of redan, without secrets. Read by: redan profile import FILE\nversion = %d\n", bundleVersion))
	for _, p := range list {
		x := export(p)
		w.Notes = append(w.Notes, x.notes...)
		d, err := tomlfile.Parse(p.Name, []byte("["+tomlfile.Dotted([]string{"profiles", p.Name})+"]\n"))
		if err != nil {
			return w, err
		}
		for _, c := range x.changes {
			if d, err = d.Set(c.Value, slices.Concat([]string{"profiles", p.Name}, c.Path)...); err != nil {
				return w, err
			}
		}
		text.WriteByte('\n')
		text.Write(d.Bytes())
	}
	w.Data = text.Bytes()
	return w, nil
}

func writeJSON(list []profiles.Profile) (Written, error) {
	var w Written
	all := object{}
	for _, p := range list {
		x := export(p)
		w.Notes = append(w.Notes, x.notes...)
		own := object{}
		for _, c := range x.changes {
			own.plant(c.Path, c.Value)
		}
		all[p.Name] = own
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(object{"version": bundleVersion, "profiles": all})
	w.Data = text.Bytes()
	return w, err
}

// export returns what a profile says, without secrets.
func export(p profiles.Profile) exported {
	var x exported
	inClear := p.ClearSecrets()
	for _, c := range said(p) {
		key := strings.Join(c.Path, ".")
		text, _ := c.Value.(string)
		switch {
		case key == "version", key == "extends":
			continue
		case key == "uri":
			c.Value = withoutUser(text)
			if user := userOf(p); user != "" && p.User == "" {
				x.changes = append(x.changes, profiles.Set(user, "user"))
			}
			if slices.Contains(inClear, key) {
				x.leftOut(p, key)
			}
		case slices.Contains(inClear, key):
			x.leftOut(p, key)
			continue
		case key == "tls.ca_data", key == "tls.cert_data":
			if certificates, private, _ := material(inlineText(text)); private != "" {
				c.Value = certificates
				x.notes = append(x.notes, fmt.Sprintf("%s: the private key in %s is left out", p.Name, key))
			}
		}
		x.changes = append(x.changes, c)
	}
	return x
}

func (x *exported) leftOut(p profiles.Profile, key string) {
	what := key
	if key == "uri" {
		what = "the password in uri"
	}
	x.notes = append(x.notes, fmt.Sprintf("%s: %s stands in the profile in clear, and is left out", p.Name, what))
}

// inlineText returns what an inline value stands for, as PEM.
func inlineText(text string) string {
	data, err := profiles.DecodeInline(text)
	if err != nil {
		return text
	}
	return string(data)
}

// userOf returns the user of a profile's server, wherever it is said.
func userOf(p profiles.Profile) string {
	c, err := p.Connection()
	if err != nil {
		return p.User
	}
	return c.Options.User
}

// said lists what a profile says, itself or by inheritance, in the order of the document.
func said(p profiles.Profile) []profiles.Change {
	return saidBelow(p, reflect.ValueOf(p), nil)
}

func saidBelow(p profiles.Profile, table reflect.Value, above []string) []profiles.Change {
	var changes []profiles.Change
	for field, value := range table.Fields() {
		name, named := field.Tag.Lookup("toml")
		switch {
		case field.Anonymous:
			changes = append(changes, saidBelow(p, value, above)...)
			continue
		case !named:
			continue
		}
		path := append(slices.Clip(above), name)
		if value.Kind() == reflect.Pointer {
			value = value.Elem()
		}
		switch value.Kind() {
		case reflect.Invalid:
		case reflect.Struct:
			changes = append(changes, saidBelow(p, value, path)...)
		case reflect.Map:
			texts, _ := reflect.TypeAssert[map[string]string](value)
			for _, key := range slices.Sorted(maps.Keys(texts)) {
				changes = append(changes, profiles.Set(texts[key], append(slices.Clip(path), key)...))
			}
		default:
			if _, given := p.Origin(tomlfile.Dotted(path)); given || !value.IsZero() {
				changes = append(changes, profiles.Set(basic(value), path...))
			}
		}
	}
	return changes
}

// basic returns a value of a profile as a change has it.
func basic(value reflect.Value) any {
	if span, ok := reflect.TypeAssert[profiles.Duration](value); ok {
		return time.Duration(span).String()
	}
	switch value.Kind() {
	case reflect.Bool:
		return value.Bool()
	case reflect.String:
		return value.String()
	case reflect.Slice:
		texts, _ := reflect.TypeAssert[[]string](value)
		return texts
	default:
		return value.Int()
	}
}
