package conn

import (
	"net"
	"syscall"
)

// Gather asks the system to wake a reader that waits only when n bytes have arrived, or the connection has ended; 1 is the usual. A server
// that answers many commands in small pieces then spends less time on waking us. It is a hint: TLS, unix sockets and other systems
// than Linux pass over it, and the system never waits for more than its buffer holds.
func (c *Conn) Gather(n int) {
	tcp, ok := c.Conn.(*net.TCPConn)
	if !ok {
		return
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVLOWAT, n) })
}
