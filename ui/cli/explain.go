package cli

import (
	"crypto/tls"
	"fmt"
	"strconv"
	"strings"

	"redan/profiles"
)

// sourced is one line of --explain: a setting in force, and where it comes from.
type sourced struct {
	name, value, from string
}

// explain prints what a command line leads to and where each of its settings comes from: an option, the environment, a profile's file,
// or redan's own default. Nothing is connected to, asked or resolved; secrets are shown as references or as ***.
func (a *app) explain() int {
	c, err := a.server(a.inv)
	if err != nil {
		return a.fail(err)
	}
	rows := a.explainServer(c)
	if c.Options.TLS != nil {
		rows = append(rows, a.explainTLS(c)...)
	}
	rows = append(rows, a.explainGuard()...)
	names, values := 0, 0
	for _, row := range rows {
		names, values = max(names, len(row.name)), max(values, min(40, len(row.value)))
	}
	for _, row := range rows {
		a.print(fmt.Sprintf("%-*s  %-*s  %s\n", names, row.name, values, printable(row.value), printable(row.from)))
	}
	return exitOK
}

// comesFrom tells where a setting comes from: the option that was given last, else the profile's key, else nowhere.
func (a *app) comesFrom(options []string, keys ...string) string {
	if option := a.inv.last(options...); option != "" {
		return "option --" + option
	}
	if a.profile != nil {
		for _, key := range keys {
			if at, ok := a.profile.Origin(key); ok {
				return at.String() + " " + key
			}
		}
	}
	return "default"
}

func (a *app) explainServer(c profiles.Connection) []sourced {
	o := c.Options
	var rows []sourced
	if name, from, chosen := a.chosenProfile(a.inv); chosen {
		if from == "" {
			from = "command line"
		}
		rows = append(rows, sourced{"profile", name, from})
	}
	if o.Socket != "" {
		rows = append(rows, sourced{"socket", o.Socket, a.comesFrom([]string{"socket", "uri"}, "socket", "uri")})
	} else {
		rows = append(rows,
			sourced{"host", o.Host, a.comesFrom([]string{"host", "uri"}, "host", "uri")},
			sourced{"port", strconv.Itoa(o.Port), a.comesFrom([]string{"port", "uri"}, "port", "uri")})
	}
	rows = append(rows, sourced{"db", strconv.Itoa(o.DB), a.comesFrom([]string{"db", "uri"}, "db", "uri")})
	if o.User != "" {
		rows = append(rows, sourced{"user", o.User, a.comesFrom([]string{"user", "uri"}, "user", "uri")})
	}
	rows = append(rows, a.explainPassword(c))
	protocol := "RESP2"
	if o.Protocol == 3 {
		protocol = "RESP3"
	}
	rows = append(rows,
		sourced{"protocol", protocol, a.comesFrom([]string{"resp2", "resp3", "json", "quoted-json"}, "protocol", "uri")},
		sourced{"timeout", o.ConnectTimeout.String(), a.comesFrom([]string{"timeout"}, "timeout")})
	if c.Follow {
		rows = append(rows, sourced{"cluster", "follow", a.comesFrom([]string{"follow"}, "cluster.follow")})
	}
	transport := "no"
	if o.TLS != nil {
		transport = "yes"
	}
	return append(rows, sourced{"tls", transport, a.explainWhyTLS()})
}

// explainPassword tells which password would be used, never what it is.
func (a *app) explainPassword(c profiles.Connection) sourced {
	row := sourced{name: "password"}
	fromEnvironment := ""
	if _, set := a.environmentPassword(a.profile); set {
		fromEnvironment = "REDISCLI_AUTH"
	}
	switch {
	case a.inv.options.Askpass:
		row.value, row.from = "prompt", "option --askpass"
	case c.Options.Password.IsSet():
		row.value = c.Options.Password.String()
		if row.from = a.comesFrom([]string{"pass", "uri"}); row.from == "default" {
			row.from = fromEnvironment
		}
	case c.Password.IsSet():
		row.value, row.from = c.Password.String(), a.comesFrom(nil, "password", "uri")
	default:
		row.value, row.from = "none", "default"
	}
	return row
}

// explainWhyTLS tells what made the connection TLS: any option or key about certificates does.
func (a *app) explainWhyTLS() string {
	options := []string{
		"tls", "cacert", "cacertdir", "certb64", "cert", "key", "key-pass-file", "insecure", "tls-verify", "tls-verify-name", "sni", "tls-min", "tls-max",
		"tls-ciphers", "tls-ciphersuites", "uri",
	}
	if a.inv.last(options...) != "" || a.profile == nil {
		return a.comesFrom(options)
	}
	for _, key := range profiles.Keys() {
		if strings.HasPrefix(key.Name, "tls.") {
			if from := a.comesFrom(nil, key.Name); from != "default" {
				return from
			}
		}
	}
	return a.comesFrom(nil, "uri")
}

func (a *app) explainTLS(c profiles.Connection) []sourced {
	t := c.Options.TLS
	rows := []sourced{{"verify", t.Level.String(), a.comesFrom([]string{"tls-verify", "insecure"}, "tls.verify")}}
	add := func(name, value string, options []string, keys ...string) {
		if value != "" {
			rows = append(rows, sourced{name, value, a.comesFrom(options, keys...)})
		}
	}
	trust := []string{"cacert", "cacertdir", "certb64"}
	add("ca", strings.Join(t.CAFiles, " "), trust, "tls.ca")
	add("ca dir", strings.Join(t.CADirs, " "), trust, "tls.ca_dirs")
	add("ca inline", inlineSize(len(t.CAData)), trust, "tls.ca_data")
	add("cert", t.CertFile, []string{"cert"}, "tls.cert")
	add("cert inline", inlineSize(len(t.CertData)), nil, "tls.cert_data")
	add("key", t.KeyFile, []string{"key"}, "tls.key")
	if c.KeyData.IsSet() {
		add("key inline", c.KeyData.String(), nil, "tls.key_data")
	}
	if c.KeyPassphrase.IsSet() {
		add("key passphrase", c.KeyPassphrase.String(), nil, "tls.key_passphrase")
	}
	add("key passphrase", t.PassphraseFile, []string{"key-pass-file"})
	add("server name", t.ServerName, []string{"sni"}, "tls.server_name")
	add("expected names", strings.Join(t.VerifyNames, " "), []string{"tls-verify-name"}, "tls.verify_names")
	add("oldest version", tlsVersion(t.MinVersion), []string{"tls-min"}, "tls.min")
	add("newest version", tlsVersion(t.MaxVersion), []string{"tls-max"}, "tls.max")
	add("ciphers", t.Ciphers, []string{"tls-ciphers"}, "tls.ciphers")
	add("ciphersuites", t.Ciphersuites, []string{"tls-ciphersuites"}, "tls.ciphersuites")
	return rows
}

func inlineSize(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n) + " bytes"
}

func tlsVersion(v uint16) string {
	if v == 0 {
		return ""
	}
	return tls.VersionName(v)
}

func (a *app) explainGuard() []sourced {
	policy := a.policy()
	var rows []sourced
	if policy.ReadOnly {
		rows = append(rows, sourced{"read-only", "yes", a.comesFrom([]string{"read-only"}, "read_only")})
	}
	if policy.Production {
		rows = append(rows, sourced{"environment", "production", a.comesFrom(nil, "environment")})
	}
	if len(policy.Exceptions) > 0 {
		rows = append(rows, sourced{"not asked about", strings.Join(policy.Exceptions, ", "), a.comesFrom(nil, "guard.exceptions")})
	}
	return rows
}
