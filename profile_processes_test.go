package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// redanProcess is this test's binary as redan, on a directory of profiles. It is not started yet.
func redanProcess(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	link := filepath.Join(t.TempDir(), "redis-cli") // the name under which TestMain runs the program
	if err := os.Symlink(os.Args[0], link); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(link, args...)
	cmd.Env = append(os.Environ(), "REDAN_CONFIG="+dir, asRedan+"=1", "GORACE=atexit_sleep_ms=0", "HOME="+dir)
	return cmd
}

// TestManyAddAtOnce: fifty programs add a profile each, and some of them change one that they share; nothing is lost.
func TestManyAddAtOnce(t *testing.T) {
	const many, shared = 50, 10
	dir := t.TempDir()
	redanSays(t, dir, "profile", "add", "shared")
	var all sync.WaitGroup
	for n := range many {
		cmd := redanProcess(t, dir, "-p", fmt.Sprint(7000+n), "profile", "add", fmt.Sprintf("p%d", n))
		run := []*exec.Cmd{cmd}
		if n < shared {
			run = append(run, redanProcess(t, dir, "profile", "edit", "shared", "--set", fmt.Sprintf("decoders.k%d=gzip", n)))
		}
		all.Go(func() {
			for _, cmd := range run {
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v: %s", err, out)
				}
			}
		})
	}
	all.Wait()
	var list struct {
		Profiles []struct{ Faults []any }
	}
	decode(t, redanSays(t, dir, "profile", "list", "--json"), &list)
	if len(list.Profiles) != many+1 {
		t.Errorf("%d profiles", len(list.Profiles))
	}
	for _, p := range list.Profiles {
		if len(p.Faults) > 0 {
			t.Error(p.Faults...)
		}
	}
	if edits := len(settings(t, dir, "shared")) - 2; edits != shared {
		t.Errorf("%d of %d edits", edits, shared)
	}
}

// redanSays runs redan and returns what it prints.
func redanSays(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	out, err := redanProcess(t, dir, args...).Output()
	if err != nil {
		t.Fatalf("redan %q: %v: %s", args, err, out)
	}
	return out
}

func decode(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}

// settings are what a profile says.
func settings(t *testing.T, dir, name string) map[string]any {
	t.Helper()
	var shown struct {
		Settings []struct {
			Key   string
			Value any
		}
		Faults []any
	}
	decode(t, redanSays(t, dir, "profile", "show", name, "--json"), &shown)
	said := map[string]any{}
	for _, s := range shown.Settings {
		said[s.Key] = s.Value
	}
	return said
}

// TestKilledWhileWriting: whenever a program that writes a profile is killed, what is there is the old file or the new one, and the next
// program goes on.
func TestKilledWhileWriting(t *testing.T) {
	dir := t.TempDir()
	redanSays(t, dir, "-h", "h", "profile", "add", "x", "--description", "old")
	long := strings.Repeat("long ", 2000)
	random := rand.New(rand.NewPCG(1, 2))
	for range 15 {
		cmd := redanProcess(t, dir, "profile", "edit", "x", "--description", long)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.IntN(12000)) * time.Microsecond) // the moment is what is varied
		_ = cmd.Process.Signal(syscall.SIGKILL)
		_ = cmd.Wait()
		if p := settings(t, dir, "x"); p["host"] != "h" || p["description"] != "old" && p["description"] != long {
			t.Fatalf("%v", p)
		}
		redanSays(t, dir, "profile", "edit", "x", "--description", "old")
	}
	redanSays(t, dir, "profile", "edit", "x", "--description", "new") // what changes nothing writes nothing, and clears nothing away
	left, err := filepath.Glob(filepath.Join(dir, "profiles", ".*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestBashCompletion asks bash itself, with the line taken apart as it does.
func TestBashCompletion(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"orders-prod", "orders-eu", "cache"} {
		redanSays(t, dir, "profile", "add", name)
	}
	programs := t.TempDir()
	wrapper := fmt.Sprintf("#!/bin/sh\n%s=1 exec -a redis-cli %q \"$@\"\n", asRedan, os.Args[0])
	if err := os.WriteFile(filepath.Join(programs, "redan"), []byte(strings.Replace(wrapper, "#!/bin/sh", "#!/bin/bash", 1)), 0o700); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"redan @|@":           "@cache @orders-eu @orders-prod",
		"redan @o|@o":         "@orders-eu @orders-prod",
		"redan --profile |":   "cache orders-eu orders-prod",
		"redan --profile=c|c": "cache",
		"redan profile |":     "add copy edit export import list path remove rename secure show test",
		"redan -h db -p 1 profile edit orders-|orders-":    "orders-eu orders-prod",
		"redan profile remove cache |":                     "orders-eu orders-prod",
		"redan profile copy cache |":                       "",
		"redan pro|pro":                                    "profile",
		"redan --tls-verify |":                             "ca full none",
		"redan --askp|--askp":                              "--askpass",
		"redan profile add x --secret e|e":                 "env:",
		"redan completion z|z":                             "zsh",
		"redan get @|@":                                    "",
		"redan profile edit cache --unset tls.key|tls.key": "tls.key tls.key_data tls.key_passphrase",
	} {
		typed, word, _ := strings.Cut(line, "|")
		script := `source <(redan completion bash); complete -p redan >/dev/null || exit 3
COMP_LINE=$1; COMP_POINT=${#COMP_LINE}; _redan redan "$2" ""; echo "${COMPREPLY[*]}"`
		cmd := exec.Command("bash", "--norc", "-c", script, "bash", typed, word)
		cmd.Env = append(os.Environ(), "PATH="+programs+":"+os.Getenv("PATH"), "REDAN_CONFIG="+dir, "GORACE=atexit_sleep_ms=0")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if got := strings.Join(strings.Fields(string(out)), " "); err != nil || got != want {
			t.Errorf("%q: %q, want %q (%v %s)", typed, got, want, err, stderr.String())
		}
	}
}
