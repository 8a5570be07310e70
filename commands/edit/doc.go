// Package edit changes keys so that nothing is lost: not what somebody else wrote meanwhile, not the time to live, not a byte.
//
// A [Change] is a pure description, such as [HashSet]. Three steps carry it out:
//
//   - [Read] asks the server for exactly what the change touches: one field, one element, the digest of a large string.
//   - [Plan] is pure: it tells which commands will go, what differs, and what becomes of the time to live.
//   - [Apply] writes, but only if what was read is still there. Otherwise it writes nothing and returns a [*Conflict], which holds
//     what was read and what is there now, or [*Gone], or [*TypeChanged].
//
// The check is atomic with the write: SET ... IFEQ where the server has it (Redis 8.4, Valkey 8.1), elsewhere WATCH, a second read and
// MULTI/EXEC on one connection. A change of another part of the same key is no conflict; it costs another attempt.
//
// To write after a conflict all the same, apply the change to [Conflict.Theirs] in place of what was read.
package edit
