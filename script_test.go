package main_test

import (
	"context"
	"errors"
	"flag"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"redan/conn/conntest"
	"redan/ui/cli"
)

// update rewrites the files a transcript compares with: go test . -update.
var update = flag.Bool("update", false, "rewrite expected output in transcripts")

func TestMain(m *testing.M) {
	run := func() { os.Exit(cli.Main(context.Background(), cli.RealSystem())) }
	testscript.Main(m, map[string]func(){"redan": run, "redis-cli-as-redan": run})
}

// TestScript runs the promises to users in testdata/script, each against the
// real binary and, where it needs one, a real server. See CONTRIBUTING.md.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("GORACE", "atexit_sleep_ms=0") // one second a process otherwise
			env.Setenv("TERM", "xterm")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"redis":    startRedis,
			"fake":     startFake,
			"exit":     runForExitCode,
			"unescape": unescapeFile,
			"server":   serverCommand,
		},
	})
}

// scriptTB makes a transcript the test that conntest starts servers for.
type scriptTB struct{ *testscript.TestScript }

func (s scriptTB) Helper()          {}
func (s scriptTB) Cleanup(f func()) { s.Defer(f) }
func (s scriptTB) TempDir() string  { return s.MkAbs(".") }

// startRedis starts a redis-server: redis [tls|mtls|mtls-optional|socket|password=PW|user=RULES|config=KEY VALUE]...
// It sets $HOST, $PORT, $TLSPORT, $SOCKET, $CA, $CERT and $KEY.
func startRedis(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("unsupported: ! redis")
	}
	opts := []conntest.Option{conntest.Config("enable-debug-command", "yes")}
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		switch name {
		case "tls":
			opts = append(opts, conntest.TLS())
		case "mtls":
			opts = append(opts, conntest.MutualTLS("yes"))
		case "mtls-optional":
			opts = append(opts, conntest.MutualTLS("optional"))
		case "socket":
			opts = append(opts, conntest.UnixSocket())
		case "password":
			opts = append(opts, conntest.Password(value))
		case "user":
			opts = append(opts, conntest.ACL("user "+value))
		case "ipv6":
			opts = append(opts, conntest.IPv6())
		case "cluster":
			cluster := conntest.Cluster(scriptTB{ts}, 3)
			exportServer(ts, cluster.Nodes[0])
			return
		case "config":
			words := strings.Fields(value)
			opts = append(opts, conntest.Config(words[0], words[1:]...))
		default:
			ts.Fatalf("redis: unknown option %q", arg)
		}
	}
	exportServer(ts, conntest.Start(scriptTB{ts}, opts...))
}

func exportServer(ts *testscript.TestScript, server *conntest.Server) {
	ts.Setenv("HOST", server.Host)
	ts.Setenv("PORT", strconv.Itoa(server.Port))
	ts.Setenv("TLSPORT", strconv.Itoa(server.TLSPort))
	ts.Setenv("SOCKET", server.Socket)
	ts.Setenv("CA", server.CAFile)
	ts.Setenv("CERT", server.CertFile)
	ts.Setenv("KEY", server.KeyFile)
	ts.Setenv("PID", strconv.Itoa(server.PID()))
}

// startFake starts a server that does what no real one does: fake SCRIPT [TEXT],
// with Go escapes in TEXT. It sets $FAKEPORT.
func startFake(ts *testscript.TestScript, _ bool, args []string) {
	text := ""
	if len(args) > 1 {
		var err error
		text, err = strconv.Unquote(`"` + strings.Join(args[1:], " ") + `"`)
		ts.Check(err)
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

// runForExitCode runs a program and checks its exit code: exit N PROGRAM ARGS...
func runForExitCode(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d\nstdout: %s\nstderr: %s", got, want, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

// unescapeFile decodes Go escapes in files, for bytes that txtar cannot hold.
func unescapeFile(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		text := strings.TrimSuffix(ts.ReadFile(name), "\n")
		decoded, err := strconv.Unquote(`"` + text + `"`)
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(decoded), 0o600))
	}
}

// serverCommand runs a command on the server behind redan's back.
func serverCommand(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(ts.Exec("redis-cli", append([]string{"-p", ts.Getenv("PORT")}, args...)...))
}
