// Package cert knows certificates: it loads them from whatever people keep them in, decides whether a server may be trusted, and says
// what is wrong when it may not.
//
// Every failure is one of three typed errors, [FileError], [CipherError] and [VerifyError], with a stable code, the cause in one
// sentence and the option or command that mends it. They never hold key material or passphrases, and text that comes from a peer's
// certificate has its control characters escaped, since it may end on a terminal.
//
// The package dials nothing and trusts nothing on its own: the clock, the passphrase prompt and the names of this host are given to it.
package cert
