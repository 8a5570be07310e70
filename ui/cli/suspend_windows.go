//go:build windows

package cli

import "os"

// suspensions tells of nothing: Windows does not stop programs.
func suspensions() (asked <-chan os.Signal, halt, stop func()) { return nil, func() {}, func() {} }
