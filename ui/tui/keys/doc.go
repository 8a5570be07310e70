// Package keys is the key pane: the keys of a database as a tree or a list, while they are still being read.
//
// The tree is a [keytree.Tree], fed by a [keyspace.Scanner] one page at a time; types and times to live are asked for the rows that
// are on screen only. Rows may arrive at any moment: the cursor stays on its row, and the row at its place.
package keys
