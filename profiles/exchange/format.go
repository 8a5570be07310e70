package exchange

import (
	"errors"
	"fmt"
	"strings"
)

// Format is what a file is, by the tool that it belongs to.
type Format string

// The formats.
const (
	RedisInsight Format = "redisinsight" // the JSON that RedisInsight exports
	AnotherRDM   Format = "ardm"         // the .ano file of Another Redis Desktop Manager
	TinyRDM      Format = "tiny-rdm"     // connections.yaml of Tiny RDM, or its export, a zip
	RESPApp      Format = "resp.app"     // connections.json of RESP.app, once Redis Desktop Manager
	IRedis       Format = "iredis"       // [alias_dsn] of .iredisrc
	URIs         Format = "uri"          // redis:// lines
	Env          Format = "env"          // REDIS_URL=... lines, as in a .env file
	IBM          Format = "ibm"          // credentials of IBM Cloud Databases, JSON
	Stunnel      Format = "stunnel"      // the client services of a stunnel.conf
	TOML         Format = "toml"         // several profiles of redan in one file
	JSON         Format = "json"         // the same
	Shell        Format = "shell"        // command lines
)

// Readable lists the formats that [Read] knows.
func Readable() []Format {
	return []Format{RedisInsight, AnotherRDM, TinyRDM, RESPApp, IRedis, URIs, Env, IBM, Stunnel, TOML, JSON}
}

// Writable lists the formats that [Write] knows.
func Writable() []Format { return []Format{TOML, JSON, URIs, Shell} }

// Title says in words what a file of the format is.
func (f Format) Title() string {
	switch f {
	case RedisInsight:
		return "databases exported by RedisInsight (JSON)"
	case AnotherRDM:
		return "connections exported by Another Redis Desktop Manager (.ano)"
	case TinyRDM:
		return "connections.yaml of Tiny RDM, or its exported zip"
	case RESPApp:
		return "connections.json of RESP.app (Redis Desktop Manager)"
	case IRedis:
		return "an iredisrc with [alias_dsn]"
	case URIs:
		return "a list of redis:// addresses"
	case Env:
		return "environment variables such as REDIS_URL"
	case IBM:
		return "service credentials of IBM Cloud Databases (JSON)"
	case Stunnel:
		return "a stunnel.conf with client services"
	case TOML, JSON:
		return "profiles exported by redan (" + strings.ToUpper(string(f)) + ")"
	case Shell:
		return "command lines"
	}
	return "no format that redan knows"
}

// The ways in which a whole file is refused. They come wrapped, with the name of the file and what is wrong.
var (
	ErrUnknownFormat = errors.New("is none of the files that can be imported")
	ErrTooLarge      = errors.New("is too large")
	ErrMalformed     = errors.New("cannot be read")
	ErrEmpty         = errors.New("has no server in it")
	ErrNotWritable   = errors.New("cannot be written")
)

// ParseFormat returns the format of a name, as --from takes it. Its error lists the names.
func ParseFormat(name string, among []Format) (Format, error) {
	names := make([]string, len(among))
	for i, f := range among {
		if strings.EqualFold(name, string(f)) {
			return f, nil
		}
		names[i] = string(f)
	}
	return "", fmt.Errorf("%q is no format: use one of %s", name, strings.Join(names, ", "))
}

// unknown is the error about a file whose format was not recognised.
func unknown(name string) error {
	words := make([]string, 0, len(Readable()))
	for _, f := range Readable() {
		words = append(words, string(f))
	}
	return fmt.Errorf("%s %w; say which with --from if it is one of: %s", name, ErrUnknownFormat, strings.Join(words, ", "))
}

// malformed is the error about a file that is not what its format says. What must not hold anything of the file but places and names of keys.
func malformed(f Format, what string) error {
	return fmt.Errorf("%w as %s: %s", ErrMalformed, f.Title(), what)
}
