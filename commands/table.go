package commands

import (
	"maps"
	"slices"
	"strings"
)

// Table is the set of known commands. It is never changed once made, so it
// may be shared between goroutines; Merge makes a new one.
type Table struct {
	version string
	byName  map[string]*Command
	sorted  []*Command
}

// Command is one command or sub-command. A command that only holds
// sub-commands (CLIENT, CONFIG) is one too.
type Command struct {
	Name            string // full name in upper case: "GET", "CLIENT LIST"
	Summary         string
	Since           string // first server version that has it
	Group           string // "string", "sorted-set", "module" ...
	Complexity      string
	DeprecatedSince string   // empty when not deprecated
	ReplacedBy      string   // what to use instead, in the server's words
	Arity           int      // words including the name; negative: at least so many; 0: unknown
	Flags           []string // as COMMAND gives them: "write", "readonly", "admin" ...
	Categories      []string // ACL categories with their @
	FirstKey        int      // word that is the first key, counted from the name; 0: none
	LastKey         int      // word that is the last key; negative counts from the end
	KeyStep         int      // distance between keys
	KeySpecs        []KeySpec
	Args            []Arg
}

// ArgType says what kind of text an argument is.
type ArgType string

// The argument types of COMMAND DOCS. Servers may send others, which are
// treated like ArgString.
const (
	ArgString    ArgType = "string"
	ArgInteger   ArgType = "integer"
	ArgDouble    ArgType = "double"
	ArgKey       ArgType = "key"
	ArgPattern   ArgType = "pattern"
	ArgUnixTime  ArgType = "unix-time"
	ArgPureToken ArgType = "pure-token" // only the Token, no value
	ArgOneOf     ArgType = "oneof"      // exactly one of Args
	ArgBlock     ArgType = "block"      // all of Args in order
)

// Arg is one node of a command's argument grammar.
type Arg struct {
	Name            string
	Display         string // how to show it where that is not the name
	Type            ArgType
	Token           string // word that introduces it, such as EX; for a pure token "" is the empty word
	Optional        bool
	Multiple        bool // may be repeated
	MultipleToken   bool // and the token with it
	Since           string
	DeprecatedSince string
	Args            []Arg // for ArgOneOf and ArgBlock
}

// KeySpec says where some of a command's keys stand: a begin search finds the
// first word, a find-keys rule goes on from there.
type KeySpec struct {
	Flags   []string // "RO", "RW", "OW", "access", "delete" ...
	Begin   string   // "index", "keyword" or "unknown"
	Index   int      // begin "index": the word
	Keyword string   // begin "keyword": the keys follow it
	From    int      // begin "keyword": where the search starts; negative: from the end, backwards
	Find    string   // "range", "keynum" or "unknown"
	Last    int      // find "range": the last key relative to the first; negative: from the end
	Step    int      // distance between keys
	Limit   int      // find "range" to the end: only the first 1/Limit of the words are keys
	NumAt   int      // find "keynum": where the number of keys stands, relative to the begin
	FirstAt int      // find "keynum": where the first key stands, relative to the begin
}

// newTable builds a table from commands whose names are full and in upper
// case. Of two with the same name the later one stays.
func newTable(version string, commands []*Command) *Table {
	t := &Table{version: version, byName: make(map[string]*Command, len(commands))}
	for _, c := range commands {
		t.byName[c.Name] = c
	}
	t.sorted = slices.SortedFunc(maps.Values(t.byName), func(a, b *Command) int {
		return strings.Compare(a.Name, b.Name)
	})
	return t
}

// Version is the version of the server the table was made from, or "" when
// that is not known.
func (t *Table) Version() string { return t.version }

// Commands gives all commands and sub-commands sorted by name. The slice and
// what it points to belong to the table and must not be changed.
func (t *Table) Commands() []*Command { return t.sorted }

// Groups gives the names of the groups that have commands, sorted.
func (t *Table) Groups() []string {
	groups := map[string]struct{}{}
	for _, c := range t.sorted {
		if c.Group != "" {
			groups[c.Group] = struct{}{}
		}
	}
	return slices.Sorted(maps.Keys(groups))
}

// Lookup finds the command that the words begin with, in any case, and how
// many words its name takes: two for a known sub-command, else one. For words
// that begin with no known command it returns nil and 0.
func (t *Table) Lookup(words []string) (cmd *Command, n int) {
	for n := min(2, len(words)); n > 0; n-- {
		if c := t.byName[strings.ToUpper(strings.Join(words[:n], " "))]; c != nil && c.words() == n {
			return c, n
		}
	}
	return nil, 0
}

// Subcommands gives the sub-commands of a command, sorted; most have none.
func (t *Table) Subcommands(c *Command) []*Command {
	prefix := c.Name + " "
	from, _ := slices.BinarySearchFunc(t.sorted, prefix, func(c *Command, name string) int {
		return strings.Compare(c.Name, name)
	})
	to := from
	for to < len(t.sorted) && strings.HasPrefix(t.sorted[to].Name, prefix) {
		to++
	}
	return t.sorted[from:to]
}

// IsCommandName reports whether a name, in any case, is that of a command
// without its sub-commands. The verbs of the command line must not be.
func (t *Table) IsCommandName(name string) bool {
	_, n := t.Lookup([]string{name})
	return n == 1
}

// Merge makes a table that knows what both know. What live says of a command
// wins; what live leaves out, such as the arity where it holds only
// documentation, is kept.
func (t *Table) Merge(live *Table) *Table {
	all := slices.Clone(t.sorted)
	for _, c := range live.sorted {
		if known := t.byName[c.Name]; known != nil {
			c = known.merge(c)
		}
		all = append(all, c)
	}
	version := live.version
	if version == "" {
		version = t.version
	}
	return newTable(version, all)
}

func (c *Command) merge(live *Command) *Command {
	merged := *c
	if live.documented() {
		merged.Summary, merged.Since = live.Summary, live.Since
		merged.Group, merged.Complexity = live.Group, live.Complexity
		merged.DeprecatedSince, merged.ReplacedBy = live.DeprecatedSince, live.ReplacedBy
		merged.Args = live.Args
	}
	if live.Arity != 0 {
		merged.Arity, merged.Flags, merged.Categories = live.Arity, live.Flags, live.Categories
		merged.FirstKey, merged.LastKey, merged.KeyStep = live.FirstKey, live.LastKey, live.KeyStep
		merged.KeySpecs = live.KeySpecs
	}
	return &merged
}

// documented reports whether a server told more than COMMAND does.
func (c *Command) documented() bool { return c.Summary != "" || c.Group != "" || len(c.Args) > 0 }

// words is how many words the name has.
func (c *Command) words() int { return 1 + strings.Count(c.Name, " ") }

// HasFlag reports whether the server gives the command a flag such as
// "write", "readonly", "admin", "noscript" or "blocking".
func (c *Command) HasFlag(flag string) bool { return slices.Contains(c.Flags, flag) }

// HasCategory reports whether the command is in an ACL category, named with
// its @ as in "@dangerous".
func (c *Command) HasCategory(category string) bool { return slices.Contains(c.Categories, category) }

// Writes reports whether the command can itself change data. Scripts are not
// among them: what EVAL or FCALL does is not known from the command.
func (c *Command) Writes() bool { return c.HasFlag("write") || c.HasCategory("@write") }

// Dangerous reports whether the server's own rules call the command dangerous
// or administrative.
func (c *Command) Dangerous() bool { return c.HasFlag("admin") || c.HasCategory("@dangerous") }

// Renamed gives a table in which the command that t is about, with its sub-commands, has another name. A server on which an
// administrator renamed a command (rename-command) describes it under the name it had.
func (t *Table) Renamed(name string) *Table {
	name = strings.ToUpper(name)
	all := make([]*Command, 0, len(t.sorted))
	for _, c := range t.sorted {
		renamed := *c
		_, sub, found := strings.Cut(c.Name, " ")
		if renamed.Name = name; found {
			renamed.Name = name + " " + sub
		}
		all = append(all, &renamed)
	}
	return newTable(t.version, all)
}
