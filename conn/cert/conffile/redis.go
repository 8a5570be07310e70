package conffile

import (
	"fmt"
	"slices"
	"strings"
)

// Redis is what a redis.conf or a sentinel.conf says, with all it includes.
type Redis struct {
	Path     string
	Sentinel bool
	Files    []string // all that were read, Path first
	Problems []Problem
	// OpenEnd says that Path does not end with a line break.
	OpenEnd bool

	directives []Directive
	dir        string // where the server is when it opens its files; "" for where it was started
}

// Directive is one line.
type Directive struct {
	Name   string   // lower case, and for Sentinel with its second word: "tls-port", "sentinel monitor"
	Args   []string // what follows; nil when that is secret
	Origin Origin

	secret Secret
}

// Last returns the last directive of a name, which is the one that counts.
func (c *Redis) Last(name string) (Directive, bool) {
	for _, d := range slices.Backward(c.directives) {
		if d.Name == name {
			return d, true
		}
	}
	return Directive{}, false
}

// All returns the directives of a name, in order.
func (c *Redis) All(name string) []Directive {
	var all []Directive
	for _, d := range c.directives {
		if d.Name == name {
			all = append(all, d)
		}
	}
	return all
}

// Value returns the first argument of the last directive of a name, or its default.
func (c *Redis) Value(name string) Value {
	if d, ok := c.Last(name); ok && len(d.Args) > 0 {
		return Value{Text: d.Args[0], Origin: d.Origin}
	}
	return Value{Text: redisDefault(name, c.Sentinel)}
}

// Secret returns the argument of a directive that holds a password or a passphrase.
func (c *Redis) Secret(name string) Secret {
	d, _ := c.Last(name)
	return d.secret
}

// Values returns the last value of every directive about TLS, ports and addresses that has one argument, defaults included. Secrets are
// not among them.
func (c *Redis) Values() map[string]Value {
	values := make(map[string]Value)
	for _, rule := range redisRules() {
		if !rule.secret {
			values[rule.name] = c.Value(rule.name)
		}
	}
	return values
}

// Resolve returns a path of the configuration as the server opens it: from the directory of dir, when there is one, whatever the order of
// the lines.
func (c *Redis) Resolve(path string) string { return join(c.dir, path) }

// maxIncludes bounds how deep files may include others. Redis itself knows no bound, and dies of a file that includes itself.
const maxIncludes = 16

func (r Reader) redis(path string, data []byte, sentinel bool) *Redis {
	c := &Redis{Path: path, Sentinel: sentinel, OpenEnd: len(data) > 0 && data[len(data)-1] != '\n'}
	r.addRedis(c, path, data, 0)
	return c
}

// addRedis adds the lines of a file.
func (r Reader) addRedis(c *Redis, path string, data []byte, depth int) {
	c.Files = append(c.Files, path)
	number := 0
	for text := range strings.SplitSeq(string(data), "\n") {
		number++
		line := strings.Trim(text, " \t\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		r.addLine(c, line, Origin{File: path, Line: number}, depth)
	}
}

// addLine adds a line, and the files that it includes.
func (r Reader) addLine(c *Redis, line string, at Origin, depth int) {
	args, err := words(line)
	if err != nil {
		c.refuse(at, firstWord(line), "has quotes that are not closed, or text right behind a closing quote")
		return
	}
	if len(args) == 0 {
		return
	}
	name := strings.ToLower(args[0])
	args = args[1:]
	switch {
	case name == "include":
		r.include(c, args, at, depth)
		return
	case name == "dir" && len(args) == 1:
		if !r.isDir(join(c.dir, args[0])) {
			c.refuse(at, name, "names a directory that does not exist")
			return
		}
		c.dir = join(c.dir, args[0])
	case name == "sentinel" && !c.Sentinel:
		c.refuse(at, name, "belongs into a sentinel.conf")
		return
	case name == "sentinel" && len(args) > 0:
		name, args = name+" "+strings.ToLower(args[0]), args[1:]
	}
	c.add(Directive{Name: name, Args: args, Origin: at})
}

// add adds a directive, if the server would not refuse it.
func (c *Redis) add(d Directive) {
	if problem, refused := checkRedis(d); refused {
		c.Problems = append(c.Problems, problem)
		return
	}
	if isRedisSecret(d.Name) {
		d.secret, d.Args = newSecret(strings.Join(d.Args, " "), d.Origin), nil
	}
	c.directives = append(c.directives, d)
}

func (c *Redis) refuse(at Origin, name, detail string) {
	c.Problems = append(c.Problems, Problem{Origin: at, Name: name, Detail: detail})
}

// include adds the files that an include names. A pattern may match nothing; a name may not.
func (r Reader) include(c *Redis, args []string, at Origin, depth int) {
	const name = "include"
	switch {
	case len(args) != 1:
		c.refuse(at, name, "takes one file or pattern; write one line for each")
		return
	case depth == maxIncludes:
		c.refuse(at, name, "goes too deep; a file seems to include itself")
		return
	}
	path := join(c.dir, args[0])
	paths := []string{path}
	if strings.ContainsAny(path, "*?[") {
		paths = r.glob(path)
	}
	for _, path := range paths {
		const mostFiles = 1000
		data, err := r.ReadFile(path)
		switch {
		case err != nil:
			c.refuse(at, name, fmt.Sprintf("names a file that cannot be read (%s)", reason(err)))
		case len(c.Files) < mostFiles:
			r.addRedis(c, path, data, depth+1)
		}
	}
}

// firstWord returns the word that a line begins with, when it can be the name of a directive.
func firstWord(line string) string {
	for i := range len(line) {
		if c := lower(line[i]); (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return line[:i]
		}
	}
	return line
}
