package main_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// pipedLines are command lines as redis-cli's standard input wants them. Behind each, the keys are made anew, which prints a
// mark, and what the line did to the connection is taken back.
func pipedLines(lines []string) string {
	var b strings.Builder
	hash := seedScriptHash()
	for _, line := range lines {
		if isLocal(line) {
			continue
		}
		for _, word := range words(line) {
			b.WriteString(quoted(word) + " ")
		}
		fmt.Fprintf(&b, "\n%sevalsha %s 0 %s\n", undo(line), hash, quoted("-- "+line))
	}
	return b.String()
}

// isLocal reports whether a line is not for the server when it is piped.
func isLocal(line string) bool {
	switch words(line)[0] {
	case "exit", "connect", "3", ":set":
		return true
	}
	return false
}

// undo returns the lines that take back what a line did to the connection.
func undo(line string) string {
	switch line {
	case "select 5":
		return "select 0\n"
	case "multi":
		return "discard\n"
	case "watch k":
		return "unwatch\n"
	case "auth reader secret":
		return "auth default x\n"
	case "client tracking on":
		return "client tracking off\n"
	}
	return ""
}

// quoted is a word in double quotes, if it needs any.
func quoted(word string) string {
	plain := strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+.,:;*()|>$") == ""
	if plain && word != "" {
		return word
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(word) {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0xff:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// scripts are what is piped in, where more counts than single commands: quoting, built-ins, the state of the connection.
func scripts() []comparison {
	return []comparison{
		{name: "lines", stdin: "set k v\nget k\nget nosuch\nlrange l 0 -1\n"},
		{name: "no line break at the end", stdin: "set k v\nget k"},
		{name: "nothing", stdin: "\n"},
		{name: "blank lines", stdin: "\n   \n\t\nping\n\n\n"},
		{name: "CR LF", stdin: "set k v\r\nget k\r\n\r\nhgetall h\r\n"},
		{name: "CR inside", stdin: "set k a\rb\nget k\n"},
		{name: "tabs and form feeds", stdin: "\tset\tk\v v \f\nget k\n"},
		{name: "NUL cuts the line", stdin: "set k v\x00 nx garbage\nget k\n\x00ping\nping\n"},
		{name: "UTF-8", stdin: "set ключ значение\nget ключ\necho 日本\necho \xff\xfe\n"},
		{name: "comment", stdin: "# a comment\nping\n// another\n"},
		{name: "semicolon and backslash", stdin: "set a 1;get a\nset b \\\nget b\n"},
		{name: "pipe is data", stdin: "set k a|b\nget k | cat\nset k 'a | b'\nget k\necho > file\n"},
		{name: "double quotes", stdin: `echo "a b"` + "\n" + `echo "tab\there \"q\" \\ \a\b\r\n."` + "\n" + `echo "\x41\x0a\xff\xg1\x4"` + "\n" + `echo "\0\q\'"` + "\n"},
		{name: "single quotes", stdin: `echo 'a b'` + "\n" + `echo 'it\'s'` + "\n" + `echo '\n\x41\\'` + "\n" + `echo '"'` + "\n"},
		{name: "quotes inside a word", stdin: `echo a"b c"` + "\n" + `echo z""` + "\n" + `echo a'b c'` + "\n" + `echo ""` + "\n" + `echo ''` + "\n"},
		{name: "bad quotes", stdin: "get x\"y\nset \"a b\"c 1\nget 'x\nget 'x'y\nset k \"\\\nping\n\"\n'\n"},
		{name: "words at random", stdin: randomLines(2000, "eval 'return ARGV' 0 "), renderings: outputModes()[:2]},
		{name: "lines at random", stdin: randomLines(2000, "echo"), renderings: outputModes()[:1]},
		{name: "quoted command", stdin: "\"get\" \"s:hello\"\n'get' 's:hello'\nGeT s:hello\n"},
		{name: "binary key", stdin: `get "\x00bin\xff"` + "\n" + `set "\r\n" "\x00"` + "\n" + `get "\r\n"` + "\n"},
		{name: "long value", stdin: "set k " + strings.Repeat("0123456789", 20000) + "\nstrlen k\nget k\n"},
		{name: "many lines", stdin: strings.Repeat("incr n\n", 6000) + "get n\n"},
		{name: "many words", stdin: "rpush k" + strings.Repeat(" w", 5000) + "\nlrange k 4995 -1\n"},
		{name: "errors", stdin: "nosuch\nget\nget l\nset k v ex x\neval \"return redis.error_reply('MY err')\" 0\nping\n"},
		{name: "errors with -e", line: "-e", stdin: "get l\nping\nnosuch\n"},
		{name: "repeat", stdin: "3 incr n\n2 get l\n1 ping\n"},
		{name: "repeat with a sign and zeros", stdin: "+2 incr n\n002 incr n\n2x incr n\n\"2\" incr n\n0x2 ping\n2.0 ping\n 2 ping\n- ping\n+ ping\n--2 ping\n"},
		{name: "bad repeat", stdin: "0 incr n\n-2 incr n\n99999999999999999999 incr n\nget n\n"},
		{name: "repeat without a command", stdin: "3\n-3\n0\n"},
		{name: "repeat of what is local", stdin: "2 help get\n2 :set hints\n2 clear\n"},
		{name: "quit ends", stdin: "ping\nquit\nping\n"},
		{name: "exit ends", stdin: "ping\nEXIT now\nping\n"},
		{name: "repeated quit goes to the server", stdin: "2 quit\nping\n"},
		{name: "clear", stdin: "clear\nping\nclear x\nCLEAR\n"},
		{name: "restart", stdin: "restart\nRestart\nrestart x\n"},
		{name: "preferences", stdin: ":set hints\n:set nohints\n:set foo\n:set\n:foo\n:\n:SET hints\n:set hints x\n"},
		{name: "connect", stdin: "connect 127.0.0.1 {port}\nget s:hello\nconnect\nconnect a\nconnect a b c\n"},
		{name: "connect elsewhere", stdin: "connect 127.0.0.1 1\nget s:hello\nconnect 127.0.0.1 {port}\nget s:hello\n"},
		{name: "connect keeps the database", line: "-n 5", stdin: "get five:a\nconnect 127.0.0.1 {port}\nget five:a\n"},
		{name: "help of a command", stdin: "help get\nhelp GETEX\n? get\nping\n"},
		{name: "help of a container", stdin: "help client\nhelp client list\n"},
		{name: "help of a group", stdin: "help @string\nhelp @transactions\nhelp @nosuch\n"},
		{name: "help of everything", renderings: outputModes()[:1], stdin: "help @generic\nhelp @list\nhelp @set\nhelp @sorted-set\nhelp @hash\n" +
			"help @pubsub\nhelp @connection\nhelp @server\nhelp @scripting\nhelp @hyperloglog\nhelp @cluster\nhelp @geo\nhelp @stream\nhelp @bitmap\n"},
		{name: "help of nothing", stdin: "help nosuch\nhelp get x\nhelp g\nHELP ping\n"},
		{name: "transaction", stdin: "multi\nset k v\nincr n\nlpush s:hello x\nget k\nhgetall h\nlrange l 0 -1\nexec\nget k\n"},
		{name: "discard", stdin: "multi\nset k v\ndiscard\nget k\nexec\n"},
		{name: "aborted transaction", stdin: "multi\nnosuch\nset k v\nexec\nmulti\nmulti\nexec\n"},
		{name: "watch", stdin: "watch k\nset k 1\nmulti\nset k 2\nexec\nget k\n"},
		{name: "plain replies in a transaction", stdin: "multi\ninfo keyspace\nping\nmemory doctor\nexec\n"},
		{name: "select", stdin: "select 5\nget five:a\nselect 99\nget five:a\nselect 0\nget s:hello\n"},
		{name: "select in a transaction", stdin: "multi\nselect 5\nget five:a\nexec\nget five:b\n"},
		{name: "database", line: "-n 5", stdin: "get five:a\ndbsize\nselect 6\nrandomkey\n"},
		{name: "authentication", stdin: "auth reader secret\nacl whoami\nset k v\nget s:hello\nget h\nauth default x\nacl whoami\nset k v\n"},
		{name: "refused authentication", stdin: "auth nosuch x\nauth reader wrong\nacl whoami\n"},
		{name: "hello", stdin: "hello 3\nhgetall h\nhello 2\nhgetall h\nhello 3 auth reader secret setname me\nclient getname\nhello 9\nzscore z two\n"},
		{name: "reset", stdin: "select 5\nmulti\nreset\nget s:hello\n"},
		{
			name: "client reply off", stdin: "client reply off\nset k v\nclient reply on\nget k\n",
			differs: "muted replies", hangs: true, redan: outcome{stdout: "OK\nv\n"},
		},
		{
			name: "client reply skip", stdin: "ping\nclient reply skip\nset k v\nget k\n",
			differs: "muted replies", hangs: true, redan: outcome{stdout: "PONG\nv\n"},
		},
		{name: "tracking", stdin: "hello 3\nclient tracking on\nget s:hello\nset s:hello new\nmget s:int l\nmset s:int 1 x 2\nping\nflushall\nping\n"},
		{name: "tracking with pushes", line: "--show-pushes y -3", stdin: "client tracking on\nget s:hello\nset s:hello new\nping\nflushall\nping\n"},
		{name: "tracking without pushes", line: "--show-pushes no -3", stdin: "client tracking on\nget s:hello\nset s:hello new\nping\n"},
		{name: "killed by itself", stdin: "get s:hello\nclient kill type normal skipme no\n"},
		{
			name: "killed before the end", stdin: "get s:hello\nclient kill type normal skipme no\nget s:hello\nget s:int\n",
			differs: "lost window", redan: outcome{stdout: "hello world\n1\n", stderr: []string{serverClosed}},
		},
		{name: "slow producer", stdin: "set k v\n", renderings: outputModes()[:2], during: []step{
			{await: "OK", input: "get s:int\n"}, {await: "42", input: "get k"},
		}},
		{name: "connected again", line: "-n 5", stdin: "get five:a\nclient kill type normal skipme no\n", renderings: outputModes()[:2], during: []step{
			{await: "1\n", input: "get five:a\n"}, {await: "Error", input: "client no-evict on\n"}, {await: "OK", input: "ping\n"},
		}},
		{
			name: "database after a lost connection", line: "-n 5", stdin: "get five:a\nclient kill type normal skipme no\n", during: []step{
				{await: "1\n", input: "get five:a\n"}, {await: "Error", input: "get five:b\n"},
			},
			differs: "database after a lost connection", redan: outcome{stdout: "1\n1\n2\n", stderr: []string{serverClosed}},
		},
		{name: "slow reply", stdin: "ping\ndebug sleep 0.6\nping\n", slow: true, renderings: outputModes()[:2]},
		{name: "slow repetition", stdin: "2 debug sleep 0.3\nping\n", slow: true, renderings: outputModes()[1:2]},
		{name: "subscribed", stdin: "ping\nsubscribe c1\n", renderings: outputModes()[:4], during: []step{
			{await: "c1", do: "publish c1 hello"}, {await: "hello", do: "client kill type pubsub"},
		}},
		{name: "monitor", stdin: "monitor\n", renderings: outputModes()[:4], during: []step{
			{await: "OK", do: "set k v"}, {await: "set", do: "client kill type normal"},
		}},
		{
			name: "verbose", line: "--verbose", stdin: "ping\n\nget l\n",
			differs: "verbose errors", redan: outcome{
				stdout: "PONG\nWRONGTYPE Operation against a key holding the wrong kind of value\n\n",
				stderr: []string{"line 3: WRONGTYPE Operation against a key holding the wrong kind of value"},
			},
		},
		{name: "blocking", stdin: "blpop nosuch 0.05\nbrpop l 0\nxread block 20 streams x $\nwait 0 0\n"},
		{name: "script errors", stdin: "eval \"return {1,{err='ERR a'},2}\" 0\neval 'return {\"x\"' 0\n"},
		{name: "interval", line: "-i 0.01", stdin: "ping\nget s:int\n"},
		{name: "repeat option is ignored", line: "-r 3", stdin: "incr n\n"},
		{name: "stdin option without a command", line: "-x", stdin: "ping\n"},
		{name: "quoted input has no effect", line: "--quoted-input", stdin: "echo \"a b\"\n"},
		{name: "unix socket", line: "-s {socket}", stdin: "get s:hello\nlrange l 0 -1\n"},
		{name: "TLS", line: "-p {tls} --tls --cacert {ca}", stdin: "get s:hello\nhgetall h\nnosuch\n"},
		{name: "wrong port", line: "-p 1", stdin: "ping\nget k\n"},
		{name: "password", line: "-p {guarded} -a s3cret --no-auth-warning", stdin: "ping\nacl whoami\n"},
		{name: "no password", line: "-p {guarded}", stdin: "ping\nauth wrong\nauth s3cret\nping\nselect 1\n"},
		{name: "object help", stdin: "object help\nconfig help\nmemory help\n"},
		{name: "unsubscribe", stdin: "unsubscribe\npunsubscribe\nping\n", renderings: outputModes()[:3]},
		{
			name: "unsubscribe in RESP3", line: "-3", stdin: "unsubscribe\nping\n",
			differs: "answers that are pushes", hangs: true, redan: outcome{stdout: "unsubscribe\n\n0\nPONG\n"},
		},
	}
}

// randomLines are lines of quotes, blanks and escapes in all combinations, always the same.
func randomLines(n int, begin string) string {
	parts := strings.Split("a|b|\"|\"|'|'|\\|\\\\|\\\"|\\'|\\n|\\x41|\\xff|\\x4|\\xzz|\\x| |  |\t|\v|\f|日|\xff|#|;|n|x", "|")
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for range n {
		b.WriteString(begin)
		for range random.IntN(12) {
			b.WriteString(parts[random.IntN(len(parts))])
		}
		b.WriteByte('\n')
	}
	return b.String()
}
