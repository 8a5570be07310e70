// Ansisvg turns what a terminal shows, with its escape sequences, into a picture of a terminal window.
//
//	tmux capture-pane -e -p | ansisvg [-light] [-columns N] [-title TEXT] >screen.svg
//
// Columns are where the terminal has them, in any font: each run of text is as wide as its cells, and lines and blocks are drawn instead
// of set. The same input gives the same bytes.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "ansisvg:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("ansisvg", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the error says enough
	light := flags.Bool("light", false, "dark text on a light ground")
	title := flags.String("title", "", "title of the window")
	columns := flags.Int("columns", 0, "width of the terminal; 0 is that of the longest line")
	if err := flags.Parse(args); err != nil {
		return err
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	colors := darkPalette()
	if *light {
		colors = lightPalette()
	}
	_, err = io.WriteString(out, draw(parse(string(text)), window{title: *title, columns: *columns, colors: colors}))
	return err
}
