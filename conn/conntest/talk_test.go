package conntest_test

import (
	"net"
	"testing"
	"time"
)

// dialPlain connects to addr; everything on the connection must end soon.
func dialPlain(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close() // a TLS connection around it may have closed it
	})
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// ping sends an inline PING and returns the answer, or the error in its place.
func ping(conn net.Conn) string {
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return err.Error()
	}
	buf := make([]byte, 4096)
	n, err := conn.Read(buf)
	if err != nil {
		return err.Error()
	}
	return string(buf[:n])
}
