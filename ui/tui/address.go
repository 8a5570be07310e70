package tui

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"redan/commands"
	"redan/conn"
	"redan/conn/cert"
)

var (
	errNoAddress = errors.New("type an address, such as db.example.com:6379")
	errBadPort   = errors.New("a port is a number from 1 to 65535")
	errBadDB     = errors.New("-n is the number of a database, from 0 on")
	errAskpass   = errors.New("--askpass asks in a shell; here the password is typed behind -a, and kept nowhere")
	errFollow    = errors.New("-c is for the whole program: leave, and start it with -c")
	errVerify    = errors.New("--tls-verify is full, ca or none")
)

// splitHostPort parts host and port; one that is left out is empty or 0.
func splitHostPort(text string) (host string, port int, err error) {
	host = text
	rest := ""
	if inner, after, ok := strings.Cut(strings.TrimPrefix(text, "["), "]"); ok && strings.HasPrefix(text, "[") {
		host, rest = inner, strings.TrimPrefix(after, ":")
	} else if strings.Count(text, ":") == 1 {
		host, rest, _ = strings.Cut(text, ":")
	}
	if rest == "" {
		return host, 0, nil
	}
	port, err = strconv.Atoi(rest)
	if err != nil || port < 1 || port > 65535 {
		return host, 0, errBadPort
	}
	return host, port, nil
}

func portText(n int) string { return strconv.Itoa(n) }

// parseAddress returns the options that lead to an address as a person types it: host, host:port, [::1]:port, a path or a URI. What
// belongs to the server before, such as its password, is not taken along. How connections are secured is: whoever asked for TLS gets
// plaintext only by saying redis://.
func parseAddress(text string, before conn.Options) (conn.Options, error) {
	o := conn.DefaultOptions()
	o.Program, o.ConnectTimeout, o.Family = before.Program, before.ConnectTimeout, before.Family
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return o, errNoAddress
	case strings.Contains(text, "://"):
		if !strings.HasPrefix(text, "redis://") && !strings.HasPrefix(text, "valkey://") {
			o.TLS = securedLike(before.TLS)
		}
		return o, o.ApplyURI(text)
	case strings.HasPrefix(text, "/"):
		o.Socket = text
		return o, nil
	}
	o.TLS = securedLike(before.TLS)
	host, port, err := splitHostPort(text)
	if host != "" {
		o.Host = host
	}
	if port != 0 {
		o.Port = port
	}
	return o, err
}

// securedLike is how another server is spoken to: with the same certificates, and under its own name.
func securedLike(t *conn.TLSOptions) *conn.TLSOptions {
	if t == nil || t.ServerName == "" && len(t.VerifyNames) == 0 {
		return t // the same, so that the dialer need not be made anew
	}
	other := *t
	other.ServerName, other.VerifyNames = "", nil
	return &other
}

// addressWords are the words of an address typed by itself, in quotes where they hold blanks. A URI is one word, whatever it holds.
func addressWords(text string) []string {
	text = strings.TrimSpace(text)
	words, err := commands.Split(text)
	if err != nil || len(words) < 2 || strings.Contains(words[0], "://") {
		return []string{text}
	}
	return words
}

// connectOptions returns the options that the words of :connect lead to: an address, a host and a port, or the options that redis-cli
// takes for the same. The words of a whole command line may be given.
func connectOptions(words []string, before conn.Options) (conn.Options, error) {
	if len(words) > 1 && slices.Contains([]string{before.Program, "redan", "redis-cli", "valkey-cli"}, words[0]) {
		words = words[1:]
	}
	if len(words) > 0 && strings.Contains(words[0], "://") && !hasOptions(words[1:]) { // blanks in a URI that nobody quoted
		words = []string{strings.Join(words, " ")}
	}
	addresses, options, err := partWords(words)
	if err != nil {
		return before, err
	}
	for _, option := range options {
		if option.name == "-u" {
			addresses = []string{option.value}
		}
	}
	address := strings.Join(addresses, " ")
	if len(addresses) == 2 && !strings.Contains(addresses[0], "://") {
		if address = addresses[0]; strings.Contains(address, ":") {
			address = "[" + address + "]"
		}
		address += ":" + addresses[1]
	}
	if address == "" && len(options) > 0 {
		address = conn.DefaultHost
	}
	o, err := parseAddress(address, before)
	if o.TLS != nil {
		secured := *o.TLS // what was there before is not ours to change
		secured.CAFiles, secured.CADirs = slices.Clone(secured.CAFiles), slices.Clone(secured.CADirs)
		if len(options) > 0 {
			o.TLS = &secured
		}
	}
	for _, option := range options {
		err = errors.Join(err, option.apply(&o))
	}
	return o, err
}

func hasOptions(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") })
}

// connectOption is an option of :connect, by one of its names.
type connectOption struct{ name, value string }

// partWords parts options from addresses.
func partWords(words []string) (addresses []string, options []connectOption, err error) {
	for i := 0; i < len(words); i++ {
		word := words[i]
		if len(word) < 2 || word[0] != '-' {
			addresses = append(addresses, word)
			continue
		}
		typed, value, given := word, "", false
		if strings.HasPrefix(word, "--") {
			typed, value, given = strings.Cut(word, "=")
		}
		name, takes := optionName(typed)
		switch {
		case name == "":
			return nil, nil, unknownOption(typed)
		case takes && !given && i+1 == len(words):
			return nil, nil, fmt.Errorf("%s wants a value", name)
		case takes && !given:
			i++
			value = words[i]
		}
		options = append(options, connectOption{name, value})
	}
	return addresses, options, nil
}

// unknownOption names no more of a word than an option has: what is glued to it may be a password.
func unknownOption(typed string) error {
	if !strings.HasPrefix(typed, "--") {
		typed = typed[:2]
	}
	return fmt.Errorf("%s is no option here: connect takes -h -p -s -a --user -n -u -2 -3 --tls --cacert --cacertdir --cert --key --sni --tls-verify "+
		"--insecure", commands.Quote(typed))
}

// optionName returns the name that an option goes by here, empty for one that is not known, and whether a value follows.
func optionName(typed string) (name string, takes bool) {
	switch typed {
	case "-h", "-p", "-s", "-a", "-n", "-u", "--user", "--cacert", "--cacertdir", "--cert", "--key", "--sni", "--tls-verify":
		return typed, true
	case "--pass", "--auth":
		return "-a", true
	case "--uri":
		return "-u", true
	case "-2", "-3", "-c", "--tls", "--insecure", "--askpass":
		return typed, false
	case "--skipverify":
		return "--insecure", false
	}
	return "", false
}

func (option connectOption) apply(o *conn.Options) error {
	switch value := option.value; option.name {
	case "-h":
		o.Host = value
	case "-p":
		port, err := strconv.Atoi(value)
		if err != nil || port < 1 || port > 65535 {
			return errBadPort
		}
		o.Port = port
	case "-s":
		o.Socket = value
	case "-a":
		o.Password = conn.NewSecret(value)
	case "--user":
		o.User = value
	case "-n":
		db, err := strconv.Atoi(value)
		if err != nil || db < 0 {
			return errBadDB
		}
		o.DB = db
	case "-2":
		o.Protocol = 2
	case "-3":
		o.Protocol = 3
	case "-c":
		return errFollow
	case "--askpass":
		return errAskpass
	case "-u":
	default:
		return option.applyTLS(o)
	}
	return nil
}

// applyTLS is for the options that concern TLS, each of which asks for it.
func (option connectOption) applyTLS(o *conn.Options) error {
	if o.TLS == nil {
		o.TLS = &conn.TLSOptions{}
	}
	switch value := option.value; option.name {
	case "--cacert":
		o.TLS.CAFiles = append(o.TLS.CAFiles, value)
	case "--cacertdir":
		o.TLS.CADirs = append(o.TLS.CADirs, value)
	case "--cert":
		o.TLS.CertFile = value
	case "--key":
		o.TLS.KeyFile = value
	case "--sni":
		o.TLS.ServerName = value
	case "--insecure":
		o.TLS.Level = cert.LevelNone
	case "--tls-verify":
		switch value {
		case "full":
			o.TLS.Level = cert.LevelFull
		case "ca":
			o.TLS.Level = cert.LevelCA
		case "none":
			o.TLS.Level = cert.LevelNone
		default:
			return errVerify
		}
	}
	return nil
}
