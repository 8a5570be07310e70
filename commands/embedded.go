package commands

import (
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// embedded is written by go generate. A line at the margin is a command, an
// indented line is an argument of the line above it, columns are separated by
// tabs: a diff shows what a newer server changed, and decoding copies nothing.
//
//go:embed table.txt
var embedded string

// errTable means that the embedded table is damaged.
var errTable = errors.New("damaged line in the embedded command table: run go generate ./commands")

// Embedded decodes the table the program was built with, made from a real
// server (the texts are the Redis contributors', see NOTICE). It takes well
// under a millisecond; nothing of it happens before the call.
func Embedded() (*Table, error) {
	return decode(embedded)
}

// decode reads the text form of a table.
func decode(text string) (*Table, error) {
	version, rest, _ := strings.Cut(text, "\n")
	d := decoder{rest: rest, lists: map[string][]string{}}
	var all []*Command
	for d.rest != "" {
		c, err := d.command()
		if err != nil {
			return nil, fmt.Errorf("%w (near command %d)", err, len(all)+1)
		}
		all = append(all, c)
	}
	return newTable(version, all), nil
}

// decoder walks over the lines of a table.
type decoder struct {
	rest  string
	lists map[string][]string // lists already split: few differ
}

// command reads a command and its arguments.
func (d *decoder) command() (*Command, error) {
	line, rest, _ := strings.Cut(d.rest, "\n")
	d.rest = rest
	col := columns{rest: line}
	c := &Command{
		Name: col.next(), Arity: col.number(), FirstKey: col.number(), LastKey: col.number(), KeyStep: col.number(),
		Flags: d.list(col.next()), Categories: d.list(col.next()), KeySpecs: d.keySpecs(&col),
		Group: col.next(), Since: col.next(), DeprecatedSince: col.next(), ReplacedBy: col.next(),
		Summary: col.next(), Complexity: col.next(),
	}
	if col.bad || c.Name == "" {
		return nil, errTable
	}
	var err error
	c.Args, err = d.args(1)
	return c, err
}

// args reads the arguments that are indented by depth tabs.
func (d *decoder) args(depth int) ([]Arg, error) {
	var out []Arg
	for {
		line, rest, _ := strings.Cut(d.rest, "\n")
		if indent(line) != depth {
			return out, nil
		}
		d.rest = rest
		col := columns{rest: line[depth:]}
		a := Arg{Type: ArgType(col.next())}
		marks := col.next()
		a.Optional = strings.Contains(marks, "o")
		a.Multiple = strings.Contains(marks, "m")
		a.MultipleToken = strings.Contains(marks, "t")
		a.Name, a.Display, a.Token = col.next(), col.next(), col.next()
		a.Since, a.DeprecatedSince = col.next(), col.next()
		if col.bad {
			return nil, errTable
		}
		var err error
		if a.Args, err = d.args(depth + 1); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
}

// keySpecs reads a number of key specs and then eleven columns for each.
func (d *decoder) keySpecs(col *columns) []KeySpec {
	n := col.number()
	if n <= 0 || n > len(col.rest) {
		return nil
	}
	specs := make([]KeySpec, n)
	for i := range specs {
		k := &specs[i]
		k.Flags, k.Begin, k.Index, k.Keyword, k.From = d.list(col.next()), col.next(), col.number(), col.next(), col.number()
		k.Find, k.Last, k.Step, k.Limit = col.next(), col.number(), col.number(), col.number()
		k.NumAt, k.FirstAt = col.number(), col.number()
	}
	return specs
}

// list splits at spaces. The result is shared by all who have the same list.
func (d *decoder) list(text string) []string {
	if text == "" {
		return nil
	}
	list, ok := d.lists[text]
	if !ok {
		list = strings.Split(text, " ")
		d.lists[text] = list
	}
	return list
}

func indent(line string) int {
	return len(line) - len(strings.TrimLeft(line, "\t"))
}

// columns reads the tab-separated columns of a line. Missing columns are
// empty; bad tells that a number was none.
type columns struct {
	rest string
	bad  bool
}

func (c *columns) next() string {
	text, rest, _ := strings.Cut(c.rest, "\t")
	c.rest = rest
	return text
}

// number reads a column that is empty for 0.
func (c *columns) number() int {
	text := c.next()
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		c.bad = true
	}
	return n
}
