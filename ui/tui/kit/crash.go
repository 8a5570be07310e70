package kit

import (
	"fmt"
	"path"
	"regexp"
	"runtime"
	"strings"
)

// Crash tells of a panic without the values that were at hand: an error of the runtime says itself what happened, of anything else
// only the type is told, and the stack is left with functions, file names and lines.
func Crash(recovered any, stack []byte) Crashed {
	what := fmt.Sprintf("panic with a %T", recovered)
	if err, ok := recovered.(runtime.Error); ok {
		what = err.Error()
	}
	arguments := regexp.MustCompile(`\([^()]*\)$`)
	var b strings.Builder
	for line := range strings.Lines(string(stack)) {
		line = strings.TrimRight(line, "\r\n")
		if file, ok := strings.CutPrefix(line, "\t"); ok {
			file, _, _ = strings.Cut(file, " +0x")
			line = "\t" + path.Base(file)
		} else {
			line = arguments.ReplaceAllString(line, "()")
		}
		b.WriteString(line + "\n")
	}
	return Crashed{What: what, Stack: b.String()}
}
