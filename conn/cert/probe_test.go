package cert_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"testing"
	"time"

	"redan/conn/cert"
	"redan/conn/conntest"
)

// prober is one whose probes end soon.
func prober() cert.Prober {
	return cert.Prober{Dial: new(net.Dialer).DialContext, Timeout: 3 * time.Second, Now: time.Now}
}

// targetAt is the end at addr, meant to be reached over TLS.
func targetAt(t testing.TB, addr string) cert.Target {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return cert.Target{Name: addr, Network: "tcp", Address: addr, Host: host, Port: number, ServerName: "localhost"}
}

func plainly(t cert.Target) cert.Target {
	t.Plain = true
	return t
}

func TestProbeSeesAHealthyServer(t *testing.T) {
	server := conntest.Start(t, conntest.TLS())
	p := prober()
	asked := ""
	p.Interview = func(_ context.Context, c net.Conn) cert.Server {
		if _, err := c.Write([]byte("PING hello\r\n")); err != nil {
			t.Error(err)
		}
		buf := make([]byte, 64)
		n, err := c.Read(buf)
		if err != nil {
			t.Error(err)
		}
		asked = string(buf[:n])
		if secure, ok := c.(interface{ ConnectionState() tls.ConnectionState }); !ok || len(secure.ConnectionState().PeerCertificates) == 0 {
			t.Error("the interview cannot see who the server is")
		}
		return cert.Server{Version: "7"}
	}
	o := p.Probe(t.Context(), targetAt(t, server.TLSAddr()))
	if o.Stage != cert.StageDone || o.Err != nil || o.Reply != "+PONG" {
		t.Fatalf("stage %s, error %v, reply %q", o.Stage, o.Err, o.Reply)
	}
	if o.Version != tls.VersionTLS13 || o.Suite == 0 || o.Group == 0 || len(o.Chain) == 0 {
		t.Errorf("version %x, suite %x, group %v, %d certificates", o.Version, o.Suite, o.Group, len(o.Chain))
	}
	if o.ClientAuth.Requested || o.Alert != nil || len(o.Trials) > 0 || o.Plain.Done || o.Hello.Done {
		t.Errorf("client auth %+v, alert %v, trials %v, plain %v: nothing of that was called for", o.ClientAuth, o.Alert, o.Trials, o.Plain)
	}
	if o.Remote != server.TLSAddr() || o.Received < 500 || len(o.FirstBytes) != 64 || o.FirstBytes[0] != 22 {
		t.Errorf("remote %s, %d bytes, the first %x", o.Remote, o.Received, o.FirstBytes)
	}
	times := o.Timing
	if times.Connect <= 0 || times.FirstByte <= 0 || times.TLS < times.FirstByte || times.Reply <= 0 || times.DNS != 0 {
		t.Errorf("times %+v", times)
	}
	if asked != "$5\r\nhello\r\n" || o.Server.Version != "7" {
		t.Errorf("the interview got %q, and told %+v", asked, o.Server)
	}
}

func TestProbeTellsClientAuthApart(t *testing.T) {
	for _, version := range []string{"TLSv1.2", "TLSv1.3"} {
		for _, mode := range []string{"no", "optional", "yes"} {
			server := conntest.Start(t, conntest.MutualTLS(mode), conntest.TLSProtocols(version))
			foreign := conntest.NewAuthority(t).Issue(t, conntest.IssueOptions{}).TLS()
			good, err := tls.LoadX509KeyPair(server.CertFile, server.KeyFile)
			if err != nil {
				t.Fatal(err)
			}
			missing := &cert.Alert{Number: cert.AlertCertificateRequired, When: cert.AlertFirstRead}
			unknown := &cert.Alert{Number: cert.AlertUnknownCA, When: cert.AlertFirstRead}
			if version == "TLSv1.2" {
				missing = &cert.Alert{Number: cert.AlertHandshakeFailure, When: cert.AlertInHandshake}
				unknown = &cert.Alert{Number: cert.AlertUnknownCA, When: cert.AlertInHandshake}
			}
			if mode != "yes" {
				missing = nil
			}
			if mode == "no" {
				unknown = nil
			}
			for _, tt := range []struct {
				name   string
				client *tls.Certificate
				want   *cert.Alert
			}{{"none", nil, missing}, {"good", &good, nil}, {"foreign", &foreign, unknown}} {
				t.Run(version+" "+mode+" "+tt.name, func(t *testing.T) {
					p := prober()
					p.Client = tt.client
					for range 20 { // whether the write or the read fails is luck
						o := p.Probe(t.Context(), targetAt(t, server.TLSAddr()))
						if asked := mode != "no"; o.ClientAuth.Requested != asked || o.ClientAuth.Sent != (asked && tt.client != nil) {
							t.Fatalf("client auth: %+v", o.ClientAuth)
						}
						if (o.Alert == nil) != (tt.want == nil) || o.Alert != nil && *o.Alert != *tt.want {
							t.Fatalf("alert %v, want %v (%v)", o.Alert, tt.want, o.Err)
						}
						if (o.Stage == cert.StageDone) != (tt.want == nil) || (o.Err == nil) != (tt.want == nil) {
							t.Fatalf("stage %s, error %v", o.Stage, o.Err)
						}
						if len(o.Chain) == 0 || o.Plain.Done || o.Hello.Done || len(o.Trials) > 0 {
							t.Fatalf("%d certificates, plain %v, hello %v, trials %v", len(o.Chain), o.Plain.Done, o.Hello.Done, o.Trials)
						}
					}
				})
			}
		}
	}
}

func TestProbeOfAPlainServer(t *testing.T) {
	server := conntest.Start(t, conntest.TLS())
	begun := time.Now()
	o := prober().Probe(t.Context(), targetAt(t, server.Addr()))
	if port := o.Plain.TLSPort; port != server.TLSPort {
		t.Errorf("its tls-port is %d, and it says %d", server.TLSPort, port)
	}
	if o.Stage != cert.StageTLS || o.Err == nil || !o.Plain.Done || string(o.Plain.Reply) != "+PONG" || o.Plain.Reset || o.Hello.Done || len(o.Trials) > 0 {
		t.Errorf("TLS: stage %s, error %v, plain look %+v, hello %v, trials %v", o.Stage, o.Err, o.Plain, o.Hello.Done, o.Trials)
	}
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
	o = prober().Probe(t.Context(), plainly(targetAt(t, server.Addr())))
	if o.Stage != cert.StageDone || o.Reply != "+PONG" || o.Err != nil || o.Version != 0 || len(o.Trials) > 0 {
		t.Errorf("plain: stage %s, reply %q, error %v, trials %v", o.Stage, o.Reply, o.Err, o.Trials)
	}
	o = prober().Probe(t.Context(), plainly(targetAt(t, server.TLSAddr())))
	if o.Stage != cert.StageReply || o.Err == nil || o.Version == 0 || len(o.Chain) == 0 || len(o.Trials) != 1 || !o.Trials[0].OK {
		t.Errorf("plain to TLS: stage %s, error %v, version %x, trials %+v", o.Stage, o.Err, o.Version, o.Trials)
	}
}

func TestProbeIsCancelled(t *testing.T) {
	addr := conntest.Fake(t, conntest.Silence())
	for stage, target := range map[cert.Stage]cert.Target{cert.StageTLS: targetAt(t, addr), cert.StageReply: plainly(targetAt(t, addr))} {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		begun := time.Now()
		p := prober()
		p.Timeout = time.Minute
		o := p.Probe(ctx, target)
		if !errors.Is(o.Err, context.Canceled) || o.Stage != stage || time.Since(begun) > 2*time.Second {
			t.Errorf("stage %s, error %v after %s", o.Stage, o.Err, time.Since(begun))
		}
	}
}
