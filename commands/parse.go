package commands

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
)

// ErrNotCommandReply means that the JSON is not a reply of COMMAND or COMMAND
// DOCS. Servers before 7.0 do not know COMMAND DOCS and send an error instead.
var ErrNotCommandReply = errors.New("not the JSON of a COMMAND or COMMAND DOCS reply")

// ParseDocs reads the reply of COMMAND DOCS as redis-cli --json prints it, in
// the form of RESP3 (maps) or RESP2 (flat arrays of names and values). The
// table holds documentation only; merge it with that of ParseCommands. Fields
// that are unknown or of an unexpected type are passed over. Fails with
// ErrNotCommandReply.
func ParseDocs(text []byte) (*Table, error) {
	var reply any
	if err := json.Unmarshal(text, &reply); err != nil {
		return nil, fmt.Errorf("COMMAND DOCS: %w: %w", ErrNotCommandReply, err)
	}
	if !isPairs(reply) {
		return nil, fmt.Errorf("COMMAND DOCS: %w", ErrNotCommandReply)
	}
	var all []*Command
	for name, docs := range pairs(reply) {
		all = appendDocs(all, name, docs)
	}
	return newTable("", all), nil
}

// ParseCommands reads the reply of COMMAND as redis-cli --json prints it, of
// any server version since COMMAND exists. The table holds arity, flags, keys
// and categories but no documentation. Fails with ErrNotCommandReply.
func ParseCommands(text []byte) (*Table, error) {
	var reply any
	if err := json.Unmarshal(text, &reply); err != nil {
		return nil, fmt.Errorf("COMMAND: %w: %w", ErrNotCommandReply, err)
	}
	entries, ok := reply.([]any)
	if !ok {
		return nil, fmt.Errorf("COMMAND: %w", ErrNotCommandReply)
	}
	var all []*Command
	for _, entry := range entries {
		all = appendInfo(all, entry)
	}
	return newTable("", all), nil
}

// appendDocs adds the command with that name and its sub-commands.
func appendDocs(all []*Command, name string, docs any) []*Command {
	c := &Command{Name: fullName(name)}
	all = append(all, c)
	for field, value := range pairs(docs) {
		switch field {
		case "summary":
			c.Summary = text(value)
		case "since":
			c.Since = text(value)
		case "group":
			c.Group = text(value)
		case "complexity":
			c.Complexity = text(value)
		case "deprecated_since":
			c.DeprecatedSince = text(value)
		case "replaced_by":
			c.ReplacedBy = text(value)
		case "arguments":
			c.Args = args(value, 1)
		case "subcommands":
			for sub, subDocs := range pairs(value) {
				all = appendDocs(all, sub, subDocs)
			}
		}
	}
	return all
}

// maxDepth bounds how deep arguments nest. Real grammars need four levels; a
// repeated argument is written twice, so depth costs exponentially.
const maxDepth = 8

// args reads a list of arguments at a depth of nesting. What is nested deeper
// than any real grammar is left out.
func args(value any, depth int) []Arg {
	list, _ := value.([]any)
	if len(list) == 0 || depth > maxDepth {
		return nil
	}
	out := make([]Arg, 0, len(list))
	for _, entry := range list {
		var a Arg
		for field, v := range pairs(entry) {
			a.set(field, v, depth)
		}
		if a.Display == a.Name {
			a.Display = ""
		}
		out = append(out, a)
	}
	return out
}

func (a *Arg) set(field string, value any, depth int) {
	switch field {
	case "name":
		a.Name = text(value)
	case "display_text":
		a.Display = text(value)
	case "type":
		a.Type = ArgType(text(value))
	case "token":
		a.Token = text(value)
	case "since":
		a.Since = text(value)
	case "deprecated_since":
		a.DeprecatedSince = text(value)
	case "arguments":
		a.Args = args(value, depth+1)
	case "flags":
		for _, flag := range texts(value) {
			a.Optional = a.Optional || flag == "optional"
			a.Multiple = a.Multiple || flag == "multiple"
			a.MultipleToken = a.MultipleToken || flag == "multiple_token"
		}
	}
}

// appendInfo adds the command of one COMMAND entry and its sub-commands. An
// entry has 6 fields, 7 since server 6.0, 10 since 7.0.
func appendInfo(all []*Command, entry any) []*Command {
	fields, _ := entry.([]any)
	if len(fields) < 6 || text(fields[0]) == "" {
		return all
	}
	c := &Command{
		Name:     fullName(text(fields[0])),
		Arity:    number(fields[1]),
		Flags:    texts(fields[2]),
		FirstKey: number(fields[3]),
		LastKey:  number(fields[4]),
		KeyStep:  number(fields[5]),
	}
	all = append(all, c)
	if len(fields) > 6 {
		c.Categories = texts(fields[6])
	}
	if len(fields) > 9 {
		c.KeySpecs = keySpecs(fields[8])
		subcommands, _ := fields[9].([]any)
		for _, sub := range subcommands {
			all = appendInfo(all, sub)
		}
	}
	return all
}

func keySpecs(value any) []KeySpec {
	list, _ := value.([]any)
	out := make([]KeySpec, 0, len(list))
	for _, entry := range list {
		var k KeySpec
		for field, v := range pairs(entry) {
			switch field {
			case "flags":
				k.Flags = texts(v)
			case "begin_search", "find_keys":
				k.setRule(field == "begin_search", v)
			}
		}
		out = append(out, k)
	}
	return out
}

func (k *KeySpec) setRule(begin bool, rule any) {
	for field, value := range pairs(rule) {
		switch {
		case field == "type" && begin:
			k.Begin = text(value)
		case field == "type":
			k.Find = text(value)
		case field == "spec":
			for name, v := range pairs(value) {
				k.setSpec(name, v)
			}
		}
	}
}

func (k *KeySpec) setSpec(name string, value any) {
	switch name {
	case "index":
		k.Index = number(value)
	case "keyword":
		k.Keyword = text(value)
	case "startfrom":
		k.From = number(value)
	case "lastkey":
		k.Last = number(value)
	case "keystep":
		k.Step = number(value)
	case "limit":
		k.Limit = number(value)
	case "keynumidx":
		k.NumAt = number(value)
	case "firstkey":
		k.FirstAt = number(value)
	}
}

// fullName turns "client|list" into "CLIENT LIST".
func fullName(name string) string {
	return strings.ToUpper(strings.ReplaceAll(name, "|", " "))
}

// isPairs reports whether a value is a map in one of its two notations. An
// empty list is taken for an empty flat map.
func isPairs(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		return true
	case []any:
		if len(v)%2 != 0 {
			return false
		}
		for i := 0; i < len(v); i += 2 {
			if _, ok := v[i].(string); !ok {
				return false
			}
		}
		return true
	}
	return false
}

// pairs walks over a map in either notation; over anything else it does not
// step at all.
func pairs(value any) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		if !isPairs(value) {
			return
		}
		if m, ok := value.(map[string]any); ok {
			for name, v := range m {
				if !yield(name, v) {
					return
				}
			}
			return
		}
		flat, _ := value.([]any)
		for i := 0; i < len(flat); i += 2 {
			if !yield(text(flat[i]), flat[i+1]) {
				return
			}
		}
	}
}

func text(value any) string {
	s, _ := value.(string)
	return s
}

func texts(value any) []string {
	list, _ := value.([]any)
	out := make([]string, 0, len(list))
	for _, v := range list {
		if s := text(v); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// number reads an integer; some proxies send integers as strings.
func number(value any) int {
	switch v := value.(type) {
	case float64:
		return int(v)
	case string:
		n, err := strconv.Atoi(v)
		if err == nil {
			return n
		}
	}
	return 0
}
