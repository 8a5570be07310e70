package modes

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"redan/commands/transfer"
)

// PipeSent is what redis-cli prints when all of the input is sent.
const PipeSent = "All data transferred. Waiting for the last reply...\n"

// PipeClosing is what redis-cli prints at the end of a bulk load; it prints nothing when the connection was lost. A server that did not
// confirm the end counts as one more error.
func PipeClosing(r *transfer.PipeReport) string {
	errs, done := r.Errors, ""
	switch r.Ending {
	case transfer.Complete:
		done = "Last reply received from server.\n"
	case transfer.Silent, transfer.Truncated, transfer.Unconfirmed, transfer.Unsendable:
		errs++
	default:
		return ""
	}
	return done + fmt.Sprintf("errors: %d, replies: %d\n", errs, r.Replies)
}

// PipeTrouble are lines that say why a bulk load is not complete, what became of the commands, and what to do. Thorough adds what is
// known by the way. What the connection failed of is told by others.
func PipeTrouble(r *transfer.PipeReport, thorough bool) []string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	switch r.Ending {
	case transfer.Silent:
		add("No replies for %g seconds: exiting.", r.Patience.Seconds())
		if thorough {
			add("%s", pipeFate(r))
		}
	case transfer.Unconfirmed:
		add("%s", unconfirmed(r))
	case transfer.Lost:
		add("%s", pipeFate(r))
		if r.Last != "" {
			add("  the server's last error was: %s", r.Last)
		}
	case transfer.Unreadable:
		add("Error reading from stdin: %s", capitalized(reason(r.Err)))
		if r.Bytes > 0 {
			add("%s", pipeFate(r))
		}
	case transfer.Unsendable:
		add("%s", unsendable(r))
	case transfer.Complete, transfer.Truncated: // what was cut is told below
	case transfer.Stopped:
		add("stopped: %s and %s were sent, %s answered, errors: %d", Bytes(r.Bytes), commands(r.Commands), Thousands(r.Replies), r.Errors)
	}
	if r.Cut != nil {
		add("%s", pipeCut(r))
	}
	if g := r.Garbage; g != nil {
		add("  standard input is not made of commands from byte %d on, in command %d: %s", g.Offset+1, g.Command, g.Detail)
	}
	if r.NUL > 0 && r.Ending == transfer.Silent {
		add("  byte %d of standard input is NUL and not in an argument of RESP: servers read no further there", r.NUL)
	}
	return lines
}

// pipeFate says what became of the commands.
func pipeFate(r *transfer.PipeReport) string {
	unanswered := r.Unanswered()
	switch {
	case r.Uneven:
		return fmt.Sprintf("  %s were read from standard input, %s replies came", commands(r.Commands), Thousands(r.Replies))
	case unanswered == 0 && r.Commands > 0:
		return fmt.Sprintf("  each of %s read from standard input was answered before that", commands(r.Commands))
	case r.Commands == 1:
		return "  the command was not answered; the server may or may not have run it"
	case unanswered == 0:
		return "  no whole command was read from standard input"
	}
	rest := "the other " + Thousands(unanswered)
	if unanswered == 1 {
		rest = "the last one"
	}
	return fmt.Sprintf("  %s of %s were answered; the server may or may not have run %s", Thousands(r.Replies), commands(r.Commands), rest)
}

// commands is a number of them.
func commands(n int64) string {
	if n == 1 {
		return "1 command"
	}
	return Thousands(n) + " commands"
}

// unconfirmed explains a server that does not echo. ECHO is answered by something else in the two cases that people meet.
func unconfirmed(r *transfer.PipeReport) string {
	word, _, _ := strings.Cut(r.Last, " ")
	switch word {
	case "NOAUTH":
		return "the server wants a password: give it with REDISCLI_AUTH, --askpass or -a."
	case "QUEUED":
		return "standard input ends in a transaction: EXEC is missing, so nothing since MULTI was run."
	}
	return "every command got an answer; the server refused the ECHO that was to confirm it."
}

// unsendable says from where on nothing was sent to a cluster.
func unsendable(r *transfer.PipeReport) string {
	e, ok := errors.AsType[*transfer.UnsendableError](r.Err)
	switch {
	case !ok:
		return r.Err.Error()
	case r.Garbage != nil: // which is told below
		return fmt.Sprintf("nothing from command %s on was sent:", Thousands(e.Command))
	case e.Name == "":
		return fmt.Sprintf("command %s: %v. It and what follows was not sent.", Thousands(e.Command), e.Err)
	}
	return fmt.Sprintf("command %s, %s: %v. It and what follows was not sent.", Thousands(e.Command), e.Name, e.Err)
}

// pipeCut says where the input ends inside a command.
func pipeCut(r *transfer.PipeReport) string {
	c := r.Cut
	what := "it ends before the number of arguments"
	switch {
	case c.Missing > 2:
		what = fmt.Sprintf("argument %d of %d lacks %d of its %d bytes", c.Argument, c.Arguments, c.Missing-2, c.Length)
	case c.Missing > 0:
		what = fmt.Sprintf("the line break behind argument %d of %d is missing", c.Argument, c.Arguments)
	case c.Argument > 0:
		what = fmt.Sprintf("argument %d of %d is missing", c.Argument, c.Arguments)
	}
	return fmt.Sprintf("standard input ends inside command %d, which begins at byte %d of %d: %s. That command was not run.",
		c.Command, c.Begun+1, c.Offset, what)
}

// reason is an error of a file without operation and path.
func reason(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return err.Error()
}

func capitalized(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// PipeKinds are lines that sum up the error replies.
func PipeKinds(kinds []transfer.ErrorKind) []string {
	lines := make([]string, 0, len(kinds))
	for _, kind := range kinds {
		word := kind.Word
		if word == "" {
			word = "others"
		}
		line := fmt.Sprintf("  %s x %s, first of command %s", Thousands(kind.Count), word, Thousands(kind.First))
		if advice := pipeAdvice(kind.Word); advice != "" {
			line += "; " + advice
		}
		lines = append(lines, line)
	}
	return lines
}

// pipeAdvice says what an error code means for a bulk load.
func pipeAdvice(word string) string {
	switch word {
	case "MOVED", "ASK":
		return "this is a cluster: with -c each command goes to the master of its key"
	case "CROSSSLOT":
		return "the keys of one command must be in one slot, as those with the same {tag} are"
	case "TRYAGAIN":
		return "keys of the command are on their way to another master: run it again later"
	case "CLUSTERDOWN":
		return "the cluster does not serve all slots"
	case "LOADING":
		return "the server was still loading its dataset: run it again later"
	case "MISCONF":
		return "the server cannot save to its disk and refuses writes: see its log"
	case "OOM":
		return "the server is full: maxmemory is reached"
	case "READONLY":
		return "this is a replica: write to its master"
	case "MASTERDOWN":
		return "this replica has lost its master"
	case "NOREPLICAS":
		return "min-replicas-to-write is not met"
	case "NOAUTH":
		return "the server wants a password"
	case "NOPERM":
		return "the user may not do that: see ACL GETUSER"
	case "WRONGTYPE":
		return "keys that exist hold other types"
	case "EXECABORT":
		return "a command of the transaction was refused, so none was run"
	case "BUSY":
		return "a script keeps the server busy"
	}
	return ""
}

// PipeDocument is a bulk load as --json has it.
type PipeDocument struct {
	Schema     string          `json:"schema"`
	Ending     transfer.Ending `json:"ending"`
	Errors     int64           `json:"errors"`
	Replies    int64           `json:"replies"`
	Commands   int64           `json:"commands"`
	Unanswered *int64          `json:"unanswered"`
	Bytes      int64           `json:"bytes"`
	Seconds    float64         `json:"seconds"`
	Kinds      []PipeKind      `json:"error_kinds"`
	Trouble    []string        `json:"trouble"`
}

// PipeKind is a kind of error reply as --json has it.
type PipeKind struct {
	Kind    string `json:"kind"`
	Count   int64  `json:"count"`
	Command int64  `json:"first_command"`
	Text    string `json:"text"`
}

// PipeJSON is what --json prints of a bulk load. What is not UTF-8 in the server's texts is escaped by escape. Unanswered is null when
// nobody can know it.
func PipeJSON(r *transfer.PipeReport, escape func(string) string) PipeDocument {
	d := PipeDocument{
		Schema: "redan.pipe/1", Ending: r.Ending, Errors: r.Errors, Replies: r.Replies, Commands: r.Commands, Bytes: r.Bytes,
		Seconds: r.Elapsed.Seconds(), Kinds: []PipeKind{}, Trouble: []string{},
	}
	if unanswered := r.Unanswered(); !r.Uneven {
		d.Unanswered = &unanswered
	}
	for _, kind := range r.Kinds {
		d.Kinds = append(d.Kinds, PipeKind{Kind: kind.Word, Count: kind.Count, Command: kind.First, Text: escape(kind.Text)})
	}
	for _, line := range PipeTrouble(r, true) {
		d.Trouble = append(d.Trouble, escape(strings.TrimSpace(line)))
	}
	return d
}
