//go:build !unix || solaris || aix

package repl

import "os"

// tryLock reports success where files cannot be locked: a line is appended in
// one write, which is nearly as good.
func tryLock(*os.File) bool { return true }
