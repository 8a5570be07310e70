package cert

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Invocation is the command line that led here, without secrets, so that a fix can be the same line with one thing changed.
type Invocation struct {
	Program string   // "redan"
	Options []Option // what reaches the server, in a fixed order
	Command []string // what follows them: "ping"
	// Profile is the name of a profile that says Implied by itself, so that these are not repeated; empty for none.
	Profile string
	Implied []Option
}

// Option is one option of a command line.
type Option struct {
	Name   string // "-h", "--cacert"
	Value  string
	Switch bool // it takes no value
}

// With returns the invocation with an option set to value: in the place of the option of that name, else at the end.
func (i Invocation) With(name, value string) Invocation {
	return i.with(Option{Name: name, Value: value})
}

// WithSwitch returns the invocation with an option that takes no value.
func (i Invocation) WithSwitch(name string) Invocation {
	return i.with(Option{Name: name, Switch: true})
}

// Adding returns the invocation with one more option, beside others of that name.
func (i Invocation) Adding(name, value string) Invocation {
	i.Options = append(append([]Option(nil), i.Options...), Option{Name: name, Value: value})
	return i
}

func (i Invocation) with(o Option) Invocation {
	options := make([]Option, 0, len(i.Options)+1)
	placed := false
	for _, old := range i.Options {
		switch {
		case old.Name != o.Name:
			options = append(options, old)
		case !placed:
			options, placed = append(options, o), true
		}
	}
	if !placed {
		options = append(options, o)
	}
	i.Options = options
	return i
}

// Without returns the invocation without the options of these names.
func (i Invocation) Without(names ...string) Invocation {
	options := make([]Option, 0, len(i.Options))
	for _, o := range i.Options {
		if !slices.Contains(names, o.Name) {
			options = append(options, o)
		}
	}
	i.Options = options
	return i
}

// Value returns the value of the last option of that name.
func (i Invocation) Value(name string) (value string, given bool) {
	for _, o := range i.Options {
		if o.Name == name {
			value, given = o.Value, true
		}
	}
	return value, given
}

// Doing returns the invocation with another command behind its options.
func (i Invocation) Doing(command ...string) Invocation {
	i.Command = command
	return i
}

// optionRank orders options as people write them: where to, as whom, how it is protected. Fixes add and change options, and the lines
// of one report must look alike.
func optionRank(name string) int {
	order := []string{
		"-h", "-p", "-s", "-4", "-6", "--user", "--askpass", "-n", "--tls", "--cacert", "--cacertdir", "--certb64", "--cert", "--key",
		"--key-pass-file", "--sni", "--tls-verify-name", "--tls-verify", "--insecure",
	}
	if at := slices.Index(order, name); at >= 0 {
		return at
	}
	return len(order)
}

// String returns the command line, quoted for a POSIX shell.
func (i Invocation) String() string {
	words := []string{i.Program}
	options := slices.Clone(i.Options)
	if i.followsProfile() {
		words = append(words, "@"+i.Profile)
		options = slices.DeleteFunc(options, func(o Option) bool { return slices.Contains(i.Implied, o) })
	}
	slices.SortStableFunc(options, func(a, b Option) int { return cmp.Compare(optionRank(a.Name), optionRank(b.Name)) })
	for _, o := range options {
		words = append(words, o.Name)
		if !o.Switch {
			words = append(words, ShellQuote(o.Value))
		}
	}
	for _, word := range i.Command {
		words = append(words, ShellQuote(word))
	}
	return strings.Join(words, " ")
}

// followsProfile reports whether the line can be written as one with the profile: an option that the profile says cannot be taken back.
func (i Invocation) followsProfile() bool {
	return i.Profile != "" && !slices.ContainsFunc(i.Implied, func(implied Option) bool {
		return !slices.ContainsFunc(i.Options, func(o Option) bool { return o.Name == implied.Name })
	})
}

// ShellQuote returns word as a POSIX shell reads it back. One with control characters, which a terminal must not see, is written as
// $'...', which bash, zsh and ksh read.
func ShellQuote(word string) string {
	const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./-_"
	if word != "" && strings.Trim(word, safe) == "" {
		return word
	}
	if isVisible(word) {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(word) {
		switch c := word[i]; {
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case ' ' <= c && c <= '~':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\x%02x`, c)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// isVisible reports whether word is made of characters that a terminal shows as they are.
func isVisible(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool { return !unicode.IsGraphic(r) || r == unicode.ReplacementChar }) < 0
}
