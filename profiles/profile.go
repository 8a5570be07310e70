package profiles

import (
	"reflect"

	"redan/profiles/tomlfile"
)

// version is that of the files that this program writes.
const version = 1

// Profile is a server under a name, with all that it inherits.
type Profile struct {
	Name string
	// Path is the profile's own file.
	Path string

	Version     FileVersion `toml:"version" help:"Version of the file's form. This redan writes 1."`
	Extends     string      `toml:"extends" help:"Another profile that this one inherits from; what is said here goes first."`
	Description string      `toml:"description" help:"What people should know; not inherited."`

	Settings

	origins map[string]tomlfile.Position
	said    []Said // without secrets, so that a profile can be printed
}

// Settings are what a profile says of a server and inherits; the table defaults of config.toml has the same.
type Settings struct {
	Group       string      `toml:"group" help:"Heading in lists."`
	Tags        []string    `toml:"tags" help:"Words to search by."`
	Color       string      `toml:"color" help:"Colour of the profile's name, as a theme has it: a name, a number or #rrggbb."`
	Environment Environment `toml:"environment" help:"Any word; production (prod, live) is guarded."`
	ReadOnly    bool        `toml:"read_only" help:"Nothing is written."`
	Face        Face        `toml:"face" help:"screen or prompt, on a terminal."`
	Prompt      string      `toml:"prompt" help:"Template of the prompt."`

	Delimiter string            `toml:"delimiter" help:"What parts the segments of keys; : by default."`
	Filter    string            `toml:"filter" help:"Pattern (glob) of the keys that are shown at first."`
	Decoders  map[string]string `toml:"decoders" help:"How values of the keys that match a pattern are shown: \"cache:*\" = \"gzip\"."`

	NoHistory  bool `toml:"no_history" help:"What is typed in the console of the full screen is not kept in the history."`
	NoKeyNames bool `toml:"no_key_names" help:"Completion in the full screen does not ask the server for names of keys."`

	URI        URI       `toml:"uri" help:"The address in one: redis://, rediss://, valkey://, valkeys:// or unix://. Single keys go before it."`
	Host       string    `toml:"host" help:"Host name or address; 127.0.0.1 by default."`
	Port       Port      `toml:"port" help:"Port; 6379 by default."`
	Socket     string    `toml:"socket" help:"Path of a unix socket, instead of host and port."`
	IP         Family    `toml:"ip" help:"4 or 6: that version of IP only."`
	User       string    `toml:"user" help:"ACL user."`
	Password   Reference `toml:"password" help:"Where the password is: prompt, env:NAME, file:PATH, command:PROGRAM ARG, shell:LINE, keyring:ACCOUNT, age:PATH. Anything else is the password in clear."`
	DB         DB        `toml:"db" help:"Number of the database."`
	Protocol   Protocol  `toml:"protocol" help:"2 or 3: version of RESP."`
	ClientName string    `toml:"client_name" help:"Name of the connections, for CLIENT LIST."`
	Timeout    Duration  `toml:"timeout" help:"For name lookup, TCP and TLS handshake together, such as \"10s\"."`

	TLS     TLS     `toml:"tls"`
	Cluster Cluster `toml:"cluster"`
	Before  Before  `toml:"before"`
	Guard   Guard   `toml:"guard"`
}

// TLS is how TLS is spoken. The table turns TLS on, unless enabled says no.
type TLS struct {
	Enabled       *bool      `toml:"enabled" help:"TLS or not. The table turns it on by itself."`
	CA            []string   `toml:"ca" help:"Files of CA certificates to trust instead of the system's."`
	CADirs        []string   `toml:"ca_dirs" help:"Directories of CA certificates to trust."`
	CAData        Inline     `toml:"ca_data" help:"CA certificates within the profile: PEM or base64."`
	Cert          string     `toml:"cert" help:"File of the client certificate (PEM, DER or PKCS#12), with its chain."`
	CertData      Inline     `toml:"cert_data" help:"Client certificate within the profile: PEM or base64."`
	Key           string     `toml:"key" help:"File of the private key."`
	KeyData       Reference  `toml:"key_data" help:"Private key (PEM or base64), as a reference like password."`
	KeyPassphrase Reference  `toml:"key_passphrase" help:"Where the passphrase of an encrypted key is; a reference like password."`
	Verify        Verify     `toml:"verify" help:"full (chain and name), ca (chain only) or none."`
	ServerName    string     `toml:"server_name" help:"Server name to send, and to expect in the certificate."`
	VerifyNames   []string   `toml:"verify_names" help:"Names to expect in the certificate instead."`
	Min           TLSVersion `toml:"min" help:"Oldest TLS version: 1.0, 1.1, 1.2 (default) or 1.3."`
	Max           TLSVersion `toml:"max" help:"Newest TLS version."`
	Ciphers       string     `toml:"ciphers" help:"OpenSSL cipher list for TLS 1.2 and older."`
	Ciphersuites  string     `toml:"ciphersuites" help:"TLS 1.3 cipher suites."`
}

// Cluster is how a cluster is used.
type Cluster struct {
	Follow bool `toml:"follow" help:"Follow MOVED and ASK, as -c does."`
}

// Before is a command that runs as long as the profile is in use, such as a port-forward or a VPN.
type Before struct {
	Command []string `toml:"command" help:"Program and arguments, without a shell; ${port} is the port below."`
	Port    Port     `toml:"port" help:"Local port that the command opens; a free one is chosen when it is not given."`
	Wait    Duration `toml:"wait" help:"How long to wait for that port, such as \"30s\"."`
}

// Guard is what the guard of production does not ask about.
type Guard struct {
	Exceptions []string `toml:"exceptions" help:"Commands that are not asked about, such as \"DEL\" or \"CONFIG GET\"."`
}

// Origin returns where a value comes from: the profile's file, one that it extends, or config.toml. It takes a dotted key: "tls.ca".
func (p Profile) Origin(key string) (tomlfile.Position, bool) {
	at, ok := p.origins[key]
	return at, ok
}

// says reports whether the profile, or what it inherits from, has a key or anything below it.
func (p Profile) says(key string) bool {
	if _, ok := p.origins[key]; ok {
		return true
	}
	for said := range p.origins {
		if len(said) > len(key) && said[:len(key)+1] == key+"." {
			return true
		}
	}
	return false
}

// Keys lists the keys of a profile's file, for forms and documents.
func Keys() []tomlfile.Key { return tomlfile.Keys(reflect.TypeFor[Profile]()) }

// inherited reports whether a key of a profile goes on to those that extend it.
func inherited(key string) bool {
	switch key {
	case "version", "extends", "description":
		return false
	}
	return true
}
