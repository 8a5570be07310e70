package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"redan/commands"
	"redan/commands/guard"
	"redan/conn"
	"redan/conn/resp"
	"redan/ui/format"
)

// warden is the guard of this run, made at the first call. Without --read-only and a profile that wants it there is none, and nothing
// is loaded for it.
func (a *app) warden(ctx context.Context) (*guard.Warden, error) {
	policy := a.policy()
	if !policy.Active() || a.guardian != nil {
		return a.guardian, nil
	}
	d, o, err := a.dialer(ctx)
	if err != nil {
		return nil, err
	}
	a.asked = conn.NewPool(d, o, a.follows())
	a.guardian, err = newWarden(policy, a.profileName(), func() conn.Doer { return a.asked })
	return a.guardian, err
}

// newWarden makes a guard that asks the server that ask returns; nil is none.
func newWarden(policy guard.Policy, profile string, ask func() conn.Doer) (*guard.Warden, error) {
	table, err := commands.Embedded()
	if err != nil {
		return nil, err
	}
	return guard.NewWarden(policy, profile, table, guard.Server{
		Describe: func(ctx context.Context, name string) *commands.Table {
			if server := ask(); server != nil {
				return describe(ctx, server, name)
			}
			return nil
		},
		Count: func(ctx context.Context, words []string) (int64, bool) {
			if server := ask(); server != nil {
				return count(ctx, server, words)
			}
			return 0, false
		},
	}), nil
}

// policy is how careful this run is: as the profile says, and read-only when the command line says so.
func (a *app) policy() guard.Policy {
	policy := guard.Policy{ReadOnly: a.inv.options.ReadOnly}
	if p := a.profile; p != nil {
		policy.ReadOnly = policy.ReadOnly || p.ReadOnly
		policy.Production, policy.Exceptions = p.Environment.IsProduction(), p.Guard.Exceptions
	}
	return policy
}

// profileName is the name of the profile in use; empty when there is none.
func (a *app) profileName() string {
	if a.profile == nil {
		return ""
	}
	return a.profile.Name
}

// describe asks a server what it knows of a command: what it does, and to which module it belongs.
func describe(ctx context.Context, server conn.Doer, name string) *commands.Table {
	reply, err := server.Do(ctx, "COMMAND", "INFO", name)
	if err != nil || reply.Err() != nil || len(reply.Elems) != 1 || reply.Elems[0].Kind.IsNull() {
		return nil
	}
	table, err := commands.ParseCommands(format.New(format.JSON).Append(nil, reply))
	if err != nil {
		return nil
	}
	docs, err := server.Do(ctx, "COMMAND", "DOCS", name) // before 7.0 there are none
	if err == nil && docs.Err() == nil {
		if documented, err := commands.ParseDocs(format.New(format.JSON).Append(nil, docs)); err == nil {
			table = documented.Merge(table)
		}
	}
	if !table.IsCommandName(name) {
		table = table.Renamed(name)
	}
	return table
}

// count asks a server a question whose answer is a number.
func count(ctx context.Context, server conn.Doer, words []string) (int64, bool) {
	reply, err := server.Do(ctx, words...)
	if err != nil || reply.Kind != resp.Integer {
		return 0, false
	}
	return reply.Int, true
}

// permit asks the guard about a command that is to be sent. What needs a second look is sent when --yes says so, or when a person at the
// terminal types the profile's name.
func (a *app) permit(ctx context.Context, words []string) error {
	w, err := a.warden(ctx)
	if err != nil {
		return err
	}
	objection := w.Check(ctx, words)
	switch {
	case objection == nil:
		return nil
	case objection.Decision == guard.Refuse:
		return objection
	}
	return a.secondLook(objection)
}

// secondLook lets pass what needs one when --yes says so, or when a person at the terminal types the profile's name.
func (a *app) secondLook(objection *guard.NotSentError) error {
	switch {
	case a.inv.options.Yes:
		return nil
	case a.sys.InTTY && a.sys.ErrTTY && !a.inv.options.StdinArg && a.inv.options.StdinTag == nil:
		return a.confirm(objection)
	}
	return fmt.Errorf("%w. Add --yes to send it", objection)
}

// errNotConfirmed is a command that the person did not want after all.
var errNotConfirmed = errors.New("nothing was sent")

// confirm asks the person at the terminal for the profile's name.
func (a *app) confirm(objection *guard.NotSentError) error {
	a.flush()
	word := objection.Profile
	_, _ = fmt.Fprintf(a.sys.Stderr, "%s.\ntype %s to send it: ", printable(objection.Error()), word)
	typed, err := a.stdin.ReadString('\n')
	if err != nil || strings.TrimSpace(typed) != word {
		return errNotConfirmed
	}
	return nil
}
