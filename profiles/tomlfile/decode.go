package tomlfile

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"redan/commands/nearest"
)

// Checker is a type whose values may be of the right kind and wrong nevertheless.
type Checker interface {
	// Check returns what is wrong, as the end of a sentence that begins with the key: "takes a number from 1 to 65535".
	Check() error
}

// Key is one that a struct knows.
type Key struct {
	Name string // dotted; the part that the user names freely is *
	Kind string // "text", "true or false", "number", "list of texts"
	Help string // of the field's tag help
}

// Keys lists the keys that a struct knows, in the order of its fields. Fields are named by the tag toml; those without it are not keys.
func Keys(schema reflect.Type) []Key { return keysBelow(schema, "") }

func keysBelow(schema reflect.Type, prefix string) []Key {
	var keys []Key
	for _, f := range fieldsOf(schema) {
		name, kind := prefix+f.name, indirect(f.Type)
		switch {
		case isScalar(kind):
			keys = append(keys, Key{Name: name, Kind: kindOf(kind), Help: f.Tag.Get("help")})
		case kind.Kind() == reflect.Map:
			keys = append(keys, Key{Name: name + ".*", Kind: kindOf(kind.Elem()), Help: f.Tag.Get("help")})
		case kind.Kind() == reflect.Struct:
			keys = append(keys, keysBelow(kind, name+".")...)
		}
	}
	return keys
}

type field struct {
	reflect.StructField
	name string
}

func fieldsOf(schema reflect.Type) []field {
	var fields []field
	for f := range schema.Fields() {
		if f.Anonymous {
			for _, inner := range fieldsOf(f.Type) {
				inner.Index = slices.Concat(f.Index, inner.Index)
				fields = append(fields, inner)
			}
			continue
		}
		if name, ok := f.Tag.Lookup("toml"); ok && name != "-" {
			fields = append(fields, field{f, name})
		}
	}
	return fields
}

func indirect(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// isScalar reports whether a type is filled from one TOML value.
func isScalar(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Slice:
		return true
	default:
		return readsText(t)
	}
}

func readsText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func kindOf(t reflect.Type) string {
	switch {
	case readsText(t), t.Kind() == reflect.String:
		return "text"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.Slice:
		return "list of texts"
	}
	return "number"
}

// Decode fills the struct that into points to, and returns all that is wrong. What is wrong is left out; the rest is used. Later leaves
// with the same key win. Types other than text, numbers, lists of texts and tables of these have an UnmarshalText.
func Decode(leaves []Leaf, into any) Faults {
	var faults Faults
	for _, leaf := range leaves {
		if fault, wrong := fill(reflect.ValueOf(into).Elem(), leaf, leaf.Path); wrong {
			fault.At, fault.Key = leaf.At, leaf.Key()
			faults = append(faults, fault)
		}
	}
	return faults
}

// fill puts a leaf into a struct; rest is what is left of its path.
func fill(target reflect.Value, leaf Leaf, rest []string) (Fault, bool) {
	fields := fieldsOf(target.Type())
	i := slices.IndexFunc(fields, func(f field) bool { return f.name == rest[0] })
	if i < 0 {
		return unknown(leaf, rest[0], fields), true
	}
	value := target.FieldByIndex(fields[i].Index)
	if value.Kind() == reflect.Pointer {
		fresh := reflect.New(value.Type().Elem())
		fault, wrong := fillField(fresh.Elem(), leaf, rest)
		if !wrong {
			value.Set(fresh)
		}
		return fault, wrong
	}
	return fillField(value, leaf, rest)
}

func fillField(value reflect.Value, leaf Leaf, rest []string) (Fault, bool) {
	empty, isTable := leaf.Value.(map[string]any)
	isTable = isTable && len(empty) == 0
	switch kind := value.Type(); {
	case isScalar(kind) && len(rest) == 1:
		return assign(value, leaf)
	case isScalar(kind):
		return Fault{Text: fmt.Sprintf("%s is %s, not a table", Dotted(leaf.Path[:len(leaf.Path)-len(rest)+1]), article(kindOf(kind)))}, true
	case len(rest) == 1 && isTable:
		return Fault{}, false
	case len(rest) == 1:
		return Fault{Text: fmt.Sprintf("%s is a table: write [%s]", leaf.Key(), leaf.Key())}, true
	case kind.Kind() == reflect.Map && len(rest) > 2:
		return Fault{Text: fmt.Sprintf("%s has one part too many; put quotes around the name: %s", leaf.Key(),
			Dotted([]string{rest[0], strings.Join(rest[1:], ".")}))}, true
	case kind.Kind() == reflect.Map:
		element := reflect.New(kind.Elem()).Elem()
		fault, wrong := assign(element, leaf)
		if !wrong {
			if value.IsNil() {
				value.Set(reflect.MakeMap(kind))
			}
			value.SetMapIndex(reflect.ValueOf(rest[1]), element)
		}
		return fault, wrong
	}
	return fill(value, leaf, rest[1:])
}

// unknown says that a name is not known, and which one was probably meant.
func unknown(leaf Leaf, name string, fields []field) Fault {
	known := make([]string, len(fields))
	for i, f := range fields {
		known[i] = f.name
	}
	what := "key"
	if _, isTable := leaf.Value.(map[string]any); isTable || name != leaf.Path[len(leaf.Path)-1] {
		what = "table"
	}
	return Fault{Text: fmt.Sprintf("unknown %s %q", what, name), Nearest: nearest.Word(name, known)}
}

// assign puts a TOML value into a field or an element of a map.
func assign(into reflect.Value, leaf Leaf) (Fault, bool) {
	fresh := reflect.New(into.Type())
	if fault, wrong := convert(fresh, leaf); wrong {
		return fault, true
	}
	if checker, ok := reflect.TypeAssert[Checker](fresh); ok {
		if err := checker.Check(); err != nil {
			return Fault{Text: leaf.Key() + " " + err.Error()}, true
		}
	}
	into.Set(fresh.Elem())
	return Fault{}, false
}

// convert puts a TOML value into what fresh points to.
func convert(fresh reflect.Value, leaf Leaf) (Fault, bool) {
	kind := fresh.Elem().Type()
	switch value := leaf.Value.(type) {
	case string:
		return convertText(fresh, leaf, value)
	case bool:
		if kind.Kind() != reflect.Bool {
			return wrongKind(leaf, kind, "true or false"), true
		}
		fresh.Elem().SetBool(value)
	case int64:
		if readsText(kind) || kind.Kind() != reflect.Int && kind.Kind() != reflect.Int64 {
			return wrongKind(leaf, kind, "a number"), true
		}
		fresh.Elem().SetInt(value)
	case []any:
		if kind.Kind() != reflect.Slice {
			return wrongKind(leaf, kind, "a list"), true
		}
		fresh.Elem().Set(reflect.MakeSlice(kind, 0, len(value))) // an empty list says something, too
		for _, element := range value {
			text, ok := element.(string)
			if !ok {
				return wrongKind(leaf, kind, "a list with something else in it"), true
			}
			fresh.Elem().Set(reflect.Append(fresh.Elem(), reflect.ValueOf(text)))
		}
	default:
		return wrongKind(leaf, kind, describe(leaf.Value)), true
	}
	return Fault{}, false
}

func convertText(fresh reflect.Value, leaf Leaf, text string) (Fault, bool) {
	if reader, ok := reflect.TypeAssert[encoding.TextUnmarshaler](fresh); ok {
		if err := reader.UnmarshalText([]byte(text)); err != nil {
			return Fault{Text: leaf.Key() + " " + err.Error()}, true
		}
		return Fault{}, false
	}
	switch kind := fresh.Elem().Type(); kind.Kind() {
	case reflect.String:
		fresh.Elem().SetString(text)
	case reflect.Slice: // a list of one
		fresh.Elem().Set(reflect.ValueOf([]string{text}))
	default:
		return wrongKind(leaf, kind, "a text"), true
	}
	return Fault{}, false
}

func describe(value any) string {
	switch value.(type) {
	case float64:
		return "a number with a fraction"
	case map[string]any:
		return "a table"
	}
	return "a date or time"
}

func wrongKind(leaf Leaf, want reflect.Type, got string) Fault {
	text := fmt.Sprintf("%s takes %s, and this is %s", leaf.Key(), article(kindOf(want)), got)
	if example, ok := reflect.TypeAssert[interface{ Example() string }](reflect.New(want)); ok {
		text += fmt.Sprintf(": %s = %s", leaf.Path[len(leaf.Path)-1], quote(example.Example()))
	}
	return Fault{Text: text}
}

func article(kind string) string {
	if kind == "true or false" {
		return kind
	}
	return "a " + kind
}
