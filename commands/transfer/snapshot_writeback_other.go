//go:build !linux || ppc64 || ppc64le

package transfer

import "os"

// startWriting does nothing: the system begins when it likes.
func startWriting(*os.File, int64, int64) {}
