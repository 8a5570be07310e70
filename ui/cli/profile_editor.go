package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
)

// inEditor has the person edit a copy of a profile's file until it can take the place of the old one, or the person leaves it.
func (r *profileRun) inEditor(ctx context.Context, name string) error {
	before, err := r.store.Text(name)
	if err != nil {
		return err
	}
	if !r.sys.InTTY {
		return errors.New("an editor needs a terminal; options change a profile without one: redan profile edit --help")
	}
	editor := r.editors()
	defer editor.removeAll()
	text := before
	for {
		after, err := r.edited(ctx, editor, name, text)
		if err != nil {
			return err
		}
		if bytes.Equal(after, before) {
			return r.report("unchanged", name, "")
		}
		err = r.replaced(ctx, name, before, after)
		if err == nil {
			return r.report("changed", name, "", r.missingFiles(name)...)
		}
		if !r.isAgain(err) {
			return r.leave(name, after, err)
		}
		text = after
	}
}

// edited is what the person makes of a text.
func (r *profileRun) edited(ctx context.Context, editor *editors, name string, text []byte) ([]byte, error) {
	program, read, err := editor.edit(ctx, name+".toml", text)
	if err != nil {
		return nil, err
	}
	r.flush()
	if err := r.sys.Attend(program); err != nil {
		return nil, fmt.Errorf("%s: %w; %s is as it was", program.Args[0], err, name)
	}
	return read()
}

// replaced puts a text in the place of a profile, unless it is faulty, or somebody else has changed the profile meanwhile.
func (r *profileRun) replaced(ctx context.Context, name string, before, after []byte) error {
	if now, err := r.store.Text(name); err == nil && !bytes.Equal(now, before) {
		return errors.New(name + " was changed by somebody else meanwhile")
	}
	err := r.store.Write(ctx, name, after)
	if err != nil {
		return err
	}
	if err = r.usable(name); err != nil {
		return errors.Join(err, r.store.Write(ctx, name, before))
	}
	return nil
}

// isAgain asks what is to become of a text that cannot be used.
func (r *profileRun) isAgain(err error) bool {
	r.flush()
	_, _ = fmt.Fprintf(r.sys.Stderr, "%s\ne edit again, l leave it as it was: ", printable(err.Error()))
	answer, failed := r.stdin.ReadString('\n')
	return failed == nil && !strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), "l")
}

// leave keeps what the person wrote beside the profile, where nobody reads it, and says why it is not used.
func (r *profileRun) leave(name string, text []byte, err error) error {
	const most = 100
	for n := range most {
		path := fmt.Sprintf("%s.edited%d", r.store.Path(name), n+1)
		if r.sys.SaveNew(path, text) == nil {
			return fmt.Errorf("%s is as it was: %w\nWhat you wrote is in %s", name, err, path)
		}
	}
	return fmt.Errorf("%s is as it was: %w", name, err)
}
