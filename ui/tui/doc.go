// Package tui is the full screen: the keys of a server, their values and a console, in one picture.
//
// [Run] is all of it from outside. Inside, model is the only tea.Model: it owns the connection's life, the layout, what lies over the
// panes (help, palette, colon line, sheets) and the views that are not panes of their own (server, TLS, command log, analysis, latency,
// databases, profiles). Panes are values of other packages; what they want of the root and of each other they say with the messages of
// package kit.
//
// Nothing here or in a pane does I/O while drawing or taking in a message: that is done by the functions in tasks.go and measuretasks.go,
// which know nothing of the model and end with their context.
package tui
