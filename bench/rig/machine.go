package rig

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Machine names in words what is measured on, as far as the system tells (Linux does).
func Machine() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	release, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return machine(string(text), strings.TrimSpace(string(release)), runtime.NumCPU())
}

func machine(cpuinfo, release string, cores int) string {
	processor, kind := runtime.GOARCH, "a machine"
	for line := range strings.Lines(cpuinfo) {
		name, value, _ := strings.Cut(line, ":")
		switch strings.TrimSpace(name) {
		case "model name":
			processor = strings.TrimSpace(value)
		case "flags":
			if strings.Contains(value+" ", " hypervisor ") {
				kind = "a virtual machine"
			}
		}
	}
	system := runtime.GOOS
	if version, _, _ := strings.Cut(release, "-"); version != "" { // what follows tells who built it
		system = "Linux " + version
	}
	return fmt.Sprintf("%s with %s, %s, %s", kind, plural(cores, "core"), processor, system)
}

func plural(n int, noun string) string {
	words := []string{"no", "one", "two", "three", "four"}
	count := strconv.Itoa(n)
	if n < len(words) {
		count = words[n]
	}
	if n == 1 {
		return count + " " + noun
	}
	return count + " " + noun + "s"
}

// Load is how many programs wanted a processor in the last minute; 0 where the system does not tell.
func Load() float64 {
	text, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(text), " ")
	load, _ := strconv.ParseFloat(first, 64)
	return load
}
