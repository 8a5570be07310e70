package viewer

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"redan/ui/theme"
	"redan/ui/tui/kit"
	"redan/ui/view/decode"
)

// styled returns text in the style of its kind.
func styled(look kit.Look, kind decode.Kind, text string) string {
	if text == "" || !look.Theme.Color() {
		return text
	}
	switch kind {
	case decode.Key:
		return look.Paint(theme.JSONKey, text)
	case decode.String:
		return look.Paint(theme.JSONString, text)
	case decode.Number:
		return look.Paint(theme.JSONNumber, text)
	case decode.Bool, decode.Null, decode.Type:
		return look.Paint(theme.JSONLiteral, text)
	case decode.Punct, decode.Offset:
		return look.Paint(theme.JSONPunctuation, text)
	case decode.Dim:
		return look.Dim(text)
	case decode.Escape:
		return look.Paint(theme.JSONEscape, text)
	default:
		return text
	}
}

// paint returns spans in at most width columns. What is cut off is told by an ellipsis.
func paint(look kit.Look, spans []decode.Span, width int) string {
	if width <= 0 {
		return ""
	}
	tail := kit.Ellipsis().Of(look)
	var b strings.Builder
	used := 0
	for i, span := range spans {
		n := kit.Width(span.Text)
		if used+n <= width && (used+n < width || rest(spans[i+1:]) == "") {
			b.WriteString(styled(look, span.Kind, span.Text))
			used += n
			continue
		}
		if text := kit.Clip(span.Text, width-used-kit.Width(tail)); text != "" {
			b.WriteString(styled(look, span.Kind, text))
		}
		b.WriteString(look.Dim(tail))
		break
	}
	return b.String()
}

// rest is the text of the first of spans that has any.
func rest(spans []decode.Span) string {
	for _, s := range spans {
		if s.Text != "" {
			return s.Text
		}
	}
	return ""
}

// plainText is the text of spans.
func plainText(spans []decode.Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// spansWidth is how many columns spans take.
func spansWidth(spans []decode.Span) int {
	n := 0
	for _, s := range spans {
		n += kit.Width(s.Text)
	}
	return n
}

// wrapSpans parts spans into lines of at most width columns, never within a character.
func wrapSpans(spans []decode.Span, width int) [][]decode.Span {
	width = max(1, width)
	var lines [][]decode.Span
	var line []decode.Span
	used := 0
	for _, span := range spans {
		for text := span.Text; text != ""; {
			n, columns := fitting(text, width-used)
			if n == 0 && used > 0 {
				lines, line, used = append(lines, line), nil, 0
				continue
			}
			if n == 0 { // wider than the line: it is cut when it is painted
				cluster, _ := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
				n, columns = max(1, len(cluster)), width
			}
			line = append(line, decode.Span{Text: text[:n], Kind: span.Kind})
			text, used = text[n:], used+columns
		}
	}
	if len(line) > 0 || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// fitting returns how many bytes of text fit into width columns, and the columns that they take.
func fitting(text string, width int) (n, columns int) {
	for n < len(text) {
		if c := text[n]; c >= ' ' && c < 0x7f && (n+1 == len(text) || text[n+1] < 0x80) { // plain, and nothing combines with it
			if columns == width {
				return n, columns
			}
			n, columns = n+1, columns+1
			continue
		}
		cluster, w := ansi.FirstGraphemeCluster(text[n:], ansi.GraphemeWidth)
		if cluster == "" {
			return len(text), columns
		}
		if columns+w > width {
			return n, columns
		}
		n, columns = n+len(cluster), columns+w
	}
	return n, columns
}

// skipColumns returns spans without their first n columns. A character that is cut in two there leaves blanks.
func skipColumns(spans []decode.Span, n int) []decode.Span {
	for i, span := range spans {
		w := kit.Width(span.Text)
		if w <= n {
			n -= w
			continue
		}
		bytes, columns := fitting(span.Text, n)
		text := span.Text[bytes:]
		if columns < n {
			cluster, cw := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
			text = strings.Repeat(" ", max(0, columns+cw-n)) + text[len(cluster):]
		}
		return append([]decode.Span{{Text: text, Kind: span.Kind}}, spans[i+1:]...)
	}
	return nil
}

// wrapText parts text, fit for a terminal, into lines of at most width columns.
func wrapText(text string, width int) []string {
	parts := wrapSpans([]decode.Span{{Text: text}}, width)
	lines := make([]string, len(parts))
	for i, part := range parts {
		lines[i] = plainText(part)
	}
	return lines
}
