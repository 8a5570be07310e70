package main_test

import (
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"redan/conn/conntest"
)

const redisUsage = "redis [as=NAME] [tls|tls-only|mtls|mtls-optional|ipv6|cluster] [socket] [ca=NAME] [cert=NAME] [password=PW] [user=RULES] [config=KEY VALUE]..."

// startRedis starts a redis-server. It sets $HOST, $PORT, $TLSPORT, $SOCKET,
// $CA, $CERT, $KEY and $PID, with as=NAME in front of them NAME_.
func startRedis(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, redisUsage)
	w := worldOf(ts)
	opts := []conntest.Option{conntest.Config("enable-debug-command", "yes")}
	name, isCluster := "", false
	var authority *conntest.Authority
	var pair *conntest.Pair
	for _, arg := range args {
		option, value, _ := strings.Cut(arg, "=")
		switch option {
		case "as":
			name = value
		case "cluster":
			isCluster = true
		case "ca":
			authority = w.pki.authority(ts, value)
		case "cert":
			pair = w.pki.pair(ts, value)
		default:
			opts = append(opts, redisOption(ts, option, value))
		}
	}
	if authority != nil {
		opts = append(opts, conntest.WithCerts(authority, pair))
	}
	var server *conntest.Server
	if isCluster {
		server = conntest.Cluster(scriptTB{ts}, 3, opts...).Nodes[0]
	} else {
		server = conntest.Start(scriptTB{ts}, opts...)
	}
	w.servers[name] = server
	exportServer(ts, name, server)
}

func redisOption(ts *testscript.TestScript, option, value string) conntest.Option {
	switch option {
	case "tls":
		return conntest.TLS()
	case "tls-only":
		return conntest.TLSOnly()
	case "mtls":
		return conntest.MutualTLS("yes")
	case "mtls-optional":
		return conntest.MutualTLS("optional")
	case "socket":
		return conntest.UnixSocket()
	case "ipv6":
		return conntest.IPv6()
	case "password":
		return conntest.Password(value)
	case "user":
		return conntest.ACL("user " + value)
	case "config":
		key, words, _ := strings.Cut(value, " ")
		return conntest.Config(key, words)
	}
	ts.Fatalf("redis: unknown option %q; usage: %s", option, redisUsage)
	return nil
}

func exportServer(ts *testscript.TestScript, name string, server *conntest.Server) {
	if name != "" {
		name += "_"
	}
	for key, value := range map[string]string{
		"HOST": server.Host, "PORT": strconv.Itoa(server.Port), "TLSPORT": strconv.Itoa(server.TLSPort), "SOCKET": server.Socket,
		"CA": server.CAFile, "CERT": server.CertFile, "KEY": server.KeyFile, "PID": strconv.Itoa(server.PID()),
	} {
		ts.Setenv(name+key, value)
	}
}

// serverNamed returns the server of the first word, when that is as=NAME, and
// the other words.
func serverNamed(ts *testscript.TestScript, args []string) (server *conntest.Server, rest []string) {
	name := ""
	if len(args) > 0 && strings.HasPrefix(args[0], "as=") {
		name, args = strings.TrimPrefix(args[0], "as="), args[1:]
	}
	server = worldOf(ts).servers[name]
	if server == nil {
		ts.Fatalf("there is no server named %q", name)
	}
	return server, args
}

// stopRedis stops a server: redis-stop [as=NAME].
func stopRedis(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, "redis-stop [as=NAME]")
	server, _ := serverNamed(ts, args)
	server.Stop()
}

// restartRedis starts a server anew on its ports: redis-restart [as=NAME].
func restartRedis(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, "redis-restart [as=NAME]")
	server, _ := serverNamed(ts, args)
	server.Restart()
}

// askServer runs a command on the server behind redan's back and prints the
// reply: server [as=NAME] COMMAND [ARG]...
func askServer(ts *testscript.TestScript, neg bool, args []string) {
	server, words := serverNamed(ts, args)
	usage(ts, neg || len(words) == 0, "server [as=NAME] COMMAND [ARG]...")
	reply, err := server.TryDo(words...)
	ts.Check(err)
	_, err = ts.Stdout().Write([]byte(reply + "\n"))
	ts.Check(err)
}

// scriptPatience bounds every wait of a transcript.
const scriptPatience = 30 * time.Second

// eventually waits until ask returns true.
func eventually(ts *testscript.TestScript, what string, ask func() bool) {
	conntest.Eventually(scriptTB{ts}, scriptPatience, what, ask)
}

// awaitServer asks the server until the reply matches, with ! until it does not:
// server-until [as=NAME] PATTERN COMMAND [ARG]...
func awaitServer(ts *testscript.TestScript, neg bool, args []string) {
	server, words := serverNamed(ts, args)
	usage(ts, len(words) < 2, "[!] server-until [as=NAME] PATTERN COMMAND [ARG]...")
	pattern, err := regexp.Compile("(?m)" + words[0])
	ts.Check(err)
	eventually(ts, "the server's "+strings.Join(words[1:], " ")+" about "+words[0], func() bool {
		reply, err := server.TryDo(words[1:]...)
		ts.Check(err)
		return pattern.MatchString(reply) != neg
	})
}

// startFake starts a server that does what no real one does, and sets
// $FAKEPORT: fake SCRIPT [TEXT], with Go escapes in TEXT, which may be @FILE.
func startFake(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) == 0 || len(args) > 2, "fake half-bulk|hang-up|reset|silence|reply-once TEXT|reply-then-silence TEXT")
	text := ""
	if len(args) > 1 {
		text = unescape(ts, args[1])
		if file, ok := strings.CutPrefix(text, "@"); ok {
			text = ts.ReadFile(file)
		}
	}
	scripts := map[string]conntest.Script{
		"half-bulk": conntest.HalfBulk(), "hang-up": conntest.HangUp(), "reset": conntest.Reset(),
		"reply-once": conntest.ReplyOnce(text), "reply-then-silence": conntest.ReplyThenSilence(text),
		"silence": conntest.Silence(),
	}
	script, ok := scripts[args[0]]
	if !ok {
		ts.Fatalf("fake: unknown script %q", args[0])
	}
	_, port, err := net.SplitHostPort(conntest.Fake(scriptTB{ts}, script))
	ts.Check(err)
	ts.Setenv("FAKEPORT", port)
}
