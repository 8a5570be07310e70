package main

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// enoughSpace refuses before anything is begun what would fail for lack of disk half way.
func (b *bench) enoughSpace(ctx context.Context) error {
	most := int64(0)
	for _, g := range b.chosen(ctx) {
		switch s := b.options.sizes; g.name { // one at a time is there
		case "snapshot":
			most = max(most, int64(s.snapshot)<<20)
		case "pipe":
			most = max(most, 150*int64(s.keys))
		}
	}
	most += most/8 + 64<<20
	free, err := free(ctx, b.folder)
	if err != nil {
		return err
	}
	if free < most {
		return fmt.Errorf("%s has %d MiB free, and this needs %d: name another place with TMPDIR=FOLDER, or take less with --snapshot MIB",
			b.folder, free>>20, most>>20)
	}
	return nil
}

// free is how many bytes a folder has room for.
func free(ctx context.Context, folder string) (int64, error) {
	out, err := exec.CommandContext(ctx, "df", "-Pk", folder).Output()
	if err != nil {
		return 0, fmt.Errorf("df: %w", err)
	}
	return available(string(out))
}

// available reads what df -Pk prints.
func available(df string) (int64, error) {
	lines := strings.Split(strings.TrimSpace(df), "\n")
	fields := strings.Fields(lines[len(lines)-1])
	if len(lines) < 2 || len(fields) < 4 {
		return 0, fmt.Errorf("df printed %q", df)
	}
	kib, err := strconv.ParseInt(fields[3], 10, 64)
	return kib << 10, err
}
