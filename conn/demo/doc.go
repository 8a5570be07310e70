// Package demo is a server to try redan on: miniredis inside the own process,
// on a loopback port, filled with the sample data of an online shop.
//
// Nothing of it is kept. It is not redis-server and does not pretend to be: INFO
// says so, and what it cannot do it refuses as an unknown command. It adds to
// miniredis what a person meets first (INFO, COMMAND, CONFIG GET, HELLO, pages
// in SCAN) and what keeps it standing (empty commands, inline commands).
package demo
