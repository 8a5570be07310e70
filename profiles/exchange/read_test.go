package exchange_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"redan/profiles/exchange"
	"redan/profiles/tomlfile"
)

// shown is a result as text: a line for each thing of it.
func shown(r exchange.Result) string {
	var b strings.Builder
	for _, e := range r.Entries {
		fmt.Fprintf(&b, "%s\n", e.Name)
		for _, c := range e.Changes {
			fmt.Fprintf(&b, "  %s = %v\n", tomlfile.Dotted(c.Path), c.Value)
		}
		for _, key := range e.SecretKeys() {
			fmt.Fprintf(&b, "  secret %s\n", key)
		}
		for _, key := range e.Runs {
			fmt.Fprintf(&b, "  runs %s\n", key)
		}
		for _, note := range e.Notes {
			fmt.Fprintf(&b, "  note: %s\n", note)
		}
	}
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "note: %s\n", note)
	}
	return b.String()
}

// taken is what of a file is to be taken over.
type taken struct{ name, file, text, want string }

func TestWhatIsTakenOver(t *testing.T) {
	for _, tt := range slices.Concat(desktopTools(), lineFormats(), otherFormats()) {
		t.Run(tt.name, func(t *testing.T) {
			result, err := exchange.Read(tt.file, []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			got := shown(result)
			if got != tt.want {
				t.Errorf("%s: got\n%s\nwant\n%s", result.Format, got, tt.want)
			}
			if strings.Contains(got, "hush") {
				t.Error("a secret shows")
			}
		})
	}
}

const certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"

func desktopTools() []taken {
	return []taken{
		{"RedisInsight", "/dir/x.json", `[
			{"host": "a.example.com", "port": 6380, "name": "Orders Prod", "db": 3, "username": "ann", "password": "hush", "tls": true, "verifyServerCert": false,
			 "tlsServername": "sni.example.com", "timeout": 5000, "tags": [{"key": "team", "value": "orders"}, {"key": "eu"}], "caCert": {"name": "c", "certificate": "ca.pem"},
			 "connectionType": "CLUSTER"},
			{"host": "s", "port": 26379, "name": "sen", "password": "hush", "connectionType": "SENTINEL", "tls": false, "caCert": {"certificate": "ca.pem"},
			 "sentinelMaster": {"name": "mymaster", "username": "", "password": "hush"}},
			{"host": "10.0.0.1", "port": 6379, "name": "tunnel", "ssh": true, "sshOptions": {"host": "bastion", "port": 2222, "username": "ann", "password": "hush", "privateKey": "hush", "passphrase": "hush"}},
			{"port": 1, "name": "no host"}, 7, {"host": "h", "port": 65536, "name": "far"}, {"host": "h", "port": "x"}, {"host": "a b", "name": "odd"}, {"host": "h", "name": "redis://:hush@h"}]`, `Orders-Prod
  description = Orders Prod
  tags = [team:orders eu]
  host = a.example.com
  port = 6380
  user = ann
  db = 3
  timeout = 5s
  tls.ca = [/dir/ca.pem]
  tls.verify = none
  tls.server_name = sni.example.com
  cluster.follow = true
  secret password
  note: the server's certificate is not verified, as it was there (tls.verify)
sen
  host = s
  port = 26379
  secret password
  note: the address is a sentinel's, and the profile reaches the sentinel itself: redan does not ask it for the master mymaster yet, whose password was left out
tunnel
  host = 10.0.0.1
  port = 6379
  note: it was reached through SSH by ann@bastion:2222, which redan cannot yet: open the tunnel with [before] command, or otherwise
h
  host = h
note: "no host" is left out: it has no host
note: entry 5 is left out: it is no object with the settings of a server
note: "far" is left out: its port is no number from 1 to 65535
note: entry 7 is left out: its port is no whole number
note: "odd" is left out: its host is no name and no address
`},
		{"Another Redis Desktop Manager", "x.ano", encoded(`[{"host": "::1", "port": "6379", "auth": "hush", "username": "", "name": "生产", "separator": "/", "cluster": true,
			"connectionReadOnly": true, "color": "#ff00aa", "sslOptions": {"ca": "C:\\certs\\ca.pem", "servername": "n"}},
			{"host": "", "port": "", "name": "local", "separator": ":", "color": "red", "sentinelOptions": {"masterName": "m", "nodePassword": "hush"}, "sshOptions": {"host": "b", "port": 22, "username": "u"}}]`), `1
  description = 生产
  color = #ff00aa
  read_only = true
  delimiter = /
  host = ::1
  port = 6379
  tls.ca = [C:\certs\ca.pem]
  tls.server_name = n
  cluster.follow = true
  secret password
  note: Another Redis Desktop Manager verifies no certificate; redan does (tls.verify)
local
  host = 127.0.0.1
  note: the address is a sentinel's, and the profile reaches the sentinel itself: redan does not ask it for the master m yet, whose password was left out
  note: it was reached through SSH by u@b, which redan cannot yet: open the tunnel with [before] command, or otherwise
`},
		{"Tiny RDM", "/dir/connections.yaml", `- name: Shop
  type: group
  connections:
    - name: Deep
      type: group
      connections:
        - name: sock
          network: unix
          sock: /run/redis.sock
          password: 0123
          last_db: 2
          default_filter: 'user:*'
          key_separator: '|'
          conn_timeout: 7
          mark_color: '#112233'
    - name: tls
      addr: h
      port: 6380
      ssl: {enable: true, cafile: ca.pem, certfile: ~/c.pem, keyfile: /k.pem, allow_insecure: true, sni: n}
      cluster: {enable: true}
      proxy: {type: 2, addr: p, password: hush}
      ssh: {enable: true, addr: b, login_type: pwd, username: u, password: hush}
- name: sen
  addr: s
  sentinel: {enable: true, master: mm, password: hush}
- broken
- name: nosock
  network: unix
`, `sock
  group = Shop / Deep
  color = #112233
  delimiter = |
  filter = user:*
  socket = /run/redis.sock
  db = 2
  timeout = 7s
  secret password
tls
  group = Shop
  host = h
  port = 6380
  tls.ca = [/dir/ca.pem]
  tls.cert = ~/c.pem
  tls.key = /k.pem
  tls.verify = none
  tls.server_name = n
  cluster.follow = true
  note: it was reached through SSH by u@b, which redan cannot yet: open the tunnel with [before] command, or otherwise
  note: it was reached through a proxy, which redan cannot yet
  note: the server's certificate is not verified, as it was there (tls.verify)
sen
  host = s
  note: the address is a sentinel's, and the profile reaches the sentinel itself: redan does not ask it for the master mm yet, whose password was left out
note: entry 4 is left out: it is no object with the settings of a server
note: "nosock" is left out: its network is unix, and it has no sock
`},
		{"RESP.app", "connections.json", `[{"type": "group", "name": "A", "connections": [
			{"host": "h", "port": 6379, "name": "x", "auth": "hush", "ssl": true, "ssl_ignore_all_errors": true, "ssl_ca_cert_path": "", "keys_pattern": "a*", "namespace_separator": "::",
			 "timeout_connect": 1500, "ssh_host": "b", "ssh_port": 22, "ssh_user": "u", "ssh_password": "hush", "icon_color": "#000000"}]},
			{"host": "h", "port": 6379, "name": "X", "ssl": false, "ssl_ca_cert_path": "/ca"}, {"host": "h", "port": 1, "name": "x", "ssl_ca_cert_path": "/ca"}]`, `x
  group = A
  color = #000000
  delimiter = ::
  filter = a*
  host = h
  port = 6379
  timeout = 1.5s
  tls.verify = none
  secret password
  note: it was reached through SSH by u@b, which redan cannot yet: open the tunnel with [before] command, or otherwise
  note: the server's certificate is not verified, as it was there (tls.verify)
X-2
  host = h
  port = 6379
x-3
  host = h
  port = 1
  tls.ca = [/ca]
`},
	}
}
