package conffile

import (
	"bytes"
	"strings"
)

// Kind is a kind of configuration file.
type Kind int

// The kinds of files.
const (
	KindUnknown Kind = iota
	KindRedis
	KindSentinel
	KindStunnel
)

// String returns the usual name of such a file, "redis.conf".
func (k Kind) String() string {
	switch k {
	case KindRedis:
		return "redis.conf"
	case KindSentinel:
		return "sentinel.conf"
	case KindStunnel:
		return "stunnel.conf"
	default:
		return "unknown"
	}
}

// Detect returns what kind of file data is, by what it says and not by its name. Text that could be a redis.conf is taken for one only if a
// line of it begins with a directive that this package knows.
func Detect(data []byte) Kind {
	if bytes.IndexByte(data, 0) >= 0 || bytes.Contains(data, []byte("-----BEGIN ")) {
		return KindUnknown
	}
	kind := KindUnknown
	for text := range strings.Lines(string(data)) {
		line := strings.TrimPrefix(strings.TrimSpace(text), "\ufeff")
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		switch found := kindOfLine(line); found {
		case KindStunnel, KindSentinel:
			return found
		case KindRedis:
			kind = KindRedis
		case KindUnknown:
		}
	}
	return kind
}

func kindOfLine(line string) Kind {
	if line[0] == '[' && strings.HasSuffix(line, "]") {
		return KindStunnel
	}
	name, _, isOption := strings.Cut(line, "=")
	if isOption && isStunnelOption(strings.TrimSpace(name)) {
		return KindStunnel
	}
	fields := strings.Fields(line)
	switch name := strings.ToLower(fields[0]); {
	case name == "sentinel" && len(fields) > 1:
		return KindSentinel
	case name == "include", isRedisDirective(name):
		return KindRedis
	}
	return KindUnknown
}
