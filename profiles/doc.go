// Package profiles holds what redan knows about a person's servers and taste: config.toml, the preferences, and one file for each
// profile in the folder profiles beside it.
//
// A [Store] is such a folder. Reading is strict: a key that is not known or a value of the wrong kind is a fault with file, line, column
// and the name that was probably meant. A broken file breaks only its own profile. Profiles inherit from others (extends) and from the
// table defaults of config.toml; [Store.Load] returns the result, and each value's [Profile.Origin].
//
// Writing changes only the lines that it is about, under a lock, by a temporary file that takes the old one's place, so that at every
// moment the old file is whole or the new one is.
//
// Secrets are references ("env:NAME") that nobody here resolves; a [Reference] does not print what stands in the file in clear.
package profiles
