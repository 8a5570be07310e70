package exchange

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"redan/conn"
	"redan/profiles"
	"redan/profiles/tomlfile"
)

// server is what a file says of one server, in the terms of a profile.
type server struct {
	label string
	line  int // where it stands, in formats with lines

	description, group, color, environment string
	tags                                   []string
	readOnly                               bool
	delimiter, filter                      string

	host, socket, user, clientName string
	port, db, protocol             int
	timeout                        time.Duration
	password                       conn.Secret
	tls                            *security
	follow                         bool

	notes []string
	fault error // what makes it unusable
}

// notef adds a line about what was not taken over. Its arguments must not be secrets.
func (s *server) notef(format string, args ...any) {
	s.notes = append(s.notes, fmt.Sprintf(format, args...))
}

// failf says that the server cannot become a profile. The first reason counts.
func (s *server) failf(format string, args ...any) {
	if s.fault == nil {
		s.fault = fmt.Errorf(format, args...)
	}
}

// secret returns a secret, unless it is empty: tools write "" for none.
func secret(text string) conn.Secret {
	if text == "" {
		return conn.Secret{}
	}
	return conn.NewSecret(text)
}

// number takes a number of a profile from a key of the file.
func (s *server) number(o object, key, what string, into *int) {
	n, given, err := o.number(key)
	switch {
	case err != nil:
		s.failf("its %s %w", what, err)
	case given:
		*into = n
	}
}

// address takes the host from a key of the file, and the port.
func (s *server) address(o object, host string) {
	s.host = strings.TrimSpace(o.text(host))
	if bare, ok := strings.CutPrefix(s.host, "["); ok {
		s.host = strings.TrimSuffix(bare, "]")
	}
	s.number(o, "port", "port", &s.port)
}

// after takes a time span, unless it is the tool's default, which says nothing about the server.
func (s *server) after(o object, key string, unit, usual time.Duration) {
	n, given, err := o.number(key)
	if given && err == nil && n > 0 && n < 1_000_000_000 && time.Duration(n)*unit != usual {
		s.timeout = time.Duration(n) * unit
	}
}

// colour takes a colour, when it is one.
func (s *server) colour(text string) {
	hex, ok := strings.CutPrefix(text, "#")
	if _, err := strconv.ParseUint(hex, 16, 32); ok && err == nil && len(hex) == 6 {
		s.color = text
	}
}

// check returns what is wrong with the server as a whole.
func (s *server) check() error {
	odd := func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune(`@/\?#$`, r)
	}
	switch {
	case s.fault != nil:
		return s.fault
	case s.host == "" && s.socket == "":
		return errors.New("it has no host")
	case strings.ContainsFunc(s.host, odd):
		return errors.New("its host is no name and no address")
	case s.port < 0 || s.port > 65535:
		return errors.New("its port is no number from 1 to 65535")
	case s.db < 0:
		return errors.New("its database is no number from 0 on")
	}
	return nil
}

// entry returns what becomes of the server. Its error says why nothing can.
func (s *server) entry(taken names) (Entry, error) {
	if err := s.check(); err != nil {
		return Entry{}, err
	}
	e := Entry{Label: printable(s.label), Secrets: map[string]conn.Secret{}}
	if e.Label == "" {
		e.Label = s.where()
	}
	name := profileName(e.Label)
	if name == "" {
		name = profileName(s.where())
	}
	if name == "" {
		name = "redis"
	}
	e.Name = taken.take(name)
	if name != e.Label && s.description == "" && s.label != "" {
		s.description = e.Label
	}
	s.describe(&e)
	s.reach(&e)
	if s.password.IsSet() {
		e.Secrets["password"] = s.password
	}
	if s.tls != nil {
		s.tls.apply(&e, s)
	}
	if s.follow {
		e.set(true, "cluster", "follow")
	}
	e.Notes = s.notes
	return e, valid(e)
}

// where is the address, as a name for those that have none.
func (s *server) where() string {
	switch {
	case s.socket != "":
		return s.socket
	case s.port == 0 || s.port == conn.DefaultPort:
		return s.host
	}
	return s.host + "-" + strconv.Itoa(s.port)
}

// set adds a change, unless it would say nothing.
func (e *Entry) set(value any, path ...string) {
	switch v := value.(type) {
	case string:
		if v == "" {
			return
		}
	case int:
		if v == 0 {
			return
		}
	case bool:
		if !v {
			return
		}
	case []string:
		if len(v) == 0 {
			return
		}
	}
	e.Changes = append(e.Changes, profiles.Set(value, path...))
}

func (s *server) describe(e *Entry) {
	e.set(printable(s.description), "description")
	e.set(printable(s.group), "group")
	e.set(s.tags, "tags")
	e.set(s.color, "color")
	e.set(s.environment, "environment")
	e.set(s.readOnly, "read_only")
	if s.delimiter != ":" {
		e.set(s.delimiter, "delimiter")
	}
	if s.filter != "*" {
		e.set(s.filter, "filter")
	}
}

func (s *server) reach(e *Entry) {
	if s.socket != "" {
		e.set(s.socket, "socket")
	} else {
		e.set(s.host, "host")
		e.set(s.port, "port")
	}
	e.set(s.user, "user")
	e.set(s.db, "db")
	e.set(s.protocol, "protocol")
	e.set(s.clientName, "client_name")
	if s.timeout > 0 {
		e.set(s.timeout.String(), "timeout")
	}
}

// valid returns an error unless the changes make a profile.
func valid(e Entry) error {
	leaves := make([]tomlfile.Leaf, len(e.Changes))
	for i, c := range e.Changes {
		if !isText(c) {
			return fmt.Errorf("%s is no text of UTF-8", short(strings.Join(c.Path, ".")))
		}
		leaves[i] = tomlfile.Leaf{Path: c.Path, Value: plain(c.Value)}
	}
	var p profiles.Profile
	for _, fault := range tomlfile.Decode(leaves, &p) {
		return fault
	}
	return nil
}

// isText reports whether a change can stand in a file of TOML, which is UTF-8.
func isText(c profiles.Change) bool {
	texts, _ := c.Value.([]string)
	text, _ := c.Value.(string)
	return !slices.ContainsFunc(slices.Concat(texts, c.Path, []string{text}), func(text string) bool { return !utf8.ValidString(text) })
}

// plain returns a value as the decoder has it from a file.
func plain(value any) any {
	switch v := value.(type) {
	case int:
		return int64(v)
	case []string:
		list := make([]any, len(v))
		for i, text := range v {
			list[i] = text
		}
		return list
	}
	return value
}

// splitHostPort returns both parts of an address as stunnel has it: "host:6379", "[::1]:6379", or the port alone.
func splitHostPort(text string) (host string, port int, err error) {
	at := strings.LastIndexByte(text, ':')
	port, err = strconv.Atoi(text[at+1:])
	if err != nil || port < 1 || port > 65535 {
		return "", 0, errors.New("has no number from 1 to 65535 for its port")
	}
	return strings.Trim(text[:max(at, 0)], "[]"), port, nil
}

// unique returns a list without empty and repeated texts.
func unique(texts ...string) []string {
	var list []string
	for _, text := range texts {
		if text = printable(text); text != "" && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}
