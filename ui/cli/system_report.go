package cli

import (
	"os"
	"path/filepath"
)

// saveReport writes the report of a defect into the state directory, or where there is none into that for temporary files, and returns
// its path. Nobody else may read it, though it holds no values.
func (a *app) saveReport(report string) (string, error) {
	dir := a.stateDirectory()
	if dir != "" && os.MkdirAll(dir, 0o700) != nil {
		dir = ""
	}
	file, err := os.CreateTemp(dir, "redan-crash-*.txt")
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(report)
	if closed := file.Close(); err == nil {
		err = closed
	}
	return file.Name(), err
}

// stateDirectory is where is kept what nobody would miss much; empty where there is no such place.
func (a *app) stateDirectory() string {
	if state, _ := a.sys.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "redan")
	}
	if home, _ := a.sys.Getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "state", "redan")
	}
	return ""
}
