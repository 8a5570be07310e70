package sweep_test

import (
	"context"
	"io"
	"net"
	"testing"

	"redan/commands/keyspace/sweep"
	"redan/conn"
)

// FuzzReplies lets a server say anything. Whatever it is, the sweep ends, tells an error when the server did not answer as it should, and
// holds no more keys than there was room for.
func FuzzReplies(f *testing.F) {
	for _, seed := range []string{
		scanReply("0", "a", "b"), scanReply("5", "a") + scanReply("0", "b"), scanReply("0"), scanReply("0", "a") + "+string\r\n:1\r\n:2\r\n:3\r\n",
		"-LOADING x\r\n", ":1\r\n", "*2\r\n$1\r\n0\r\n*?\r\n$1\r\na\r\n.\r\n", "*2\r\n$?\r\n;1\r\n0\r\n;0\r\n*0\r\n", "*2\r\n:0\r\n~1\r\n+a\r\n",
		">1\r\n+x\r\n" + scanReply("0", "a"), "|1\r\n+a\r\n+b\r\n" + scanReply("0", "a"), "*2\r\n$1\r\n0\r\n*4294967295\r\n$1\r\na\r\n",
		scanReply("0", "a", "b", "c") + "-NOPERM x\r\n-ERR y\r\n_\r\n:1\r\n*0\r\n$-1\r\n(5\r\n=5\r\ntxt:a\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n",
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(":2\r\n-ERR no cluster\r\n"+seed), true)
	}
	f.Fuzz(func(t *testing.T, replies []byte, ask bool) {
		network := func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go func() { _, _ = io.Copy(io.Discard, theirs) }()
			go func() {
				_, _ = theirs.Write(replies) // we may have had enough of it
				_ = theirs.Close()
			}()
			return ours, nil
		}
		o := sweep.Options{}
		if ask {
			o = sweep.Options{Size: true, Ask: everything()}
		}
		s := sweep.New([]sweep.Node{nodeBy(t, network, "127.0.0.1:1", conn.Options{})}, o)
		got, failures := read(t, s)
		if len(failures) > 1 || len(got) > len(replies) {
			t.Fatalf("%d keys of %d bytes, failed with %v", len(got), len(replies), failures)
		}
		if len(failures) == 0 && len(replies) == 0 {
			t.Fatal("nothing was said, and that was no failure")
		}
		if p := s.Progress(); p.Scanned < 0 || p.Scanned > 1 || p.Seen != int64(len(got)) {
			t.Fatalf("progress %+v with %d keys", p, len(got))
		}
	})
}
