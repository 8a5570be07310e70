package cli

import (
	"os"
	"path/filepath"
	"testing"
)

// TestSaveReport holds that a report lands in the state directory, for nobody else to read.
func TestSaveReport(t *testing.T) {
	t.Parallel()
	state, home := t.TempDir(), t.TempDir()
	for name, test := range map[string]struct {
		environment map[string]string
		dir         string
	}{
		"state": {map[string]string{"XDG_STATE_HOME": state, "HOME": home}, filepath.Join(state, "redan")},
		"home":  {map[string]string{"XDG_STATE_HOME": "relative", "HOME": home}, filepath.Join(home, ".local", "state", "redan")},
		"none":  {nil, filepath.Clean(os.TempDir())},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := &app{sys: System{Getenv: func(name string) (string, bool) { v, ok := test.environment[name]; return v, ok }}}
			path, err := a.saveReport("what happened")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Remove(path) })
			text, err := os.ReadFile(path)
			if err != nil || string(text) != "what happened" || filepath.Dir(path) != test.dir {
				t.Errorf("%s holds %q (%v), want it in %s", path, text, err, test.dir)
			}
			if file, err := os.Stat(path); err != nil || file.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v %v", path, file.Mode(), err)
			}
		})
	}
}
