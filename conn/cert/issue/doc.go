// Package issue makes certificates for Redis: a CA, certificates of nodes, which are server and client at once (replication and the
// cluster bus), certificates of clients, and chains and CA bundles put together from loose files.
//
// What it makes is decided by pure functions of their arguments, the clock included; only the keys and serial numbers are random. Files
// are written by [Write] and by nothing else: all of them, or none.
//
// Errors are [*Error], [*ExistsError] or package cert's [*cert.FileError]. None of them holds key material or a passphrase.
package issue
