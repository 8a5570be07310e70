//go:build unix && !aix && !linux && !solaris

package cli

import "golang.org/x/sys/unix"

// getTermios asks a terminal how it is set.
const getTermios = unix.TIOCGETA
