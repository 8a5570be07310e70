package tui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
)

// TestServersThatCannotBeUsed holds that a server that takes connections and refuses us is told apart from one that can be used: under
// TLS 1.3 a missing client certificate shows at the first reply, and a missing password with the first command.
func TestServersThatCannotBeUsed(t *testing.T) {
	mutual := conntest.Start(t, conntest.MutualTLS("yes"))
	guarded := conntest.Start(t, conntest.Password("sesame"))
	secure := conn.DefaultOptions()
	secure.Port, secure.TLS = mutual.TLSPort, &conn.TLSOptions{CAFiles: []string{mutual.CAFile}}
	locked := conn.DefaultOptions()
	locked.Port = guarded.Port
	open := locked
	open.Password = conn.NewSecret("sesame")
	for name, test := range map[string]struct {
		options   conn.Options
		code, fix string
	}{
		"client certificate": {secure, "CLIENT_CERT_MISSING", "--cert"},
		"password":           {locked, conn.CodeAuthRequired, "--askpass"},
		"none":               {options: open},
	} {
		t.Run(name, func(t *testing.T) {
			dialer, err := conn.NewDialer(test.options, conn.System())
			if err != nil {
				t.Fatal(err)
			}
			config := Config{Dialer: dialer, Options: test.options, Now: time.Now}
			server, err := connector(config).connect(t.Context(), Way{Options: test.options, Follow: config.Follow}, watch{log: newCommandLog(time.Now), pending: newPending(time.Now)})
			server.close()
			if test.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var failed *conn.Error
			if !errors.As(err, &failed) || failed.Code != test.code || !strings.Contains(failed.Fix, test.fix) || !answered(err) {
				t.Errorf("got %v (%+v), want %s with %s", err, failed, test.code, test.fix)
			}
		})
	}
}
