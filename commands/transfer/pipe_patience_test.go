package transfer

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"
)

// A program that was stopped for a while, by Ctrl-Z or with its machine, must not take that for the server's silence: what came meanwhile
// waits in the system.
func TestPipePatienceAfterBeingStopped(t *testing.T) {
	now := time.Unix(1000, 0)
	ours, theirs := net.Pipe()
	t.Cleanup(func() { _, _ = ours.Close(), theirs.Close() })
	p := &Pipe{Patience: time.Second, Now: func() time.Time { return now }, conn: ours}
	p.begun, p.at = true, now
	p.ended.Store(true)
	came := "+OK\r\n"
	r := &patientReader{pipe: p, src: readerFunc(func(b []byte) (int, error) {
		now = now.Add(time.Hour)
		if !p.looking.IsZero() && came != "" {
			n := copy(b, came)
			came = ""
			return n, nil
		}
		return 0, os.ErrDeadlineExceeded
	})}
	if n, err := r.Read(make([]byte, 9)); n != 5 || err != nil {
		t.Errorf("after being stopped: %d, %v", n, err)
	}
	if n, err := r.Read(make([]byte, 9)); n != 0 || !errors.Is(err, errSilent) {
		t.Errorf("silence: %d, %v", n, err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }
