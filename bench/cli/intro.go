package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strings"

	"redan/bench/rig"
)

// intro is what and where was measured.
type intro struct {
	machine  string
	programs string
	load     float64 // before the start
}

// busyLoad is the load from which on others take so much that ratios near a bar mean little.
const busyLoad = 1

func (in intro) busy() bool { return in.load > busyLoad }

func (b *bench) intro(ctx context.Context) (intro, error) {
	cli, err := program{path: b.options.rediscli, args: []string{"--version"}}.answer(ctx)
	if err != nil {
		return intro{}, err
	}
	server, err := exec.CommandContext(ctx, "redis-server", "--version").Output()
	if err != nil {
		return intro{}, fmt.Errorf("redis-server --version: %w", err)
	}
	version := regexp.MustCompile(`v=(\S+)`).FindSubmatch(server)
	if version == nil {
		return intro{}, fmt.Errorf("redis-server --version printed %q", server)
	}
	return intro{
		machine:  rig.Machine(),
		programs: strings.TrimSpace(string(cli)) + ", redis-server " + string(version[1]) + ", " + runtime.Version(),
		load:     rig.Load(),
	}, nil
}

// text is for the one who waits.
func (in intro) text() string {
	note := ""
	if in.busy() {
		note = ": the machine is busy, ratios near a bar mean little"
	}
	return fmt.Sprintf("machine   %s\nprograms  %s\nload      %.2f before the start%s\n", in.machine, in.programs, in.load, note)
}

// sentence is for the README.
func (in intro) sentence() string {
	return fmt.Sprintf("Measured on %s; %s; load %.2f before the start. Medians; memory is the most that was resident.", in.machine, in.programs, in.load)
}
