package modes

import (
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"redan/commands/transfer"
)

func TestPipeTexts(t *testing.T) {
	counts := func(commands, replies, errs int64) transfer.PipeProgress {
		return transfer.PipeProgress{Bytes: 5000, Commands: commands, Replies: replies, Errors: errs}
	}
	for _, c := range []struct {
		name            string
		report          transfer.PipeReport
		closing         string
		trouble, beside string // beside is what is told thoroughly
	}{
		{
			name:    "complete",
			report:  transfer.PipeReport{Ending: transfer.Complete, PipeProgress: counts(3, 3, 2)},
			closing: "Last reply received from server.\nerrors: 2, replies: 3\n",
		},
		{
			name:    "silent",
			report:  transfer.PipeReport{Ending: transfer.Silent, Patience: 30 * time.Second, PipeProgress: counts(1300, 40, 0), NUL: 7},
			closing: "errors: 1, replies: 40\n",
			trouble: "No replies for 30 seconds: exiting.\n" +
				"  byte 7 of standard input is NUL and not in an argument of RESP: servers read no further there",
			beside: "  40 of 1,300 commands were answered; the server may or may not have run the other 1,260",
		},
		{
			name: "cut",
			report: transfer.PipeReport{
				Ending: transfer.Truncated, PipeProgress: counts(1, 1, 0),
				Cut: &transfer.Cut{Offset: 100, Begun: 50, Command: 2, Arguments: 3, Argument: 3, Length: 500, Missing: 480},
			},
			closing: "errors: 1, replies: 1\n",
			trouble: "standard input ends inside command 2, which begins at byte 51 of 100: argument 3 of 3 lacks 478 of its 500 bytes. " +
				"That command was not run.",
		},
		{
			name:    "transaction",
			report:  transfer.PipeReport{Ending: transfer.Unconfirmed, PipeProgress: counts(2, 3, 0), Last: "QUEUED"},
			closing: "errors: 1, replies: 3\n",
			trouble: "standard input ends in a transaction: EXEC is missing, so nothing since MULTI was run.",
		},
		{
			name:    "no echo",
			report:  transfer.PipeReport{Ending: transfer.Unconfirmed, PipeProgress: counts(1, 2, 1), Last: "NOPERM you may not"},
			closing: "errors: 2, replies: 2\n",
			trouble: "every command got an answer; the server refused the ECHO that was to confirm it.",
		},
		{
			name: "lost",
			report: transfer.PipeReport{
				Ending: transfer.Lost, PipeProgress: counts(2, 1, 1), Last: "ERR Protocol error",
				Garbage: &transfer.Garbage{Offset: 9, Command: 3, Detail: "a number should end here"},
			},
			trouble: "  1 of 2 commands were answered; the server may or may not have run the last one\n" +
				"  the server's last error was: ERR Protocol error\n" +
				"  standard input is not made of commands from byte 10 on, in command 3: a number should end here",
		},
		{
			name:    "lost, after commands with many replies",
			report:  transfer.PipeReport{Ending: transfer.Lost, PipeProgress: counts(2, 100, 0), Uneven: true},
			trouble: "  2 commands were read from standard input, 100 replies came",
		},
		{
			name:    "lost behind the last reply",
			report:  transfer.PipeReport{Ending: transfer.Lost, PipeProgress: counts(2, 2, 0)},
			trouble: "  each of 2 commands read from standard input was answered before that",
		},
		{
			name:    "unreadable",
			report:  transfer.PipeReport{Ending: transfer.Unreadable, Err: &fs.PathError{Op: "read", Path: "/x", Err: errors.New("is a directory")}},
			trouble: "Error reading from stdin: Is a directory",
		},
		{
			name: "unsendable",
			report: transfer.PipeReport{
				Ending: transfer.Unsendable, PipeProgress: counts(1300, 1199, 0),
				Err: &transfer.UnsendableError{Command: 1200, Name: "multi", Err: errors.New("it is one")},
			},
			closing: "errors: 1, replies: 1199\n",
			trouble: "command 1,200, multi: it is one. It and what follows was not sent.",
		},
		{
			name: "unsendable garbage",
			report: transfer.PipeReport{
				Ending: transfer.Unsendable, PipeProgress: counts(2, 2, 0), Garbage: &transfer.Garbage{Offset: 9, Command: 3, Detail: "it is none"},
				Err: &transfer.UnsendableError{Command: 3, Err: errors.New("it is none")},
			},
			closing: "errors: 1, replies: 2\n",
			trouble: "nothing from command 3 on was sent:\n  standard input is not made of commands from byte 10 on, in command 3: it is none",
		},
		{
			name:    "stopped",
			report:  transfer.PipeReport{Ending: transfer.Stopped, PipeProgress: counts(1200, 1100, 3)},
			trouble: "stopped: 4.9 KiB and 1,200 commands were sent, 1,100 answered, errors: 3",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := PipeClosing(&c.report); got != c.closing {
				t.Errorf("closing\n got %q\nwant %q", got, c.closing)
			}
			if got := strings.Join(PipeTrouble(&c.report, false), "\n"); got != c.trouble {
				t.Errorf("trouble\n got %s\nwant %s", got, c.trouble)
			}
			thorough := strings.Join(PipeTrouble(&c.report, true), "\n")
			if !strings.Contains(thorough, c.beside) || c.beside == "" && thorough != c.trouble {
				t.Errorf("thoroughly\n%s", thorough)
			}
		})
	}
}

func TestPipeCuts(t *testing.T) {
	for want, cut := range map[string]transfer.Cut{
		"it ends before the number of arguments":           {},
		"argument 1 of 2 is missing":                       {Arguments: 2, Argument: 1},
		"argument 2 of 3 lacks 1 of its 5 bytes":           {Arguments: 3, Argument: 2, Length: 5, Missing: 3},
		"the line break behind argument 2 of 3 is missing": {Arguments: 3, Argument: 2, Length: 5, Missing: 2},
	} {
		lines := PipeTrouble(&transfer.PipeReport{Ending: transfer.Truncated, Cut: &cut}, false)
		if len(lines) != 1 || !strings.Contains(lines[0], ": "+want+".") {
			t.Errorf("%+v: %q", cut, lines)
		}
	}
}

func TestPipeKinds(t *testing.T) {
	got := strings.Join(PipeKinds([]transfer.ErrorKind{{Word: "MOVED", Count: 4200, First: 2}, {Count: 1, First: 1000}}), "\n")
	want := "  4,200 x MOVED, first of command 2; this is a cluster: with -c each command goes to the master of its key\n" +
		"  1 x others, first of command 1,000"
	if got != want {
		t.Errorf(" got %s\nwant %s", got, want)
	}
}

func TestPipeJSON(t *testing.T) {
	report := transfer.PipeReport{
		Ending: transfer.Complete, PipeProgress: transfer.PipeProgress{Bytes: 10, Commands: 2, Replies: 2, Errors: 1}, Elapsed: 1500 * time.Millisecond,
		Kinds: []transfer.ErrorKind{{Word: "ERR", Count: 1, First: 2, Text: "ERR \xff"}},
	}
	escape := func(s string) string { return strings.ReplaceAll(s, "\xff", `\xff`) }
	encoded := func() string {
		text, err := json.Marshal(PipeJSON(&report, escape))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	want := `{"schema":"redan.pipe/1","ending":"complete","errors":1,"replies":2,"commands":2,"unanswered":0,"bytes":10,"seconds":1.5,` +
		`"error_kinds":[{"kind":"ERR","count":1,"first_command":2,"text":"ERR \\xff"}],"trouble":[]}`
	if got := encoded(); got != want {
		t.Errorf(" got %s\nwant %s", got, want)
	}
	report.Uneven = true
	if got := encoded(); !strings.Contains(got, `"unanswered":null`) {
		t.Errorf("nobody knows what is unanswered: %s", got)
	}
}
