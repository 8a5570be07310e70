//go:build !unix

package repl

// suspendProcess does nothing where programs cannot be stopped and continued.
func suspendProcess() {}
