package edit

import (
	"context"
	"errors"
	"fmt"

	"redan/conn/resp"
)

// Result is what a write did.
type Result struct {
	// Commands are those that wrote, as they were sent, and Replies what the server said.
	Commands [][]string
	Replies  []resp.Value
	Check    Check
	Attempts int
	// Undo brings back what was removed; nil when nothing was, or when it could not be kept, and then NoUndo says why.
	Undo   *Undo
	NoUndo string
}

// maxAttempts bounds how often a write is tried again because something else of the same key was written meanwhile. Each failed
// attempt means that somebody else got on.
const maxAttempts = 256

// maxMoves bounds how often in one write the key is followed to another node. Once is usual, after a failover or in a cluster whose nodes
// are not known yet; again and again means that its slot is on the move, and no transaction succeeds until that is over.
const maxMoves = 4

// Apply writes change if what was read is still there, and otherwise nothing. It takes four round trips and one for each thing read and
// written; with IFEQ it takes one. The session is left without WATCH and MULTI.
//
// Errors: [*Conflict], [*Gone], [*TypeChanged], [*Exists] and [*Absent] (nothing was written), [ErrBusy] (nothing was written), [ErrMoving] (nothing
// was written), [ErrSession] (nothing was written), those of [Plan], [*Refused] (an error reply of the server), [*Unsure] (the connection broke at the very
// moment), and those of a connection that broke before anything was written.
func Apply(ctx context.Context, s Session, change Change, read State) (Result, error) {
	if st := s.State(); st.Multi || st.DB != read.DB {
		return Result{}, fmt.Errorf("%w: it is in database %d (read in %d), transaction open: %t", ErrSession, st.DB, read.DB, st.Multi)
	}
	preview, err := Plan(change, read)
	if err != nil {
		return Result{}, err
	}
	a := attempt{ctx: ctx, session: s, change: change, read: read, check: preview.Check}
	moves := 0
	for n := range maxAttempts {
		result, err := a.run()
		if errors.Is(err, errMoved) {
			moves++
		}
		switch {
		case moves > maxMoves:
			return Result{}, fmt.Errorf("%q: %w", read.Key, ErrMoving)
		case errors.Is(err, errNoCondition):
			a.check, a.read.Server.IfEqual = CheckWatch, false
		case !errors.Is(err, errAgain):
			result.Check, result.Attempts = a.check, n+1
			return result, err
		}
		if ctx.Err() != nil {
			return Result{}, ctx.Err()
		}
	}
	return Result{}, ErrBusy
}

// attempt is one try to write.
type attempt struct {
	ctx     context.Context
	session Session
	change  Change
	read    State
	check   Check
}

func (a attempt) run() (Result, error) {
	if a.check == CheckIfEqual {
		return a.ifEqual()
	}
	result, err := a.watched()
	refusal, ok := errors.AsType[*Refused](err)
	if !ok {
		return result, err
	}
	c, copying := a.change.(Copy)
	switch {
	case refusal.moved():
		return result, errMoved
	case copying && refusal.Code() == codeBusyKey:
		return result, &Exists{Key: c.To, DB: c.db(a.read)}
	case copying && refusal.Code() == "CROSSSLOT" && !c.Replace:
		return a.copyAcross(c)
	}
	return result, err
}

// moved tells that a slot of the cluster went elsewhere meanwhile. The next attempt follows it there.
func (e *Refused) moved() bool {
	switch e.Code() {
	case "MOVED", "ASK", "TRYAGAIN":
		return e.Applied == 0
	}
	return false
}

// ifEqual lets the server compare and write in one command.
func (a attempt) ifEqual() (Result, error) {
	command, ok := a.change.(StringSet)
	if !ok {
		return Result{}, &Invalid{"only strings can be compared by the server"}
	}
	args, _ := command.ifEqual(a.read)
	reply, err := a.session.Do(a.ctx, args...)
	if err != nil {
		return Result{}, &Unsure{err}
	}
	if !reply.Kind.IsNull() && !reply.Kind.IsError() {
		return Result{Commands: [][]string{args}, Replies: []resp.Value{reply}}, nil
	}
	now, err := a.now(true)
	if err == nil {
		err = compare(a.change, a.read, now)
	}
	switch {
	case err != nil:
		return Result{}, err
	case !reply.Kind.IsError():
		return Result{}, errAgain // it changed and changed back
	}
	if refusal := refused(args, reply); refusal.Code() != codeGeneric {
		return Result{}, refusal
	}
	return Result{}, errNoCondition // compatible servers claim versions whose options they lack
}

// now reads again what the change depends on.
func (a attempt) now(settled bool) (State, error) {
	now := State{Server: a.read.Server, Key: a.read.Key, DB: a.read.DB, nonce: a.read.nonce}
	err := (&reader{a.ctx, a.session, &now, settled}).all(a.change)
	if _, changed := errors.AsType[*TypeChanged](err); changed {
		return now, nil // compare says so
	}
	return now, err
}

// watched is WATCH, read, compare, MULTI, write, EXEC. Reading comes after WATCH: what changes from then on makes EXEC do nothing.
func (a attempt) watched() (result Result, err error) {
	var exact State
	if !a.read.Server.ExpireAt {
		if exact, err = a.now(true); err != nil {
			return result, err
		}
	}
	if _, err = do(a.ctx, a.session, append([]string{"WATCH"}, a.keys()...)...); err != nil {
		return result, err
	}
	defer func() {
		if err != nil && a.session.State().Watching {
			_, _ = a.session.Do(a.ctx, "UNWATCH") // of no use only on a connection that is of no use
		}
	}()
	now, err := a.now(false)
	if err != nil {
		return result, err
	}
	if !a.read.Server.ExpireAt && !settle(&now, exact) {
		return result, errAgain
	}
	if err = compare(a.change, a.read, now); err != nil {
		return result, err
	}
	script, err := scriptFor(a.change, now)
	if err != nil {
		return result, err
	}
	undo, after, reason, err := a.keep(now)
	if err != nil {
		return result, err
	}
	if !a.session.State().Watching {
		return result, errMoved // a redirect was followed, and WATCH stayed behind
	}
	replies, err := transact(a.ctx, a.session, append(script, after...))
	if err != nil {
		return result, err
	}
	result = Result{Commands: script, Replies: replies[:len(script)], NoUndo: reason}
	if j, ok := a.change.(judge); ok {
		if err = j.judge(now, result.Replies); err != nil {
			return Result{}, err
		}
	}
	if undo != nil {
		undo.After = fingerprint(replies[len(replies)-1])
		result.Undo = undo
	}
	return result, nil
}

// keys are those to be watched.
func (a attempt) keys() []string {
	keys := []string{a.read.Key}
	if j, ok := a.change.(joint); ok && j.otherKey() != "" {
		keys = append(keys, j.otherKey())
	}
	return keys
}

// settle takes the end of the time to live from exact, which was read in a transaction, unless it has changed since. Servers before
// 7.0 tell only the time left, and under WATCH, where there is no transaction to read in, that is off by a round trip.
func settle(now *State, exact State) bool {
	if now.Expires != exact.Expires {
		return false
	}
	if !now.Expires {
		return true
	}
	if late := exact.At.Sub(now.At); late < -slack || late > now.early+slack {
		return false
	}
	now.At = exact.At
	return true
}

// transact runs commands in one transaction. The error is errAgain when a watched key was written, *Refused when the server refused,
// and then nothing was done unless it says so.
func transact(ctx context.Context, s Session, script [][]string) ([]resp.Value, error) {
	if _, err := do(ctx, s, "MULTI"); err != nil {
		return nil, err
	}
	for _, args := range script {
		if _, err := do(ctx, s, args...); err != nil {
			if s.State().Multi {
				_, _ = s.Do(ctx, "DISCARD") // of no use only on a connection that is of no use
			}
			return nil, err
		}
	}
	reply, err := s.Do(ctx, "EXEC")
	switch {
	case err != nil:
		return nil, &Unsure{err}
	case reply.Kind.IsNull():
		return nil, errAgain
	case reply.Kind.IsError():
		return nil, refused([]string{"EXEC"}, reply)
	case len(reply.Elems) != len(script):
		return nil, &Invalid{fmt.Sprintf("EXEC answered with %d replies to %d commands", len(reply.Elems), len(script))}
	}
	return reply.Elems, failed(script, reply.Elems)
}

// failed finds the command of an executed transaction that failed.
func failed(script [][]string, replies []resp.Value) error {
	var failure *Refused
	applied := 0
	for i, reply := range replies {
		switch {
		case !reply.Kind.IsError():
			applied++
		case failure == nil:
			failure = refused(script[i], reply)
		}
	}
	if failure == nil {
		return nil
	}
	failure.Applied = applied
	return failure
}

// copyAcross copies to another node of a cluster, where COPY cannot. RESTORE by itself never replaces a key.
func (a attempt) copyAcross(c Copy) (Result, error) {
	old := a.read.Server
	old.Copy = false
	a.read.Server = old
	now, err := a.now(true)
	if err != nil {
		return Result{}, err
	}
	if err := compare(a.change, a.read, now); err != nil {
		return Result{}, err
	}
	script, err := scriptFor(c, now)
	if err != nil {
		return Result{}, err
	}
	reply, err := a.session.Do(a.ctx, script[0]...)
	if err != nil {
		return Result{}, &Unsure{err}
	}
	if reply.Kind.IsError() {
		failure := refused(script[0], reply)
		if failure.Code() == codeBusyKey {
			return Result{}, &Exists{Key: c.To, DB: now.DB}
		}
		return Result{}, failure
	}
	return Result{Commands: script, Replies: []resp.Value{reply}}, nil
}

// codeBusyKey is how RESTORE says that the key exists.
const codeBusyKey = "BUSYKEY"
