package conffile

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"redan/commands/nearest"
)

// form is what the one argument of a directive has to look like.
type form int

const (
	anyText form = iota
	yesNo
	portNumber
	number
	oneOf
)

// redisRule is a directive of which exactly one argument is expected.
type redisRule struct {
	name     string
	form     form
	fallback string   // the default
	words    []string // for oneOf
	secret   bool
}

// redisRules are the directives that have to do with TLS, ports and addresses, in Redis 7.0.
func redisRules() []redisRule {
	return []redisRule{
		{name: "port", form: portNumber, fallback: "6379"},
		{name: "tls-port", form: portNumber, fallback: "0"},
		{name: "tls-cert-file"},
		{name: "tls-key-file"},
		{name: "tls-key-file-pass", secret: true},
		{name: "tls-client-cert-file"},
		{name: "tls-client-key-file"},
		{name: "tls-client-key-file-pass", secret: true},
		{name: "tls-dh-params-file"},
		{name: "tls-ca-cert-file"},
		{name: "tls-ca-cert-dir"},
		{name: "tls-auth-clients", form: oneOf, fallback: "yes", words: []string{"no", "yes", "optional"}},
		{name: "tls-protocols"},
		{name: "tls-ciphers"},
		{name: "tls-ciphersuites"},
		{name: "tls-prefer-server-ciphers", form: yesNo, fallback: "no"},
		{name: "tls-session-caching", form: yesNo, fallback: "yes"},
		{name: "tls-session-cache-size", form: number, fallback: "20480"},
		{name: "tls-session-cache-timeout", form: number, fallback: "300"},
		{name: "tls-replication", form: yesNo, fallback: "no"},
		{name: "tls-cluster", form: yesNo, fallback: "no"},
		{name: "cluster-enabled", form: yesNo, fallback: "no"},
		{name: "cluster-port", form: portNumber, fallback: "0"},
		{name: "cluster-announce-ip"},
		{name: "cluster-announce-hostname"},
		{name: "cluster-announce-port", form: portNumber, fallback: "0"},
		{name: "cluster-announce-tls-port", form: portNumber, fallback: "0"},
		{name: "cluster-announce-bus-port", form: portNumber, fallback: "0"},
		{
			name: "cluster-preferred-endpoint-type", form: oneOf, fallback: "ip",
			words: []string{"ip", "hostname", "unknown-endpoint"},
		},
		{name: "replica-announce-ip"},
		{name: "protected-mode", form: yesNo, fallback: "yes"},
		{name: "requirepass", secret: true},
		{name: "masterauth", secret: true},
		{name: "aclfile"},
		{name: "unixsocket"},
		{name: "dir"},
	}
}

// newerTLSDirectives are not in Redis 7.0, which refuses them, but in later versions or in Valkey.
func newerTLSDirectives() []string {
	return []string{"tls-auth-clients-user", "tls-auto-reload-interval", "tls-session-tickets", "max-new-tls-connections-per-cycle"}
}

// otherRedisDirectives are further ones by which a redis.conf is known.
func otherRedisDirectives() []string {
	return []string{
		"bind", "replicaof", "slaveof", "rename-command", "user", "loadmodule", "save", "appendonly", "appendfsync", "daemonize", "databases",
		"dbfilename", "logfile", "loglevel", "maxclients", "maxmemory", "maxmemory-policy", "pidfile", "supervised", "tcp-backlog",
		"tcp-keepalive", "timeout", "unixsocketperm", "cluster-config-file", "cluster-node-timeout", "repl-timeout", "masteruser", "io-threads",
	}
}

func isRedisDirective(name string) bool {
	if slices.Contains(otherRedisDirectives(), name) || slices.Contains(newerTLSDirectives(), name) {
		return true
	}
	_, ok := ruleOf(name)
	return ok || strings.HasPrefix(name, "tls-")
}

// isRedisSecret reports whether the arguments of a directive may not be shown. Those of user hold passwords too.
func isRedisSecret(name string) bool {
	switch name {
	case "user", "sentinel auth-pass", "sentinel sentinel-pass":
		return true
	}
	rule, _ := ruleOf(name)
	return rule.secret
}

func ruleOf(name string) (redisRule, bool) {
	for _, rule := range redisRules() {
		if rule.name == name {
			return rule, true
		}
	}
	return redisRule{}, false
}

// redisDefault returns what a directive is when it is not given.
func redisDefault(name string, sentinel bool) string {
	switch {
	case sentinel && name == "port":
		return "26379"
	case sentinel && name == "protected-mode":
		return "no"
	}
	rule, _ := ruleOf(name)
	return rule.fallback
}

// checkRedis says why the server would refuse a directive.
func checkRedis(d Directive) (Problem, bool) {
	refuse := func(detail string) (Problem, bool) {
		return Problem{Origin: d.Origin, Name: d.Name, Detail: detail}, true
	}
	rule, known := ruleOf(d.Name)
	const monitored = 4
	switch {
	case d.Name == "sentinel monitor" && len(d.Args) != monitored:
		return refuse("takes a name, a host, a port and a quorum")
	case !known:
		return unknownRedis(d)
	case len(d.Args) == 1:
		if detail := rule.refuses(d.Args[0]); detail != "" {
			return refuse(detail)
		}
		return Problem{}, false
	case len(d.Args) == 0:
		return refuse("has no value")
	case slices.ContainsFunc(d.Args, func(arg string) bool { return strings.HasPrefix(arg, "#") }):
		p, _ := refuse("has a comment behind its value, which belongs on a line of its own")
		p.Edit = `s/[ \t]\{1,\}#.*$//`
		return p, true
	default:
		return refuse("takes one value, and has " + strconv.Itoa(len(d.Args)) + "; one with blanks in it stands in quotes")
	}
}

// refuses says what is wrong with the value of a directive, or nothing.
func (r redisRule) refuses(value string) string {
	switch r.form {
	case yesNo:
		if !equalFold(value, "yes") && !equalFold(value, "no") {
			return fmt.Sprintf("must be yes or no, not %q", value)
		}
	case oneOf:
		if !slices.ContainsFunc(r.words, func(word string) bool { return equalFold(word, value) }) {
			return fmt.Sprintf("must be one of %s, not %q", strings.Join(r.words, ", "), value)
		}
	case portNumber, number:
		most := 65535
		if r.form == number {
			most = 1<<31 - 1
		}
		if n, ok := plainNumber(value); !ok || n > most {
			return fmt.Sprintf("must be a number from 0 to %d, not %q", most, value)
		}
	case anyText:
	}
	return ""
}

// plainNumber reads digits without sign or leading zeros: Redis takes no others.
func plainNumber(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0 && strconv.Itoa(n) == text
}

// unknownRedis says what is wrong with a directive that has no rule here: one of TLS is misspelt; of all others nothing is said.
func unknownRedis(d Directive) (Problem, bool) {
	known := make([]string, 0, len(redisRules()))
	for _, rule := range redisRules() {
		if strings.HasPrefix(rule.name, "tls-") {
			known = append(known, rule.name)
		}
	}
	p := Problem{Origin: d.Origin, Name: d.Name, Unknown: true}
	switch {
	case slices.Contains(newerTLSDirectives(), d.Name):
		return Problem{}, false
	case strings.HasPrefix(d.Name, "tls-"), strings.HasPrefix(d.Name, "tls_"), strings.HasPrefix(d.Name, "\ufeff"):
		if rest, marked := strings.CutPrefix(d.Name, "\ufeff"); marked {
			p.Name = rest
			p.Detail, p.Edit = "begins with a byte order mark, which Redis takes for a part of the directive", `s/^\xEF\xBB\xBF//`
			return p, true
		}
		name := strings.ReplaceAll(d.Name, "_", "-")
		if p.Nearest = beginning(name, known); p.Nearest == "" {
			p.Nearest = nearest.Word(name, known)
		}
		p.Detail = "is no directive of Redis"
		if p.Nearest != "" {
			p.Edit = replacing(d.Name, p.Nearest)
		}
		return p, true
	}
	return Problem{}, false
}

// beginning returns the one of known that begins with word, when there is just one, or one that adds -file to it.
func beginning(word string, known []string) string {
	if slices.Contains(known, word) {
		return word
	}
	if slices.Contains(known, word+"-file") {
		return word + "-file"
	}
	found := ""
	for _, name := range known {
		if strings.HasPrefix(name, word) {
			if found != "" {
				return ""
			}
			found = name
		}
	}
	return found
}

// reason is the text of err without the path.
func reason(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	return "it cannot be read"
}
