package main_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"

	"redan/conn/conntest"
)

// intendedDifferences are the places where redan is not like redis-cli 7.0, by name, and why.
func intendedDifferences() map[string]string {
	return map[string]string{
		"refused password":        "nothing is sent for a user who did not get in; redis-cli runs the command anyway, as nobody",
		"refused database":        "nothing is sent to a database that was not asked for; redis-cli runs the command in database 0",
		"password without a user": "redis://:password@host is what everyone else means by it, not a user with an empty name",
		"last @":                  "a password in a URI may contain @: the last one ends the user info",
		"more replies":            "big numbers, NaN, bulk errors and attributes are printed; redis-cli gives up on them",
		"bounded replies":         "a length that cannot be meant is refused at once; redis-cli waits for the bytes",
		"replies as they come":    "what arrived of a reply that broke off is printed, behind it the error; redis-cli prints the error alone",
		"password nobody wants":   "a server without a password is told the database and the protocol all the same; redis-cli runs the command in database 0",
		"muted replies":           "CLIENT REPLY OFF and SKIP are understood; redis-cli waits for an answer for ever",
		"answers that are pushes": "in RESP3 the answer to UNSUBSCRIBE is a push, and an answer; redis-cli waits for another one for ever",
		"lost window":             "piped commands run ahead of their replies: with the connection goes what was in flight, and its lines are named",
		"TLS by its options":      "a certificate option turns TLS on; redis-cli goes on in plaintext",
		"TLS to a plain port":     "is told within the connect timeout; redis-cli waits for ever",
		"more spellings":          "--option=value, -p6379 and -- are understood",
		"more addresses":          "valkey://, unix:// and IPv6 addresses in URIs",
		"strict numbers":          "a port, database or count that is no number is refused; redis-cli reads 0",
		"newer options":           "-t, -4, -6 and --test_hint came after 7.0",
		"user without password":   "is warned about; redis-cli ignores --user in silence",
		"own name":                "version and help are redan's own",
		"modes to come":           "say that they are not there yet",
	}
}

// newElsewhere starts the servers that serve all rigs, and writes the files of the cases.
func newElsewhere(t *testing.T, home string) map[string]string {
	t.Helper()
	for name, text := range map[string]string{
		"script.lua": "return {KEYS,ARGV}",
		"error.lua":  "return redis.error_reply('MY error')",
		"get.lua":    "return redis.call('get',KEYS[1])",
		"empty.lua":  "",
		"not.pem":    "this is no certificate",
	} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	guarded := conntest.Start(t, conntest.Password("s3cret"))
	other := conntest.NewAuthority(t)
	mutual := conntest.Start(t, conntest.MutualTLS("yes"))
	places := map[string]string{
		"guarded": strconv.Itoa(guarded.Port), "other": other.CertFile,
		"mutual": strconv.Itoa(mutual.TLSPort), "mutual-ca": mutual.CAFile, "mutual-cert": mutual.CertFile, "mutual-key": mutual.KeyFile,
	}
	for name, script := range fakeServers() {
		places[name] = portOf(t, conntest.Fake(t, script))
	}
	cluster := conntest.Cluster(t, 2)
	for i, node := range cluster.Nodes {
		places["node"+strconv.Itoa(i+1)] = strconv.Itoa(node.Port)
	}
	for _, key := range []string{"a", "b", "c"} {
		cluster.Node(key).Do("SET", key, "value of "+key)
	}
	return places
}

func cases() []comparison {
	return slices.Concat(commandCases(), optionCases(), addressCases(), passwordCases(), tlsCases(), streamCases(), brokenServerCases(), clusterCases())
}

// commandCases are one-shot commands with the options that change what is sent.
func commandCases() []comparison {
	return []comparison{
		{line: "-p {port} -r 3 incr n"},
		{line: "-p {port} -r 0 incr n"},
		{line: "-p {port} -r 3 -i 0.01 ping"},
		{line: "-p {port} -i 0.01 ping"},
		{line: "-p {port} -r 2 -D | ping"},
		{line: "-p {port} -r 2 -D '' lrange l 0 -1"},
		{line: "-p {port} -r 2 --csv lrange l 0 -1"},
		{line: "-p {port} -d '\\n' lrange l 0 -1"},
		{line: "-p {port} -d '' -D '\\x00' lrange l 0 -1"},
		{line: "-p {port} -r -1 brpop l 0", during: []step{{await: "a\n", do: "client kill type normal"}}},
		{line: "-p {port} -r x ping", differs: "strict numbers", redan: outcome{code: 1, stderr: []string{"-r takes a number, negative for ever, not 'x'."}}},
		{line: "-p {port} -n 5 get five:a"},
		{line: "-p {port} -n 5 -n 6 randomkey"},
		{line: "-p {port} -n 0 dbsize"},
		{line: "-p {port} -n 5 -3 get five:a"},
		{line: "-p {port} -n 5 --json get five:a"},
		{line: "-p {port} -x set k", stdin: "value\n"},
		{line: "-p {port} -x echo", stdin: "no line break"},
		{line: "-p {port} -x echo", name: "empty standard input", stdin: ""},
		{line: "-p {port} -x echo", name: "binary standard input", stdin: "a\x00b\r\n\xff\xfe\n\n"},
		{line: "-p {port} --no-raw -x echo", name: "UTF-8 standard input", stdin: "日本\n"},
		{line: "-p {port} -x -r 2 rpush k", stdin: "x"},
		{line: "-p {port} -X tag mset a tag b tag", stdin: "x"},
		{line: "-p {port} -X tag echo tag", stdin: "a\x00b\n"},
		{line: "-p {port} -X tag echo x", stdin: "x"},
		{line: "-p {port} -X tag tag", stdin: "ping"},
		{line: "-p {port} --quoted-input get '\"\\x00bin\\xff\"'"},
		{line: `-p {port} --quoted-input echo "'it\\'s'"`},
		{line: `-p {port} --quoted-input echo a"b"`},
		{line: `-p {port} --quoted-input echo "\"unbalanced"`},
		{line: `-p {port} --quoted-input echo ""`},
		{line: `-p {port} --quoted-input echo "a b"`},
		{line: "-p {port} -e ping"},
		{line: "-p {port} -e get l"},
		{line: "-p {port} -e nosuch"},
		{line: "-p {port} -e --json get l"},
		{line: "-p {port} -e --csv -r 3 get l"},
		{line: "-p {port} -e lrange nosuch 0 -1"},
		{line: `-p {port} -e eval "return {redis.error_reply('inside')}" 0`},
		{line: "-p {port} -e client list type nosuch"},
		{line: "-p {port} --eval {dir}/script.lua", renderings: outputModes()},
		{line: "-p {port} --eval {dir}/script.lua k1 k2 , a1 a2"},
		{line: "-p {port} --eval {dir}/script.lua k1 k2, a1"},
		{line: "-p {port} --eval {dir}/script.lua , a1 , a2"},
		{line: "-p {port} --eval {dir}/script.lua k1 ,"},
		{line: "-p {port} --eval {dir}/get.lua s:hello", renderings: outputModes()},
		{line: "-p {port} --eval {dir}/get.lua l"},
		{line: "-p {port} -e --eval {dir}/error.lua"},
		{line: "-p {port} -n 5 --eval {dir}/get.lua five:a"},
		{line: "-p {port} --eval {dir}/empty.lua"},
		{line: "-p {port} --eval {dir}/nosuch.lua"},
		{line: "-p {port} -r 2 --eval {dir}/get.lua s:int"},
		{line: "-p {port} hello 2", renderings: allRenderings()},
		{line: "-p {port} hello 3", renderings: allRenderings()},
		{line: "-p {port} hello 3 auth reader secret setname me"},
		{line: "-p {port} reset", renderings: allRenderings()},
		{line: "-p {port} quit"},
		{line: "-p {port} QUIT now"},
		{line: "-p {port} -r 2 quit"},
		{line: "-p {port} help get", renderings: outputModes()},
		{line: "-p {port} help @string"},
		{line: "-p {port} help @sorted-set"},
		{line: "-p {port} help @nosuch"},
		{line: "-p {port} help nosuch"},
		{line: "-p {port} help client"},
		{line: "-p {port} help client list"},
		{line: "-p {port} HELP config set"},
		{line: "-p {port} '?' get"},
		{line: "-p {port} help get set"},
		{line: "-p {port} -r 2 help get"},
		{line: "-p 1 help get"},
		{line: "-p {port} client kill type normal skipme no"},
		{line: "-p {port} -r 2 client kill type normal skipme no"},
		{line: `-p {port} eval "local t={} for i=1,30000 do t[i]={i,'x'} end return t" 0`, renderings: outputModes()},
		{line: `-p {port} eval "return string.rep('a\\0\\n\"\\200é',100000)" 0`, renderings: outputModes()},
		{line: "-p {port} get s:large", name: "nobody reads", shut: true},
		{line: "-p {port}", name: "nobody reads, piped", stdin: "set k v\nget k\n", shut: true},
		{line: "-p {port} client reply off", differs: "muted replies", hangs: true, redan: outcome{}},
		{line: "-p {port} --show-pushes y -3 -r 2 ping"},
		{line: "-p {port} --show-pushes maybe ping"},
		{line: "-p {port} --show-pushes NO ping"},
		{line: "-p {port} --verbose get l"},
	}
}

// optionCases are command lines taken apart.
func optionCases() []comparison {
	return []comparison{
		{line: "-p {port} ping --raw"},
		{line: "-p {port} ping -v"},
		{line: "-p {port} ''"},
		{line: "-p {port} '' --version"},
		{line: "-p {port} echo -n"},
		{line: "-p {port} set k -- x"},
		{line: "-p {port} --raw --csv lrange l 0 -1"},
		{line: "-p {port} --csv --raw lrange l 0 -1"},
		{line: "-p {port} --json --no-raw hgetall h"},
		{line: "-p {port} --no-raw --json hgetall h"},
		{line: "-p {port} -2 --json hgetall h"},
		{line: "-p 1 -p {port} ping"},
		{line: "--bogus ping"},
		{line: "-p {port} --bogus"},
		{line: "-p {port} --rwa ping"},
		{line: "-z ping"},
		{line: "- ping"},
		{line: "-cx ping"},
		{line: "ping -p"},
		{line: "-p"},
		{line: "-n"},
		{line: "-p {port} -r"},
		{line: "--eval"},
		{line: "--pass"},
		{line: "--bogus --version"},
		{line: "-2 -3 ping"},
		{line: "-c -s x ping"},
		{line: "-x -X t ping"},
		{line: "-p{port} ping", differs: "more spellings", redan: outcome{stdout: "PONG\n"}},
		{line: "-p {port} -n5 get five:a", differs: "more spellings", redan: outcome{stdout: "1\n"}},
		{line: "--pass=x --no-auth-warning -p {guarded} ping", differs: "more spellings", redan: outcome{code: 1, stderr: []string{
			"AUTH failed: WRONGPASS invalid username-password pair or user is disabled.",
		}}},
		{line: "-p {port} -- ping", differs: "more spellings", redan: outcome{stdout: "PONG\n"}},
		{line: "-p {port} -t 5 ping", differs: "newer options", redan: outcome{stdout: "PONG\n"}},
		{line: "-p {port} -4 ping", differs: "newer options", redan: outcome{stdout: "PONG\n"}},
		{line: "-p {port} -4 -6 ping", differs: "newer options", redan: outcome{code: 1, stderr: []string{"Options -4 and -6 are mutually exclusive."}}},
		{line: "-t x ping", differs: "newer options", redan: outcome{code: 1, stderr: []string{"Invalid connection timeout for -t."}}},
		{line: "--test_hint 'GET '", differs: "newer options", redan: outcome{stdout: "key\n"}},
		{line: "--version", differs: "own name", redan: outcome{stdout: "redan devel\n"}},
		{line: "-v --bogus", differs: "own name", redan: outcome{stdout: "redan devel\n"}},
		{line: "-p {port} --scan", differs: "modes to come", redan: outcome{
			code: 1, stderr: []string{"--scan is not in this version of redan yet; redis-cli --scan does it."},
		}},
		{line: "-p {port} --bigkeys", differs: "modes to come", redan: outcome{
			code: 1, stderr: []string{"--bigkeys is not in this version of redan yet; redis-cli --bigkeys does it."},
		}},
	}
}

// addressCases are ways to say where the server is.
func addressCases() []comparison {
	invalidPort := outcome{code: 1, stderr: []string{"Invalid server port."}}
	return []comparison{
		{line: "-h localhost -p {port} ping"},
		{line: "-h 127.0.0.1 -p {port} get s:hello"},
		{line: "-p 1 ping"},
		{line: "-p 1 -3 -n 5 ping"},
		{line: "-p 1 --json ping"},
		{line: "-p 1 -a x ping"},
		{line: "-p 1 --eval {dir}/get.lua k"},
		{line: "-p 1 subscribe c"},
		{line: "-h nosuchhost.invalid -p 1 ping"},
		{line: "-h '' -p {port} ping"},
		{line: "-s {socket} ping"},
		{line: "-s {socket} -h nosuch -p 1 -n 5 get five:a"},
		{line: "-s {dir}/nosuch.sock ping"},
		{line: "-s {dir}/script.lua ping"},
		{line: "-u redis://127.0.0.1:{port} ping"},
		{line: "-u REDIS://localhost:{port} ping"},
		{line: "-u redis://127.0.0.1:{port}/ dbsize"},
		{line: "-u redis://127.0.0.1:{port}/5 get five:a"},
		{line: "-u redis://127.0.0.1:{port}/5 -n 6 randomkey"},
		{line: "-n 6 -u redis://127.0.0.1:{port}/5 get five:a"},
		{line: "-n 6 -u redis://127.0.0.1:{port} randomkey"},
		{line: "-p {port} -u redis://127.0.0.1 ping"},
		{line: "-p {port} -u redis:// ping"},
		{line: "-u redis://127.0.0.1:1 -p {port} ping"},
		{line: "-u redis://127.0.0.1:1 ping"},
		{line: "-u http://127.0.0.1:{port} ping"},
		{line: "-u 127.0.0.1:{port} ping"},
		{line: "-u '' ping"},
		{line: "-u redis://a%4 ping"},
		{line: "-u redis://a%@127.0.0.1:{port} ping"},
		{line: "-u redis://a%zz@127.0.0.1:{port} ping"},
		{line: "-u valkey://127.0.0.1:{port} ping", differs: "more addresses", redan: outcome{stdout: "PONG\n"}},
		{line: "-u unix://{socket} ping", differs: "more addresses", redan: outcome{stdout: "PONG\n"}},
		{line: "-p 99999 ping", differs: "strict numbers", redan: invalidPort},
		{line: "-p 0 ping", differs: "strict numbers", redan: invalidPort},
		{line: "-p abc ping", differs: "strict numbers", redan: invalidPort},
		{line: "-p {port} -n abc dbsize", differs: "strict numbers", redan: outcome{
			code: 1, stderr: []string{"Invalid database number: -n takes a number from 0 on, not 'abc'."},
		}},
		{line: "-p {port} -n 99 set k v", differs: "refused database", redan: outcome{
			code: 1, stderr: []string{"SELECT 99 failed: ERR DB index is out of range"},
		}},
		{line: "-p {port} -n 99", name: "refused database, piped", stdin: "set k v\nget k\n", differs: "refused database", redan: outcome{
			code: 1, stderr: []string{"SELECT 99 failed: ERR DB index is out of range"},
		}},
	}
}

// passwordCases are ways to say who one is.
func passwordCases() []comparison {
	wrongPassword := outcome{code: 1, stderr: []string{"AUTH failed: WRONGPASS invalid username-password pair or user is disabled."}}
	warned := outcome{code: 1, stderr: append([]string{passwordWarning}, wrongPassword.stderr...)}
	return []comparison{
		{line: "-p {guarded} ping", renderings: outputModes()},
		{line: "-p {guarded} -a s3cret ping"},
		{line: "-p {guarded} --pass s3cret acl whoami"},
		{line: "-p {guarded} -a s3cret --no-auth-warning -3 -n 5 ping"},
		{line: "-p {guarded} --no-auth-warning -a s3cret --json ping"},
		{line: "-p {guarded} -a s3cret -3 --eval {dir}/script.lua"},
		{line: "-p {guarded} ping", name: "password from the environment", env: []string{"REDISCLI_AUTH=s3cret"}},
		{line: "-p {guarded} -a s3cret ping", name: "option before environment", env: []string{"REDISCLI_AUTH=wrong"}},
		{line: "-p {guarded} --user default --pass s3cret acl whoami"},
		{line: "-p {guarded} --askpass ping", stdin: "s3cret\n"},
		{line: "-p {guarded} --askpass ping", name: "nothing where a password was asked", stdin: ""},
		{line: "-p {guarded} --askpass -a wrong ping", stdin: "s3cret\n"},
		{line: "-p {guarded} -3 ping"},
		{line: "-p {guarded} --json ping"},
		{line: "-u redis://s3cret@127.0.0.1:{guarded} acl whoami"},
		{line: "-u redis://default:s3cret@127.0.0.1:{guarded}/5 acl whoami"},
		{line: "-u redis://default:s3cret@127.0.0.1:{guarded} --no-auth-warning acl whoami"},
		{line: "-p {port} -a x ping"},
		{line: "-p {port} -a '' ping"},
		{line: "-p {port} -a x -n 5 get five:a", differs: "password nobody wants", redan: outcome{stdout: "1\n", stderr: []string{
			passwordWarning,
			"AUTH failed: ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
		}}},
		{line: "-p {port} ping", name: "empty password from the environment", env: []string{"REDISCLI_AUTH="}},
		{line: "-p {port} --user reader --pass secret --no-auth-warning acl whoami"},
		{line: "-p {port} --user reader --pass secret --no-auth-warning set s:k v", renderings: outputModes()},
		{line: "-p {port} --user reader --pass secret --no-auth-warning get l", renderings: outputModes()},
		{line: "-p {port} --user reader --pass secret --no-auth-warning -e get l"},
		{line: "-p {port} --user nobody --pass nothing --no-auth-warning ping"},
		{line: "-p {port} --user odd@%:name --pass 'p w@#%:/+é' --no-auth-warning acl whoami"},
		{line: "-u redis://odd%40%25%3aname:p%20w%40%23%25%3A%2F+%C3%A9@127.0.0.1:{port} acl whoami"},
		{line: "-u redis://@127.0.0.1:{port} ping"},
		{line: "-p {guarded} -a wrong --no-auth-warning ping", differs: "refused password", redan: wrongPassword},
		{line: "-p {guarded} -a wrong ping", differs: "refused password", redan: warned},
		{line: "-p {guarded} -a wrong -n 5 -3 ping", differs: "refused password", redan: warned},
		{line: "-p {guarded} ping", name: "wrong password from the environment", env: []string{"REDISCLI_AUTH=wrong"}, differs: "refused password", redan: wrongPassword},
		{line: "-p {guarded} -a wrong --no-auth-warning", name: "wrong password, piped", stdin: "ping\n", differs: "refused password", redan: wrongPassword},
		{line: "-p {port} --user nosuch --pass x --no-auth-warning set k v", differs: "refused password", redan: wrongPassword},
		{line: "-p {guarded} -n 5 ping", differs: "refused database", redan: outcome{
			code: 1, stderr: []string{"SELECT 5 failed: NOAUTH Authentication required."},
		}},
		{line: "-p {port} --user reader ping", differs: "user without password", redan: outcome{
			stdout: "PONG\n", stderr: []string{"Warning: --user reader has no effect without a password (--askpass, REDISCLI_AUTH or -a)."},
		}},
		{line: "-u redis://:s3cret@127.0.0.1:{guarded} --no-auth-warning acl whoami", differs: "password without a user", redan: outcome{stdout: "default\n"}},
		{line: "-u redis://odd@%25%3aname:p%20w@%23%25%3A%2F+%C3%A9@127.0.0.1:{port} --no-auth-warning acl whoami", differs: "last @", redan: outcome{stdout: "odd@%:name\n"}},
	}
}

const passwordWarning = "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe."

// tlsCases speak TLS. What redis-cli says of a bad certificate is OpenSSL's; redan's own words for it have their own transcripts.
func tlsCases() []comparison {
	return []comparison{
		{line: "-p {tls} --tls --cacert {ca} get s:hello", renderings: allRenderings()},
		{line: "-p {tls} --tls --cacert {ca} --cert {cert} --key {key} ping"},
		{line: "-p {tls} --tls --insecure ping"},
		{line: "-p {tls} --tls --cacert {ca} --sni localhost ping"},
		{line: "-h localhost -p {tls} --tls --cacert {ca} -n 5 -3 get five:a"},
		{line: "-u rediss://127.0.0.1:{tls}/5 --cacert {ca} get five:a"},
		{line: "-u rediss://reader:secret@localhost:{tls} --cacert {ca} --no-auth-warning acl whoami"},
		{line: "-p {tls} --tls --cacert {ca} --tls-ciphersuites TLS_AES_128_GCM_SHA256 ping"},
		{line: "-p {tls} --tls --cacert {ca} lrange l:long 0 -1"},
		{line: "-p {tls} --tls --cacert {ca} get s:large"},
		{line: "-p {tls} --tls --cacert {ca} -x echo", stdin: "a\x00b\n"},
		{line: "-p {tls} ping"},
		{line: "-p 1 --tls --cacert {ca} ping"},
		{line: "-p {mutual} --tls --cacert {mutual-ca} --cert {mutual-cert} --key {mutual-key} ping"},
		{line: "-p {mutual} --tls --cacert {mutual-ca} ping"},
		{line: "-p {tls} --tls --cacert {other} ping"},
		{line: "-p {tls} --tls ping"},
		{line: "-p {tls} --tls --cacert {dir}/nosuch ping"},
		{line: "-p {tls} --tls --cacert {dir}/not.pem ping"},
		{line: "-p {tls} --tls --cacert {ca} --cert {dir}/nosuch --key {key} ping"},
		{line: "-p {tls} --tls --cacert {ca} --cert {cert} --key {mutual-key} ping"},
		{line: "-p {tls} --tls --cacert {ca} --tls-ciphers BOGUS ping"},
		{line: "-p {tls} --cacert {ca} ping", differs: "TLS by its options", redan: outcome{stdout: "PONG\n"}},
		{line: "-p {port} --tls --cacert {ca} ping", differs: "TLS to a plain port", hangs: true, redan: outcome{code: 1, stderr: []string{
			"Could not connect to Redis at 127.0.0.1:{port}: SSL_connect failed: this port speaks plain Redis, not TLS",
		}}},
	}
}

// streamCases are commands whose replies do not end by themselves.
func streamCases() []comparison {
	closing := []step{{await: "c1", do: "publish c1 'a message'"}, {await: "a message", do: "client kill type pubsub"}}
	forms := slices.Concat(outputModes(), []rendering{{flags: []string{"-3"}}, {env: []string{"FAKETTY=1"}, flags: []string{"-3"}}})
	return []comparison{
		{line: "-p {port} subscribe c1", during: closing, renderings: forms},
		{line: "-p {port} subscribe c0 c1", during: closing},
		{line: "-p {port} psubscribe 'c*' c1", during: closing, renderings: forms},
		{line: "-p {port} ssubscribe c1", during: []step{{await: "c1", do: "spublish c1 'a message'"}, {await: "a message", do: "client kill type pubsub"}}},
		{line: "-p {port} -r 2 subscribe c1", during: closing},
		{line: "-p {port} -e subscribe c1", during: closing},
		{line: "-p {tls} --tls --cacert {ca} subscribe c1", during: closing},
		{line: "-p {port} subscribe"},
		{line: "-p {port} --no-raw subscribe"},
		{line: "-p {port} monitor", renderings: forms, during: []step{
			{await: "OK", do: `set k "a \"b\"\n\x00"`}, {await: "a \\", do: "client kill type normal"},
		}},
		{line: "-p {port} subscribe c1", name: "interrupted subscription", during: []step{{await: "c1\n1\n", signal: syscall.SIGINT}}},
		{line: "-p {port} monitor", name: "interrupted monitor", during: []step{{await: "OK", signal: syscall.SIGINT}}},
		{line: "-p {port} -r -1 brpop l 0", name: "interrupted repetition", during: []step{{await: "a\n", signal: syscall.SIGINT}}},
		{line: "-p {port} -r -1 brpop l 0", name: "terminated repetition", during: []step{{await: "a\n", signal: syscall.SIGTERM}}},
	}
}

// fakeServers answer as no real one does.
func fakeServers() map[string]conntest.Script {
	return map[string]conntest.Script{
		"half-bulk":    conntest.HalfBulk(),
		"half-array":   conntest.ReplyOnce("*3\r\n$1\r\na\r\n$1\r\nb\r\n"),
		"hang-up":      conntest.HangUp(),
		"reset":        conntest.Reset(),
		"http":         conntest.ReplyOnce("HTTP/1.1 400 Bad Request\r\n\r\n"),
		"garbage":      conntest.ReplyOnce("garbage\r\n"),
		"huge-bulk":    conntest.ReplyOnce("$1099511627776\r\nx"),
		"huge-array":   conntest.ReplyOnce("*9223372036854775807\r\n"),
		"bad-length":   conntest.ReplyOnce("$abc\r\n"),
		"bad-integer":  conntest.ReplyOnce(":12x\r\n"),
		"bad-boolean":  conntest.ReplyOnce("#x\r\n"),
		"big-number":   conntest.ReplyOnce("(3492890328409238509324850943850943825024385\r\n"),
		"nan":          conntest.ReplyOnce(",nan\r\n"),
		"attribute":    conntest.ReplyOnce("|1\r\n+key\r\n+value\r\n+reply\r\n"),
		"bulk-error":   conntest.ReplyOnce("!9\r\nERR a\r\nbc\r\n"),
		"push-first":   conntest.ReplyOnce(">2\r\n+message\r\n+a push\r\n+the reply\r\n"),
		"two-replies":  conntest.ReplyOnce("+one\r\n+two\r\n"),
		"empty-status": conntest.ReplyOnce("+\r\n"),
		"null-array":   conntest.ReplyOnce("*-1\r\n"),
		"deep":         conntest.ReplyOnce("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n+deep\r\n"),
		"resp3":        conntest.ReplyOnce("*7\r\n#t\r\n#f\r\n_\r\n,1.5\r\n=7\r\ntxt:abc\r\n~2\r\n:1\r\n:2\r\n%1\r\n+k\r\n%1\r\n:1\r\n*0\r\n"),
		"only-shut":    conntest.Answer(func([]string) string { return "" }),
	}
}

// brokenServerCases are replies that end too soon, are none, or that redis-cli does not know.
func brokenServerCases() []comparison {
	all := []comparison{
		{line: "-p {big-number} --json -2 ping", differs: "more replies", redan: outcome{stdout: "3492890328409238509324850943850943825024385\n"}},
		{line: "-p {big-number} --no-raw ping", differs: "more replies", redan: outcome{stdout: "(big number) 3492890328409238509324850943850943825024385\n"}},
		{line: "-p {port} -3 debug protocol bignum", differs: "more replies", redan: outcome{stdout: "1234567999999999999999999999999999999\n"}},
		{line: "-p {nan} ping", differs: "more replies", redan: outcome{stdout: "nan\n"}},
		{line: "-p {nan} --no-raw ping", differs: "more replies", redan: outcome{stdout: "(double) nan\n"}},
		{line: "-p {attribute} ping", differs: "more replies", redan: outcome{stdout: "reply\n"}},
		{line: "-p {bulk-error} ping", differs: "more replies", redan: outcome{stdout: "ERR a\r\nbc\n\n"}},
		{line: "-p {bulk-error} --no-raw ping", differs: "more replies", redan: outcome{stdout: "(error) ERR a\r\nbc\n"}},
		{line: "-p {bulk-error} -e ping", differs: "more replies", redan: outcome{code: 1, stderr: []string{"ERR a", "bc"}}},
		{line: "-p {half-array} ping", differs: "replies as they come", redan: outcome{code: 1, stdout: "a\nb", stderr: []string{serverClosed}}},
		{line: "-p {half-array} --no-raw ping", differs: "replies as they come", redan: outcome{
			code: 1, stdout: "1) \"a\"\n2) \"b\"", stderr: []string{serverClosed},
		}},
		{line: "-p {huge-bulk} ping", differs: "bounded replies", redan: outcome{code: 1, stderr: []string{protocolError}}},
		{line: "-p {only-shut} shutdown"},
		{line: "-p {only-shut} shutdown nosave"},
		{line: "-p {only-shut} ping"},
		{line: "-p {only-shut}", name: "shutdown, piped", stdin: "shutdown\n"},
		{line: "-p {hang-up} -3 ping"},
		{line: "-p {hang-up} -a x -n 5 ping"},
	}
	for name := range fakeServers() {
		switch name {
		case "big-number", "nan", "attribute", "only-shut", "bulk-error", "half-array", "huge-bulk":
		default:
			for _, mode := range []string{"", "--no-raw ", "--json -2 ", "-e "} {
				all = append(all, comparison{line: "-p {" + name + "} " + mode + "ping"})
			}
		}
	}
	return all
}

// clusterCases are redirections. Key a is on the second node, b and c are on the first.
func clusterCases() []comparison {
	return []comparison{
		{line: "-p {node1} get a", renderings: outputModes()},
		{line: "-p {node1} -c get a", renderings: outputModes()},
		{line: "-p {node2} -c get a"},
		{line: "-p {node2} -c -3 get b"},
		{line: "-p {node1} -c -e get a"},
		{line: "-p {node1} -e get a"},
		{line: "-p {node1} -c -r 2 get a"},
		{line: "-p {node1} -c mget a b"},
		{line: "-p {node1} -c", name: "redirected, piped", stdin: "get a\nget a\nget b\nget c\nmget a b\n", renderings: outputModes()},
		{line: "-p {node1}", name: "not redirected, piped", stdin: "get a\nget b\n"},
		{line: "-p {node1} cluster info", name: "keyslot", renderings: nil},
		{line: "-p {node1} cluster keyslot a"},
		{line: "-p {node1} cluster slots", renderings: allRenderings()},
		{line: "-p {node1} cluster shards"},
		{line: "-p {node1} -n 3 get b", differs: "refused database", redan: outcome{
			code: 1, stderr: []string{"SELECT 3 failed: ERR SELECT is not allowed in cluster mode"},
		}},
	}
}
