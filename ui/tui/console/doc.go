// Package console is the console pane: what a person types is sent as it stands, once, on a connection of its own, and the replies are
// shown by what they are.
//
// One thing runs at a time. Lines entered meanwhile wait; a command that blocks holds up neither the pane nor the program, and ends
// with ctrl+c, which costs the connection: the reply that may still come must not be taken for that of the next command. What a new
// connection does not have any more (a transaction, watched keys) is said. SUBSCRIBE and MONITOR turn the pane into a list of what
// comes, until that is left.
//
// Replies are read to their end but kept only up to a size; texts are made by the tasks, so that Update and View only arrange lines.
package console
