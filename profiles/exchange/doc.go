// Package exchange reads servers out of the files of other tools, and writes profiles for them and for people.
//
// It is pure: bytes in, profiles out. [Read] tells the format by the content and returns, for each server, a name that a profile can have
// and the changes that [profiles.Store.Create] takes. Secrets that stand in the file in clear are not among the changes: they come apart,
// as [conn.Secret], for the caller to put into a keyring and to set a reference in their place ([Entry.ChangesWith]). What a profile has
// no room for is a note, and so is an entry that is broken: the others are read nevertheless.
//
// No text that this package makes, error or note, holds a secret or a whole line of the file. Files are foreign and may be hostile: their
// size, the number and depth of what is in them, and what a zip unfolds to are bounded.
//
// [Write] is the other direction, always without secrets.
package exchange
