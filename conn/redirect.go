package conn

import (
	"bytes"
	"context"
	"errors"
	"strconv"

	"redan/conn/resp"
)

// Redirect is a cluster node's word that a slot is elsewhere.
type Redirect struct {
	Slot int
	To   Addr
	// Ask tells that the slot is being moved: only this command goes there,
	// after ASKING.
	Ask bool
}

// maxRedirects ends a chase in a cluster whose nodes do not agree.
const maxRedirects = 16

// errTooManyRedirects is what the user sees of such a cluster.
var errTooManyRedirects = errors.New("the cluster redirected the command 16 times; its nodes do not agree where the slot is")

// ParseRedirect reads "MOVED 3999 127.0.0.1:6381" and "ASK ...", as the node at an address answered. No host, or "?", means that node.
func ParseRedirect(text []byte, asked Addr) (Redirect, bool) {
	to, ok := parseRedirect(text)
	return to.at(asked), ok
}

func parseRedirect(text []byte) (Redirect, bool) {
	words := bytes.Fields(text)
	if len(words) != 3 || string(words[0]) != "MOVED" && string(words[0]) != "ASK" {
		return Redirect{}, false
	}
	slot, err := strconv.Atoi(string(words[1]))
	if err != nil {
		return Redirect{}, false
	}
	colon := bytes.LastIndexByte(words[2], ':')
	if colon < 0 {
		return Redirect{}, false
	}
	port, err := strconv.Atoi(string(words[2][colon+1:]))
	if err != nil || port < 1 || port > 65535 {
		return Redirect{}, false
	}
	host := string(bytes.Trim(words[2][:colon], "[]")) // IPv6 comes without them
	return Redirect{Slot: slot, To: Addr{Host: host, Port: port}, Ask: string(words[0]) == "ASK"}, true
}

// at completes a redirect with what it inherits from the node that sent it.
func (r Redirect) at(from Addr) Redirect {
	r.To.Network = from.Network
	asked := from.Host
	if from.Network == "unix" {
		r.To.Network, asked = "tcp", DefaultHost
	}
	if r.To.Host == "" || r.To.Host == "?" {
		r.To.Host = asked
	}
	return r
}

// redirect follows to and runs args there. The session stays on the new node:
// it has no map of slots, as redis-cli has none.
func (s *Session) redirect(ctx context.Context, to Redirect, args []string, consume func(resp.Source) error) error {
	for range maxRedirects {
		to = to.at(s.addr)
		if s.OnRedirect != nil {
			s.OnRedirect(to)
		}
		s.addr = to.To
		if _, err := s.Reconnect(ctx); err != nil {
			return err
		}
		if to.Ask {
			if _, err := s.Do(ctx, "ASKING"); err != nil {
				return err
			}
		}
		s.Send(args...)
		if err := s.Flush(ctx); err != nil {
			return err
		}
		again, err := s.receive(ctx, args, consume)
		if again == nil {
			return err
		}
		to = *again
	}
	return errTooManyRedirects
}
