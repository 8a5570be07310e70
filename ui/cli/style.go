package cli

import (
	"strconv"
	"strings"
	"time"

	"redan/ui/certreport"
	"redan/ui/theme"
)

// reportStyle is what the terminal that reports go to can show.
func (a *app) reportStyle() certreport.Style {
	color, ascii := a.terminalCan()
	return certreport.Style{Theme: theme.New(color), ASCII: ascii, Width: a.columns(), Location: time.Local}
}

// terminalCan reports whether standard output takes colour, and whether it is limited to ASCII.
func (a *app) terminalCan() (color, ascii bool) {
	noColor, _ := a.sys.Getenv("NO_COLOR")
	term, _ := a.sys.Getenv("TERM")
	color = a.sys.OutTTY && noColor == "" && term != "dumb"
	return color, !a.speaksUTF8()
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
