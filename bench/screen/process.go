package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// resident is the memory of a process, as the system counts it, in bytes.
type resident struct{ now, peak int64 }

// residentOf reads how much memory a process has.
func residentOf(pid int) (resident, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return resident{}, err
	}
	return resident{now: kilobytes(string(text), "VmRSS:"), peak: kilobytes(string(text), "VmHWM:")}, nil
}

// kilobytes reads a line of /proc/PID/status.
func kilobytes(status, name string) int64 {
	for line := range strings.Lines(status) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n << 10
		}
	}
	return 0
}

// processorTime is how long the threads of a process have run, exactly: the usual figures count in steps of 10 ms.
func processorTime(pid int) (time.Duration, error) {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("process %d is gone: %w", pid, err)
	}
	var total time.Duration
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // the thread has ended
		}
		n, err := strconv.ParseInt(strings.Fields(string(text))[0], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
		total += time.Duration(n)
	}
	return total, nil
}

// cage is a limit of memory that the system enforces.
type cage struct{ folder string }

// newCage makes one where this user may; where not, the peak alone must tell.
func newCage(limit int64) (cage, error) {
	for _, kind := range []struct{ parent, file string }{
		{"/sys/fs/cgroup/memory", "memory.limit_in_bytes"},
		{"/sys/fs/cgroup", "memory.max"},
	} {
		folder := filepath.Join(kind.parent, "redan-bench-"+strconv.Itoa(os.Getpid()))
		if os.Mkdir(folder, 0o700) != nil {
			continue
		}
		c := cage{folder}
		if os.WriteFile(filepath.Join(folder, kind.file), strconv.AppendInt(nil, limit, 10), 0o600) == nil {
			return c, nil
		}
		c.close()
	}
	return cage{}, errors.New("no memory cgroup can be made here")
}

// hold makes a command run inside.
func (c cage) hold(cmd *exec.Cmd) *exec.Cmd {
	if c.folder == "" {
		return cmd
	}
	inside := append([]string{"-c", `echo $$ >"$0" && exec "$@"`, filepath.Join(c.folder, "cgroup.procs")}, cmd.Args...)
	return exec.Command("sh", inside...)
}

func (c cage) close() {
	if c.folder != "" {
		_ = os.Remove(c.folder)
	}
}
