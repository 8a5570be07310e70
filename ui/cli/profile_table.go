package cli

import "strings"

const (
	columnGap   = 2 // between columns
	leastColumn = 6 // what a cut column keeps
)

// table lays out rows in columns within a width, 0 for any. What there is no room for goes away from the right, and then the column that
// is widest is cut. A column that is empty but for its title is left out.
func table(rows [][]string, width int) []string {
	columns := narrowed(columnWidths(rows), width)
	lines := make([]string, len(rows))
	for n, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			if columns[i] > 0 {
				b.WriteString(fit(cell, columns[i]) + strings.Repeat(" ", columnGap))
			}
		}
		lines[n] = strings.TrimRight(b.String(), " ")
	}
	return lines
}

// columnWidths are those that the rows want; 0 for columns in which there is nothing.
func columnWidths(rows [][]string) []int {
	columns := make([]int, len(rows[0]))
	for i := range columns {
		filled := false
		for n, row := range rows {
			filled = filled || n > 0 && row[i] != ""
			columns[i] = max(columns[i], displayWidth(row[i]))
		}
		if !filled {
			columns[i] = 0
		}
	}
	return columns
}

// narrowed makes columns fit a width: from the fourth on they may go.
func narrowed(columns []int, width int) []int {
	const stay = 3
	for i := len(columns) - 1; i >= stay && width > 0 && tableWidth(columns) > width; i-- {
		columns[i] = 0
	}
	for width > 0 && tableWidth(columns) > width {
		widest := 0
		for i := range columns {
			if columns[i] > columns[widest] {
				widest = i
			}
		}
		if columns[widest] <= leastColumn {
			break
		}
		columns[widest] = max(leastColumn, columns[widest]-(tableWidth(columns)-width))
	}
	return columns
}

func tableWidth(columns []int) int {
	sum := 0
	for _, w := range columns {
		if w > 0 {
			sum += w + columnGap
		}
	}
	return sum - columnGap
}

// displayWidth is the width of a text on a terminal, near enough for names.
func displayWidth(text string) int { return len([]rune(text)) }

// fit returns text in exactly width cells.
func fit(text string, width int) string {
	runes := []rune(text)
	if len(runes) > width {
		return string(runes[:width-1]) + "~"
	}
	return text + strings.Repeat(" ", width-len(runes))
}
