package profiles

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The ways in which a profile cannot be had or made. They come wrapped, with the name and what to do.
var (
	ErrNotFound = errors.New("there is no such profile")
	ErrExists   = errors.New("there is such a profile already")
	ErrName     = errors.New("not a name for a profile")
	ErrInUse    = errors.New("other profiles extend it")
)

// maxName keeps names readable in a header, and files within what every system allows.
const maxName = 64

// CheckName returns an error, which wraps [ErrName], unless a profile can have the name on every system.
func CheckName(name string) error {
	refuse := func(why string) error { return fmt.Errorf("%q is %w: %s", name, ErrName, why) }
	odd := strings.IndexFunc(name, func(r rune) bool { return !isLetterOrDigit(r) && r != '-' && r != '_' && r != '.' })
	switch {
	case name == "":
		return refuse("it is empty")
	case odd >= 0:
		return refuse("use letters, digits, -, _ and .")
	case !isLetterOrDigit(rune(name[0])):
		return refuse("begin with a letter or a digit")
	case strings.HasSuffix(name, "."):
		return refuse("it ends with a dot")
	case len(name) > maxName:
		return refuse(fmt.Sprintf("it has more than %d characters", maxName))
	case isDevice(name):
		return refuse("it is a device on Windows")
	}
	return nil
}

func isLetterOrDigit(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// isDevice reports whether Windows takes a file of this name for a device.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	if slices.Contains([]string{"con", "prn", "aux", "nul"}, stem) {
		return true
	}
	rest, ok := strings.CutPrefix(stem, "com")
	if !ok {
		rest, ok = strings.CutPrefix(stem, "lpt")
	}
	return ok && len(rest) == 1 && rest[0] >= '0' && rest[0] <= '9'
}
