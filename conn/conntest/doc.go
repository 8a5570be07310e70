// Package conntest starts the real thing for tests: redis-server processes
// (plain, TLS, unix socket, passwords, ACLs, clusters, sentinels),
// certificate authorities, and fake servers for what a real one will not do.
//
// Nothing is skipped: a machine without redis-server fails the test and says
// what to install. Everything a function starts ends with the test, and on
// Linux also when the test binary dies.
//
//	func TestPing(t *testing.T) {
//		server := conntest.Start(t, conntest.TLS(), conntest.Password("s3cret"))
//		server.Do("SET", "greeting", "hello")
//		// connect to server.Addr() or server.TLSAddr() with server.CAFile
//	}
//
// The package takes a [TB] and not a testing.TB, so that the transcript
// runner can use it from a testscript command, whose receiver lacks three of
// the methods:
//
//	type scriptTB struct{ *testscript.TestScript }
//
//	func (s scriptTB) Helper()          {}
//	func (s scriptTB) Cleanup(f func()) { s.Defer(f) }
//	func (s scriptTB) TempDir() string  { return s.MkAbs(".") }
//
// Only tests and the transcript runner import it.
package conntest

// TB is what this package needs of a test; every testing.TB is one.
type TB interface {
	Helper()
	// Fatalf ends the test. It must not return.
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
	// Cleanup registers a function to run when the test ends, last one first.
	Cleanup(f func())
	// TempDir returns a directory that is removed after the cleanups. It may be the
	// same one each time.
	TempDir() string
}
