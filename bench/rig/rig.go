// Package rig is what the benches stand on: redan as it is released, a redis-server of their own, a way that takes longer, and figures.
package rig

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"time"
)

// Build builds redan as it is released, and puts it where program says as an installer would: by writing a copy. The file that the linker
// leaves is in the system's cache in small pieces, and starts most of a millisecond later than any copy of it.
func Build(program string) error {
	linked := program + ".linked"
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", linked, "redan")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building redan: %w\n%s", err, out)
	}
	defer func() { _ = os.Remove(linked) }()
	return install(linked, program)
}

func install(from, to string) error {
	linked, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = linked.Close() }()
	installed, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(installed, linked)
	return errors.Join(err, installed.Close())
}

// Quantile returns the value that a part of all are not above.
func Quantile(all []time.Duration, part float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(len(sorted)-1, int(part*float64(len(sorted))))]
}

// Median is the value in the middle; of two, half way between them.
func Median(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// Grouped is a number as people write it: 1,000,000.
func Grouped(n int) string {
	digits := strconv.Itoa(n)
	var out []byte
	for i, digit := range []byte(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, digit)
	}
	return string(out)
}
