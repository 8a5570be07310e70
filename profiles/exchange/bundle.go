package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"redan/conn"
	"redan/profiles"
	secretref "redan/profiles/secret"
)

// bundleVersion is that of the files that [Write] makes.
const bundleVersion = 1

// readTOML reads profiles as [Write] writes them, or one profile as it stands in its own file.
func readTOML(f file) (found, error) {
	var tree map[string]any
	if err := toml.Unmarshal(f.data, &tree); err != nil {
		where := ""
		if decoding, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, column := decoding.Position()
			where = fmt.Sprintf(" at line %d, column %d", line, column)
		}
		return found{}, malformed(TOML, "this is no TOML"+where)
	}
	o := object(tree)
	if !o.has("profiles") {
		delete(o, "version")
		o = object{"profiles": object{strings.TrimSuffix(f.name, filepath.Ext(f.name)): o}}
	}
	return readBundle(TOML, o)
}

// readJSON reads profiles as [Write] writes them.
func readJSON(f file) (found, error) {
	tree, err := parseJSON(f.data)
	if err != nil {
		return found{}, malformed(JSON, err.Error())
	}
	o := asObject(tree)
	if o.object("profiles") == nil {
		return found{}, malformed(JSON, `it is to be { "profiles": { NAME: { ... } } }`)
	}
	return readBundle(JSON, o)
}

func readBundle(format Format, o object) (found, error) {
	version, given, err := numberOf(o["version"])
	if err != nil || given && version != bundleVersion {
		return found{}, malformed(format, fmt.Sprintf("it is of another version than %d, of a newer redan perhaps", bundleVersion))
	}
	var all found
	taken := names{}
	list := o.object("profiles")
	for i, name := range slices.Sorted(maps.Keys(list)) {
		if i == maxServers {
			all.count = len(list)
			break
		}
		e, err := bundled(name, asObject(list[name]), taken)
		if err != nil {
			all.notef("%q is left out: %v", short(labelOf(name)), err)
			continue
		}
		all.entries = append(all.entries, e)
	}
	return all, nil
}

// numberOf returns a whole number as TOML or JSON have it.
func numberOf(value any) (n int64, given bool, err error) {
	switch v := value.(type) {
	case nil:
		return 0, false, nil
	case int64:
		return v, true, nil
	case json.Number:
		n, err = v.Int64()
		return n, true, err
	}
	return 0, true, errors.New("no number")
}

// bundled makes an entry of a profile. It is strict, as the files themselves are.
func bundled(name string, o object, taken names) (Entry, error) {
	if o == nil {
		return Entry{}, errors.New("it is no table")
	}
	name = labelOf(name)
	e := Entry{Label: printable(name), Secrets: map[string]conn.Secret{}}
	if err := e.addAll(o, nil); err != nil {
		return e, err
	}
	if err := valid(e); err != nil {
		return e, err
	}
	if e.Name = name; profiles.CheckName(name) != nil {
		e.Name = profileName(name)
	}
	if e.Name == "" {
		e.Name = "redis"
	}
	e.Name = taken.take(e.Name)
	return e, nil
}

// addAll adds the keys of a table, and of those in it.
func (e *Entry) addAll(o object, above []string) error {
	if len(above) > maxDepth {
		return errors.New("it is nested too deep")
	}
	for _, key := range slices.Sorted(maps.Keys(o)) {
		path := append(slices.Clip(above), key)
		var err error
		if inner := asObject(o[key]); inner != nil {
			err = e.addAll(inner, path)
		} else {
			err = e.add(o[key], path)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// add adds a key.
func (e *Entry) add(value any, path []string) error {
	key := strings.Join(path, ".")
	text, isText := value.(string)
	switch {
	case key == "version" || value == nil:
		return nil
	case key == "extends":
		e.Notes = append(e.Notes, "it extends another profile; what it inherits from that is not in the file")
		return nil
	case isText && isReference(key):
		return e.reference(text, key, path)
	case isText && key == "uri":
		return e.uri(text)
	case isText && (key == "tls.ca_data" || key == "tls.cert_data"):
		e.inline(text, key, path)
		return nil
	case key == "before.command":
		e.Runs = append(e.Runs, key)
	}
	known, err := fromFile(value)
	if err != nil {
		return fmt.Errorf("%s %w", short(key), err)
	}
	e.put(known, path...)
	return nil
}

// fromFile returns a value as a change has it.
func fromFile(value any) (any, error) {
	switch v := value.(type) {
	case string, bool, int64:
		return v, nil
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			return nil, errors.New("is no whole number")
		}
		return n, nil
	case []any:
		texts := make([]string, len(v))
		for i, item := range v {
			text, ok := item.(string)
			if !ok {
				return nil, errors.New("is to be a list of texts")
			}
			texts[i] = text
		}
		return texts, nil
	}
	return nil, errors.New("is of a kind that no key has")
}

// isReference reports whether a key's value is a reference to a secret.
func isReference(key string) bool {
	return slices.Contains([]string{"password", "tls.key_data", "tls.key_passphrase"}, key)
}

// reference keeps a reference, and takes a secret that stands there in clear.
func (e *Entry) reference(text, key string, path []string) error {
	if text == "" {
		return nil
	}
	parsed, err := secretref.Parse(text)
	if err != nil {
		return err
	}
	switch parsed.Kind {
	case secretref.Text:
		e.Secrets[key] = conn.NewSecret(parsed.Name)
		return nil
	case secretref.Command, secretref.Shell:
		e.Runs = append(e.Runs, key)
	default:
	}
	e.put(text, path...)
	return nil
}

// uri keeps an address, and takes the password out of it.
func (e *Entry) uri(text string) error {
	var o conn.Options
	if err := o.ApplyURI(text); err != nil {
		return fmt.Errorf("its uri %w", uriFault(err))
	}
	if _, said := e.Secrets["password"]; o.Password.Reveal() != "" && !said && e.Value("password") == "" {
		e.Secrets["password"] = o.Password
	}
	e.put(withoutUser(text), "uri")
	if o.User != "" { // a key user, which goes before it, comes later in the order of keys
		e.put(o.User, "user")
	}
	return nil
}

// put adds a change in the place of an earlier one of the same key.
func (e *Entry) put(value any, path ...string) {
	e.Changes = slices.DeleteFunc(e.Changes, func(c profiles.Change) bool { return slices.Equal(c.Path, path) })
	e.Changes = append(e.Changes, profiles.Set(value, path...))
}

// withoutUser returns an address without user and password.
func withoutUser(address string) string {
	word, rest, _ := strings.Cut(address, "://")
	return word + "://" + rest[strings.LastIndex(rest, "@")+1:]
}

// inline keeps certificates. A private key among them is a secret.
func (e *Entry) inline(text, key string, path []string) {
	certificates, private, isPEM := material(text)
	if !isPEM || private == "" {
		e.put(text, path...)
		return
	}
	e.put(certificates, path...)
	if _, said := e.Secrets["tls.key_data"]; key == "tls.cert_data" && !said {
		e.Secrets["tls.key_data"] = conn.NewSecret(private)
	}
}
