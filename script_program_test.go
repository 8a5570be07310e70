package main_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// program is a program that runs beside its transcript, which looks at what it
// has printed so far and talks to it.
type program struct {
	cmd            *exec.Cmd
	stdin          io.WriteCloser
	stdout, stderr growing
	done           chan struct{} // closed once it has ended
}

// growing is what a program has printed so far.
type growing struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (g *growing) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.text.Write(p)
}

// String returns what has been printed so far.
func (g *growing) String() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.text.String()
}

// startProgram runs a program beside the transcript, with an open pipe as its
// standard input: start NAME PROGRAM [ARG]...
func startProgram(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) < 2, "start NAME PROGRAM [ARG]...")
	p := &program{cmd: exec.Command(args[1], args[2:]...), done: make(chan struct{})}
	p.cmd.Dir = ts.MkAbs(".")
	p.cmd.Env = append(scriptEnvironment(ts), peakFile+"="+ts.MkAbs(args[0]+".peak"))
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	var err error
	p.stdin, err = p.cmd.StdinPipe()
	ts.Check(err)
	ts.Check(p.cmd.Start())
	go func() {
		_ = p.cmd.Wait() // how it ended is in its ProcessState
		close(p.done)
	}()
	ts.Defer(func() {
		_ = p.cmd.Process.Kill() // an error means it has ended
		<-p.done
	})
	worldOf(ts).programs[args[0]] = p
}

// scriptEnvironment is the environment that transcripts set, as far as redan and
// the programs it is tried with read it.
func scriptEnvironment(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "TMPDIR", "TERM", "GORACE", "REDISCLI_AUTH", "REDISCLI_HISTFILE", "REDISCLI_RCFILE", "NO_COLOR", "FAKETTY",
		"FAKETTY_WITH_PROMPT", "REDAN_CONFIG", "REDAN_FACE", "XDG_CONFIG_HOME", "REDAN_KEY_PASS", "REDIS_CERTFILE", "REDIS_CERTB64",
		"REDAN_PROFILE", "ORDERS_PASSWORD", "VISUAL", "XDG_STATE_HOME",
	} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func programNamed(ts *testscript.TestScript, name string) *program {
	p := worldOf(ts).programs[name]
	if p == nil {
		ts.Fatalf("no program was started under the name %q", name)
	}
	return p
}

// tellProgram writes lines to a program's standard input: tell NAME LINE...
func tellProgram(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) < 2, "tell NAME LINE...")
	_, err := io.WriteString(programNamed(ts, args[0]).stdin, strings.Join(args[1:], "\n")+"\n")
	ts.Check(err)
}

// closeStdin ends a program's standard input: hang-up NAME.
func closeStdin(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) != 1, "hang-up NAME")
	ts.Check(programNamed(ts, args[0]).stdin.Close())
}

// seeOutput waits until what a program has printed matches: see [-stderr] NAME PATTERN.
func seeOutput(ts *testscript.TestScript, neg bool, args []string) {
	isError := len(args) > 0 && args[0] == "-stderr"
	if isError {
		args = args[1:]
	}
	usage(ts, neg || len(args) != 2, "see [-stderr] NAME PATTERN")
	p := programNamed(ts, args[0])
	output := &p.stdout
	if isError {
		output = &p.stderr
	}
	pattern, err := regexp.Compile("(?m)" + args[1])
	ts.Check(err)
	defer func() {
		if !pattern.MatchString(output.String()) {
			ts.Logf("[stdout so far]\n%s[stderr so far]\n%s", p.stdout.String(), p.stderr.String())
		}
	}()
	eventually(ts, args[0]+" prints "+args[1], func() bool {
		select {
		case <-p.done: // it will not print more
			if !pattern.MatchString(output.String()) {
				ts.Fatalf("%s ended without printing %s", args[0], args[1])
			}
		default:
		}
		return pattern.MatchString(output.String())
	})
}

// keepSaid keeps in a variable what the group of a pattern matched of a program's
// output: said NAME VARIABLE PATTERN.
func keepSaid(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) != 3, "said NAME VARIABLE PATTERN")
	pattern, err := regexp.Compile("(?m)" + args[2])
	ts.Check(err)
	found := pattern.FindStringSubmatch(programNamed(ts, args[0]).stdout.String())
	if len(found) != 2 {
		ts.Fatalf("%s has not printed one group of %s", args[0], args[2])
	}
	ts.Setenv(args[1], found[1])
}

// signalProgram sends a signal: signal INT|TERM|HUP|KILL NAME.
func signalProgram(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) != 2, "signal INT|TERM|HUP|KILL NAME")
	signals := map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL, "HUP": syscall.SIGHUP}
	number, ok := signals[args[0]]
	usage(ts, !ok, "signal INT|TERM|HUP|KILL NAME")
	ts.Check(programNamed(ts, args[1]).cmd.Process.Signal(number))
}

// programEnds waits for a program's end, checks its exit code (128 + signal, as
// shells have it) and makes its output that of the step: ends NAME CODE.
func programEnds(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) != 2, "ends NAME CODE")
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	p := programNamed(ts, args[0])
	late := time.After(scriptPatience)
	select {
	case <-p.done:
	case <-late:
		ts.Logf("[stdout so far]\n%s[stderr so far]\n%s", p.stdout.String(), p.stderr.String())
		ts.Fatalf("%s has not ended within %v", args[0], scriptPatience)
	}
	_, err = io.WriteString(ts.Stdout(), p.stdout.String())
	ts.Check(err)
	_, err = io.WriteString(ts.Stderr(), p.stderr.String())
	ts.Check(err)
	if got := endCode(p.cmd.ProcessState); got != want {
		ts.Fatalf("%s ended with %d, want %d", args[0], got, want)
	}
}

// endCode is a program's exit code as shells tell it.
func endCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}

// programMemory checks how much memory the redan in a program that has ended
// held at most: at-most NAME MIB.
func programMemory(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) != 2, "at-most NAME MIB")
	limit, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	programNamed(ts, args[0])
	if runtime.GOOS != "linux" {
		return
	}
	peak := strings.Fields(ts.ReadFile(args[0] + ".peak")) // VmHWM: 12345 kB
	if len(peak) != 3 {
		ts.Fatalf("%s left no note of its memory", args[0])
	}
	kib, err := strconv.ParseInt(peak[1], 10, 64)
	ts.Check(err)
	if kib > limit<<10 {
		ts.Fatalf("%s held %d MiB, more than %d", args[0], kib>>10, limit)
	}
}

// peakFile names the variable with the file that a redan under test notes its
// peak memory in. What the parent learns of it by wait(2) is of no use: it
// counts the parent's own size at the fork.
const peakFile = "REDAN_TEST_PEAK"

// notePeak writes the peak resident memory of this process down, where asked to.
func notePeak() {
	file := os.Getenv(peakFile)
	status, err := os.ReadFile("/proc/self/status")
	if file == "" || err != nil {
		return
	}
	for line := range strings.Lines(string(status)) {
		if strings.HasPrefix(line, "VmHWM:") {
			_ = os.WriteFile(file, []byte(line), 0o600) // its absence is noticed
		}
	}
}
