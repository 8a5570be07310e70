package cert

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
)

// mostNames is how many server names are tried.
const mostNames = 6

// trial is what one connection over TLS, made with o, tells as a trial. It is OK when the handshake was, and the server did not take it back
// with an alert.
func (v *visit) trial(o offer) Trial {
	t := Trial{
		ServerName: o.serverName, NoName: o.serverName == "" || net.ParseIP(o.serverName) != nil, Version: o.version,
		OK: v.state.HandshakeComplete && v.alert == nil, Alert: v.alert, Reply: v.reply, Chain: v.state.PeerCertificates,
	}
	if len(t.Chain) > 0 {
		t.Leaf = t.Chain[0]
	}
	return t
}

// try makes one more connection, and notes what came of it.
func (r *probing) try(ctx context.Context, o offer) Trial {
	v := r.visit(ctx, o, nil)
	v.end()
	t := v.trial(o)
	r.seen.Trials = append(r.seen.Trials, t)
	return t
}

// tryNames connects with no name and with the other names the server may have, until a Redis answers. It reports whether any connection went
// further than the first.
func (r *probing) tryNames(ctx context.Context) bool {
	sent := r.target.ServerName
	names := append([]string{"", r.target.Host}, r.target.Names...)
	if len(r.seen.Chain) > 0 {
		names = append(names, r.seen.Chain[0].DNSNames...)
	}
	tried := map[string]bool{sniOf(sent): true}
	better := false
	for i := 0; i < len(names) && len(tried) <= mostNames && ctx.Err() == nil; i++ {
		name := sniOf(names[i])
		if tried[name] {
			continue
		}
		tried[name] = true
		o := r.usualOffer()
		o.serverName = name
		t := r.try(ctx, o)
		if t.OK {
			better = true
		}
		if opensReply(t.Reply) {
			return true
		}
		if t.Leaf != nil {
			names = append(names, t.Leaf.DNSNames[:min(len(t.Leaf.DNSNames), mostNames)]...)
		}
	}
	return better
}

// sniOf is what goes out as server name when name is wanted: addresses, patterns and what is no name at all are not sent.
func sniOf(name string) string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	const longest = 253
	for _, r := range name {
		isNamely := 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' || r == '.' || r == '_'
		if !isNamely {
			return ""
		}
	}
	if len(name) > longest || net.ParseIP(name) != nil {
		return ""
	}
	return name
}

// tryVersions connects with each version alone, and reports whether any was accepted.
func (r *probing) tryVersions(ctx context.Context) bool {
	accepted := false
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12, tls.VersionTLS13} {
		if ctx.Err() != nil {
			break
		}
		o := r.usualOffer()
		o.version = version
		if r.try(ctx, o).OK {
			accepted = true
		}
	}
	return accepted
}
