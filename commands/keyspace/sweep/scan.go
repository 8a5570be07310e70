package sweep

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"redan/commands/keyspace"
	"redan/conn/resp"
)

// readError is an error of the connection, met where a reply was read.
type readError struct {
	err    error
	midway bool // the reply had begun
}

func (e *readError) Error() string { return e.err.Error() }

// Next reads the next token, as a [resp.Source].
func (n *node) Next() (resp.Token, error) {
	tok, err := n.in.Next()
	if err != nil {
		return tok, &readError{err: err, midway: n.in.Midway() || n.in.Buffered() > 0}
	}
	return tok, nil
}

// value reads the first token of the next value. Attributes and pushes, which may stand anywhere, are passed over.
func (n *node) value() (resp.Token, error) {
	for {
		tok, err := n.Next()
		if err != nil || tok.End || tok.Kind != resp.Push && tok.Kind != resp.Attribute {
			return tok, err
		}
		if err := resp.SkipFrom(n, tok); err != nil {
			return tok, err
		}
	}
}

// maxText bounds what is kept of an error.
const maxText = 4 << 10

// text reads the rest of a scalar that began with tok, and returns as much of it as anybody wants to read.
func (n *node) text(tok resp.Token) (string, error) {
	text := append([]byte(nil), tok.Payload()...)
	for tok.More {
		var err error
		if tok, err = n.Next(); err != nil {
			return "", err
		}
		text = append(text, tok.Text[:min(len(tok.Text), max(0, maxText-len(text)))]...)
	}
	return string(text[:min(len(text), maxText)]), nil
}

// whole reads the next reply, as far as anybody looks at it: its first token and its text.
func (n *node) whole() (reply, error) {
	tok, err := n.value()
	if err != nil {
		return reply{}, err
	}
	r := reply{kind: tok.Kind, number: tok.Int}
	if tok.Kind.IsAggregate() {
		return r, resp.SkipFrom(n, tok)
	}
	r.text, err = n.text(tok)
	return r, err
}

// reply is a reply that was read whole.
type reply struct {
	kind   resp.Kind
	number int64
	text   string
}

func (r reply) err() error { return resp.ServerError(r.text) }

// takeSize reads the reply to DBSIZE.
func (n *node) takeSize() error {
	r, err := n.whole()
	switch {
	case err != nil:
		return err
	case r.kind == resp.Integer:
		n.sweep.tally.size(n.index, r.number)
	case !r.kind.IsError():
	case isForbidden(r.text):
		n.sweep.tally.refused(n.index, "DBSIZE", r.err())
	default:
		return n.failure("DBSIZE", r.err())
	}
	return nil
}

func (n *node) failure(command string, err error) error {
	return &NodeError{Node: n.index, Addr: n.sweep.nodes[n.index].Addr, Command: command, Err: err}
}

// isScanless is the error of a reply to SCAN that is none of its.
func (n *node) isScanless(format string, args ...any) error {
	return n.failure("SCAN", fmt.Errorf("%w: "+format, append([]any{keyspace.ErrBadScan}, args...)...))
}

// takeScan reads the reply to SCAN.
func (n *node) takeScan() error {
	from, count := n.from, n.pace.count
	tok, err := n.value()
	n.scanning = false
	n.pace.answered()
	switch {
	case err != nil:
		return err
	case tok.Kind.IsError():
		text, err := n.text(tok)
		if err != nil {
			return err
		}
		if n.sweep.options.Type != "" && !n.noType && code(text) == codeGeneric {
			n.sortOut(from)
			return nil
		}
		return n.failure("SCAN", resp.ServerError(text))
	case tok.Kind != resp.Array:
		return n.isScanless("it replies with %s", article(tok.Kind))
	}
	cursor, err := n.takeCursor()
	if err != nil {
		return err
	}
	if cursor != "0" {
		n.next = cursor
	}
	if n.mayScan() {
		n.scan()
		n.flush()
	}
	keys, err := n.takeNames(from, cursor)
	if err != nil {
		return err
	}
	if tok, err = n.value(); err != nil {
		return err
	}
	if !tok.End {
		return n.isScanless("there is more in its reply than a cursor and keys")
	}
	n.sweep.tally.page(n.index, cursor, count, keys)
	if n.circle.closes(cursor, keys) {
		return n.isScanless("cursor %s comes again and again, without keys", cursor)
	}
	return nil
}

// sortOut asks again without TYPE, which SCAN does not know before Redis 6: the types are asked for, and the others left out.
func (n *node) sortOut(from string) {
	n.noType, n.next = true, from
	if !slices.Contains(n.about, askType) {
		n.about = append([]question{askType}, n.about...)
	}
}

// ofType leaves out the keys of a page that are of another type than is looked for.
func (n *node) ofType(p *page) {
	p.keys = slices.DeleteFunc(p.keys, func(k Key) bool { return !strings.EqualFold(k.Type, n.sweep.options.Type) })
}

// takeCursor reads the first element of the reply to SCAN.
func (n *node) takeCursor() (string, error) {
	const longest = 1024
	tok, err := n.value()
	if err != nil {
		return "", err
	}
	switch tok.Kind {
	case resp.Integer:
		return strconv.FormatInt(tok.Int, 10), nil
	case resp.BulkString, resp.SimpleString, resp.BigNumber, resp.VerbatimString:
		if text := tok.Payload(); !tok.More && !tok.End && len(text) > 0 && len(text) <= longest {
			return string(text), nil
		}
	default:
	}
	return "", n.isScanless("its cursor is none")
}

// takeNames reads the second element of the reply to SCAN, and makes pages of it.
func (n *node) takeNames(from, cursor string) (keys int, err error) {
	tok, err := n.value()
	if err != nil {
		return 0, err
	}
	if tok.End || tok.Kind != resp.Array && tok.Kind != resp.Set {
		return 0, n.isScanless("there is %s instead of its keys", article(tok.Kind))
	}
	for {
		tok, err := n.value()
		switch {
		case err != nil:
			return 0, err
		case tok.End:
			n.finish(cursor)
			return keys, nil
		case tok.Kind == resp.BulkString && !tok.More:
			n.names = append(n.names, tok.Text...)
		default:
			if err := n.takeName(tok); err != nil {
				return 0, err
			}
		}
		n.ends = append(n.ends, len(n.names))
		keys++
		if len(n.ends) >= maxPage || len(n.names) >= maxNames {
			n.finish(from) // that SCAN has told only a part of its keys
			if err := n.goOn(); err != nil {
				return 0, err
			}
		}
	}
}

// takeName reads a name that is not one token.
func (n *node) takeName(tok resp.Token) error {
	if tok.Kind != resp.BulkString && tok.Kind != resp.SimpleString && tok.Kind != resp.VerbatimString {
		return n.isScanless("there is %s among its keys", article(tok.Kind))
	}
	n.names = append(n.names, tok.Payload()...)
	for tok.More {
		var err error
		if tok, err = n.Next(); err != nil {
			return err
		}
		n.names = append(n.names, tok.Text...)
	}
	return nil
}

// finish makes a page of the names that were read. They are one string, in parts.
func (n *node) finish(cursor string) {
	p := n.sweep.used.get()
	p.node, p.cursor = n.index, cursor
	names, at := string(n.names), 0
	for _, end := range n.ends {
		p.keys = append(p.keys, Key{Name: names[at:end], Length: -1, Memory: -1, Frequency: -1})
		at = end
	}
	n.names, n.ends = n.names[:0], n.ends[:0]
	if cap(n.names) > 4*maxNames {
		n.names = nil
	}
	n.held = append(n.held, p)
}

// article is what a kind of reply is called, in a sentence.
func article(k resp.Kind) string {
	switch name := k.String(); name[0] {
	case 'a', 'e', 'i', 'o', 'u':
		return "an " + name
	default:
		return "a " + name
	}
}

// maxRounds is how often a cursor may come again before that counts as a circle: there are proxies that know the place by themselves and
// always tell the same cursor, and the pages of a rare pattern are empty.
const maxRounds = 1000

// circle finds cursors that lead round and round without a key, by Brent's algorithm: it compares with one earlier cursor, and takes another
// one after twice as many steps.
type circle struct {
	mark         string
	steps, until int
	rounds       int
}

// closes notes a cursor, and reports whether it will never end.
func (c *circle) closes(cursor string, keys int) bool {
	if keys > 0 || c.mark == "" {
		*c = circle{mark: cursor, until: 1}
		return false
	}
	if c.mark == cursor {
		c.rounds++
		return c.rounds >= maxRounds
	}
	if c.steps++; c.steps >= c.until {
		c.mark, c.steps, c.until, c.rounds = cursor, 0, 2*c.until, 0
	}
	return false
}
