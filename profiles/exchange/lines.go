package exchange

import "strings"

// readURIs reads addresses, one a line, each with a name before it or not: "orders = rediss://ann@host/1".
func readURIs(f file) (found, error) {
	var all found
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(string(f.data), "\ufeff")) {
		number++
		line = strings.TrimSpace(line)
		if isRemark(line) || strings.HasPrefix(line, "//") {
			continue
		}
		name, address, ok := nameAndAddress(line)
		if !ok {
			all.notef("line %d has no address such as redis://host:6379", number)
			continue
		}
		s := server{label: lineLabel(name), line: number}
		if all.count < maxServers {
			s.uri(address, passwordAlone)
		}
		s.in(f.folder)
		s.nameByHost()
		all.add(s)
	}
	return all, nil
}

func isRemark(line string) bool { return line == "" || line[0] == '#' || line[0] == ';' }

// in says what paths are relative to.
func (s *server) in(folder string) {
	if s.tls != nil {
		s.tls.folder = folder
	}
}

// nameByHost names a server that has no name by the first part of its host's.
func (s *server) nameByHost() {
	if s.label != "" || s.fault != nil {
		return
	}
	host, _, _ := strings.Cut(s.host, ".")
	if profileName(host) != host || strings.Trim(host, "0123456789") == "" {
		return // an address: whoever makes the entry has a name for those
	}
	s.label = host
}

// nameAndAddress takes a line apart.
func nameAndAddress(line string) (name, address string, ok bool) {
	until, _, found := strings.Cut(line, "://")
	if !found {
		return "", "", false
	}
	start := strings.LastIndexFunc(until, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '+' && r != '-'
	}) + 1
	before, address := line[:start], line[start:]
	if quote := strings.TrimRight(before, `"'`); len(quote) < len(before) {
		address, _, _ = strings.Cut(address, before[len(before)-1:])
	} else if end := strings.IndexAny(address, " \t"); end >= 0 {
		address = address[:end]
	}
	before = strings.TrimPrefix(strings.TrimPrefix(before, "- "), "export ")
	return strings.Trim(before, " \t=:,\"'"), strings.TrimRight(address, ","), true
}

// readIRedis reads the section [alias_dsn].
func readIRedis(f file) (found, error) {
	var all found
	inside, seen, number := false, false, 0
	for line := range strings.Lines(strings.TrimPrefix(string(f.data), "\ufeff")) {
		number++
		line = strings.TrimSpace(line)
		switch {
		case isRemark(line):
		case line[0] == '[':
			inside = isAliasSection(line)
			seen = seen || inside
		case inside:
			name, value, ok := strings.Cut(line, "=")
			if !ok {
				all.notef("line %d has no name = address", number)
				continue
			}
			_, address, ok := nameAndAddress("= " + strings.TrimSpace(value))
			s := server{label: lineLabel(strings.Trim(strings.TrimSpace(name), `"'`)), line: number}
			if !ok {
				address = ""
			}
			if all.count < maxServers {
				s.uri(address, userAlone)
			}
			s.in(f.folder)
			all.add(s)
		}
	}
	if !seen {
		return found{}, malformed(IRedis, "it has no section [alias_dsn]")
	}
	return all, nil
}

func isAliasSection(line string) bool {
	name, _, closed := strings.Cut(strings.TrimSpace(line), "]")
	return closed && strings.TrimSpace(strings.TrimPrefix(name, "[")) == "alias_dsn"
}
