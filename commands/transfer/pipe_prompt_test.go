package transfer_test

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"redan/commands/transfer"
	"redan/conn"
	"redan/conn/conntest"
)

// gatheringConn is a connection on which replies may be gathered, as those of sessions are.
func gatheringConn(t *testing.T, script func(net.Conn)) *conn.Conn {
	t.Helper()
	wire, err := new(net.Dialer).DialContext(t.Context(), "tcp", conntest.Fake(t, script))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = wire.Close() })
	return &conn.Conn{Conn: wire}
}

// refusedThenBusy is an input whose first command is refused, and more of it than the system takes.
func refusedThenBusy() io.Reader {
	return io.MultiReader(strings.NewReader("nosuch\n"), &endless{text: "SET a 1\n", size: 64 << 20})
}

// A server that is at something that takes long takes no more input. What it answered before that is told meanwhile.
func TestPipeTellsRepliesWhileServerTakesNoInput(t *testing.T) {
	seen := make(chan struct{})
	c := gatheringConn(t, func(c net.Conn) {
		_, _ = io.ReadFull(c, make([]byte, 100<<10)) // replies are gathered by now
		_, _ = io.WriteString(c, "-ERR unknown command\r\n")
		select {
		case <-seen:
		case <-t.Context().Done():
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	p := transfer.Pipe{Now: time.Now, OnError: func(transfer.PipeError) { close(seen) }}
	if r := p.Run(ctx, c, c, refusedThenBusy()); r.Ending != transfer.Lost || r.Errors != 1 {
		t.Errorf("%s (%v), %d errors", r.Ending, r.Err, r.Errors)
	}
}

// Ctrl-C says how many commands were answered: those replies count, too, that had come and were being gathered.
func TestPipeStoppedCountsWhatHasCome(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := gatheringConn(t, func(c net.Conn) {
		_, _ = io.ReadFull(c, make([]byte, 100<<10))
		_, _ = io.WriteString(c, "-ERR unknown command\r\n+OK\r\n")
		cancel()
		<-t.Context().Done()
	})
	p := transfer.Pipe{Now: time.Now}
	if r := p.Run(ctx, c, c, refusedThenBusy()); r.Ending != transfer.Stopped || r.Replies != 2 || r.Errors != 1 {
		t.Errorf("%s (%v), %d replies, %d errors", r.Ending, r.Err, r.Replies, r.Errors)
	}
}
