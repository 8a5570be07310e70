package hello_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"testing"

	"redan/conn/cert/hello"
	"redan/conn/conntest"
)

// FuzzReadAnswer holds that reading ends, fails only as promised, and invents nothing.
func FuzzReadAnswer(f *testing.F) {
	pair := conntest.NewAuthority(f).Issue(f, conntest.IssueOptions{}).TLS()
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		addr := conntest.Fake(f, conntest.Silence(), conntest.OverTLS(&tls.Config{Certificates: []tls.Certificate{pair}, MaxVersion: version}))
		conn, err := dialer(addr)(f.Context())
		if err != nil {
			f.Fatal(err)
		}
		var wire bytes.Buffer
		greeting, err := hello.Offer{Versions: []uint16{version}, Suites: append(hello.Suites13(), usual()...)}.Greeting()
		if err != nil {
			f.Fatal(err)
		}
		if _, err := conn.Write(greeting.Record); err != nil {
			f.Fatal(err)
		}
		if _, err := greeting.ReadAnswer(io.TeeReader(conn, &wire), true); err != nil {
			f.Fatal(err)
		}
		_ = conn.Close()
		f.Add(wire.Bytes())
	}
	f.Add([]byte("\x15\x03\x01\x00\x02\x02\x28"))
	f.Add([]byte("\x15\x03\x01\x00\x02\x01\x70\x16\x03\x03\x00\x00"))
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n"))
	greeting, err := hello.Offer{Versions: hello.Versions(), Suites: usual()}.Greeting()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		answer, err := greeting.ReadAnswer(bytes.NewReader(wire), true)
		promised := err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, hello.ErrNotTLS) ||
			errors.Is(err, hello.ErrMalformed) || errors.Is(err, hello.ErrTooMuch)
		if !promised {
			t.Errorf("error %v", err)
		}
		if err == nil && answer.Version == 0 && answer.Alert == nil && !bytes.Contains(wire, []byte{23, 3}) {
			t.Errorf("success without an answer: %+v", answer)
		}
		if answer.Version == 0 && (answer.Suite != 0 || answer.Retry || answer.Chain != nil) {
			t.Errorf("no version, and yet %+v", answer)
		}
		for _, der := range answer.Chain {
			if len(der) == 0 || len(der) > len(wire) {
				t.Errorf("a certificate of %d bytes out of %d", len(der), len(wire))
			}
		}
		if brief, _ := greeting.ReadAnswer(bytes.NewReader(wire), false); brief.Version != answer.Version || brief.Suite != answer.Suite || brief.Chain != nil {
			t.Errorf("in brief %+v, else %+v", brief, answer)
		}
	})
}
