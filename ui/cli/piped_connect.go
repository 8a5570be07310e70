package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"redan/conn"
	"redan/ui/repl"
)

// connected reports whether there is a connection, as far as we know.
func (p *piped) connected() bool { return p.session != nil && !p.session.Broken() }

// connect makes the first connection, or a new one with what the last one had.
func (p *piped) connect(ctx context.Context) error {
	if p.session != nil {
		_, err := p.session.Reconnect(ctx)
		if err == nil {
			p.warnings(p.session)
		}
		return err
	}
	session, err := p.openAt(ctx, p.elsewhere)
	if err != nil {
		return err
	}
	p.session = session
	session.OnRedirect = func(to conn.Redirect) {
		p.print(fmt.Sprintf("-> Redirected to slot [%d] located at %s\n", to.Slot, to.To))
		p.warnLost()
	}
	return nil
}

// connectTo is the built-in connect.
func (p *piped) connectTo(ctx context.Context, host, port string) (code int, done bool) {
	number, err := parsePort(port)
	if err != nil {
		p.print("Invalid port '" + printable(port) + "': connect takes a host and a number from 1 to 65535.\n")
		p.flush()
		return exitOK, false
	}
	if p.session == nil {
		p.elsewhere = &conn.Addr{Host: host, Port: number}
		err = p.connect(ctx)
	} else {
		p.warnLost()
		if err = p.session.ConnectTo(ctx, host, number); err == nil {
			p.warnings(p.session)
		}
	}
	switch {
	case isFatal(err):
		return p.fail(err), true
	case err != nil:
		p.cannotConnect(err)
	default:
		if err := p.stillGuarded(ctx); err != nil {
			return p.fail(err), true
		}
	}
	return exitOK, false
}

// stillGuarded tells where the commands go now, and that the care of the profile stays with them.
func (p *piped) stillGuarded(ctx context.Context) error {
	warden, err := p.warden(ctx)
	if warden == nil || err != nil {
		return err
	}
	p.asked = conn.NewPool(p.session.Dialer(), p.session.Options(), p.follows())
	p.flush()
	p.warn(fmt.Sprintf("line %d: connected to %s; the guard stays: %s", p.line, p.session.Addr(), repl.Care(warden.Policy())))
	return nil
}

// isFatal reports whether a failed connect ends the program: with another
// password or database, the commands would be run as they were not meant.
func isFatal(err error) bool {
	failed, ok := errors.AsType[*conn.Error](err)
	return err != nil && (!ok || failed.Stage == conn.StageFiles || failed.Stage == conn.StageAuth)
}

// cannotConnect reports a failed connect: at length once, then in one line.
func (p *piped) cannotConnect(err error) {
	p.flush()
	p.warn(p.errorText(err, !p.explained))
	p.explained = true
}

// warnLost says what a new connection will not have.
func (p *piped) warnLost() {
	if lost := p.session.State().Lost(); len(lost) > 0 {
		p.warn("  lost:  " + strings.Join(lost, ", "))
	}
}
