package demo

import (
	"errors"
	"io"
	"net"
	"testing"
)

func TestOutboxSendsEverythingBeforeItCloses(t *testing.T) {
	t.Parallel()
	near, far := net.Pipe()
	o := newOutbox(near, 10)
	for _, part := range []string{"one ", "two ", "3"} { // before anybody reads
		if n, err := o.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatalf("wrote %d, %v", n, err)
		}
	}
	o.Close()
	go o.send()
	got, err := io.ReadAll(far)
	if string(got) != "one two 3" || err != nil {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestOutboxCutsOffASlowClient(t *testing.T) {
	t.Parallel()
	near, far := net.Pipe()
	o := newOutbox(near, 10)
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.send()
	}()
	_, err := o.Write([]byte("12345"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := far.Read(make([]byte, 1)); err != nil { // the rest is being sent now
		t.Fatal(err)
	}
	for i := 0; err == nil; i++ {
		if i > 10 {
			t.Fatal("there is no end to it")
		}
		_, err = o.Write([]byte("12345"))
	}
	if !errors.Is(err, errSlowClient) {
		t.Errorf("failed with %v", err)
	}
	<-done
	if _, err := far.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the connection is not closed: %v", err)
	}
	if _, err := o.Write(nil); !errors.Is(err, errSlowClient) {
		t.Errorf("writing afterwards: %v", err)
	}
}

func TestOutboxNoticesThatTheClientHasGone(t *testing.T) {
	t.Parallel()
	near, far := net.Pipe()
	if err := far.Close(); err != nil {
		t.Fatal(err)
	}
	o := newOutbox(near, 10)
	if _, err := o.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	o.send()
	if _, err := o.Write([]byte("y")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("writing to nobody: %v", err)
	}
}
