package latency_test

import (
	"testing"
	"time"

	"redan/commands/latency"
	"redan/conn"
	"redan/conn/conntest"
)

// What was not said took no time: the rest of the opening is no login then.
func TestOpeningTellsLoginOnlyOfLogin(t *testing.T) {
	server := conntest.Start(t, conntest.TLS())
	plain := conn.DefaultOptions()
	plain.Port = server.Port
	chosen := plain
	chosen.DB = 3
	secured := plain
	secured.Port, secured.TLS = server.TLSPort, &conn.TLSOptions{CAFiles: []string{server.CAFile}}
	for name, c := range map[string]struct {
		options  conn.Options
		login    bool
		protocol string
	}{
		"plain": {plain, false, ""}, "SELECT": {chosen, true, ""}, "TLS": {secured, false, "TLS 1.3"},
	} {
		session, err := openAs(t.Context(), c.options)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = session.Close() }()
		o := latency.OpeningOf(session, time.Minute)
		if o.Connect <= 0 || (o.Login > 0) != c.login || o.Protocol != c.protocol || (o.Handshake > 0) != (c.protocol != "") || o.Resumed {
			t.Errorf("%s: %+v", name, o)
		}
		if all := o.Connect + o.Handshake + o.Login; c.login && all != time.Minute {
			t.Errorf("%s: the steps take %s together, want a minute", name, all)
		}
	}
}
