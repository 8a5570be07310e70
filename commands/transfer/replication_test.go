package transfer

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
)

func replicationError(t *testing.T, err error) *ReplicationError {
	t.Helper()
	failed, ok := errors.AsType[*ReplicationError](err)
	if !ok {
		t.Fatalf("error %v of type %T", err, err)
	}
	return failed
}

func TestSyncRefused(t *testing.T) {
	for answer, want := range map[string]struct{ line, cause string }{
		"-NOAUTH Authentication required.\r\n":   {"SYNC with master failed: -NOAUTH Authentication required.", "password"},
		"-NOPERM No permissions\r\n":             {"SYNC with master failed: -NOPERM No permissions", "may not take"},
		"\n\n-NOMASTERLINK Can't SYNC\r\n":       {"SYNC with master failed: -NOMASTERLINK Can't SYNC", "lost its master"},
		"-LOADING Redis is loading\r\n":          {"SYNC with master failed: -LOADING Redis is loading", "just started"},
		"-MASTERDOWN Link with MASTER is\r\n":    {"SYNC with master failed: -MASTERDOWN Link with MASTER is", ""},
		"-ERR unknown command 'SYNC'\r\n":        {"SYNC with master failed: -ERR unknown command 'SYNC'", ""},
		"\n\n\n-ERR BGSAVE failed\r\n":           {"SYNC with master failed: -ERR BGSAVE failed", ""},
		"garbage\r\n":                            {readingLength, `"garbage`},
		"garbage without an end":                 {readingLength, `"garbage`},
		"+OK\r\n":                                {readingLength, `"+OK`},
		"$-1\r\n":                                {readingLength, `"$-1"`},
		"$\r\n":                                  {readingLength, `"$"`},
		"$99999999999999999999\r\n":              {readingLength, `"$99999999999999999999"`},
		"$EOF:short\r\n":                         {readingLength, `"$EOF:short"`},
		"$EOF:" + mark + "0\r\n":                 {readingLength, `"$EOF:0123`},
		"$" + strings.Repeat("1", 5000) + "\r\n": {readingLength, `"$1111`},
		"":                                       {readingLength, "closed the connection"},
		"\n\n\n":                                 {readingLength, "closed the connection"},
		"$12":                                    {readingLength, "closed the connection"},
	} {
		_, err := Sync(t.Context(), saying(t, answer), patience)
		failed := replicationError(t, err)
		if failed.Line != want.line || !strings.Contains(failed.Cause, want.cause) {
			t.Errorf("%q:\n line %q, cause %q\n want %q, %q", answer[:min(len(answer), 60)], failed.Line, failed.Cause, want.line, want.cause)
		}
	}
}

// TestSilence holds that a server that says nothing is given up, wherever it stops, and that line breaks are a sign of life.
func TestSilence(t *testing.T) {
	const soon = 50 * time.Millisecond
	for _, said := range []string{"", "\n\n", "$EOF:", "-ERR"} {
		_, err := Sync(t.Context(), stuck(t, said), soon)
		if failed := replicationError(t, err); !errors.Is(err, ErrSilence) || !strings.Contains(failed.Cause, "has not sent a byte for 50ms") {
			t.Errorf("after %q: %v", said, err)
		}
	}
	for _, said := range []string{"$100\r\nREDIS0009", "$EOF:" + mark + "\r\nREDIS0009"} {
		p, err := Sync(t.Context(), stuck(t, said), soon)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Save(p, io.Discard)
		if failed := replicationError(t, err); !errors.Is(err, ErrSilence) || !strings.Contains(failed.Cause, "fell silent after") {
			t.Errorf("after %q: %v", said, err)
		}
	}
	_, err := SnapshotOptions(false)[0].Tell(t.Context(), session(t, conntest.Fake(t, conntest.Silence())), soon)
	if !errors.Is(err, ErrSilence) {
		t.Errorf("option: %v", err)
	}
}

// TestKeepAlive holds that a server may take its time as long as it says so.
func TestKeepAlive(t *testing.T) {
	file := rdb(t, rdb7)
	s := master(t, func(c net.Conn, _ *bufio.Reader) {
		ticker := time.NewTicker(5 * time.Millisecond) // a line break each second would be a test of many
		defer ticker.Stop()
		for range 40 {
			<-ticker.C
			_, _ = io.WriteString(c, "\n")
		}
		_, _ = fmt.Fprintf(c, "$%d\r\n%s", len(file), file)
	})
	p, err := Sync(t.Context(), s, 100*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Save(p, io.Discard); err != nil {
		t.Error(err)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := master(t, func(c net.Conn, r *bufio.Reader) {
		_, _ = io.WriteString(c, "$100\r\nREDIS0009")
		cancel()
		_, _ = io.Copy(io.Discard, r)
	})
	p, err := Sync(ctx, s, patience)
	if err == nil {
		_, err = Save(p, io.Discard)
	}
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestOptions(t *testing.T) {
	told := make(chan string, 10)
	s := session(t, conntest.FakeLines(t, func(words []string) string {
		told <- strings.Join(words, "|")
		if words[1] == "rdb-only" {
			return "-ERR unknown command\r\n"
		}
		return "+OK\r\n"
	}))
	for _, o := range append(SnapshotOptions(true), FollowOptions()...) {
		refusal, err := o.Tell(t.Context(), s, patience)
		if err != nil || (refusal != nil) != (o.Name == "rdb-only") {
			t.Errorf("%s: %v, %v", o, refusal, err)
		}
		if o.Needed() != (o.Value == "functions") {
			t.Errorf("%s is needed", o)
		}
	}
	for _, want := range []string{
		"REPLCONF|capa|eof", "REPLCONF|rdb-only|1", "REPLCONF|rdb-filter-only|functions", "REPLCONF|capa|eof", "REPLCONF|rdb-filter-only|",
	} {
		if got := <-told; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestPayload holds that a snapshot comes out byte for byte, however it comes in, and that what is behind it stays there.
func TestPayload(t *testing.T) {
	file := rdb(t, rdb7)
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 1))
		rest := ""
		stream := fmt.Sprintf("$%d\r\n%s", len(file), file)
		if seed%2 == 0 {
			stream = "$EOF:" + mark + "\r\n" + string(file) + mark
		}
		if seed%3 == 0 {
			rest = "*1\r\n$4\r\nPING\r\n"
		}
		s := saying(t, pieces(random, stream+rest)...)
		p := begin(t, s)
		var got bytes.Buffer
		saved, err := Save(p, &got)
		if err != nil || !bytes.Equal(got.Bytes(), file) {
			t.Fatalf("seed %d: %v, %q", seed, err, got.Bytes())
		}
		if want := (Snapshot{int64(len(file)), 10, ChecksumOK, seed%2 == 1}); saved != want {
			t.Errorf("seed %d: %+v, want %+v", seed, saved, want)
		}
		if behind, err := io.ReadAll(p.Rest()); err != nil || string(behind) != rest {
			t.Errorf("seed %d: behind it %q, %v", seed, behind, err)
		}
	}
}

// pieces cuts a text into pieces.
func pieces(random *rand.Rand, text string) []string {
	var all []string
	for len(text) > 0 {
		n := 1 + random.IntN(min(len(text), 1+random.IntN(60)))
		all, text = append(all, text[:n]), text[n:]
	}
	return all
}

// sized makes an RDB file out of what stands between its header and its end. The bytes have no meaning; nobody reads them.
func sized(middle string, checksum bool) []byte {
	c := NewRDBCheck()
	file := []byte("REDIS0010" + middle + "\xff")
	sum := uint64(0)
	if checksum {
		sum = c.crc.add(0, file)
	}
	for range 8 {
		file, sum = append(file, byte(sum)), sum>>8
	}
	return file
}

// TestMarkInValues holds that the mark in a value does not end a snapshot: servers use the same one again and again, so somebody may
// have put it there.
func TestMarkInValues(t *testing.T) {
	for name, middle := range map[string]string{
		"mark":             "value " + mark + " goes on",
		"marks":            strings.Repeat(mark, 20000),
		"almost":           strings.Repeat(mark[:39], 100),
		"at the beginning": mark + "goes on",
		"at the end":       "value " + mark,
		"with an end":      "\xff\x00\x00\x00\x00\x00\x00\x00\x00" + mark + "goes on",
		"larger than us":   strings.Repeat("x", window-100) + mark + strings.Repeat("y", window),
	} {
		for _, checksum := range []bool{true, false} {
			file := sized(middle, checksum)
			p := begin(t, saying(t, "$EOF:"+mark+"\r\n"+string(file)+mark))
			var got bytes.Buffer
			saved, err := Save(p, &got)
			if err != nil || !bytes.Equal(got.Bytes(), file) || (saved.Checksum == ChecksumOK) != checksum {
				t.Errorf("%s: %d bytes, want %d; %+v, %v", name, got.Len(), len(file), saved, err)
			}
		}
	}
}

// TestMarkBetweenReads stops right behind a mark in a value until the client has read it, and then goes on.
func TestMarkBetweenReads(t *testing.T) {
	file := sized("value "+mark+" goes on", true)
	at := bytes.Index(file, []byte(mark)) + len(mark)
	arrived := make(chan struct{})
	s := master(t, func(c net.Conn, r *bufio.Reader) {
		_, _ = io.WriteString(c, "$EOF:"+mark+"\r\n"+string(file[:at]))
		<-arrived
		_, _ = io.WriteString(c, string(file[at:])+mark)
		_, _ = io.Copy(io.Discard, r)
	})
	p := begin(t, s)
	var got bytes.Buffer
	var told bool
	saved, err := Save(p, writerFunc(func(b []byte) (int, error) {
		if !told && got.Len()+len(b) >= at-len(mark) {
			told = true
			close(arrived)
		}
		return got.Write(b)
	}))
	if err != nil || !bytes.Equal(got.Bytes(), file) {
		t.Errorf("%+v, %v, %q", saved, err, got.Bytes())
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// TestEndWithoutSilence holds that a good checksum ends a snapshot at once: the server may keep the connection open.
func TestEndWithoutSilence(t *testing.T) {
	file := rdb(t, rdb7)
	fastest := time.Hour
	for range 5 { // a busy machine may hold one up
		p := begin(t, stuck(t, "$EOF:"+mark+"\r\n"+string(file)+mark))
		began := time.Now()
		if _, err := Save(p, io.Discard); err != nil {
			t.Error(err)
		}
		if fastest = min(fastest, time.Since(began)); fastest < glance {
			return
		}
	}
	t.Errorf("took %v", fastest)
}

func TestDamagedSnapshots(t *testing.T) {
	file := rdb(t, rdb7)
	damaged := append([]byte{}, file...)
	damaged[50] ^= 0x80
	for name, c := range map[string]struct {
		s           *conn.Session
		line, cause string
		written     int
	}{
		"half, by length":     {saying(t, fmt.Sprintf("$%d\r\n%s", len(file), file[:60])), "I/O Error reading RDB payload from socket", "the server closed the connection after 60 of 172 bytes", 60},
		"half, by mark":       {saying(t, "$EOF:"+mark+"\r\n"+string(file[:100])), "I/O Error reading RDB payload from socket", "closed the connection after 61 bytes", 61},
		"half a mark":         {saying(t, "$EOF:"+mark+"\r\n"+string(file)+mark[:39]), "I/O Error reading RDB payload from socket", "closed the connection after 172 bytes", 172},
		"damaged":             {saying(t, fmt.Sprintf("$%d\r\n%s", len(file), damaged)), "Error: what the server sent is a damaged RDB file: its checksum is", "", 172},
		"damaged, by mark":    {saying(t, "$EOF:"+mark+"\r\n"+string(damaged)+mark), "Error: what the server sent is a damaged RDB file: its checksum is", "", 172},
		"shorter than itself": {saying(t, fmt.Sprintf("$%d\r\n%s", len(file)-3, file)), "Error: what the server sent is a damaged RDB file: its end is missing", "", 169},
		"something else":      {saying(t, "$15\r\n<html>no</html>"), `Error: what the server sent is not an RDB file: it begins with "<html>no<"`, "", 0},
		"nothing":             {saying(t, "$0\r\n"), "Error: what the server sent is a damaged RDB file: its end is missing", "", 0},
	} {
		var got bytes.Buffer
		_, err := Save(begin(t, c.s), &got)
		failed := replicationError(t, err)
		if !strings.HasPrefix(failed.Line, c.line) || !strings.Contains(failed.Cause, c.cause) || got.Len() != c.written {
			t.Errorf("%s: %q, %q, %d bytes written; want %q, %q, %d", name, failed.Line, failed.Cause, got.Len(), c.line, c.cause, c.written)
		}
	}
}

// TestWriterFails holds that the writer's own error comes back.
func TestWriterFails(t *testing.T) {
	full := errors.New("full")
	file := rdb(t, rdb7)
	_, err := Save(begin(t, saying(t, fmt.Sprintf("$%d\r\n%s", len(file), file))), writerFunc(func([]byte) (int, error) { return 0, full }))
	if !errors.Is(err, full) {
		t.Error(err)
	}
}
