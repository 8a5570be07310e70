// Package transfer moves data in bulk: commands into a server as fast as it takes them, a snapshot of its dataset into a file, and the
// stream of commands that a replica receives. Each takes over a connection of its own, but [ClusterPipe], which sends to many masters.
package transfer
