package edit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"redan/conn/resp"
)

// Undo is what a change removed, as plain data that can be kept in a file: the whole key as it was before.
type Undo struct {
	DB   int
	Key  string
	Dump string // as DUMP gives it
	// PTTL is the time that was left to live, in whole milliseconds, or -1 for none; ExpireAt is when that ends, by the server's clock.
	PTTL     time.Duration
	ExpireAt time.Time
	// After is a digest of the key right after the change, empty if it was gone: [Restore] replaces nothing else.
	After string
	// RenamedFrom is the name that the key which is there now had before it replaced this one; [Restore] gives it back.
	RenamedFrom string
}

// MaxUndo is the largest key, in bytes of the server's memory, of which an [Undo] is kept.
const MaxUndo = 8 << 20

// keep reads what the change removes, and returns the command that tells, within the transaction, what is left. The reason says why
// nothing is kept though something is removed. Not being able to keep is no error: the person decides before that.
func (a attempt) keep(now State) (undo *Undo, after [][]string, reason string, err error) {
	r, ok := a.change.(remover)
	if !ok || r.removes(now) == "" {
		return nil, nil, "", nil
	}
	key := r.removes(now)
	reason, err = a.tooLarge(key, now)
	if err != nil || reason != "" {
		return nil, nil, reason, err
	}
	dump, err := a.session.Do(a.ctx, "DUMP", key)
	if err != nil {
		return nil, nil, "", err
	}
	if dump.Kind.IsError() || dump.Kind.IsNull() {
		return nil, nil, "the server gives no copy of it: " + dump.String(), nil
	}
	undo = &Undo{DB: now.DB, Key: key, Dump: dump.String(), PTTL: -1}
	life := now
	if key != now.Key {
		life = State{Server: now.Server, Key: key}
		if err := (&reader{a.ctx, a.session, &life, false}).expiry(); err != nil {
			return nil, nil, "", err
		}
	}
	if life.Expires {
		undo.PTTL, undo.ExpireAt = life.Left, life.At
	}
	if _, renamed := a.change.(Rename); renamed {
		undo.RenamedFrom = now.Key
	}
	return undo, [][]string{{"DUMP", key}}, "", nil
}

// tooLarge says why a key is not copied. A server that does not tell its memory is believed by the number of elements.
func (a attempt) tooLarge(key string, now State) (string, error) {
	size, err := a.session.Do(a.ctx, "MEMORY", "USAGE", key)
	switch {
	case err != nil:
		return "", err
	case size.Kind == resp.Integer && size.Int > MaxUndo:
		return fmt.Sprintf("it takes %d bytes, and no more than %d are kept", size.Int, MaxUndo), nil
	case size.Kind == resp.Integer:
		return "", nil
	case key != now.Key || now.Type != typeString && now.Count > maxBlind || now.Count > MaxUndo:
		return "the server does not tell how large it is: " + size.String(), nil
	}
	return "", nil
}

// maxBlind is of how many elements a key is copied whose size is unknown.
const maxBlind = 1000

// fingerprint is a digest of a dump.
func fingerprint(dump resp.Value) string {
	if dump.Kind.IsNull() {
		return ""
	}
	sum := sha256.Sum256(dump.Text)
	return hex.EncodeToString(sum[:])
}

// Restore undoes a change. It brings the key back as it was if the key is still as the change left it; otherwise it does nothing and
// returns [*Exists], since what others wrote after the change would be lost. A key that is still there keeps the time to live that it has
// now; one that was gone gets back the end that it had, or if that has passed, as much time as was left. Other errors are those of
// [Apply].
func Restore(ctx context.Context, s Session, server Server, u Undo) error {
	if st := s.State(); st.Multi || st.DB != u.DB {
		return fmt.Errorf("%w: it is in database %d (the key was in %d), transaction open: %t", ErrSession, st.DB, u.DB, st.Multi)
	}
	if !server.Known {
		var err error
		if server, err = Detect(ctx, s); err != nil {
			return err
		}
	}
	for range maxAttempts {
		err := restoration{ctx, s, server, u}.run()
		if !errors.Is(err, errAgain) {
			return err
		}
	}
	return ErrBusy
}

type restoration struct {
	ctx     context.Context
	session Session
	server  Server
	undo    Undo
}

func (r restoration) run() (err error) {
	watch := []string{"WATCH", r.undo.Key}
	if r.undo.RenamedFrom != "" {
		watch = append(watch, r.undo.RenamedFrom)
	}
	if _, err = do(r.ctx, r.session, watch...); err != nil {
		return err
	}
	defer func() {
		if err != nil && r.session.State().Watching {
			_, _ = r.session.Do(r.ctx, "UNWATCH") // of no use only on a connection that is of no use
		}
	}()
	dump, err := do(r.ctx, r.session, "DUMP", r.undo.Key)
	if err != nil {
		return err
	}
	if fingerprint(dump) != r.undo.After {
		return &Exists{Key: r.undo.Key, DB: r.undo.DB}
	}
	script, err := r.script(!dump.Kind.IsNull())
	if err != nil {
		return err
	}
	if !r.session.State().Watching {
		return errAgain
	}
	_, err = transact(r.ctx, r.session, script)
	return err
}

// script brings the key back in place of what is there now.
func (r restoration) script(present bool) ([][]string, error) {
	if r.undo.RenamedFrom != "" && present {
		taken, err := do(r.ctx, r.session, "EXISTS", r.undo.RenamedFrom)
		if err != nil {
			return nil, err
		}
		if taken.Int != 0 {
			return nil, &Exists{Key: r.undo.RenamedFrom, DB: r.undo.DB}
		}
		back, err := r.lifetime()
		return [][]string{{"RENAME", r.undo.Key, r.undo.RenamedFrom}, restoring(r.undo.Key, r.undo.Dump, back)}, err
	}
	if !present {
		back, err := r.lifetime()
		return [][]string{restoring(r.undo.Key, r.undo.Dump, back)}, err
	}
	now := State{Server: r.server, Key: r.undo.Key}
	if err := (&reader{r.ctx, r.session, &now, false}).expiry(); err != nil {
		return nil, err
	}
	return [][]string{append(restoring(r.undo.Key, r.undo.Dump, now), "REPLACE")}, nil
}

// lifetime is what the key gets back.
func (r restoration) lifetime() (State, error) {
	st := State{Server: r.server, Expires: r.undo.PTTL >= 0, Left: r.undo.PTTL, At: r.undo.ExpireAt}
	if !st.Expires {
		return st, nil
	}
	clock, err := do(r.ctx, r.session, "TIME")
	if err != nil {
		return st, err
	}
	now := time.UnixMilli(milliseconds(clock))
	if left := st.At.Sub(now); left > 0 {
		st.Left = left
	} else {
		st.At = now.Add(st.Left)
	}
	return st, nil
}
