//go:build aix || linux || solaris

package cli

import "golang.org/x/sys/unix"

// getTermios asks a terminal how it is set.
const getTermios = unix.TCGETS
