package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"redan/conn/conntest"
)

// TestSnapshotsOfRedisCLI holds that redan saves the same file as redis-cli, byte for byte but for the time, the memory in use and so the
// checksum; that it says the same about it; and that a server reads from it what was saved.
func TestSnapshotsOfRedisCLI(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t, conntest.TLS(), conntest.UnixSocket(), conntest.Password("secret"),
		conntest.Config("repl-diskless-sync-delay", "0"), conntest.Config("enable-debug-command", "yes"))
	server.Do("FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() return 1 end)")
	server.Do("DEBUG", "POPULATE", "1000", "key", "700")
	server.Do("RPUSH", "binary", "\x00\xff\r\n", strings.Repeat("0123456789abcdef0123456789abcdef01234567", 100))
	digest := server.Do("DEBUG", "DIGEST")
	port, secure := strconv.Itoa(server.Port), strconv.Itoa(server.TLSPort)
	for _, c := range []struct {
		name     string
		diskless string
		flags    []string
		option   string
	}{
		{"mark", "yes", []string{"-p", port}, "--rdb"},
		{"length", "no", []string{"-p", port}, "--rdb"},
		{"socket", "no", []string{"-s", server.Socket}, "--rdb"},
		{"TLS", "yes", []string{"-p", secure, "--tls", "--cacert", server.CAFile, "--cert", server.CertFile, "--key", server.KeyFile}, "--rdb"},
		{"RESP3", "yes", []string{"-3", "-p", port}, "--rdb"},
		{"functions", "yes", []string{"-p", port}, "--functions-rdb"},
	} {
		server.Do("CONFIG", "SET", "repl-diskless-sync", c.diskless)
		run := func(program string) (file, said string) {
			name := filepath.Join(t.TempDir(), "dump.rdb")
			said, code := saved(t, program, "secret", append(c.flags, c.option, name)...)
			if code != 0 {
				t.Fatalf("%s: %s: exit code %d\n%s", c.name, program, code, said)
			}
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			return string(data), strings.ReplaceAll(said, name, "dump.rdb")
		}
		theirs, theySaid := run("redis-cli")
		ours, weSaid := run("redan")
		if stableSnapshot(ours) != stableSnapshot(theirs) {
			t.Errorf("%s: the files differ: %d bytes, redis-cli has %d", c.name, len(ours), len(theirs))
		}
		if weSaid != theySaid {
			t.Errorf("%s:\nredan says\n%sredis-cli says\n%s", c.name, weSaid, theySaid)
		}
		if c.option == "--rdb" {
			loaded := loadSnapshot(t, ours)
			if got := loaded.Do("DEBUG", "DIGEST"); got != digest {
				t.Errorf("%s: loaded, the digest is %s; it was %s", c.name, got, digest)
			}
			loaded.Stop()
		}
	}
}

// TestSnapshotRefusalsOfRedisCLI holds that redan says what redis-cli says where there is no snapshot, and explains it.
func TestSnapshotRefusalsOfRedisCLI(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t, conntest.Password("another"), conntest.ACL("user weak on nopass ~* +@all -sync", "user weaker on nopass ~* +ping"))
	orphan := conntest.Start(t, conntest.Config("replicaof", "127.0.0.1 1"))
	locked, alone := strconv.Itoa(server.Port), strconv.Itoa(orphan.Port)
	dir := t.TempDir()
	for _, flags := range [][]string{
		{"-p", locked, "--rdb", dir + "/a"},
		{"-p", locked, "--functions-rdb", dir + "/a"},
		{"-p", locked, "--rdb", "-"},
		{"-p", locked, "--replica"},
		{"-p", locked, "--user", "weak", "--pass", "any", "--no-auth-warning", "--rdb", dir + "/a"},
		{"-p", locked, "--user", "weaker", "--pass", "any", "--no-auth-warning", "--slave"},
		{"-p", alone, "--rdb", dir + "/a"},
		{"-p", alone, "--replica"},
		{"-p", alone, "-n", "99", "--rdb", dir + "/a"},
		{"-p", "1", "--rdb", dir + "/a"},
		{"-p", alone, "--rdb", dir + "/a", "--functions-rdb", dir + "/b"},
	} {
		theirs, theirCode := saved(t, "redis-cli", "", flags...)
		ours, code := saved(t, "redan", "", flags...)
		if want, got := stderrLines(theirs), stderrLines(ours); strings.Join(got, "\n") != strings.Join(want, "\n") || code != theirCode {
			t.Errorf("%q:\nredan %d %q\nredis-cli %d %q", flags, code, got, theirCode, want)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("%v was left behind, %v", entries, err)
	}
}

// saved runs redis-cli or redan, and returns what it prints and its exit code.
func saved(t *testing.T, program, password string, args ...string) (said string, code int) {
	t.Helper()
	cmd := exec.Command(program)
	if program == "redan" {
		cmd = exec.Command(os.Args[0])
	}
	cmd.Args = append([]string{"redis-cli"}, args...) // this test's binary is redan under that name
	cmd.Env = append(os.Environ(), asRedan+"=1", "GORACE=atexit_sleep_ms=0", "HOME="+t.TempDir())
	if password != "" {
		cmd.Env = append(cmd.Env, "REDISCLI_AUTH="+password)
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), endCode(cmd.ProcessState)
}

// stableSnapshot is an RDB file without what differs from one moment to the next on an idle server: two fields of five bytes, and with
// them the checksum.
func stableSnapshot(file string) string {
	const checksum, number = 8, 5
	file = file[:max(0, len(file)-checksum)]
	for _, field := range []string{"\x05ctime", "\x08used-mem"} {
		if before, rest, found := strings.Cut(file, field); found && len(rest) > number {
			file = before + field + rest[number:]
		}
	}
	return file
}

// loadSnapshot starts a server with an RDB file.
func loadSnapshot(t *testing.T, file string) *conntest.Server {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "dump.rdb"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	return conntest.Start(t, conntest.Config("dir", dir), conntest.Config("dbfilename", "dump.rdb"), conntest.Config("enable-debug-command", "yes"))
}
