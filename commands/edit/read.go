package edit

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"strconv"
	"strings"
	"time"

	"redan/conn"
	"redan/conn/resp"
)

// Session is one connection, as [conn.Session] is. A pool will not do: WATCH and MULTI hold for the connection they were sent on. In a
// cluster it should follow redirects, so that it comes to the key's node by itself.
type Session interface {
	conn.Doer
	Stream(ctx context.Context, args []string, consume func(resp.Source) error) error
	State() conn.State
}

// Read asks for what change touches of key: see [State]. What the change would write is not looked at, so it may still be empty. A
// server that is not Known is detected, which costs a round trip. Errors are [*TypeChanged] when the key is of a type that the change is
// not for, [*Gone] when it must exist and does not, [*Refused], and those of the connection.
func Read(ctx context.Context, s Session, server Server, key string, change Change) (State, error) {
	if s.State().Multi {
		return State{}, errors.Join(ErrSession, errors.New("a transaction (MULTI) is open on it"))
	}
	if !server.Known {
		var err error
		if server, err = Detect(ctx, s); err != nil {
			return State{}, err
		}
	}
	st := State{Server: server, Key: key, DB: s.State().DB, nonce: rand.Text()}
	if err := (&reader{ctx, s, &st, true}).all(change); err != nil {
		return State{}, err
	}
	if _, create := change.(Create); !create && !st.Exists() {
		return State{}, &Gone{key}
	}
	return st, nil
}

// reader fills a state.
type reader struct {
	ctx     context.Context
	session Session
	st      *State
	settled bool // no transaction is being prepared, so that MULTI may be used for reading
}

func (r *reader) all(change Change) error {
	reply, err := r.do("TYPE", r.st.Key)
	if err != nil {
		return err
	}
	r.st.Type = reply.String()
	if !r.st.Exists() {
		return r.lookAll(clockOnly(change, *r.st))
	}
	if want := change.keyType(); want != "" && r.st.Type != want {
		return &TypeChanged{r.st.Key, want, r.st.Type}
	}
	if err := r.expiry(); err != nil {
		return err
	}
	if err := r.count(); err != nil {
		return err
	}
	return r.lookAll(change.lookups(*r.st))
}

// clockOnly is what can be asked about a key that is to be made.
func clockOnly(change Change, st State) []lookup {
	if c, ok := change.(Create); ok {
		return c.lookups(st)
	}
	return nil
}

func (r *reader) lookAll(list []lookup) error {
	for _, l := range list {
		if err := r.look(l); err != nil {
			return err
		}
	}
	return nil
}

// do runs a command whose error reply is an error.
func (r *reader) do(args ...string) (resp.Value, error) { return do(r.ctx, r.session, args...) }

func do(ctx context.Context, s Session, args ...string) (resp.Value, error) {
	reply, err := s.Do(ctx, args...)
	if err == nil && reply.Kind.IsError() {
		err = refused(args, reply)
	}
	return reply, err
}

func refused(args []string, reply resp.Value) *Refused {
	return &Refused{Command: args, Reply: resp.ServerError(reply.Text)}
}

// expiry reads the time to live, both as time left and as point in time.
func (r *reader) expiry() error {
	if r.st.Server.ExpireAt {
		at, err := r.session.Do(r.ctx, "PEXPIRETIME", r.st.Key)
		if err != nil {
			return err
		}
		if !at.Kind.IsError() {
			return r.setExpiry(at.Int)
		}
		r.st.Server.ExpireAt = false // whatever version it claims to be
	}
	if r.settled {
		replies, err := transact(r.ctx, r.session, [][]string{{"PTTL", r.st.Key}, {"TIME"}})
		if err != nil {
			return err
		}
		r.setLeft(replies[0].Int, milliseconds(replies[1]))
		return nil
	}
	first, err := r.do("TIME")
	if err != nil {
		return err
	}
	left, err := r.do("PTTL", r.st.Key)
	if err != nil {
		return err
	}
	last, err := r.do("TIME")
	if err != nil {
		return err
	}
	r.setLeft(left.Int, milliseconds(first))
	r.st.early = time.Duration(milliseconds(last)-milliseconds(first)) * time.Millisecond
	return nil
}

// setExpiry takes a point in time in milliseconds, negative for none.
func (r *reader) setExpiry(at int64) error {
	left, err := r.do("PTTL", r.st.Key)
	if err != nil {
		return err
	}
	r.st.Expires = at >= 0
	if r.st.Expires {
		r.st.At, r.st.Left = time.UnixMilli(at), max(0, time.Duration(left.Int)*time.Millisecond)
	}
	return nil
}

func (r *reader) setLeft(left, now int64) {
	r.st.Expires = left >= 0
	if r.st.Expires {
		r.st.At, r.st.Left = time.UnixMilli(now+left), time.Duration(left)*time.Millisecond
	}
}

// milliseconds reads the reply to TIME: seconds and microseconds.
func milliseconds(v resp.Value) int64 {
	if len(v.Elems) != 2 {
		return 0
	}
	seconds, _ := strconv.ParseInt(v.Elems[0].String(), 10, 64)
	micros, _ := strconv.ParseInt(v.Elems[1].String(), 10, 64)
	return seconds*1000 + micros/1000
}

// count reads the number of elements. Types of modules have no such command.
func (r *reader) count() error {
	var command string
	switch r.st.Type {
	case typeString:
		command = "STRLEN"
	case typeHash:
		command = "HLEN"
	case typeList:
		command = "LLEN"
	case typeSet:
		command = "SCARD"
	case typeZSet:
		command = "ZCARD"
	case typeStream:
		command = "XLEN"
	default:
		return nil
	}
	reply, err := r.do(command, r.st.Key)
	r.st.Count = reply.Int
	return err
}

func (r *reader) look(l lookup) error {
	part := l.part(r.st)
	if l.shape == bulk {
		return r.bulk(l.args, part)
	}
	reply, err := r.do(l.args...)
	if refusal, ok := errors.AsType[*Refused](err); ok && refusal.Code() == codeGeneric {
		// Compatible servers claim versions whose commands they lack.
		if l.shape == fieldExpiry {
			r.st.Server.FieldTTL = false
			return nil
		}
		if l.shape == digest {
			r.st.Server.Digest = false
			return r.bulk([]string{"GET", r.st.Key}, part)
		}
	}
	if err != nil {
		return err
	}
	switch l.shape {
	case flag:
		part.Present = reply.Int == 1
	case score:
		if part.Present = !reply.Kind.IsNull(); part.Present {
			*part, err = scorePart(reply.String())
		}
	case typeName:
		if name := reply.String(); name != typeNone {
			*part = textPart(name)
		}
	case digest:
		*part = Part{Present: !reply.Kind.IsNull(), Size: r.st.Count, Sum: digestPrefix + reply.String()}
	case entry:
		*part = entryPart(reply)
	case entryID:
		if len(reply.Elems) > 0 && len(reply.Elems[0].Elems) > 0 {
			*part = textPart(reply.Elems[0].Elems[0].String())
		}
	case pending:
		*part = pendingPart(reply)
	case fieldExpiry:
		if len(reply.Elems) == 1 {
			part.ExpireAt = max(0, reply.Elems[0].Int)
		}
	case jsonMatches:
		*part = jsonPart(reply, l.args[2])
	case clock:
		r.st.Clock = time.UnixMilli(milliseconds(reply))
	case bulk:
	}
	return err
}

// digestPrefix marks sums made by the server, for SET ... IFDEQ.
const digestPrefix = "digest:"

// bulk reads a string in pieces, so that a large one is not held.
func (r *reader) bulk(args []string, part *Part) error {
	c := collector{sum: sha256.New()}
	if err := r.session.Stream(r.ctx, args, c.consume); err != nil {
		return err
	}
	if c.kind.IsError() {
		return &Refused{Command: args, Reply: resp.ServerError(c.text)}
	}
	*part = Part{Present: !c.kind.IsNull(), Size: c.size}
	if c.size > MaxText {
		part.Sum = "sha256:" + hex.EncodeToString(c.sum.Sum(nil))
	} else {
		part.Text = string(c.text)
	}
	return nil
}

// collector takes a string from a stream: all of it into a digest, and as much as is held into text.
type collector struct {
	kind resp.Kind
	size int64
	text []byte
	sum  hash.Hash
}

func (c *collector) consume(src resp.Source) error {
	for {
		tok, err := src.Next()
		if err != nil {
			return err
		}
		if tok.Kind.IsAggregate() {
			return &Invalid{"the server answered with " + tok.Kind.String() + " where a string was due"}
		}
		c.kind = tok.Kind
		c.size += int64(len(tok.Text))
		_, _ = c.sum.Write(tok.Text)
		if c.size <= MaxText {
			c.text = append(c.text, tok.Text...)
		}
		if !tok.More {
			return nil
		}
	}
}

// entryPart reads the reply to XRANGE for one ID.
func entryPart(v resp.Value) Part {
	if len(v.Elems) == 0 || len(v.Elems[0].Elems) != 2 {
		return Part{}
	}
	fields := v.Elems[0].Elems[1].Elems
	lines := make([]string, 0, len(fields)/2)
	for i := 0; i+1 < len(fields); i += 2 {
		lines = append(lines, fields[i].String()+" "+fields[i+1].String())
	}
	return textPart(strings.Join(lines, "\n"))
}

// pendingPart reads the reply to XPENDING for one ID: ID, consumer, idle time, deliveries. The idle time changes by itself.
func pendingPart(v resp.Value) Part {
	if len(v.Elems) == 0 || len(v.Elems[0].Elems) != 4 {
		return Part{}
	}
	e := v.Elems[0].Elems
	times := " times"
	if e[3].Int == 1 {
		times = " time"
	}
	return textPart(e[1].String() + ", delivered " + strconv.FormatInt(e[3].Int, 10) + times)
}
