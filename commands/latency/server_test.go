package latency_test

import (
	"context"
	"testing"
	"time"

	"redan/commands/latency"
	"redan/conn"
	"redan/conn/conntest"
)

func open(ctx context.Context, t *testing.T, addr string) (*conn.Session, error) {
	t.Helper()
	o := conn.DefaultOptions()
	o.Port = conntest.Port(t, addr)
	return openAs(ctx, o)
}

func openAs(ctx context.Context, o conn.Options) (*conn.Session, error) {
	d, err := conn.NewDialer(o, conn.System())
	if err != nil {
		return nil, err
	}
	return conn.Open(ctx, d, o)
}

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

// A server that hangs does not keep a measurement from ending.
func TestRoundtripsEndWhileServerHangs(t *testing.T) {
	server := conntest.Start(t)
	session, err := open(t.Context(), t, server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = session.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	hang := func() { server.Do("CLIENT", "PAUSE", "60000", "ALL") }
	pinger := latency.Pinger{Server: session, Every: latency.PingEvery, Now: time.Now, Pause: func(context.Context, time.Duration) {
		hang()
		time.AfterFunc(20*time.Millisecond, cancel)
	}}
	n := 0
	for _, err := range pinger.Roundtrips(ctx) {
		if n++; err != nil {
			t.Errorf("being told to end is no error: %v", err)
		}
	}
	if n != 1 {
		t.Errorf("%d round trips, want 1", n)
	}
}
