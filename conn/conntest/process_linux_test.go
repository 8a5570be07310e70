package conntest_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"redan/conn/conntest"
)

// TestServersDieWithTheTestBinary runs itself in a second process, and kills
// that while a server of its runs.
func TestServersDieWithTheTestBinary(t *testing.T) {
	t.Parallel()
	const role = "CONNTEST_VICTIM"
	if os.Getenv(role) != "" {
		fmt.Println("pid", conntest.Start(t).PID())
		select {} // until killed
	}
	victim := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	victim.Env = append(os.Environ(), role+"=1", "TMPDIR="+t.TempDir())
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	_, scanErr := fmt.Fscanf(out, "pid %d\n", &pid)
	if scanErr == nil && !alive(pid) {
		t.Errorf("no server %d to begin with", pid)
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait() // it was killed, and says so
	if scanErr != nil {
		t.Fatal(scanErr)
	}
	for deadline := time.Now().Add(10 * time.Second); alive(pid); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("server %d outlived the test binary that started it", pid)
		}
	}
}
