//go:build unix

package cert

import (
	"io/fs"
	"os/user"
	"strconv"
	"syscall"
)

// ownerName returns the user a file belongs to, as a number when the user has no name here.
func ownerName(info fs.FileInfo) string {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	id := strconv.FormatUint(uint64(stat.Uid), 10)
	if owner, err := user.LookupId(id); err == nil {
		return owner.Username
	}
	return "user " + id
}
