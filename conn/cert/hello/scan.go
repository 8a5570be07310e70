package hello

import (
	"context"
	"errors"
	"net"
	"slices"
	"time"
)

// Scanner finds out what a server accepts.
type Scanner struct {
	// Dial connects to the server.
	Dial func(ctx context.Context) (net.Conn, error)
	// ServerName is sent if not empty.
	ServerName string
	// Suites are the cipher suites of TLS 1.2 and older to ask for.
	Suites []uint16
	// Connections is how many are made at most, one after the other. 0 means 60.
	Connections int
	// Patience is how long one connection may take. 0 means a second.
	Patience time.Duration
}

// The defaults of a Scanner.
const (
	defaultConnections = 60
	defaultPatience    = time.Second
)

// ErrUnfinished says that a scan needs more connections than it may make.
var ErrUnfinished = errors.New("the scan was ended after as many connections as it may make")

// Result is what a server accepts.
type Result struct {
	Versions []uint16 // oldest first
	// Suites and Suites13 are the cipher suites, of TLS 1.2 and older and of TLS 1.3, in the order the server took them.
	Suites, Suites13 []uint16
	// Chain are the certificates sent, with TLS 1.2 if the server takes it, and else with the newest version it takes.
	Chain [][]byte
	// Alerts are the server's answers to the versions it refused. A version that was refused without an alert has none.
	Alerts map[uint16]uint8
	// Connections is how many were made.
	Connections int
}

// Scan asks for each version, and then for all suites by leaving out those it knows to be accepted. What is likely to be of use comes first:
// a scan that could not be finished returns what it has beside its error, which is ctx's, that of a connection that could not be made or got
// no answer, [ErrNotTLS], or [ErrUnfinished]. The server that ends a connection without a word has refused what was offered.
func (s Scanner) Scan(ctx context.Context) (Result, error) {
	c := &scan{Scanner: s, Result: Result{Alerts: map[uint16]uint8{}}}
	if c.Scanner.Connections == 0 {
		c.Scanner.Connections = defaultConnections
	}
	if c.Patience == 0 {
		c.Patience = defaultPatience
	}
	err := c.versions(ctx)
	if err == nil {
		err = c.suites(ctx)
	}
	slices.Sort(c.Versions)
	return c.Result, err
}

// scan is one run of a Scanner.
type scan struct {
	Scanner
	Result
}

func (c *scan) versions(ctx context.Context) error {
	for _, version := range []uint16{TLS12, TLS13, TLS11, TLS10, SSL30} {
		answer, err := c.ask(ctx, version, nil)
		if err != nil {
			return err
		}
		if answer.Version != version {
			if answer.Alert != nil {
				c.Alerts[version] = *answer.Alert
			}
			continue
		}
		c.Versions = append(c.Versions, version)
		c.note(version, answer.Suite)
		c.keep(answer.Chain)
	}
	return nil
}

// keep keeps the first chain that was seen.
func (c *scan) keep(chain [][]byte) {
	if len(c.Chain) == 0 {
		c.Chain = chain
	}
}

// suites asks for the suites not yet known, version by version.
func (c *scan) suites(ctx context.Context) error {
	for _, version := range c.Versions {
		for {
			answer, err := c.ask(ctx, version, append(slices.Clip(c.Suites13), c.Result.Suites...))
			if err != nil {
				return err
			}
			c.keep(answer.Chain)
			if answer.Version != version || !c.note(version, answer.Suite) {
				break
			}
		}
	}
	return nil
}

// note keeps a suite, and reports whether it is new and one that was offered.
func (c *scan) note(version, suite uint16) bool {
	known := &c.Result.Suites
	if version >= TLS13 {
		known = &c.Suites13
	}
	if slices.Contains(*known, suite) || !slices.Contains(c.offered(version), suite) {
		return false
	}
	*known = append(*known, suite)
	return true
}

func (c *scan) offered(version uint16) []uint16 {
	if version >= TLS13 {
		return Suites13()
	}
	return c.Scanner.Suites
}

// ask offers one version, with all suites but those known. A connection that the server just ends is an answer without content.
func (c *scan) ask(ctx context.Context, version uint16, known []uint16) (Answer, error) {
	offer := Offer{ServerName: c.ServerName, Versions: []uint16{version}}
	for _, suite := range c.offered(version) {
		if !slices.Contains(known, suite) {
			offer.Suites = append(offer.Suites, suite)
		}
	}
	if len(offer.Suites) == 0 {
		return Answer{}, nil
	}
	if c.Result.Connections >= c.Scanner.Connections {
		return Answer{}, ErrUnfinished
	}
	c.Result.Connections++
	ctx, cancel := context.WithTimeout(ctx, c.Patience)
	defer cancel()
	conn, err := c.Dial(ctx)
	if err != nil {
		return Answer{}, err
	}
	answer, err := Ask(ctx, conn, offer, len(c.Chain) == 0)
	switch {
	case answer.Version != 0: // that is what was asked, even if what follows is odd
		return answer, nil
	case ctx.Err() != nil:
		return answer, ctx.Err()
	case errors.Is(err, ErrNotTLS), errors.Is(err, ErrMalformed), errors.Is(err, ErrTooMuch):
		return answer, err
	}
	return answer, nil
}

// Ask sends offer over conn, reads the answer as [Greeting.ReadAnswer] does, and closes conn. It fails when ctx is done.
func Ask(ctx context.Context, conn net.Conn, offer Offer, wantChain bool) (Answer, error) {
	defer func() { _ = conn.Close() }() // nothing is lost: the answer has been read
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	greeting, err := offer.Greeting()
	if err != nil {
		return Answer{}, err
	}
	if _, err := conn.Write(greeting.Record); err != nil {
		return Answer{}, err
	}
	return greeting.ReadAnswer(conn, wantChain)
}
