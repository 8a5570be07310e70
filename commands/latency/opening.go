package latency

import (
	"crypto/tls"
	"time"

	"redan/conn"
)

// Opening is how long it took until a connection stood.
type Opening struct {
	Connect   time.Duration // name lookup and TCP
	Handshake time.Duration // TLS; 0 for none
	Login     time.Duration // AUTH, SELECT and HELLO; 0 when nothing was said
	Protocol  string        // "TLS 1.3"; empty for plaintext
	Resumed   bool
}

// OpeningOf tells the steps of a session apart that took so long to open.
func OpeningOf(session *conn.Session, took time.Duration) Opening {
	timing := session.Conn().Timing()
	o := Opening{Connect: timing.Connect, Handshake: timing.Handshake}
	if len(session.Options().Opening()) > 0 {
		o.Login = max(0, took-timing.Connect-timing.Handshake)
	}
	if state, secured := session.Conn().TLS(); secured {
		o.Protocol, o.Resumed = tls.VersionName(state.Version), state.DidResume
	}
	return o
}
