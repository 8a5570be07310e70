package exchange_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"redan/profiles/exchange"
)

// tool makes the file that a tool would have of some servers, by hand from what is documented of its format.
type tool struct {
	name   string // of the test
	file   string
	format exchange.Format
	// can reports whether the format can tell of a server; nil means any.
	can  func(target) bool
	make func(t testing.TB, list []target) string
}

func tools() []tool {
	return []tool{
		{name: "RedisInsight", file: "databases.json", format: exchange.RedisInsight, make: redisInsightFile},
		{name: "Another Redis Desktop Manager", file: "connections.ano", format: exchange.AnotherRDM, make: anotherRDMFile},
		{name: "Another Redis Desktop Manager, with groups", file: "connections", format: exchange.AnotherRDM, make: anotherRDMGroupsFile},
		{name: "Tiny RDM", file: "connections.yaml", format: exchange.TinyRDM, make: tinyRDMFile},
		{name: "Tiny RDM, exported", file: "connections_20260101000000.zip", format: exchange.TinyRDM, make: tinyRDMZip},
		{name: "RESP.app", file: "connections.json", format: exchange.RESPApp, make: respAppFile},
		{name: "iredis", file: "iredisrc", format: exchange.IRedis, make: iredisFile},
		{name: "addresses", file: "servers.txt", format: exchange.URIs, make: addressesFile},
		{name: "environment", file: ".env", format: exchange.Env, make: envFile},
		{name: "IBM Cloud", file: "key.json", format: exchange.IBM, can: ibmCan, make: ibmFile},
		{name: "IBM Cloud, service-key", file: "key.json", format: exchange.IBM, can: ibmCan, make: ibmKeysFile},
		{name: "stunnel", file: "stunnel.conf", format: exchange.Stunnel, can: func(s target) bool { return s.tls && s.password == "" }, make: stunnelFile},
	}
}

// each joins what a function makes of all servers.
func each(list []target, between string, one func(target) string) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = one(s)
	}
	return strings.Join(parts, between)
}

func redisInsightFile(t testing.TB, list []target) string {
	t.Helper()
	return "[" + each(list, ",", func(s target) string {
		text := fmt.Sprintf(`{"id": "5b6d-%[1]s", "host": %[2]q, "port": %[3]d, "name": %[1]q, "db": null, "username": %[4]s, "password": %[5]s,
			"connectionType": "STANDALONE", "nameFromProvider": null, "provider": "UNKNOWN", "lastConnection": "2026-01-02T03:04:05.000Z",
			"sentinelMaster": null, "modules": [{"name": "ReJSON"}], "tls": %[6]t, "tlsServername": null, "verifyServerCert": true, "compressor": "NONE",
			"ssh": false, "sshOptions": null`, s.label, s.host, s.port, orNull(s.user), orNull(s.password), s.tls)
		if s.ca != "" {
			text += `, "caCert": {"id": "c", "name": "our ca", "certificate": ` + quoted(content(t, s.ca)) + `}`
		}
		if s.cert != "" {
			text += `, "clientCert": {"id": "d", "name": "me", "certificate": ` + quoted(content(t, s.cert)) + `, "key": ` + quoted(content(t, s.key)) + `}`
		}
		return text + "}"
	}) + "]"
}

func orNull(text string) string {
	if text == "" {
		return "null"
	}
	return quoted(text)
}

func anotherRDMServers(list []target) string {
	return "[" + each(list, ",", func(s target) string {
		text := fmt.Sprintf(`{"host": %q, "port": "%d", "auth": %q, "username": %q, "name": %q, "separator": ":", "cluster": false, "groupId": "1700_x",
			"connectionReadOnly": false, "key": "1690000000000_abcde", "order": 1`, s.host, s.port, s.password, s.user, s.label)
		if s.tls {
			text += fmt.Sprintf(`, "sslOptions": {"key": %q, "cert": %q, "ca": %q, "servername": "", "keybookmark": ""}`, s.key, s.cert, s.ca)
		}
		return text + "}"
	}) + "]"
}

func anotherRDMFile(_ testing.TB, list []target) string { return encoded(anotherRDMServers(list)) }

func anotherRDMGroupsFile(_ testing.TB, list []target) string {
	return encoded(`{"connections": ` + anotherRDMServers(list) + `, "groups": [{"id": "1700_x", "name": "Orders"}]}`)
}

func tinyRDMFile(_ testing.TB, list []target) string {
	half := len(list) / 2
	one := func(indent string) func(target) string {
		return func(s target) string {
			text := fmt.Sprintf(`- name: %s
  last_db: 0
  network: tcp
  addr: %s
  port: %d
  username: "%s"
  password: "%s"
  default_filter: '*'
  key_separator: ':'
  conn_timeout: 60
  exec_timeout: 60
  db_filter_type: none
  db_filter_list: []
  load_size: 10000
  mark_color: ""
  refresh_interval: 5
  alias: {}
  ssl:
    enable: %t
    keyfile: %s
    certfile: %s
    cafile: %s
  ssh:
    login_type: pwd
  sentinel:
    master: mymaster
  cluster: {}
  proxy: {}
`, s.label, s.host, s.port, s.user, s.password, s.tls, s.key, s.cert, s.ca)
			return indent + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+indent) + "\n"
		}
	}
	return each(list[:half], "", one("")) + "- name: Group\n  last_db: 0\n  type: group\n  connections:\n" + each(list[half:], "", one("    "))
}

func tinyRDMZip(t testing.TB, list []target) string {
	t.Helper()
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	member, err := archive.Create("connections.yaml")
	if err == nil {
		_, err = member.Write([]byte(tinyRDMFile(t, list)))
	}
	if err = firstOf(err, archive.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func respAppFile(_ testing.TB, list []target) string {
	one := func(s target) string {
		return fmt.Sprintf(`{"auth": %q, "db_scan_limit": 20, "host": %q, "keys_pattern": "*", "lua_keys_loading": false, "name": %q, "namespace_separator": ":",
			"port": %d, "ssh_port": 22, "ssl": %t, "ssl_ca_cert_path": %q, "ssl_local_cert_path": %q, "ssl_private_key_path": %q,
			"timeout_connect": 60000, "timeout_execute": 60000, "username": %q}`, s.password, s.host, s.label, s.port, s.tls, s.ca, s.cert, s.key, s.user)
	}
	half := len(list) / 2
	return "[" + each(list[:half], ",", one) + `, {"type": "group", "name": "Cloud", "connections": [` + each(list[half:], ",", one) + `]}]`
}

// address is a server as redis-py and iredis have it.
func address(s target) string {
	scheme, info := "redis", ""
	if s.password != "" {
		info = s.user + ":" + url.QueryEscape(s.password) + "@"
	}
	query := url.Values{}
	if s.tls {
		scheme = "rediss"
		query.Set("ssl_ca_certs", s.ca)
		if s.cert != "" {
			query.Set("ssl_certfile", s.cert)
			query.Set("ssl_keyfile", s.key)
		}
	}
	return strings.TrimSuffix(fmt.Sprintf("%s://%s%s:%d/0?%s", scheme, info, s.host, s.port, query.Encode()), "?")
}

func iredisFile(_ testing.TB, list []target) string {
	return "# vi: ft=dosini\n[main]\nraw = False\nprompt = {host}:{port}[{db}]>\n\n[alias_dsn]\n# ours\n" +
		each(list, "\n", func(s target) string { return s.label + " = " + address(s) }) + "\n"
}

func addressesFile(_ testing.TB, list []target) string {
	return "# our servers\n\n" + each(list, "\n", func(s target) string { return s.label + " = " + address(s) })
}

func envFile(_ testing.TB, list []target) string {
	one := func(s target) string {
		return "export " + strings.ToUpper(strings.ReplaceAll(s.label, " ", "_")) + `_REDIS_URL="` + address(s) + `" # one of ours`
	}
	last := list[len(list)-3]
	return "NODE_ENV=production\nDATABASE_URL=postgres://u:p@h/d\n" + each(append(list[:len(list)-3:len(list)-3], list[len(list)-2:]...), "\n", one) +
		fmt.Sprintf("\nREDIS_HOST=%s\nREDIS_PORT='%d'\nREDIS_TLS=true\nREDIS_CA=%s\n", last.host, last.port, last.ca)
}

func ibmCan(s target) bool { return s.tls && s.cert == "" }

func ibmFile(t testing.TB, list []target) string {
	t.Helper()
	return ibmCredentials(t, list[0])
}

func ibmCredentials(t testing.TB, s target) string {
	t.Helper()
	uri := fmt.Sprintf("rediss://%s:%d/0", s.host, s.port)
	return fmt.Sprintf(`{"connection": {"cli": {"arguments": [["-u", %[1]q]], "bin": "redli", "certificate": {"certificate_base64": %[2]q, "name": "ab-cd"},
		"composed": ["REDIS_CERTB64=... redli -u ..."], "environment": {}, "type": "cli"},
		"rediss": {"authentication": {"method": "direct", "password": "", "username": ""},
		"certificate": {"certificate_authority": "self_signed", "certificate_base64": %[2]q, "name": "ab-cd"}, "composed": [%[1]q], "database": 0,
		"hosts": [{"hostname": %[3]q, "port": %[4]d}], "path": "/0", "query_options": {}, "scheme": "rediss", "type": "uri"}},
		"instance_administration_api": {"deployment_id": "crn:v1:x", "instance_id": "crn:v1:x", "root": "https://api.example.com"}}`,
		uri, encoded(content(t, s.ca)), s.host, s.port)
}

func ibmKeysFile(t testing.TB, list []target) string {
	t.Helper()
	return "[" + each(list, ",", func(s target) string {
		return fmt.Sprintf(`{"guid": "1", "name": %q, "source_crn": "crn:v1", "credentials": %s}`, s.label, ibmCredentials(t, s))
	}) + "]"
}

func stunnelFile(_ testing.TB, list []target) string {
	return "; to the cloud\npid =\nclient = yes\n\n" + each(list, "\n", func(s target) string {
		text := fmt.Sprintf("[%s]\naccept = 127.0.0.1:6399\nconnect = %s:%d\nCAfile = %s\nverifyChain = yes\n", s.label, s.host, s.port, s.ca)
		if s.cert != "" {
			text += fmt.Sprintf("cert = %s\nkey = %s\n", s.cert, s.key)
		}
		return text
	})
}
