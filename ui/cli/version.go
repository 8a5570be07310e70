package cli

import "runtime/debug"

// Version is set by the linker for releases.
//
//nolint:gochecknoglobals // the linker can set nothing else
var Version string

// version returns the release, or what the module says of an unreleased build.
func version() string {
	if Version != "" {
		return Version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}
