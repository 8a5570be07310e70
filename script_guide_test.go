package main_test

import (
	"math/rand/v2"
	"net"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// findPorts sets variables to ports that nobody listens on, for servers whose
// configuration the transcript writes itself: ports VARIABLE...
//
// They lie below those the system hands out, so that no other program is given
// one before the server opens it, and so does the port of the cluster bus, which
// is 10000 above.
func findPorts(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) == 0, "ports VARIABLE...")
	const first, count, bus = 10000, 12000, 10000
	for _, variable := range args {
		port := 0
		eventually(ts, "a free port for "+variable, func() bool {
			port = first + rand.IntN(count)
			return isFree(port) && isFree(port+bus)
		})
		ts.Setenv(variable, strconv.Itoa(port))
	}
}

// isFree reports whether nobody listens on a port of this host.
func isFree(port int) bool {
	listener, err := net.Listen("tcp", ":"+strconv.Itoa(port))
	return err == nil && listener.Close() == nil
}
