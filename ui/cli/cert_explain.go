package cli

import (
	"context"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"redan/conn/cert"
	"redan/conn/cert/explain"
)

// explainFlags are the options of redan cert explain.
type explainFlags struct {
	JSON bool `name:"json" help:"The explanation as JSON, schema redan.explain/1."`
}

const explainHelp = `redan cert explain: what an error text about TLS means, and what mends it

  redan cert explain 'SSL_connect failed: certificate verify failed'
  redan cert explain 'error:0A000418:SSL routines::tlsv1 alert unknown ca'
  redan cert explain EXPIRED
  redan cert explain < /var/log/redis/redis-server.log
  journalctl -u redis | redan cert explain -
  redan -h db.example.com -p 6380 cert explain 'tls: bad certificate'

  redan [connection options] cert explain [--json] [TEXT ...|-]

Knows the texts of redis-cli, OpenSSL, Go, stunnel, Java, Python, Node.js,
Rust, .NET, PHP, Ruby and curl, the log lines of Redis and Valkey servers
about TLS, replicas, cluster and start-up, TLS alerts by number or name,
OpenSSL's numbers, and redan's own codes. Timestamps, log prefixes, quotes,
JSON and line breaks do not matter. Without TEXT, or with -, standard input
is read, whatever its length: each distinct error is explained once.

A text that stands for several faults is said to do so; redan cert check
looks at the server and tells which it is. -h and -p put the server into
the commands.

  --json   as JSON, schema redan.explain/1

Exit code: 0 when something was recognised, 1 when not.
`

// certExplain is redan cert explain.
func certExplain(_ context.Context, a *app, args []string) int {
	var flags explainFlags
	inv, err := parseVerb(shieldText(args), &flags, true)
	if err != nil {
		return a.fail(err)
	}
	if inv.help {
		a.print(explainHelp)
		return exitOK
	}
	text := strings.TrimSpace(strings.Join(inv.command, " "))
	if text == "" && a.sys.InTTY {
		return a.fail(&usageError{
			text: "redan cert explain: give the text to explain, or pipe it in",
			hint: "redan cert explain 'SSL_connect failed: certificate verify failed'; redan cert explain --help says more",
		})
	}
	explainer, err := explain.New(explain.About{Program: a.programName(), Host: inv.options.Host, Port: inv.options.Port})
	if err != nil {
		return a.fail(err)
	}
	source := io.Reader(strings.NewReader(text))
	if text == "" || text == "-" {
		source = a.stdin
	}
	result, err := explainer.Read(source)
	switch {
	case flags.JSON:
		a.print(explainJSON(result))
	case len(result.Explanations) > 0:
		a.print(explainText(a.reportStyle(), result))
	case err == nil:
		a.warn(notExplained(a.programName(), text, result))
	}
	if err != nil {
		return a.fail(err)
	}
	if len(result.Explanations) == 0 {
		return exitError
	}
	return exitOK
}

// shieldText keeps words of the text to explain from being taken for options: "-NOAUTH Authentication required." begins like one. A blank
// before a word does that, and means nothing in a text.
func shieldText(args []string) []string {
	shielded := make([]string, len(args))
	for i, word := range args {
		shielded[i] = word
		if strings.HasPrefix(word, "-") && (strings.ContainsAny(word, " \n") || isRedisError(word)) {
			shielded[i] = " " + word
		}
	}
	return shielded
}

// isRedisError reports whether word is the beginning of an error reply: -NOAUTH.
func isRedisError(word string) bool {
	const shortest = len("-ERR")
	return len(word) >= shortest && strings.Trim(word[1:], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// notExplained says that nothing was recognised, and what to do next.
func notExplained(program, text string, result explain.Result) string {
	var b strings.Builder
	if looksLikeFile(text) {
		return "redan cert explain: this is taken for a text, and looks like the name of a file\n" +
			"  next:      " + program + " cert explain < " + cert.ShellQuote(text)
	}
	what := "this text is not known to " + program
	switch {
	case result.Lines == 0:
		what = "there is no text to explain"
	case result.Lines > 1:
		what = "nothing in these " + strconv.Itoa(result.Lines) + " lines is known to " + program
	}
	b.WriteString("redan cert explain: " + what)
	for i, hint := range result.Hints {
		label := "\n             "
		if i == 0 {
			label = "\n  similar:   "
		}
		b.WriteString(label + printable(hint.Text) + " (" + codesText(hint.Codes) + ")")
	}
	b.WriteString("\n  next:      " + program + " cert check -h HOST -p PORT looks at the server itself")
	b.WriteString("\n             the server's log has the other half of the story: grep -iE 'tls|ssl|accepting' LOGFILE | " + program + " cert explain")
	return b.String()
}

// looksLikeFile reports whether text is one word with what only paths have.
func looksLikeFile(text string) bool {
	return !strings.ContainsAny(text, " \n") && (strings.HasSuffix(text, ".log") || strings.ContainsRune(text, '/') && !strings.Contains(text, "://"))
}

func codesText(codes []string) string {
	if len(codes) == 1 {
		return codes[0]
	}
	return codes[0] + " or " + strconv.Itoa(len(codes)-1) + " more"
}

// The JSON form of explanations, schema redan.explain/1.
type (
	explainReport struct {
		Schema       string            `json:"schema"`
		Recognised   bool              `json:"recognised"`
		Lines        int               `json:"lines"`
		Explanations []explanationJSON `json:"explanations"`
		Hints        []hintJSON        `json:"hints"`
	}
	explanationJSON struct {
		Code      string            `json:"code"`
		Codes     []string          `json:"codes"`
		Severity  string            `json:"severity"`
		Ambiguous bool              `json:"ambiguous"`
		Speaker   string            `json:"speaker"`
		Quote     string            `json:"quote"`
		Also      []string          `json:"also"`
		Count     int               `json:"count"`
		Line      int               `json:"line"`
		Meaning   string            `json:"meaning"`
		Causes    []causeJSON       `json:"causes"`
		Fix       []explainFixJSON  `json:"fix"`
		Next      string            `json:"next"`
		Facts     map[string]string `json:"facts"`
	}
	causeJSON struct {
		Code string `json:"code"`
		Text string `json:"text"`
	}
	explainFixJSON struct {
		Code         string `json:"code"`
		Side         string `json:"side"`
		Command      string `json:"command"`
		Language     string `json:"language"`
		Note         string `json:"note"`
		Placeholders bool   `json:"placeholders"`
	}
	hintJSON struct {
		Text  string   `json:"text"`
		Codes []string `json:"codes"`
	}
)

func explainJSON(result explain.Result) string {
	report := explainReport{
		Schema: "redan.explain/1", Recognised: len(result.Explanations) > 0, Lines: result.Lines,
		Explanations: make([]explanationJSON, 0, len(result.Explanations)), Hints: make([]hintJSON, 0, len(result.Hints)),
	}
	for _, e := range result.Explanations {
		report.Explanations = append(report.Explanations, explanationOf(e))
	}
	for _, hint := range result.Hints {
		report.Hints = append(report.Hints, hintJSON{Text: hint.Text, Codes: hint.Codes})
	}
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(report); err != nil {
		return err.Error() + "\n" // strings and numbers can be encoded
	}
	return b.String()
}

func explanationOf(e explain.Explanation) explanationJSON {
	out := explanationJSON{
		Code: e.Code, Codes: e.Codes, Severity: e.Severity.String(), Ambiguous: e.Ambiguous(), Speaker: e.Speaker, Quote: e.Quote,
		Also: append([]string{}, e.Also...), Count: e.Count, Line: e.Line, Meaning: e.Meaning, Next: e.Next,
		Causes: make([]causeJSON, 0, len(e.Causes)), Fix: make([]explainFixJSON, 0, len(e.Fixes)), Facts: map[string]string{},
	}
	for _, cause := range e.Causes {
		out.Causes = append(out.Causes, causeJSON(cause))
	}
	for _, fix := range e.Fixes {
		language := fix.Language
		if fix.Command == "" {
			language = cert.Language("")
		}
		out.Fix = append(out.Fix, explainFixJSON{
			Code: fix.Code, Side: string(fix.Side), Command: fix.Command, Language: string(language), Note: fix.Note, Placeholders: fix.Placeholders,
		})
	}
	for _, fact := range e.Facts {
		out.Facts[fact.Name] = fact.Value
	}
	return out
}
