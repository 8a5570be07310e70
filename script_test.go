package main_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"redan/conn/conntest"
	"redan/ui/cli"
)

// update rewrites the files a transcript compares with: go test . -update.
var update = flag.Bool("update", false, "rewrite expected output in transcripts")

// asRedan names the variable that makes this test's binary, started as redis-cli, redan all the same.
const asRedan = "REDAN_TEST_AS_REDAN"

func TestMain(m *testing.M) {
	run := func() {
		sys := cli.RealSystem()
		if os.Getenv(asRedan) != "" {
			sys.Name = "redan"
		}
		code := cli.Main(context.Background(), sys)
		notePeak()
		os.Exit(code)
	}
	if filepath.Base(os.Args[0]) == "redis-cli" { // a link of ours; the real one stays what the name finds
		run()
	}
	testscript.Main(m, map[string]func(){"redan": run, "forward": forward, "spy": spy})
}

// TestScript runs the promises to users in testdata/script, each against the
// real binary and, where it needs one, a real server. See CONTRIBUTING.md.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setUpScript,
		Condition: func(name string) (bool, error) {
			if name == "ipv6" {
				return conntest.HasIPv6(), nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// Programs.
			"exit":        runForExitCode,
			"start":       startProgram,
			"tell":        tellProgram,
			"hang-up":     closeStdin,
			"see":         seeOutput,
			"said":        keepSaid,
			"signal":      signalProgram,
			"ends":        programEnds,
			"at-most":     programMemory,
			"terminal":    startTerminal,
			"keys":        typeKeys,
			"press-until": pressUntil,
			"screen":      seeScreen,
			// Servers.
			"redis":         startRedis,
			"redis-stop":    stopRedis,
			"redis-restart": restartRedis,
			"server":        askServer,
			"server-until":  awaitServer,
			"fake":          startFake,
			"ports":         findPorts,
			// Files.
			"ca":         makeCA,
			"issue":      issueCertificate,
			"unescape":   unescapeFile,
			"escape":     escapeFile,
			"fill":       fillIn,
			"alive":      noted,
			"kill-noted": killNoted,
		},
	})
}

// world is what one transcript has running.
type world struct {
	servers   map[string]*conntest.Server // by name; "" is the one started last without a name
	terminals map[string]terminal         // the same
	programs  map[string]*program
	pki       pki
}

type worldKey struct{}

func worldOf(ts *testscript.TestScript) *world {
	w, ok := ts.Value(worldKey{}).(*world)
	if !ok {
		ts.Fatalf("the transcript has no world; Setup did not run")
	}
	return w
}

func setUpScript(env *testscript.Env) error {
	env.Values[worldKey{}] = &world{
		servers: map[string]*conntest.Server{}, terminals: map[string]terminal{},
		programs: map[string]*program{}, pki: pki{},
	}
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("GORACE", "atexit_sleep_ms=0") // one second a process otherwise
	env.Setenv("TERM", "xterm")
	env.Setenv("REDAN_FACE", "prompt") // transcripts of the full screen take it away
	return nil
}

// scriptTB makes a transcript the test that conntest starts servers for.
type scriptTB struct{ *testscript.TestScript }

func (s scriptTB) Helper()          {}
func (s scriptTB) Cleanup(f func()) { s.Defer(f) }
func (s scriptTB) TempDir() string  { return s.MkAbs(".") }

// usage ends a transcript whose line is wrong.
func usage(ts *testscript.TestScript, wrong bool, text string) {
	if wrong {
		ts.Fatalf("usage: %s", text)
	}
}

// runForExitCode runs a program and checks its exit code: exit N PROGRAM ARGS...
func runForExitCode(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) < 2, "exit CODE PROGRAM [ARG]...")
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = endCode(exit.ProcessState)
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// unescapeFile decodes Go escapes in files, for bytes that txtar cannot hold:
// unescape FILE... The line break at the end of the file is not one of them.
func unescapeFile(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) == 0, "unescape FILE...")
	for _, name := range args {
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(unescape(ts, strings.TrimSuffix(ts.ReadFile(name), "\n"))), 0o600))
	}
}

// unescape decodes Go escapes.
func unescape(ts *testscript.TestScript, text string) string {
	decoded, err := strconv.Unquote(`"` + strings.ReplaceAll(strings.ReplaceAll(text, `"`, `\"`), "\n", `\n`) + `"`)
	ts.Check(err)
	return decoded
}

// escapeFile prints a file, or stdout, as one line of Go escapes: escape FILE.
func escapeFile(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) != 1, "escape FILE")
	quoted := strconv.QuoteToASCII(ts.ReadFile(args[0]))
	_, err := fmt.Fprintln(ts.Stdout(), quoted[1:len(quoted)-1])
	ts.Check(err)
}
