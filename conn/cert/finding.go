package cert

// Severity is how bad a [Finding] is.
type Severity int

// The severities, mildest first.
const (
	SeverityOK   Severity = iota // nothing to say
	SeverityInfo                 // worth knowing, nothing to do
	SeverityWarn                 // works, and will break, or breaks for others
	SeverityCrit                 // breaks a connection made like this one
)

// String returns "ok", "info", "warn" or "crit", as the JSON report has it.
func (s Severity) String() string {
	switch s {
	case SeverityCrit:
		return "crit"
	case SeverityWarn:
		return "warn"
	case SeverityInfo:
		return "info"
	default:
		return "ok"
	}
}

// Side is who has to act.
type Side string

// The two ends of a connection.
const (
	SideClient Side = "client"
	SideServer Side = "server"
)

// Language is what a command of a [Fix] is written in.
type Language string

// The languages of commands.
const (
	LanguageShell Language = "shell" // typed at a shell of the side that has to act
	LanguageRedis Language = "redis" // sent to the server as a Redis command: CONFIG SET ...
)

// Fix is one way to mend a fault.
type Fix struct {
	Side     Side
	Language Language
	// Command is complete for this invocation: it can be run as it stands, unless Placeholders says otherwise. It is
	// empty when only a person can act, and then Note says what to do.
	Command string
	// Placeholders reports that Command holds words in capitals, such as CLIENT.crt, that the reader must replace.
	Placeholders bool
	// Note says when this is the right fix, or what to do: "if that is the server you mean". It may be empty.
	Note string

	// line is the command line of this side that Command is, and before what has to run first, with && behind it.
	line   *Invocation
	before string
}

// Fact is one piece of evidence, in the order a report shows them.
type Fact struct {
	Name  string // lower case, as in the JSON report: "alert", "not_after", "first_bytes"
	Value string // fit for a terminal
}

// Scope prefixes of a [Finding]. A scope is "target", or "cert:N" for the Nth certificate of [Report.Chain] (the server's own is 0),
// "client:N" for the Nth certificate of the client's chain, or "file:PATH".
const (
	ScopeTarget       = "target"
	ScopeCertPrefix   = "cert:"
	ScopeClientPrefix = "client:"
	ScopeFilePrefix   = "file:"
)

// Finding is one thing that is, or will be, wrong, or is worth knowing.
type Finding struct {
	Code     string // stable, one of the Code constants
	Severity Severity
	Scope    string
	// Message says what is wrong in one line, without a full stop: "the server's certificate expired 26 hours ago".
	Message string
	// Cause says why, and whose fault it is, in one or two sentences. It may be empty.
	Cause    string
	Evidence []Fact
	Fixes    []Fix // the best one first
	// Usual says that it is how healthy servers are: of a report for people it is a part only when they ask for everything.
	Usual bool
}
