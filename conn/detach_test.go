package conn_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
)

// wait sends a command and waits for the first byte of what comes.
func wait(t *testing.T, s *conn.Session) error {
	t.Helper()
	s.Send("PING")
	if err := s.Flush(t.Context()); err != nil {
		return err
	}
	return s.Next(t.Context(), func(resp.Source) error { return nil })
}

// TestDetachKeepsWhatArrived: reads go on where the session stopped.
func TestDetachKeepsWhatArrived(t *testing.T) {
	s := open(t, at(t, conntest.Fake(t, conntest.ReplyOnce("+first\r\n+second\r\n:3"))))
	if _, err := s.Do(t.Context(), "PING"); err != nil {
		t.Fatal(err)
	}
	r, _ := s.Detach()
	if rest, err := io.ReadAll(r); err != nil || string(rest) != "+second\r\n:3" {
		t.Errorf("read on with %q, %v", rest, err)
	}
}

// TestWaitForTheFirstByte: a server that is none is explained before anybody reads its replies.
func TestWaitForTheFirstByte(t *testing.T) {
	for name, c := range map[string]struct {
		script conntest.Script
		want   wanted
	}{
		"TLS":     {conntest.ReplyOnce("\x15\x03\x01\x00\x02\x02\x46"), wanted{conn.StageTLS, conn.CodePlainToTLS, "Error: Protocol error"}},
		"hang-up": {conntest.HangUp(), wanted{conn.StageIO, conn.CodeClosed, "Error: Server closed the connection"}},
		"reset":   {conntest.Reset(), wanted{conn.StageIO, conn.CodeClosed, "Error: Connection reset by peer"}},
	} {
		t.Run(name, func(t *testing.T) {
			failed := (*conn.Error)(nil)
			if err := wait(t, open(t, at(t, conntest.Fake(t, c.script)))); !errors.As(err, &failed) {
				t.Fatalf("got %v", err)
			}
			if failed.Stage != c.want.stage || failed.Code != c.want.code || !strings.HasPrefix(failed.Line, c.want.line) {
				t.Errorf("got %+v", failed)
			}
		})
	}
}

// TestExplainAfterDetach: those who read by themselves learn what the session would have said.
func TestExplainAfterDetach(t *testing.T) {
	s := open(t, at(t, conntest.Fake(t, conntest.ReplyOnce("*2\r\n$1\r\na\r\n"))))
	if err := wait(t, s); err != nil {
		t.Fatal(err)
	}
	r, c := s.Detach()
	reader := resp.NewReader(r)
	_, err := reader.Read()
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("read with %v", err)
	}
	failed := (*conn.Error)(nil)
	if explained := s.Explain(t.Context(), err, reader.Midway()); !errors.As(explained, &failed) || failed.Code != conn.CodeClosed || failed.Cause == "" {
		t.Errorf("explained as %+v", failed)
	}
	if explained := s.Explain(t.Context(), &resp.ProtocolError{Detail: "got nonsense"}, false); !errors.As(explained, &failed) || failed.Code != conn.CodeProtocol {
		t.Errorf("explained as %+v", failed)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if explained := s.Explain(ctx, net.ErrClosed, false); !errors.Is(explained, context.Canceled) {
		t.Errorf("with its context ended: %v", explained)
	}
	_ = c.Close()
}
