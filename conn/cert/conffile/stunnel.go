package conffile

import (
	"path/filepath"
	"slices"
	"strings"
)

// Stunnel is what a stunnel.conf says, with all it includes.
type Stunnel struct {
	Path     string
	Files    []string
	Services []Service
	Problems []Problem
}

// Service is a section of a stunnel.conf: one tunnel. A file without sections is one service without a name.
type Service struct {
	Name   string
	Origin Origin // of its [name]

	global, own []option
}

// option is one line, under its lower-case name.
type option struct {
	name string
	Value
}

// Value returns the last value of an option of the service, else of the part above all sections, else its default. Names do not depend on
// case.
func (s Service) Value(name string) Value {
	name = strings.ToLower(name)
	for _, options := range [][]option{s.own, s.global} {
		for _, o := range slices.Backward(options) {
			if o.name == name {
				return o.Value
			}
		}
	}
	return Value{Text: stunnelDefault(name)}
}

// Values returns all values of an option that may be given several times, such as checkHost.
func (s Service) Values(name string) []Value {
	name = strings.ToLower(name)
	var values []Value
	for _, o := range append(append([]option(nil), s.global...), s.own...) {
		if o.name == name {
			values = append(values, o.Value)
		}
	}
	return values
}

// stunnelFile is a stunnel.conf being read.
type stunnelFile struct {
	*Stunnel
	global []option
}

func (r Reader) stunnel(path string, data []byte) *Stunnel {
	f := &stunnelFile{Stunnel: &Stunnel{Path: path}}
	r.addStunnel(f, path, data, 0)
	byInetd := len(f.Services) == 0 // which starts it for each connection
	if byInetd {
		f.Services = []Service{{Origin: Origin{File: path, Line: 1}}}
	}
	for i := range f.Services {
		f.Services[i].global = f.global
	}
	if !byInetd {
		f.checkServices()
	}
	return f.Stunnel
}

func (r Reader) addStunnel(f *stunnelFile, path string, data []byte, depth int) {
	f.Files = append(f.Files, path)
	number := 0
	for text := range strings.SplitSeq(strings.TrimPrefix(string(data), "\ufeff"), "\n") {
		number++
		at := Origin{File: path, Line: number}
		line := strings.TrimSpace(text)
		switch {
		case line == "" || line[0] == ';' || line[0] == '#':
		case line[0] == '[' && strings.HasSuffix(line, "]"):
			f.Services = append(f.Services, Service{Name: line[1 : len(line)-1], Origin: at})
		default:
			r.addOption(f, line, at, depth)
		}
	}
}

// addOption adds a line "name = value", and the files that it includes.
func (r Reader) addOption(f *stunnelFile, line string, at Origin, depth int) {
	name, value, ok := strings.Cut(line, "=")
	if !ok {
		f.Problems = append(f.Problems, Problem{Origin: at, Name: firstWord(line), Detail: "has no = and value"})
		return
	}
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if strings.EqualFold(name, "include") {
		r.includeAll(f, value, at, depth)
		return
	}
	if problem, refused := checkStunnel(name, value, at, len(f.Services) > 0); refused {
		f.Problems = append(f.Problems, problem)
		return
	}
	o := option{name: strings.ToLower(name), Value: Value{Text: value, Origin: at}}
	if last := len(f.Services) - 1; last >= 0 {
		f.Services[last].own = append(f.Services[last].own, o)
		return
	}
	f.global = append(f.global, o)
}

// includeAll adds the files of a directory, in the order of their names.
func (r Reader) includeAll(f *stunnelFile, dir string, at Origin, depth int) {
	if depth == maxIncludes || !r.isDir(dir) {
		f.Problems = append(f.Problems, Problem{Origin: at, Name: "include", Detail: "names a directory that does not exist"})
		return
	}
	for _, path := range r.glob(filepath.Join(dir, "*")) {
		if data, err := r.ReadFile(path); err == nil {
			r.addStunnel(f, path, data, depth+1)
		}
	}
}
