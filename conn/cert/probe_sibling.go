package cert

import (
	"context"
	"net"
	"strconv"
	"sync"
	"time"
)

// siblingTime bounds the look at another port of the host: it is a guess, and must not cost the time of an answer.
const siblingTime = 500 * time.Millisecond

// lookAtSiblings looks which other ports of the host answer, all at once.
func (r *probing) lookAtSiblings(ctx context.Context) {
	host, _, err := net.SplitHostPort(r.target.Address)
	if err != nil || r.target.Network == "unix" { // a socket has no siblings
		return
	}
	ctx, cancel := context.WithTimeout(ctx, siblingTime)
	defer cancel()
	looks := make([]Sibling, len(r.Siblings))
	var all sync.WaitGroup
	for i, port := range r.Siblings {
		if port == r.target.Port {
			continue
		}
		all.Go(func() { looks[i] = r.sibling(ctx, host, port) })
	}
	all.Wait()
	for _, s := range looks {
		if s.TLS || s.Reply != "" {
			r.seen.Siblings = append(r.seen.Siblings, s)
		}
	}
}

// sibling asks a port for PING, and if there is no answer shakes hands. No client certificate is shown: nobody meant this port.
func (r *probing) sibling(ctx context.Context, host string, port int) Sibling {
	s := Sibling{Port: port}
	address := net.JoinHostPort(host, strconv.Itoa(port))
	look := r.plainLook(ctx, address)
	if !look.Done {
		return s
	}
	if opensReply(string(look.Reply)) {
		s.Reply = string(look.Reply)
		return s
	}
	o := r.usualOffer()
	o.address, o.client = address, false
	v := r.visit(ctx, o, nil)
	v.end()
	if s.TLS = v.speaksTLS(); !s.TLS {
		s.Reply = string(look.Reply)
	}
	return s
}
