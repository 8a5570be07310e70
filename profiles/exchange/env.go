package exchange

import (
	"strings"
)

// variable is a line NAME=value of a shell or a .env file.
type variable struct {
	name, value string
}

// variables takes the assignments out of a text. Quoted values may have several lines; lines that are none are passed over: there may be
// anything in such a file.
func variables(text string) []variable {
	var list []variable
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
	for text != "" {
		line, rest, _ := strings.Cut(text, "\n")
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name), "export "))
		if !ok || !isVariable(name) {
			text = rest
			continue
		}
		value = strings.TrimLeft(value, " \t")
		if value != "" && (value[0] == '"' || value[0] == '\'') {
			quote := value[0]
			unread := text[len(line)-len(value)+1:]
			if inner, after, closed := quoted(unread, quote); closed {
				value = inner
				_, rest, _ = strings.Cut(after, "\n")
			} else {
				value = value[1:]
			}
		} else {
			value, _, _ = strings.Cut(value, " #")
			value = strings.TrimSpace(value)
		}
		list = append(list, variable{name, value})
		text = rest
	}
	return list
}

func isVariable(name string) bool {
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_'
	}
	return name != "" && !strings.ContainsFunc(name, odd) && (name[0] < '0' || name[0] > '9')
}

// quoted returns what stands before the closing quote, and what follows it. A backslash is one only in double quotes.
func quoted(text string, quote byte) (inner, after string, closed bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == quote:
			return b.String(), text[i+1:], true
		case c == '\\' && quote == '"' && i+1 < len(text):
			i++
			switch text[i] {
			case 'n':
				b.WriteByte('\n')
			case '"', '\\', '$', '`':
				b.WriteByte(text[i])
			default:
				b.WriteByte('\\')
				b.WriteByte(text[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}

// readEnv reads variables that hold an address, and families such as REDIS_HOST, REDIS_PORT, REDIS_PASSWORD.
func readEnv(f file) (found, error) {
	list := variables(string(f.data))
	values := map[string]string{}
	for _, v := range list {
		values[v.name] = v.value
	}
	var all found
	done := map[string]bool{}
	for _, v := range list {
		family := familyOf(v.name)
		if !isAddress(v.value) || values[v.name] != v.value || done[v.name] {
			continue
		}
		done[v.name], done[family] = true, true
		s := server{label: strings.ToLower(strings.ReplaceAll(family, "_", "-"))}
		s.uri(v.value, passwordAlone)
		s.family(values, family)
		s.in(f.folder)
		all.add(s)
	}
	for _, v := range list {
		family, isHost := strings.CutSuffix(v.name, "_HOST")
		if !isHost || done[family] || !isRedisWord(family) || v.value == "" {
			continue
		}
		done[family] = true
		s := server{label: strings.ToLower(strings.ReplaceAll(family, "_", "-")), host: v.value}
		s.family(values, family)
		s.dropPlaceholder()
		s.in(f.folder)
		all.add(s)
	}
	return all, nil
}

// familyOf returns the name of a variable without what says that it is an address.
func familyOf(name string) string {
	for _, suffix := range []string{"_URL", "_URI", "_DSN", "_CONNECTION_STRING", "_ADDRESS", "_ADDR"} {
		if family, ok := strings.CutSuffix(strings.ToUpper(name), suffix); ok && family != "" {
			return name[:len(family)]
		}
	}
	return name
}

func isRedisWord(name string) bool {
	name = strings.ToUpper(name)
	return strings.Contains(name, "REDIS") || strings.Contains(name, "VALKEY")
}

// family takes the other variables of a family, where the address does not say it already.
func (s *server) family(values map[string]string, family string) {
	first := func(suffixes ...string) string {
		for _, suffix := range suffixes {
			if value := values[family+suffix]; value != "" {
				return value
			}
		}
		return ""
	}
	if s.port == 0 {
		s.number(object{"port": first("_PORT")}, "port", "port", &s.port)
	}
	if s.db == 0 {
		s.number(object{"db": first("_DB", "_DATABASE")}, "db", "database", &s.db)
	}
	if s.user == "" {
		s.user = first("_USERNAME", "_USER")
	}
	if !s.password.IsSet() {
		s.password = secret(first("_PASSWORD", "_PASS", "_AUTH"))
	}
	on, _ := object{"on": first("_TLS", "_SSL", "_ENABLE_TLS")}.flag("on")
	ca := first("_CA", "_CACERT", "_CERTFILE", "_CA_FILE", "_TLS_CA")
	if inline := decoded(first("_CERTB64", "_CA_BASE64", "_TLS_CA_CERT_B64")); inline != "" {
		ca = inline
	} else if inline := decoded(ca); inline != "" && len(ca) > 100 { // no path looks like it
		ca = inline
	}
	if s.tls == nil && (on || ca != "") {
		s.tls = &security{}
	}
	if s.tls != nil && ca != "" {
		s.tls.ca = ca
	}
}
