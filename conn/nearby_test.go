package conn

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"redan/conn/conntest"
)

// What lies in a directory where everybody may put files is not recommended as a CA.
func TestNearbyFilesAreOnesOwn(t *testing.T) {
	t.Chdir(t.TempDir())
	dir := t.TempDir()
	ca := conntest.NewAuthority(t)
	pem, err := os.ReadFile(ca.CertFile)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "ca.crt")
	if err := os.WriteFile(path, pem, 0o600); err != nil {
		t.Fatal(err)
	}
	o := TLSOptions{CertFile: filepath.Join(dir, "app.crt")}
	for mode, want := range map[os.FileMode]int{0o700: 1, 0o775: 1, 0o777 | os.ModeSticky: 0} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS == "windows" {
			want = 1
		}
		if found := o.nearbyFiles(); len(found) != want || want == 1 && found[0].Path != path {
			t.Errorf("mode %v: %v", mode, found)
		}
	}
}
