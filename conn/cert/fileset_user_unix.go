//go:build unix

package cert

import (
	"io/fs"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// ServerUsers returns the users that the server with a configuration file most probably runs as: the one the file belongs to, since servers
// rewrite their files, and for a file of the system the user redis.
func (l Loader) ServerUsers(conf string) []ServerUser {
	var users []ServerUser
	info, err := l.stat(conf)
	if err != nil {
		return nil
	}
	const root = "0"
	owner, known := fileOwner(info)
	if known && owner != root {
		if found, err := user.LookupId(owner); err == nil {
			users = append(users, serverUser(found, true))
		}
	}
	path, err := filepath.Abs(conf)
	if err != nil || !strings.HasPrefix(path, "/etc/") {
		return users
	}
	if found, err := user.Lookup("redis"); err == nil && found.Uid != owner {
		users = append(users, serverUser(found, false))
	}
	return users
}

func serverUser(u *user.User, sure bool) ServerUser {
	groups, err := u.GroupIds()
	if err != nil {
		groups = []string{u.Gid}
	}
	return ServerUser{Name: u.Username, Sure: sure, id: u.Uid, groups: groups}
}

func fileOwner(info fs.FileInfo) (id string, known bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", false
	}
	return strconv.FormatUint(uint64(stat.Uid), 10), true
}

// may reports whether a user has the permission right, one of the bits rwx, on what info is about.
func (u ServerUser) may(right fs.FileMode, info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || u.id == "0" {
		return true
	}
	const groupBits, ownerBits = 3, 6
	mode := info.Mode().Perm()
	switch {
	case u.id == strconv.FormatUint(uint64(stat.Uid), 10):
		mode >>= ownerBits
	case slices.Contains(u.groups, strconv.FormatUint(uint64(stat.Gid), 10)):
		mode >>= groupBits
	}
	return mode&right != 0
}
