package conn

import (
	"bytes"
	"context"
	"crypto/tls"
	"time"

	"redan/conn/cert"
)

// probeTimeout bounds each look at what a port speaks; the connect timeout
// bounds it too. A Redis answers in a millisecond plus the way there and back.
const probeTimeout = 2 * time.Second

// isRedisReply reports whether reply, to a plain PING, is that of a Redis server.
func isRedisReply(reply []byte) bool {
	for _, opening := range []string{"+PONG", "-NOAUTH", "-NOPERM", "-LOADING", "-MASTERDOWN", "-DENIED", "-ERR", "-WRONGPASS"} {
		if bytes.HasPrefix(reply, []byte(opening)) {
			return true
		}
	}
	return false
}

// plainReply returns the first bytes addr answers to a PING on a plain connection of its own, which needs no rights.
func (d *Dialer) plainReply(ctx context.Context, addr Addr) []byte {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	conn, err := d.net(ctx, addr.Network, addr.Target())
	if err != nil {
		return nil
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return nil
	}
	buf := make([]byte, 64)
	n, _ := conn.Read(buf)
	return buf[:n]
}

// tlsLook asks addr, on a connection of its own, whether it answers a TLS
// hello. Nothing is sent over that connection, so nothing is verified.
func (d *Dialer) tlsLook(ctx context.Context, addr Addr) (cert.Trial, bool) {
	trial := cert.Trial{ServerName: addr.Host}
	ctx, cancel := context.WithTimeout(ctx, min(d.timeout, probeTimeout))
	defer cancel()
	raw, err := d.net(ctx, addr.Network, addr.Target())
	if err != nil {
		return trial, false
	}
	defer func() { _ = raw.Close() }()
	facts := &handshakeFacts{}
	config := &tls.Config{
		InsecureSkipVerify: true, //nolint:gosec // a look at what the port speaks; no data follows
		MinVersion:         tls.VersionTLS10,
		ServerName:         addr.Host,
	}
	secured := tls.Client(wireCounter{raw, facts}, config)
	err = secured.HandshakeContext(ctx)
	if _, notTLS := isRecordHeader(err); notTLS {
		return trial, false
	}
	trial.OK = err == nil
	if chain := secured.ConnectionState().PeerCertificates; len(chain) > 0 {
		trial.Leaf, trial.Chain = chain[0], chain
	}
	return trial, trial.OK || facts.received.Load() > 0
}
