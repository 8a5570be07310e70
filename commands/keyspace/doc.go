// Package keyspace reads and clears the keys of a server, or of all masters of a cluster, without being felt there.
//
//   - [Masters] are the servers that hold the keys. They are found with CLUSTER SLOTS (or SHARDS, or NODES), and commands for keys go to
//     the master that has the key's slot, one pipeline a master.
//   - [Scanner] reads all names by SCAN, a page per call of Next, paced by what the pages cost the server.
//   - [Describer] tells type, time to live and size of the few keys that are on screen.
//   - [Survey] measures a sample of a branch and says what the whole is about, and how far that may be off.
//   - [Removal] removes keys in paced pipelines and accounts for each.
//   - [ListDatabases] lists the numbered databases.
//
// All of them are pulled: one call does one small piece of I/O, ends with its context, and returns plain values, so that a screen
// can draw between two pieces, and stopping is not calling again. Nothing here ever sends KEYS or asks for a whole value. What a
// server refuses (managed ones refuse much) is said once and not asked again.
package keyspace
