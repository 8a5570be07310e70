// Package hello says hello to TLS servers in more ways than crypto/tls can: with every version since SSL 3.0, every cipher suite and every kind
// of signature. It reads what a server answers: the version and suite it chose, its certificates, or an alert. So it learns what a server would accept when a handshake of crypto/tls ends with nothing in common, and sees certificates that
// crypto/tls cannot read. It never finishes a handshake, verifies nothing, and must not be used to send anything.
//
// Whatever a server sends, reading it is bounded in bytes, messages and time.
package hello
