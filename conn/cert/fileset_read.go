package cert

import (
	"io/fs"
	"path/filepath"
)

// ReadLocal returns the file at path, which a setting names, and who may read it. An error is kept in it. Of users, who may be the server's,
// it says which may not read the file.
func (l Loader) ReadLocal(setting Setting, path string, users []ServerUser) LocalFile {
	file := LocalFile{Setting: setting, Path: path}
	if path == "" {
		return file
	}
	file.Data, file.Err = l.Content(path)
	if info, err := l.stat(path); err == nil {
		file.Access = FileAccess{Known: true, Mode: info.Mode(), Owner: ownerName(info)}
		for _, user := range users {
			if why := l.denies(path, info, user); why != "" {
				file.Access.Denied = append(file.Access.Denied, Denial{User: user.Name, Reason: why, Sure: user.Sure})
			}
		}
	}
	return file
}

// Content returns what a file holds, at most 8 MiB of it.
func (l Loader) Content(path string) ([]byte, error) {
	if l.ReadFile != nil {
		return l.ReadFile(path)
	}
	return readBounded(path)
}

// IsDir reports whether path is a directory.
func (l Loader) IsDir(path string) bool {
	info, err := l.stat(path)
	return err == nil && info.IsDir()
}

// ReadLocalDir returns what the files of a directory hold that a setting names. An error is kept in it.
func (l Loader) ReadLocalDir(setting Setting, path string) LocalDir {
	dir := LocalDir{Setting: setting, Path: path}
	var entries []fs.DirEntry
	if entries, dir.Err = l.readDir(path); dir.Err != nil {
		return dir
	}
	for _, entry := range entries {
		name := filepath.Join(path, entry.Name())
		if info, err := l.stat(name); err != nil || !info.Mode().IsRegular() {
			continue
		}
		dir.Files = append(dir.Files, l.ReadLocal(setting, name, nil))
	}
	return dir
}

// ServerUser is a user of this computer that the server may run as.
type ServerUser struct {
	Name string
	Sure bool // it most probably does

	id     string
	groups []string
}

// denies says why a user may not read a file; empty when it may, or when that cannot be said.
func (l Loader) denies(path string, info fs.FileInfo, user ServerUser) string {
	const read, enter = 0o4, 0o1
	if !user.may(read, info) {
		return "it is " + FileAccess{Known: true, Mode: info.Mode(), Owner: ownerName(info)}.String()
	}
	folder, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	for folder != filepath.Dir(folder) {
		folder = filepath.Dir(folder)
		if info, err := l.stat(folder); err == nil && !user.may(enter, info) {
			return "the folder " + printable(folder) + " is closed to it"
		}
	}
	return ""
}
