package cli

import (
	"os"
	"strings"
	"testing"
	"time"

	"redan/conn/conntest"
)

func TestInPlace(t *testing.T) {
	var p inPlace
	const begin, end = "\x1b[?25l\r", "\x1b[J\x1b[?25h"
	for i, c := range []struct {
		settled, frame []string
		columns        int
		want           string
	}{
		{nil, []string{"a", "b"}, 80, begin + "a\x1b[K\nb\x1b[K\n" + end},
		{nil, []string{"a", "b"}, 80, ""},
		{nil, []string{"a", "c"}, 80, begin + "\x1b[A\x1b[Aa\x1b[K\nc\x1b[K\n" + end},
		{[]string{"stays"}, []string{"abcdef"}, 80, begin + "\x1b[A\x1b[Astays\x1b[K\nabcdef\x1b[K\n" + end},
		{nil, []string{"abc"}, 3, begin + "\x1b[A\x1b[Aabc\x1b[K\n" + end}, // the terminal has wrapped the line in two
		{[]string{"x", "y"}, nil, 3, begin + "\x1b[Ax\x1b[K\ny\x1b[K\n" + end},
		{nil, nil, 3, ""},
	} {
		if got := p.draw(c.settled, c.frame, c.columns); got != c.want {
			t.Errorf("drawing %d:\n got %q\nwant %q", i, got, c.want)
		}
	}
}

func TestParsePercentiles(t *testing.T) {
	got, err := parsePercentiles("50, 99.9,50,100")
	if err != nil || len(got) != 3 || got[1] != 99.9 {
		t.Errorf("%v, %v", got, err)
	}
	for _, wrong := range []string{"0", "-1", "101", "abc", "50,", "NaN", "50;99"} {
		if _, err := parsePercentiles(wrong); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}

// onTerminal is a world with a terminal, and what types Ctrl-C there.
func onTerminal(t *testing.T, args ...string) (w *twin, interrupt func(), raised *[]os.Signal) {
	t.Helper()
	w = newTwin(args...)
	w.OutTTY, w.ErrTTY = true, true
	w.Columns, w.Lines = func() int { return 80 }, func() int { return 24 }
	w.env["NO_COLOR"], w.env["TERM"] = "1", "xterm"
	signals, list := make(chan os.Signal, 1), []os.Signal{}
	w.Interrupts = func() (<-chan os.Signal, func()) { return signals, func() {} }
	w.Raise = func(s os.Signal) { list = append(list, s) }
	return w, func() { signals <- os.Interrupt }, &list
}

// Ctrl-C leaves the figures and ends the program by its signal.
func TestLatencyOnTerminal(t *testing.T) {
	server := conntest.Start(t)
	for option, left := range map[string]string{
		"--latency":                        "\np50: ",
		"--latency-history":                "all of 0:0",
		"--latency-dist":                   "\rmin: ",
		"--latency-percentiles=75,99.99":   "\np75: ",
		"--latency-percentiles=100 --mono": "\np100: ",
	} {
		args := with(at(server.Addr()), strings.Fields(option)...)
		if strings.Contains(option, "percentiles") {
			args = append(args, "--latency")
		}
		w, interrupt, raised := onTerminal(t, with(args, "-i", "0.05")...)
		end := w.begin(t)
		await(t, &w.stdout, "\x1b[?25h")
		for range 3 { // frames
			before := len(w.stdout.String())
			awaitThat(t, &w.stdout, "of one more frame", func(written string) bool { return len(written) > before })
		}
		interrupt()
		got := end()
		last := got.stdout[strings.LastIndex(got.stdout, "\x1b[?25l"):]
		if got.code != 130 || len(*raised) != 1 || (*raised)[0] != os.Interrupt || got.stderr != "" {
			t.Errorf("%s: exit code %d, raised %v, stderr %q", option, got.code, *raised, got.stderr)
		}
		if !strings.Contains(strings.ReplaceAll(last, "\x1b[K", ""), left) || !strings.HasSuffix(last, "\x1b[?25h") {
			t.Errorf("%s: what is left is %q", option, last)
		}
	}
}

// A terminal that can only print gets a line for each window.
func TestLatencyOnDumbTerminal(t *testing.T) {
	server := conntest.Start(t)
	for _, option := range []string{"--latency", "--latency-history"} {
		w, _, _ := onTerminal(t, with(at(server.Addr()), option, "-i", "0.02")...)
		w.env["TERM"] = "dumb"
		end := w.begin(t)
		await(t, &w.stdout, "seconds range\nmin: ")
		server.Kill()
		if got := end(); strings.Contains(got.stdout, "\x1b") || got.code != 1 {
			t.Errorf("%s: exit code %d, %q", option, got.code, got.stdout)
		}
		server.Restart()
	}
}

// The name redis-cli promises redis-cli's line, on a terminal too.
func TestLatencyAsRedisCLI(t *testing.T) {
	server := conntest.Start(t)
	w, _, _ := onTerminal(t, with(at(server.Addr()), "--latency")...)
	w.Name = "redis-cli"
	end := w.begin(t)
	await(t, &w.stdout, " samples)\x1b[0G\x1b[2Kmin: 0, max: ")
	server.Kill()
	if got := end(); strings.Contains(got.stdout, "p50") {
		t.Errorf("%q", got.stdout)
	}
}

// A server that goes away leaves the figures and an error.
func TestLatencyOnTerminalLosesServer(t *testing.T) {
	server := conntest.Start(t)
	w, _, raised := onTerminal(t, with(at(server.Addr()), "--latency")...)
	end := w.begin(t)
	await(t, &w.stdout, "samples")
	server.Kill()
	got := end()
	if got.code != 1 || len(*raised) != 0 || !strings.Contains(got.stdout, "measured for ") || !strings.Contains(got.stderr, "Error: ") {
		t.Errorf("exit code %d, raised %v, stderr %q, stdout %q", got.code, *raised, got.stderr, got.stdout)
	}
}

// A server that hangs is seen to hang, and does not keep Ctrl-C from ending it.
func TestLatencyOnTerminalOfServerThatHangs(t *testing.T) {
	for option, left := range map[string]string{"--latency": "samples", "--latency-history": "samples", "--latency-dist": "From 0"} {
		server := conntest.Start(t)
		w, interrupt, raised := onTerminal(t, with(at(server.Addr()), option, "-i", "0.02")...)
		end := w.begin(t)
		await(t, &w.stdout, left)
		server.Do("CLIENT", "PAUSE", "100000", "ALL")
		await(t, &w.stdout, "no answer for ")
		interrupt()
		if got := end(); got.code != 130 || len(*raised) != 1 || got.stderr != "" {
			t.Errorf("%s: exit code %d, raised %v, stderr %q", option, got.code, *raised, got.stderr)
		}
	}
}

// What the server refuses is said once, above the figures.
func TestLatencyOnTerminalOfLockedServer(t *testing.T) {
	server := conntest.Start(t, conntest.Password("s3cret"))
	w, interrupt, _ := onTerminal(t, with(at(server.Addr()), "--latency")...)
	end := w.begin(t)
	await(t, &w.stderr, "NOAUTH")
	await(t, &w.stdout, "samples")
	interrupt()
	if got := end(); strings.Count(got.stderr, "\n") != 1 || !strings.HasPrefix(got.stderr, "The server answers PING with an error") {
		t.Errorf("stderr %q", got.stderr)
	}
}

func TestIntrinsicLatency(t *testing.T) {
	clock := func() func() time.Duration {
		now, n := time.Duration(0), 0
		return func() time.Duration {
			now += 100 * time.Nanosecond
			if n++; n == 1000 {
				now += 26 * time.Microsecond
			}
			return now
		}
	}
	for args, want := range map[string]string{
		"--intrinsic-latency 0.001": "Max latency so far: 26 microseconds.\n\n" +
			"9740 total runs (avg latency: 0.1027 microseconds / 102.67 nanoseconds per run).\nWorst run took 254x longer than the average latency.\n",
		"--csv --intrinsic-latency 0.001": "9740,102.67,26,254\n",
		"--json --intrinsic-latency 0.001": `{"runs": 9740, "seconds": 0.00, "avg_ns": 102.67, "max_us": 26.100, "ratio": 254, ` +
			`"runs_over_us": {"10": 1, "100": 0, "1000": 0, "10000": 0}}` + "\n",
	} {
		w := newTwin(strings.Fields(args)...)
		w.Elapsed = clock()
		check(t, args, w.run(t), 0, want)
	}
}

// Ctrl-C ends it with what was found, and no failure.
func TestIntrinsicLatencyInterrupted(t *testing.T) {
	w, interrupt, raised := onTerminal(t, "--intrinsic-latency", "1000")
	end := w.begin(t)
	await(t, &w.stdout, "Max latency so far")
	interrupt()
	if got := end(); got.code != 0 || len(*raised) != 0 || !strings.Contains(got.stdout, "total runs") {
		t.Errorf("exit code %d, raised %v, stdout %q", got.code, *raised, got.stdout)
	}
}

func TestIntrinsicLatencyWantsSeconds(t *testing.T) {
	for _, wrong := range []string{"abc", "0", "-1", "NaN", "inf", ""} {
		if got := redan(t, "", "--intrinsic-latency", wrong); got.code != 1 || got.stdout != "" || !strings.Contains(got.stderr, "takes seconds above 0") {
			t.Errorf("%q: exit code %d, %q, %q", wrong, got.code, got.stdout, got.stderr)
		}
	}
}
