package main_test

import (
	"slices"
	"syscall"
)

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
		{line: "-h ::1 -p 1 ping"},
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
		{line: "-a wrong -u redis://s3cret@127.0.0.1:{guarded} ping"},
		{line: "-u redis://wrong@127.0.0.1:{guarded} -a s3cret ping"},
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
		{line: "-p {tls12} --tls --cacert {tls12-ca} ping"},
		{line: "-p {misnamed} --tls --cacert {misnamed-ca} ping"},
		{line: "-p {expired} --tls --cacert {expired-ca} ping"},
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
		case "big-number", "nan", "attribute", "only-shut", "bulk-error", "half-array", "huge-bulk", "silence":
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
