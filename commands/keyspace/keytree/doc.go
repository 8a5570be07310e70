// Package keytree holds the keys that a continuous SCAN has loaded so far and shows them as a tree by delimiter or as a flat list.
//
// It is made for ten million keys between two frames: a key costs about 60 to 110 bytes all included, adding one costs about a
// microsecond, and a window of rows, the place of a row and opening a branch cost a walk down a tree, not a walk over the keys.
// Nothing is ever rebuilt in one go: a filter, another delimiter and another order are worked out by [Tree.Step], a slice at a time,
// and what was on screen stays there until its successor is complete.
//
// How it is built, from the bottom:
//
//   - store: the text of every key and eight bytes of state beside it, in chunks that never move. A leaf is a number in it.
//   - page: a B+ tree of children in order, which knows how many rows and keys lie below each page.
//   - index: branches, each with its pages. Only a branch with two children or more exists: a chain of single children is one row
//     with several segments, so that session:1:data costs one leaf, not two branches and a leaf.
//   - Tree: one index by name, which is also what tells a key that SCAN returns twice, and, only when asked for an order that this
//     one cannot give, a second index for the rows.
//
// The package does no I/O, knows nothing of Redis but that keys are bytes, and is not safe for concurrent use: it belongs to a model.
package keytree
