package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/conn/conntest"
)

// tour is where the commands of the README run: a folder with certificates, and servers that the README calls by the ports people know.
type tour struct {
	folder string
	ports  map[string]string // as the README has them → as they are
}

// newTour starts what the tour speaks to: a plain Redis on 6379, one on 6380 that wants client certificates, one on 6381 with an expired
// certificate for another name, and one on 6382 that does not send its intermediate.
func newTour(t *testing.T) tour {
	t.Helper()
	folder := t.TempDir()
	root := conntest.NewAuthority(t, func(o *conntest.IssueOptions) { o.CN = "Example Root CA"; o.NotAfter = inDays(3650) })
	middle := root.Intermediate(t, conntest.IssueOptions{CN: "Example Issuing CA", NotAfter: inDays(1800)})
	old := root.Issue(t, conntest.IssueOptions{CN: "redis-1.example.com", DNS: []string{"redis-1.example.com"}, NotBefore: inDays(-90), NotAfter: time.Now().Add(-26*time.Hour - time.Minute)})
	good := root.Issue(t, conntest.IssueOptions{CN: "redis-1.example.com", NotAfter: inDays(90)})
	lone := middle.Issue(t, conntest.IssueOptions{CN: "redis-2.example.com", NotAfter: inDays(90)})
	client := root.Issue(t, conntest.IssueOptions{CN: "app1", DNS: []string{}, IPs: nil, NotAfter: inDays(90)})
	for _, dir := range []string{"bin", "server"} {
		if err := os.Mkdir(filepath.Join(folder, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, file := range map[string]string{
		"ca.crt": root.CertFile, "client.crt": client.CertFile, "client.key": client.KeyFile, "issuing-ca.crt": middle.CertFile,
		"server/redis.crt": old.CertFile, "server/redis.key": old.KeyFile, "server/redis-2.crt": lone.CertFile, "server/redis-2.key": lone.KeyFile,
	} {
		copyInto(t, filepath.Join(folder, name), file)
	}
	old.ChainFile, old.KeyFile = filepath.Join(folder, "server/redis.crt"), filepath.Join(folder, "server/redis.key")
	lone.ChainFile, lone.KeyFile = filepath.Join(folder, "server/redis-2.crt"), filepath.Join(folder, "server/redis-2.key")
	at := tour{folder: folder, ports: map[string]string{"6379": strconv.Itoa(conntest.Start(t).Port)}}
	for port, options := range map[string][]conntest.Option{
		"6380": {conntest.WithCerts(root, good), conntest.MutualTLS("yes")},
		"6381": {conntest.WithCerts(root, old)},
		"6382": {conntest.WithCerts(root, lone)},
	} {
		at.ports[port] = strconv.Itoa(conntest.Start(t, options...).TLSPort)
	}
	return at
}

func inDays(n int) time.Time { return time.Now().AddDate(0, 0, n).Add(12 * time.Hour) }

func copyInto(t *testing.T, to, from string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// install builds redan into the folder.
func (at tour) install(t *testing.T) {
	t.Helper()
	program := filepath.Join(at.folder, "bin", "redan.bin")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	wrapper := "#!/bin/sh\nexec " + program + " -p " + at.ports["6379"] + " \"$@\"\n"
	if err := os.WriteFile(filepath.Join(at.folder, "bin", "redan"), []byte(wrapper), 0o700); err != nil {
		t.Fatal(err)
	}
}

// run runs a command of the README and returns what it prints, with the README's ports.
func (at tour) run(t *testing.T, command string) string {
	t.Helper()
	for shown, actual := range at.ports {
		command = strings.ReplaceAll(command, "-p "+shown, "-p "+actual)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
	cmd.Dir = at.folder
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(at.folder, "bin")+":"+os.Getenv("PATH"), "HOME="+at.folder, "LC_ALL=C.UTF-8", "TZ=UTC")
	out, _ := cmd.CombinedOutput() // failures are part of the tour
	text := string(out)
	for shown, actual := range at.ports {
		text = strings.NewReplacer(":"+actual, ":"+shown, "-p "+actual, "-p "+shown).Replace(text)
	}
	return strings.ReplaceAll(text, filepath.Join(at.folder, "server"), "/etc/redis/tls")
}

// withoutInklings takes out what differs from run to run: dates, lengths of time, hashes.
func withoutInklings(text string) string {
	return regexp.MustCompile(`\d{4}-\d\d-\d\d( \d\d:\d\d( UTC)?)?|[0-9.]+ ms|\d+\.\d{3}s|[0-9a-f]{16,}|[0-9a-f]{2}(:[0-9a-f]{2}){7,}`).ReplaceAllString(text, "…")
}

// TestREADME runs the tour of the README and compares what it prints. With
// -update it writes down what was printed.
func TestREADME(t *testing.T) {
	at := newTour(t)
	at.install(t)
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	inTour := false
	for line := range strings.Lines(string(readme)) {
		text := strings.TrimRight(line, "\n")
		command, isCommand := strings.CutPrefix(text, "$ ")
		switch {
		case text == "```console":
			inTour = true
		case text == "```":
			inTour = false
		case inTour && isCommand:
			got.WriteString(line)
			out := at.run(t, command)
			if out != "" && !strings.HasSuffix(out, "\n") {
				out += "\n"
			}
			got.WriteString(out)
			continue
		case inTour:
			continue // the output that was written down
		}
		got.WriteString(line)
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if withoutInklings(got.String()) != withoutInklings(string(readme)) {
		t.Errorf("the tour prints something else by now (go test . -run README -update):\n%s", got.String())
	}
}
