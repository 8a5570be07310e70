package exchange_test

func lineFormats() []taken {
	return []taken{
		{"iredis", ".iredisrc", "[main]\nraw = False\n[alias_dsn]\n# c\nlocal = redis://h\n'dev' = \"rediss://ann:hu%23sh@h:1/2\"  # c\nname-only = redis://ann@h\nsock = unix://:hush@/run/r.sock?db=3\nbad\nworse = http://h\nhush@h:1/2?a = x\nredis://:hush@h = y\n[other]\nx = redis://no\n", `local
  host = h
dev
  host = h
  port = 1
  user = ann
  db = 2
  tls.enabled = true
  secret password
name-only
  host = h
  user = ann
sock
  socket = /run/r.sock
  db = 3
  secret password
note: line 9 has no name = address
note: "worse" is left out: its address does not begin with redis://, rediss://, valkey:// or unix://
note: line 11 is left out: its address does not begin with redis://, rediss://, valkey:// or unix://
note: line 12 is left out: its address does not begin with redis://, rediss://, valkey:// or unix://
`},
		{"addresses", "list.txt", `# ours
// theirs
orders = rediss://ann:hush@orders.example.com:6380/2?ssl_cert_reqs=none&protocol=3&client_name=me&socket_connect_timeout=1.5&hush=1
cache: redis://:hush@10.0.0.7
valkeys://db.example.com
export X="redis://h1:1,h2:2/4"
- redis-cluster://c.example.com:7000
redis://hush@h
redis://user:@h/1
redis://h?ssl_check_hostname=false&sni=n&ssl_password=hush&ssl_ca_path=/d
tmpl redis://:$REDIS_PASSWORD@h
redis-sentinel://s:26379/mymaster
redis://:hush@h:x
redis://h/%zz:hush@1
redis://::1
http://h
nothing here
redis://:%hush@h
raw = redis://%ff:hush@h
`, `orders
  host = orders.example.com
  port = 6380
  user = ann
  db = 2
  protocol = 3
  client_name = me
  timeout = 1.5s
  tls.verify = none
  secret password
  note: 1 of the parameters behind the ? of its address were not taken over
  note: the server's certificate is not verified, as it was there (tls.verify)
cache
  host = 10.0.0.7
  secret password
db
  host = db.example.com
  tls.enabled = true
X
  host = h1
  port = 1
  db = 4
  note: the first of several addresses was taken
c
  host = c.example.com
  port = 7000
  cluster.follow = true
h
  host = h
  secret password
  note: what stands before the @ without a colon was taken for the password, as redis-cli takes it
h-2
  host = h
  user = user
  db = 1
h-3
  host = h
  tls.ca_dirs = [/d]
  tls.verify = ca
  tls.server_name = n
  secret tls.key_passphrase
tmpl
  host = h
  note: a variable stands for the password, and was left out
note: line 17 has no address such as redis://host:6379
note: line 12 is left out: its address is one of sentinels, which redan does not ask for the master yet
note: line 13 is left out: its address has no number from 1 to 65535 for its port
note: line 14 is left out: its address has a % that no two hexadecimal digits follow; a % itself is written %25
note: line 15 is left out: its address has an IPv6 address without brackets
note: line 16 is left out: its address does not begin with redis://, rediss://, valkey:// or unix://
note: line 18 is left out: its address has a % that no two hexadecimal digits follow; a % itself is written %25
note: "raw" is left out: user is no text of UTF-8
`},
		{"environment", "x", `
# c
PATH=/bin
export REDIS_URL=redis://:hush@h:1/2 # c
REDIS_TLS_URL='rediss://:hush@h:2'
ORDERS_CACHE_URI="rediss://ann:\$hu\"sh@h"
DATABASE_URL=postgres://u:hush@h/d
PEM="-----BEGIN X-----
MIIREDIS_URL=redis://no
"
VALKEY_HOST=v
VALKEY_PORT=7000
VALKEY_PASSWORD=${SECRET}
VALKEY_DB=3
VALKEY_USERNAME=ann
SESSION_REDIS_HOST=s
SESSION_REDIS_PORT=no
DB_HOST=d
not a line
A = redis://spaces
`, `redis
  host = h
  port = 1
  db = 2
  secret password
redis-tls
  host = h
  port = 2
  tls.enabled = true
  secret password
orders-cache
  host = h
  user = ann
  tls.enabled = true
  secret password
a
  host = spaces
valkey
  host = v
  port = 7000
  user = ann
  db = 3
  note: a variable stands for the password, and was left out
note: "session-redis" is left out: its port is no whole number
`},
	}
}

func otherFormats() []taken {
	return []taken{
		{"IBM, as Terraform has it", "x.json", `{"redis_credentials": {"value": {"connection.rediss.certificate.certificate_base64": "!", "connection.rediss.hosts.0.hostname": "h.databases.appdomain.cloud",
			"connection.rediss.hosts.0.port": "31000", "connection.rediss.hosts.1.hostname": "i", "connection.rediss.authentication.password": "hush", "connection.rediss.authentication.username": "admin"}}}`, `h
  host = h.databases.appdomain.cloud
  port = 31000
  user = admin
  tls.enabled = true
  secret password
  note: the first of 2 addresses was taken
  note: the CA certificate is no base64, and was left out
`},
		{"IBM, in other capitals", "x.json", `{"databases-for-redis": [{"name": "my redis", "credentials": {"Connection": {"Rediss": {"Type": "uri", "Composed": ["rediss://admin:$PASSWORD@h:1/3"],
			"Certificate": {"Name": "c", "Base64": "` + encoded(certificate) + `"}}}}}]}`, `my-redis
  description = my redis
  host = h
  port = 1
  user = admin
  db = 3
  tls.ca_data = ` + certificate + `
  note: a variable stands for the password, and was left out
`},
		{"IBM, the command line alone", "x.json", `{"connection": {"cli": {"arguments": [["-u", "rediss://admin:hush@h:1/0"]], "certificate": {"certificate_base64": "` + encoded(certificate) + `"}}}}`, `h
  host = h
  port = 1
  user = admin
  tls.ca_data = ` + certificate + `
  secret password
`},
		{"stunnel", "/etc/stunnel/stunnel.conf", `setuid = nobody
include = conf.d
CAfile = ca.pem
[up]
client = yes
accept = 6379
connect = db.example.com:6380
checkHost = db.example.com
checkIP = 10.0.0.1
sslVersionMin = TLSv1.2
ciphers = HIGH
cert = both.pem
sni = name
[plain]
client = yes
accept = 1
connect = 6380
protocol = connect
[server]
accept = 2
connect = 3
[far]
client = yes
accept = 4
connect = h:99999
`, `up
  host = db.example.com
  port = 6380
  tls.ca = [/etc/stunnel/ca.pem]
  tls.cert = /etc/stunnel/both.pem
  tls.key = /etc/stunnel/both.pem
  tls.verify = full
  tls.server_name = name
  tls.verify_names = [db.example.com 10.0.0.1]
  tls.min = 1.2
  tls.ciphers = HIGH
plain
  host = 127.0.0.1
  port = 6380
  tls.ca = [/etc/stunnel/ca.pem]
  note: its protocol "connect", which is spoken before TLS, is not taken over
  note: stunnel verified no certificate here; redan does (tls.verify)
note: line 2: include is not followed; import the files it names
note: [server] is no client service (client = yes), and was left out
note: "far" is left out: its connect has no number from 1 to 65535 for its port
`},
		{"redan, TOML", "x.toml", "version = 1\n[profiles.a]\nhost = 'h'\npassword = 'hush'\ntls.key_passphrase = 'command:pass show x'\n[profiles.a.before]\ncommand = ['sh', '-c', 'x']\n" +
			"[profiles.b]\nuri = 'redis://ann:hush@h/1'\nextends = 'a'\n[profiles.c]\nhots = 'h'\n[profiles.d]\nport = 'x'\n[profiles.'e f']\nhost = 'h'\ndecoders = {'a:*' = 'gzip'}\nport = 1\n", `a
  before.command = [sh -c x]
  host = h
  tls.key_passphrase = command:pass show x
  secret password
  runs before.command
  runs tls.key_passphrase
b
  uri = redis://h/1
  user = ann
  secret password
  note: it extends another profile; what it inherits from that is not in the file
e-f
  decoders."a:*" = gzip
  host = h
  port = 1
note: "c" is left out: unknown key "hots"; did you mean "host"?
note: "d" is left out: port takes a number, and this is a text
`},
		{"redan, one profile", "orders.toml", "version = 1\nhost = 'h'\n[tls]\nenabled = true\n", "orders\n  host = h\n  tls.enabled = true\n"},
		{"redan, JSON", "x", `{"version": 1, "profiles": {"a": {"host": "h", "port": 1.5}, "b": {"db": 2, "tags": ["x"], "tls": {"enabled": true}}, "c": {"tags": [1]}, "d": 1}}`, `b
  db = 2
  tags = [x]
  tls.enabled = true
note: "a" is left out: port is no whole number
note: "c" is left out: tags is to be a list of texts
note: "d" is left out: it is no table
`},
	}
}
