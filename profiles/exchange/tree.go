package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// object is a JSON object or a YAML mapping. Its methods are lenient as the tools themselves are: a number may stand in quotes, a null is
// as good as nothing.
type object map[string]any

// at returns what is at a path, or nil.
func (o object) at(path ...string) any {
	for i, key := range path {
		value := o[key]
		if i == len(path)-1 {
			return value
		}
		o = asObject(value)
	}
	return nil
}

// has reports whether there is something at a path that is not null.
func (o object) has(path ...string) bool { return o.at(path...) != nil }

// text returns the text at a path; a number is one, too.
func (o object) text(path ...string) string {
	switch value := o.at(path...).(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	}
	return ""
}

// first returns the first text that is not empty among keys.
func (o object) first(keys ...string) string {
	for _, key := range keys {
		if text := o.text(key); text != "" {
			return text
		}
	}
	return ""
}

// number returns the number at a path. Nothing, null and an empty text are not given.
func (o object) number(path ...string) (n int, given bool, err error) {
	if value := o.at(path...); value == nil || value == "" {
		return 0, false, nil
	}
	n, err = strconv.Atoi(strings.TrimSpace(o.text(path...)))
	if err != nil {
		return 0, true, errors.New("is no whole number")
	}
	return n, true, nil
}

// flag returns the yes or no at a path, and whether it is said.
func (o object) flag(path ...string) (on, said bool) {
	switch value := o.at(path...).(type) {
	case bool:
		return value, true
	case string:
		on, err := strconv.ParseBool(strings.ToLower(strings.TrimSpace(value)))
		return on, err == nil
	case json.Number:
		return value != "0", true
	}
	return false, false
}

// is reports whether there is a yes at a path.
func (o object) is(path ...string) bool {
	on, _ := o.flag(path...)
	return on
}

// object returns the object at a path, or nil.
func (o object) object(path ...string) object { return asObject(o.at(path...)) }

func asObject(value any) object {
	switch value := value.(type) {
	case object:
		return value
	case map[string]any:
		return value
	}
	return nil
}

// list returns the list at a path, or nil.
func (o object) list(path ...string) []any {
	list, _ := o.at(path...).([]any)
	return list
}

// parseJSON returns what a JSON text says. Its error names a place, and nothing that stands there.
func parseJSON(data []byte) (any, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var tree any
	err := d.Decode(&tree)
	if err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return tree, nil
		}
		return nil, fmt.Errorf("there is more behind the end of the JSON, at %s", place(data, d.InputOffset()))
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return nil, fmt.Errorf("this is no JSON at %s", place(data, syntax.Offset))
	}
	return nil, errors.New("the JSON ends too early")
}

// place returns the line and column of an offset.
func place(data []byte, offset int64) string {
	before := data[:max(0, min(int(offset), len(data)))]
	return fmt.Sprintf("line %d, column %d", bytes.Count(before, []byte("\n"))+1, len(before)-bytes.LastIndexByte(before, '\n')-1)
}

// maxDepth bounds how deep objects and groups are within each other.
const maxDepth = 64

// parseYAML returns what a YAML text says. Aliases are refused: none of the tools writes them, and they are how a short text becomes an
// endless one.
func parseYAML(data []byte) (any, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		// The library's own words may hold a part of the text.
		return nil, fmt.Errorf("this is no YAML%s", yamlPlace(err))
	}
	return fromYAML(&document, 0)
}

// yamlPlace returns where the library says that the fault is, or "".
func yamlPlace(err error) string {
	var line int
	if _, scan := fmt.Sscanf(err.Error(), "yaml: line %d:", &line); scan == nil {
		return fmt.Sprintf(" at line %d", line)
	}
	return ""
}

func fromYAML(node *yaml.Node, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errors.New("it is nested too deep")
	}
	switch node.Kind {
	case yaml.DocumentNode:
		return fromYAML(node.Content[0], depth)
	case yaml.MappingNode:
		o := object{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			value, err := fromYAML(node.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			o[node.Content[i].Value] = value
		}
		return o, nil
	case yaml.SequenceNode:
		list := make([]any, 0, len(node.Content))
		for _, item := range node.Content {
			value, err := fromYAML(item, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return list, nil
	case yaml.ScalarNode:
		return scalar(node), nil
	case yaml.AliasNode:
		return nil, fmt.Errorf("line %d has an alias (*), which is not read", node.Line)
	}
	return nil, nil
}

// scalar returns a value as it is written: a password of digits keeps its zeros.
func scalar(node *yaml.Node) any {
	switch node.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(node.Value, "true")
	case "!!int", "!!float":
		return json.Number(node.Value)
	}
	return node.Value
}
