package cli

import (
	"strconv"
	"strings"
	"time"

	"redan/ui/certreport"
	"redan/ui/modes"
	"redan/ui/theme"
)

// reportStyle is what the terminal that reports go to can show.
func (a *app) reportStyle() certreport.Style {
	color, ascii := a.terminalCan()
	return certreport.Style{Theme: theme.New(color), ASCII: ascii, Width: a.columns(), Location: time.Local}
}

// terminalCan reports whether standard output takes colour, and whether it is limited to ASCII.
func (a *app) terminalCan() (color, ascii bool) {
	return a.takesColor(a.sys.OutTTY), !a.speaksUTF8()
}

// takesColor reports whether one of the streams, which may be a terminal, does.
func (a *app) takesColor(isTerminal bool) bool {
	term, _ := a.sys.Getenv("TERM")
	return isTerminal && !a.noColor() && term != "dumb"
}

// screen is how a mode draws on one of the streams: without colours unless it is a terminal that has them.
func (a *app) screen(isTerminal bool) modes.Screen {
	return modes.Screen{Theme: theme.New(a.takesColor(isTerminal)), Plain: !a.speaksUTF8()}
}

// dumb reports whether standard output is a terminal that can do nothing but print.
func (a *app) dumb() bool {
	term, _ := a.sys.Getenv("TERM")
	return a.sys.OutTTY && (term == "" || term == "dumb")
}

// terminalSize is that of the terminal at this moment. One that does not tell is taken for a usual one.
func (a *app) terminalSize() (columns, lines int) {
	columns, lines = 80, 24
	if a.sys.Columns != nil {
		if n := a.sys.Columns(); n > 0 {
			columns = n
		}
	}
	if a.sys.Lines != nil {
		if n := a.sys.Lines(); n > 0 {
			lines = n
		}
	}
	return columns, lines
}

// speaksUTF8 reports whether the locale is one of UTF-8. Without any locale, a terminal of today is taken for one that shows it, and so is
// a Windows one, which has no such variables.
func (a *app) speaksUTF8() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value, _ := a.sys.Getenv(name); value != "" {
			upper := strings.ToUpper(value)
			return strings.Contains(upper, "UTF-8") || strings.Contains(upper, "UTF8")
		}
	}
	return true
}

// columns is the width of the terminal that standard output is, or of what COLUMNS says; 0 when there is neither, as in a pipe.
func (a *app) columns() int {
	if text, _ := a.sys.Getenv("COLUMNS"); text != "" {
		if n, err := strconv.Atoi(text); err == nil && n > 0 {
			return n
		}
	}
	if a.sys.OutTTY && a.sys.Columns != nil {
		return a.sys.Columns()
	}
	return 0
}
