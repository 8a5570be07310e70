// Package commands knows what Redis commands are: how a typed line becomes
// words, which commands exist and what arguments they take, what to show
// while one is being typed, which lines hold secrets, and which commands
// change the conversation with the server.
//
// It is knowledge only. Nothing here dials, prints or reads a file: the
// command table is embedded and decoded when asked for, live servers top it
// up with JSON the caller fetched. The cheap questions (Split, Secret,
// AlwaysRaw, EffectOf) never touch the table, so a one-shot command pays
// nothing for it.
package commands

//go:generate go test -run ^TestEmbeddedTableIsThatOfTheServer$ -update .
