package conntest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
)

// Lenient lowers OpenSSL's level of security to 0 in the server: it then loads and presents certificates with short keys and broken
// signatures, which Debian's does not, and speaks TLS 1.0.
func Lenient(t TB) Option {
	t.Helper()
	path := filepath.Join(newDir(t, t.TempDir()), "openssl.cnf")
	const config = `openssl_conf = main
[main]
ssl_conf = ssl
[ssl]
system_default = lenient
[lenient]
MinProtocol = TLSv1
CipherString = DEFAULT@SECLEVEL=0
`
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatalf("conntest: %v", err)
	}
	return func(c *settings) { c.env = append(c.env, "OPENSSL_CONF="+path) }
}

// StandardPorts makes the server listen where Redis does, 6379 and with TLS 6380, on a loopback address that is most likely its own.
// Only Linux has such addresses; elsewhere it is 127.0.0.1.
func StandardPorts() Option {
	host := "127.0.0.1"
	if runtime.GOOS == "linux" {
		host = fmt.Sprintf("127.%d.%d.%d", 1+rand.IntN(254), rand.IntN(256), 1+rand.IntN(254))
	}
	return func(c *settings) {
		c.bind = []string{host}
		c.findPorts = func(_ string, n int) ([]int, error) { return []int{6379, 6380}[:n], nil }
	}
}

// Bind makes the server listen on another address of this machine than 127.0.0.1.
func Bind(host string) Option {
	return func(c *settings) { c.bind = []string{host} }
}

// OutsideAddress returns an address of this machine that is not loopback, or "" when it has none: in many containers.
func OutsideAddress() string {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	for _, addr := range addrs {
		network, ok := addr.(*net.IPNet)
		if ok && network.IP.To4() != nil && !network.IP.IsLoopback() && !network.IP.IsLinkLocalUnicast() {
			return network.IP.String()
		}
	}
	return ""
}

// Port returns the port of an address such as [Fake] returns.
func Port(t TB, addr string) int {
	t.Helper()
	_, text, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatalf("conntest: %v", err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("conntest: %q: %v", addr, err)
	}
	return port
}
