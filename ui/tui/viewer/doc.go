// Package viewer is the value pane: what a key holds, page by page, and what is known of it.
//
// The value of a key, an element of it that was opened, the groups of a stream: each is a face, and faces lie on one another. A face is
// a table of elements or a document. All of them are values, as the pane is; what is asked of the server carries the number of the load
// that it belongs to, and what comes back for another one is dropped.
package viewer
