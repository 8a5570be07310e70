package main_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"redan/conn/conntest"
)

// measured is what is another number in each measurement.
var measured = []mask{
	{"whole milliseconds, average, count", regexp.MustCompile(`(?m)^\d+ \d+ \d+\.\d\d \d+$`), "N N N.NN N"},
	{"the same as CSV", regexp.MustCompile(`(?m)^\d+,\d+,\d+\.\d\d,\d+$`), "N,N,N.NN,N"},
	{"the same as JSON", regexp.MustCompile(`"min": \d+, "max": \d+, "avg": \d+\.\d\d, "count": \d+`), `"min": N, "max": N, "avg": N.NN, "count": N`},
	{"the same in place", regexp.MustCompile(`min: \d+, max: \d+, avg: \d+\.\d\d \(\d+ samples\)`), "min: N, max: N, avg: N.NN (N samples)"},
	{"how many samples", regexp.MustCompile(`(\x1b\[0G\x1b\[2Kmin: N, max: N, avg: N\.NN \(N samples\)){2,}`), "$1..."},
	{"length of a window", regexp.MustCompile(`-- \d+\.\d\d seconds range`), "-- N.NN seconds range"},
	{"part of a row", regexp.MustCompile(`\x1b\[48;5;\d+m([.*#A-Z0-9?-])`), "[N$1"},
	{"worst so far", regexp.MustCompile(`(Max latency so far: \d+ microseconds\.\n)+`), "Max latency so far: N microseconds.\n"},
	{"runs", regexp.MustCompile(`\d+ total runs \(avg latency: \d+\.\d{4} microseconds / \d+\.\d\d nanoseconds`), "N total runs (avg N.NNNN N.NN"},
	{"worst run", regexp.MustCompile(`Worst run took \d+x`), "Worst run took Nx"},
}

func maskMeasured(text string) string {
	for _, m := range measured {
		text = m.pattern.ReplaceAllString(text, m.instead)
	}
	return text
}

// TestLatencyAgreesWithRedisCLI compares the latency modes, numbers masked. Those that do not end are ended by a signal after so many bytes.
func TestLatencyAgreesWithRedisCLI(t *testing.T) {
	t.Parallel()
	server, guarded := conntest.Start(t), conntest.Start(t, conntest.Password("s3cret"))
	port, locked := strconv.Itoa(server.Port), strconv.Itoa(guarded.Port)
	for _, c := range []struct {
		options string
		least   int // bytes to compare; 0 waits for the end
		want    string
	}{
		{options: "--latency -i 0.2", want: "N N N.NN N\n"},
		{options: "--latency -i 0.2 --raw", want: "N N N.NN N\n"},
		{options: "--csv --latency -i 0.2", want: "N,N,N.NN,N\n"},
		{options: "--json --latency -i 0.2", want: `{"min": N, "max": N, "avg": N.NN, "count": N}` + "\n"},
		{options: "-2 --latency --latency-dist --scan -i 0.2 get x", want: "N N N.NN N\n"},
		{options: "--latency-history --latency --no-raw -i 0.1", least: 2500},
		{options: "-3 -n 2 --latency -i 0.2", want: "N N N.NN N\n"},
		{options: "-s " + locked + " --latency"},
		{options: "-p " + locked + " --latency -i 0.2", want: "N N N.NN N\n"}, // errors are answers
		{options: "-p 1 --latency"},
		{options: "--latency --no-raw", least: 400},
		{options: "--latency-history --no-raw -i 0.1", least: 2500},
		{options: "--latency-dist -i 0.1", least: 1600},
		{options: "--latency-dist -i 0.1 --mono", least: 1600},
		{options: "--intrinsic-latency 1"},
	} {
		t.Run(c.options, func(t *testing.T) {
			t.Parallel()
			words := append([]string{"-p", port}, strings.Fields(c.options)...)
			theirs := make(chan string, 1)
			go func() { theirs <- measuredBy(t, c.least, exec.Command("redis-cli", words...)) }()
			ours := exec.Command(os.Args[0], words...)
			ours.Args[0] = "redis-cli" // see TestMain
			got, want := measuredBy(t, c.least, ours), <-theirs
			if c.least > 0 {
				got, want = beginnings(got, want)
			}
			if got != want || c.want != "" && !strings.HasPrefix(got, c.want) {
				t.Errorf("redan\n%q\nredis-cli\n%q", got, want)
			}
		})
	}
}

// beginnings are the lines that both have whole, and of the next one what should be there at the least.
func beginnings(got, want string) (ours, theirs string) {
	const record = 40
	a, b := strings.SplitAfter(got, "\n"), strings.SplitAfter(want, "\n")
	whole := min(len(a), len(b)) - 1
	last := min(record, len(a[whole]), len(b[whole]))
	return strings.Join(a[:whole], "") + a[whole][:last], strings.Join(b[:whole], "") + b[whole][:last]
}

// measuredBy runs a program, to its end or until it has printed so many bytes, and returns what it printed, masked, and how it ended.
func measuredBy(t *testing.T, least int, cmd *exec.Cmd) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out := &output{changed: make(chan struct{}, 1)}
	cmd.Stdout, cmd.Stderr = watched{out, &out.stdout}, watched{out, &out.stderr}
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", asRedan + "=1", "GORACE=atexit_sleep_ms=0"}
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return ""
	}
	defer time.AfterFunc(patience, func() { _ = cmd.Process.Kill() }).Stop()
	for least > 0 && len(out.all()) < least {
		select {
		case <-out.changed:
		case <-ctx.Done():
			t.Errorf("%v printed only %q", cmd.Args, out.all())
			return ""
		}
	}
	if least > 0 {
		_ = cmd.Process.Signal(syscall.SIGINT)
	}
	err := cmd.Wait()
	code := cmd.ProcessState.ExitCode()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		code = 128 + int(status.Signal())
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Error(err)
	}
	printed := maskMeasured(out.stdout.String())
	if least > 0 {
		return "exit " + strconv.Itoa(code) + "\n" + printed
	}
	var errs bytes.Buffer
	for _, line := range stderrLines(out.stderr.String()) {
		if !strings.HasPrefix(line, "The server answers PING with an error") {
			errs.WriteString(line + "\n")
		}
	}
	return printed + "exit " + strconv.Itoa(code) + "\n" + errs.String()
}
