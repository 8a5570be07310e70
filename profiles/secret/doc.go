// Package secret resolves references to secrets. A profile holds where a password is, never the password: the reference is resolved last,
// by what the caller hands in, and the text ends in a [conn.Secret], which does not print.
package secret
