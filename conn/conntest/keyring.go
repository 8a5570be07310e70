package conntest

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// SecretService starts a session of D-Bus of the test's own with gnome-keyring's Secret Service in it, unlocked, and returns its address,
// for DBUS_SESSION_BUS_ADDRESS.
func SecretService(t TB) (address string) {
	t.Helper()
	home := t.TempDir()
	env := append(os.Environ(), "HOME="+home, "XDG_RUNTIME_DIR="+home, "XDG_DATA_HOME="+filepath.Join(home, "data"), "GNOME_KEYRING_CONTROL=")
	bus := exec.CommandContext(context.Background(), "dbus-daemon", "--session", "--nofork", "--print-address=1", "--address=unix:dir="+home)
	bus.Env = env
	address = firstLine(t, bus)

	keyring := exec.CommandContext(context.Background(), "gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets", "--control-directory="+home)
	keyring.Env = slices.Concat(env, []string{"DBUS_SESSION_BUS_ADDRESS=" + address})
	keyring.Stdin = strings.NewReader("the keyring's own password")
	firstLine(t, keyring) // it says where it is once it is there
	return address
}

// firstLine starts a program that runs until the test ends, and returns the first line that it prints.
func firstLine(t TB, cmd *exec.Cmd) string {
	t.Helper()
	const patience = 20 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatalf("%s: %v", cmd.Args[0], err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("this test needs %s: %v", cmd.Args[0], err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	lines := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n')
		lines <- strings.TrimSpace(line)
	}()
	select {
	case line := <-lines:
		return line
	case <-time.After(patience):
		t.Fatalf("%s said nothing", cmd.Args[0])
		return ""
	}
}
