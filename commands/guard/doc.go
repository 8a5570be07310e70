// Package guard decides what becomes of a command before it is sent: allowed, asked about, or refused. It knows no server and no
// screen; every face asks it, so that read-only and production mean the same everywhere.
package guard
