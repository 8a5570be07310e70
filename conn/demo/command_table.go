package demo

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

//go:embed commands.txt
var commandsText string

// commandInfo is what COMMAND tells about a command.
type commandInfo struct {
	name        string // with | before a subcommand
	arity       int
	first, last int // positions of keys
	step        int
	flags       []string
	categories  []string
	subcommands []commandInfo
}

// commandTable has the commands in the order of commands.txt.
type commandTable struct {
	commands []commandInfo
	index    map[string]int
}

// parseCommands reads commands.txt, in which subcommands follow their command.
func parseCommands() commandTable {
	t := commandTable{index: map[string]int{}}
	for line := range strings.Lines(commandsText) {
		fields := strings.Fields(line)
		if len(fields) != 7 || fields[0] == "#" {
			continue
		}
		c := commandInfo{name: fields[0], flags: list(fields[5]), categories: list(fields[6])}
		for i, number := range []*int{&c.arity, &c.first, &c.last, &c.step} {
			*number, _ = strconv.Atoi(fields[1+i]) // a test reads the file strictly
		}
		if parent, _, ok := strings.Cut(c.name, "|"); ok {
			p := &t.commands[t.index[parent]]
			p.subcommands = append(p.subcommands, c)
			continue
		}
		t.index[c.name] = len(t.commands)
		t.commands = append(t.commands, c)
	}
	return t
}

func list(field string) []string {
	if field == "-" {
		return nil
	}
	return strings.Split(field, ",")
}

// find looks up a command, or with "command|subcommand" a subcommand.
func (t commandTable) find(name string) (commandInfo, bool) {
	name = strings.ToLower(name)
	parent, _, isSub := strings.Cut(name, "|")
	i, ok := t.index[parent]
	if !ok {
		return commandInfo{}, false
	}
	if !isSub {
		return t.commands[i], true
	}
	for _, sub := range t.commands[i].subcommands {
		if sub.name == name {
			return sub, true
		}
	}
	return commandInfo{}, false
}

// command answers COMMAND, COMMAND COUNT, INFO and LIST, by what the demo can do
// and not by what Redis can. It has no docs: clients use their own.
func (a *answers) command(peer *server.Peer, args []string) bool {
	sub := "INFO"
	if len(args) > 0 {
		sub = strings.ToUpper(args[0])
	}
	peer.Block(func(w *server.Writer) {
		switch {
		case sub == "INFO":
			a.table.writeInfo(w, args)
		case sub == "COUNT" && len(args) == 1:
			w.WriteInt(len(a.table.commands))
		case sub == "LIST" && len(args) == 1:
			w.WriteLen(len(a.table.commands))
			for _, c := range a.table.commands {
				w.WriteBulk(c.name)
			}
		default:
			w.WriteError("ERR the demo server knows COMMAND, COMMAND COUNT, COMMAND INFO and COMMAND LIST only")
		}
	})
	return true
}

// writeInfo answers COMMAND [INFO [name ...]].
func (t commandTable) writeInfo(w *server.Writer, args []string) {
	if len(args) <= 1 {
		w.WriteLen(len(t.commands))
		for _, c := range t.commands {
			c.write(w)
		}
		return
	}
	w.WriteLen(len(args) - 1)
	for _, name := range args[1:] {
		if c, ok := t.find(name); ok {
			c.write(w)
		} else {
			w.WriteNull()
		}
	}
}

// write sends the ten elements that Redis has sent since version 7; tips and key
// specifications are empty.
func (c commandInfo) write(w *server.Writer) {
	w.WriteLen(10)
	w.WriteBulk(c.name)
	w.WriteInt(c.arity)
	w.WriteSetLen(len(c.flags))
	for _, flag := range c.flags {
		w.WriteInline(flag)
	}
	w.WriteInt(c.first)
	w.WriteInt(c.last)
	w.WriteInt(c.step)
	w.WriteSetLen(len(c.categories))
	for _, category := range c.categories {
		w.WriteInline("@" + category)
	}
	w.WriteLen(0)
	w.WriteLen(0)
	w.WriteLen(len(c.subcommands))
	for _, sub := range c.subcommands {
		sub.write(w)
	}
}
