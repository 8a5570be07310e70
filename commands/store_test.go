package commands

import (
	"fmt"
	"strconv"
	"strings"
)

// encode writes what decode reads. Trailing empty columns are left away.
func encode(t *Table) string {
	var b strings.Builder
	b.WriteString(t.version + "\n")
	for _, c := range t.sorted {
		cols := make([]string, 0, 14+11*len(c.KeySpecs))
		cols = append(cols, c.Name, num(c.Arity), num(c.FirstKey), num(c.LastKey), num(c.KeyStep),
			strings.Join(c.Flags, " "), strings.Join(c.Categories, " "), num(len(c.KeySpecs)))
		for _, k := range c.KeySpecs {
			cols = append(cols, strings.Join(k.Flags, " "), k.Begin, num(k.Index), k.Keyword, num(k.From),
				k.Find, num(k.Last), num(k.Step), num(k.Limit), num(k.NumAt), num(k.FirstAt))
		}
		cols = append(cols, c.Group, c.Since, c.DeprecatedSince, c.ReplacedBy, c.Summary, c.Complexity)
		writeLine(&b, 0, cols)
		encodeArgs(&b, 1, c.Args)
	}
	return b.String()
}

func encodeArgs(b *strings.Builder, depth int, args []Arg) {
	for _, a := range args {
		marks := mark(a.Optional, "o") + mark(a.Multiple, "m") + mark(a.MultipleToken, "t")
		writeLine(b, depth, []string{string(a.Type), marks, a.Name, a.Display, a.Token, a.Since, a.DeprecatedSince})
		encodeArgs(b, depth+1, a.Args)
	}
}

func mark(on bool, letter string) string {
	if on {
		return letter
	}
	return ""
}

func writeLine(b *strings.Builder, depth int, cols []string) {
	for i, col := range cols {
		cols[i] = strings.NewReplacer("\t", " ", "\n", " ").Replace(col)
	}
	fmt.Fprintf(b, "%s%s\n", strings.Repeat("\t", depth), strings.TrimRight(strings.Join(cols, "\t"), "\t"))
}

func num(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
