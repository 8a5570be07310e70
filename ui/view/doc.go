// Package view reads values by windows, for people who look at them: a page of a hash, the next entries of a stream, 64 KiB of a string of
// half a gigabyte. [ReadFacts] and [Load] do the I/O, in one or two round trips each; what they return is turned into cells by functions
// that are pure.
//
// No window is larger than was asked for, whatever the server hands out: COUNT is only a hint to it, so what is too much is kept for the
// next page. How many elements fit a page is told by [PageSize] from what the value takes in memory. None of the commands reads a value as
// a whole.
package view
