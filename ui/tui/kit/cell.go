package kit

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Name is the name of a key, a field or the like as it stands in a sentence: that of no characters has quotes around it.
func Name(name string) string {
	if name == "" {
		return `""`
	}
	return Escape(name)
}

// Escape returns text fit for a cell: control characters, invisible ones and bytes that are no UTF-8 as \xNN, \uNNNN or \u{NNNNN}; and a
// combining character at its beginning too, which would join with what stands in the cell before.
func Escape(text string) string {
	at := unfit(text)
	if at == len(text) {
		return text
	}
	var b strings.Builder
	b.WriteString(text[:at])
	for i := at; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		case unicode.IsGraphic(r) && (i > 0 || !combines(r)):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += max(n, 1)
	}
	return b.String()
}

// unfit is where the first character of text is that cannot be shown as it is.
func unfit(text string) int {
	for i, r := range text {
		if r == utf8.RuneError || !unicode.IsGraphic(r) || i == 0 && combines(r) {
			return i
		}
	}
	return len(text)
}

// combines reports whether a character joins with the one before it: marks, and the tones of emoji.
func combines(r rune) bool { return unicode.IsMark(r) || r >= 0x1f3fb && r <= 0x1f3ff }

// Width is the number of columns text takes.
func Width(text string) int { return ansi.StringWidth(text) }

// Cut returns text in at most width columns; what is cut off is told by an ellipsis.
func Cut(text string, width int, ascii bool) string {
	return truncate(text, width, Ellipsis().Of(Look{ASCII: ascii}))
}

// Clip is Cut without a sign.
func Clip(text string, width int) string { return truncate(text, width, "") }

// truncate cuts between characters and keeps all styles, so that what was begun is ended. (That of x/ansi takes "1️⃣" for narrower than
// it is.)
func truncate(text string, width int, tail string) string {
	if width <= 0 {
		return ""
	}
	if Width(text) <= width {
		return text
	}
	var b strings.Builder
	room, whole := width-Width(tail), true
	for i := 0; i < len(text); {
		if text[i] == '\x1b' {
			n := sequenceLength(text[i:])
			b.WriteString(text[i : i+n])
			i += n
			continue
		}
		cluster, w := first(text[i:])
		if cluster == "" {
			break
		}
		i += len(cluster)
		if room -= w; room >= 0 {
			b.WriteString(cluster)
			continue
		}
		if whole {
			b.WriteString(tail)
			whole = false
		}
		next := strings.IndexByte(text[i:], '\x1b') // of the rest, only the styles are of interest
		if next < 0 {
			break
		}
		i += next
	}
	return b.String()
}

// first is the first character of text and its width; plain ones, with which nothing combines, are most.
func first(text string) (cluster string, width int) {
	if c := text[0]; c >= ' ' && c < 0x7f && (len(text) == 1 || text[1] < 0x80) {
		return text[:1], 1
	}
	return ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
}

// clipLeft returns the end of a text without styles, in at most width columns.
func clipLeft(text string, width int) string {
	for over := Width(text) - width; over > 0 && text != ""; {
		cluster, w := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
		text, over = text[max(1, len(cluster)):], over-w
	}
	return text
}

// sequenceLength is how long the style is that text begins with.
func sequenceLength(text string) int {
	if end := strings.IndexByte(text, 'm'); end >= 0 {
		return end + 1
	}
	return len(text)
}

// Fit returns text in exactly width columns, cut or filled up with blanks.
func Fit(text string, width int, ascii bool) string {
	text = Cut(text, width, ascii)
	return text + strings.Repeat(" ", max(0, width-Width(text)))
}

// FitRight is Fit with the text at the right edge.
func FitRight(text string, width int, ascii bool) string {
	text = Cut(text, width, ascii)
	return strings.Repeat(" ", max(0, width-Width(text))) + text
}

// Frame returns lines as exactly h lines of exactly w columns.
func Frame(lines []string, w, h int, ascii bool) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	fitted := make([]string, h)
	for i := range fitted {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		fitted[i] = Fit(line, w, ascii)
	}
	return strings.Join(fitted, "\n")
}

// Count returns n with its thousands grouped: "1,004,210".
func Count(n int64) string {
	text := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, text = "-", text[1:]
	}
	var b strings.Builder
	for i, digit := range text {
		if i > 0 && (len(text)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return sign + b.String()
}

// Size returns a number of bytes in binary units with one decimal: "1.2 KiB".
func Size(bytes int64) string {
	const unit = 1024
	if bytes < unit {
		return strconv.FormatInt(bytes, 10) + " B"
	}
	value, units := float64(bytes)/unit, "KMGTPE"
	i := 0
	for value >= unit-0.05 && i < len(units)-1 { // which would be rounded to 1024.0
		value /= unit
		i++
	}
	return strconv.FormatFloat(value, 'f', 1, 64) + " " + units[i:i+1] + "iB"
}

// Life returns a length of time in its two largest units: "2h 14m", "3d 4h".
func Life(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + "ms"
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + "s"
	case d < time.Hour:
		return fmt.Sprintf("%dm %ds", d/time.Minute, d%time.Minute/time.Second)
	case d < day:
		return fmt.Sprintf("%dh %dm", d/time.Hour, d%time.Hour/time.Minute)
	default:
		return fmt.Sprintf("%dd %dh", d/day, d%day/time.Hour)
	}
}

// Wrap breaks text at its blanks into lines of at most width columns, indent included. A word longer than that has a line of its own.
func Wrap(text, indent string, width int) []string {
	var lines []string
	line := indent
	for word := range strings.FieldsSeq(text) {
		if line != indent && Width(line)+1+Width(word) > width {
			lines, line = append(lines, line), indent
		}
		if line != indent {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
