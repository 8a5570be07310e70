//go:build !unix

package cert

import "io/fs"

// ownerName returns nothing: file owners are not numbers here.
func ownerName(fs.FileInfo) string { return "" }
