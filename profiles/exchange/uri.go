package exchange

import (
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"redan/conn"
)

// alone is what a user info without a colon stands for, on which programs differ.
type alone bool

const (
	passwordAlone alone = false // as redis-cli has it
	userAlone     alone = true  // as URLs have it, and most libraries
)

// scheme is what the word before :// says.
type scheme struct {
	canonical        string // the one that conn knows
	follow, sentinel bool
}

// schemeOf returns what a scheme says; libraries have invented several for what redis:// cannot tell.
func schemeOf(word string) (scheme, bool) {
	switch strings.ToLower(word) {
	case "redis", "valkey":
		return scheme{canonical: "redis"}, true
	case "rediss", "valkeys", "redis+tls", "redis+ssl":
		return scheme{canonical: "rediss"}, true
	case "unix", "redis+unix", "redis+socket", "redis-socket":
		return scheme{canonical: "unix"}, true
	case "redis-cluster", "redis+cluster", "valkey-cluster":
		return scheme{canonical: "redis", follow: true}, true
	case "rediss-cluster", "rediss+cluster":
		return scheme{canonical: "rediss", follow: true}, true
	case "redis-sentinel", "redis+sentinel", "rediss-sentinel", "rediss+sentinel":
		return scheme{sentinel: true}, true
	}
	return scheme{}, false
}

// isAddress reports whether a text begins as an address of Redis does.
func isAddress(text string) bool {
	word, _, found := strings.Cut(text, "://")
	_, known := schemeOf(word)
	return found && known
}

// uri takes what an address says. No part of it gets into a note or an error, because anything in it may be a secret.
func (s *server) uri(text string, rule alone) {
	word, rest, _ := strings.Cut(text, "://")
	kind, known := schemeOf(word)
	switch {
	case !known:
		s.failf("its address does not begin with redis://, rediss://, valkey:// or unix://")
		return
	case kind.sentinel:
		s.failf("its address is one of sentinels, which redan does not ask for the master yet")
		return
	}
	s.follow = kind.follow
	at := strings.LastIndex(rest, "@") + 1
	info, target := rest[:at], rest[at:]
	target, _, _ = strings.Cut(target, "#")
	target, query, _ := strings.Cut(target, "?")
	if authority, path, _ := strings.Cut(target, "/"); kind.canonical != "unix" && strings.Contains(authority, ",") {
		first, _, _ := strings.Cut(authority, ",")
		target = first + "/" + path
		s.notef("the first of several addresses was taken")
	}
	var o conn.Options
	if err := o.ApplyURI(kind.canonical + "://" + info + target); err != nil {
		s.failf("its address %w", uriFault(err))
		return
	}
	s.options(o, info != "" && !strings.Contains(info, ":"), rule)
	s.parameters(query)
	s.dropPlaceholder()
}

// options takes what conn read out of an address.
func (s *server) options(o conn.Options, bare bool, rule alone) {
	s.host, s.socket, s.port, s.db, s.user = o.Host, o.Socket, o.Port, o.DB, o.User
	if s.host == "" && s.socket == "" {
		s.host = conn.DefaultHost
	}
	if o.TLS != nil {
		s.tls = &security{}
	}
	switch {
	case !bare:
		s.password = secret(o.Password.Reveal())
	case rule == userAlone:
		s.user = o.Password.Reveal()
	default:
		s.password = secret(o.Password.Reveal())
		s.notef("what stands before the @ without a colon was taken for the password, as redis-cli takes it")
	}
}

// uriFault is what is wrong with an address, without any of it.
func uriFault(err error) error {
	switch {
	case errors.Is(err, conn.ErrURIPort):
		return errors.New("has no number from 1 to 65535 for its port")
	case errors.Is(err, conn.ErrURIEncoding), errors.Is(err, conn.ErrURIIncomplete):
		return errors.New("has a % that no two hexadecimal digits follow; a % itself is written %25")
	case errors.Is(err, conn.ErrURIHost):
		return errors.New("has an IPv6 address without brackets")
	}
	return errors.New("is none that redan understands")
}

// parameters takes what libraries write behind the ? of an address.
func (s *server) parameters(query string) {
	values, err := url.ParseQuery(query)
	if err != nil {
		s.notef("what stands behind the ? of its address cannot be read")
	}
	unknown := 0
	for key, list := range values {
		if value := list[len(list)-1]; !s.parameter(strings.ToLower(key), value) && !s.tlsParameter(strings.ToLower(key), value) {
			unknown++
		}
	}
	if unknown > 0 {
		s.notef("%d of the parameters behind the ? of its address were not taken over", unknown)
	}
}

// parameter takes a parameter, unless it knows none of that name.
func (s *server) parameter(key, value string) bool {
	switch key {
	case "db", "database":
		s.number(object{"db": value}, "db", "database", &s.db)
	case "user", "username":
		s.user = value
	case "password":
		s.password = secret(value)
	case "protocol":
		if value == "3" {
			s.protocol = 3
		}
	case "client_name", "clientname":
		s.clientName = value
	case "dial_timeout", "connect_timeout", "socket_connect_timeout":
		if span, err := time.ParseDuration(value); err == nil && span > 0 {
			s.timeout = span
		} else if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 && seconds < 1e6 {
			s.timeout = time.Duration(seconds * float64(time.Second)).Round(time.Millisecond)
		}
	default:
		return false
	}
	return true
}

// tlsParameter is parameter for those about TLS. Any of them turns it on, but for one that says what is so without TLS.
func (s *server) tlsParameter(key, value string) bool {
	t := security{}
	if s.tls != nil {
		t = *s.tls
	}
	yes, _ := object{"": value}.flag("")
	switch key {
	case "ssl", "tls":
		if !yes {
			return true
		}
	case "ssl_cert_reqs", "verify_ssl", "verifypeer":
		if !slices.Contains([]string{"none", "cert_none", "false"}, strings.ToLower(value)) {
			return true
		}
		t.verify = "none"
	case "skip_verify", "insecure", "insecure_skip_verify":
		if !yes {
			return true
		}
		t.verify = "none"
	case "ssl_check_hostname":
		if t.verify == "" && !yes {
			t.verify = "ca"
		}
	case "ssl_ca_certs", "cacert", "ssl_ca_data":
		t.ca = value
	case "ssl_ca_path", "cacertdir":
		t.caDirs = []string{value}
	case "ssl_certfile", "cert":
		t.cert = value
	case "ssl_keyfile", "key":
		t.key = value
	case "ssl_password", "ssl_keyfile_password":
		t.passphrase = secret(value)
	case "sni", "servername", "tls_servername":
		t.serverName = value
	default:
		return false
	}
	s.tls = &t
	return true
}

// dropPlaceholder drops a password that is the name of a variable, as documents and templates have it.
func (s *server) dropPlaceholder() {
	if isPlaceholder(s.password.Reveal()) {
		s.password = conn.Secret{}
		s.notef("a variable stands for the password, and was left out")
	}
}

func isPlaceholder(text string) bool {
	found, _ := regexp.MatchString(`^(\$[A-Z_][A-Z0-9_]*|\$\{[^}]*\}|<[a-z _-]+>)$`, text)
	return found
}
