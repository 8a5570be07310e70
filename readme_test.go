package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"redan/conn/conntest"
)

// TestREADME runs the tour of the README and compares what it prints. With
// -update it writes down what was printed.
func TestREADME(t *testing.T) {
	server := conntest.Start(t)
	folder := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(folder, "redan.bin"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	port := strconv.Itoa(server.Port)
	// The tour speaks to port 6379; here that is wherever the test's server listens.
	wrapper := "#!/bin/sh\nexec " + filepath.Join(folder, "redan.bin") + " -p " + port + " \"$@\"\n"
	if err := os.WriteFile(filepath.Join(folder, "redan"), []byte(wrapper), 0o700); err != nil {
		t.Fatal(err)
	}
	shell := func(command string) string {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
		cmd.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "HOME="+folder)
		out, _ := cmd.CombinedOutput() // failures are part of the tour
		return strings.ReplaceAll(string(out), ":"+port, ":6379")
	}

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
			out := shell(command)
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
	if got.String() == string(readme) {
		return
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the tour prints something else by now (go test . -run README -update):\n%s", got.String())
}
