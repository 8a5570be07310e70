package secret

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// Kind says where a secret is.
type Kind string

// The kinds of references, each as it is written before the colon.
const (
	Prompt  Kind = "prompt"  // the person is asked each time, and nothing is kept
	Env     Kind = "env"     // env:NAME
	File    Kind = "file"    // file:PATH, whose first line it is
	Command Kind = "command" // command:PROGRAM ARGUMENT..., which prints it; no shell is started
	Shell   Kind = "shell"   // shell:LINE, run by sh -c (cmd /C on Windows), which prints it
	Keyring Kind = "keyring" // keyring:ACCOUNT in the keyring of the operating system
	Age     Kind = "age"     // age:PATH, a file encrypted by a passphrase, or for the identity in age:PATH#IDENTITY
	Text    Kind = "text"    // text:SECRET, or anything else: the secret itself, in clear text
)

// Reference says where a secret is. It never prints what a clear text holds.
type Reference struct {
	Kind Kind
	// Name is the variable, path, account or line.
	Name string
	// Words are the program and its arguments, of a [Command].
	Words []string
	// Identity is the file with the age identities that decrypt, of an [Age] file that no passphrase opens.
	Identity string
	// bare tells a clear text without its prefix, which is what a warning is due for just the same.
	bare bool
}

// ErrEmptyReference is a reference that says a kind and nothing more.
var ErrEmptyReference = errors.New("says where to look but not for what")

// Parse reads a reference as it stands in a profile. What has no kind before a colon is taken as the secret itself; [Reference.Clear]
// tells so. A kind in front of nothing, or alone, is an error.
func Parse(text string) (Reference, error) {
	if text == string(Prompt) {
		return Reference{Kind: Prompt}, nil
	}
	word, rest, found := strings.Cut(text, ":")
	kind := Kind(word)
	if !kind.known() {
		return Reference{Kind: Text, Name: text, bare: true}, nil
	}
	if !found { // "keyring" is a slip, and no password
		return Reference{}, fmt.Errorf("%q %w; it is written %s", text, ErrEmptyReference, kind.form())
	}
	r := Reference{Kind: kind, Name: rest}
	if kind == Text {
		return r, nil
	}
	if r.Name = strings.TrimSpace(rest); r.Name == "" {
		return Reference{}, fmt.Errorf("%q %w; it is written %s", text, ErrEmptyReference, kind.form())
	}
	if kind == Age {
		r.Name, r.Identity, _ = strings.Cut(r.Name, "#")
	}
	if kind != Command {
		return r, nil
	}
	words, err := splitWords(r.Name)
	if err != nil {
		return Reference{}, fmt.Errorf("has a command that cannot be read: %w", err)
	}
	r.Words = words
	return r, nil
}

func (k Kind) known() bool { return k.form() != "" }

// form is how a reference of the kind is written; empty for what is no kind. [Prompt] is a word alone.
func (k Kind) form() string {
	switch k {
	case Env:
		return "env:NAME"
	case File:
		return "file:PATH"
	case Command:
		return "command:PROGRAM ARGUMENT..."
	case Shell:
		return "shell:LINE"
	case Keyring:
		return "keyring:ACCOUNT"
	case Age:
		return "age:PATH or age:PATH#IDENTITY"
	case Text:
		return "text:SECRET"
	case Prompt:
	}
	return ""
}

// Clear reports whether the reference is the secret itself, so that it stands in the file for everybody to read.
func (r Reference) Clear() bool { return r.Kind == Text }

// String is the reference as it is written in a profile; of a clear text only that it is one.
func (r Reference) String() string {
	switch {
	case r.Kind == Prompt || r.Kind == "":
		return string(r.Kind)
	case r.Clear():
		return "***"
	case r.Identity != "":
		return string(r.Kind) + ":" + r.Name + "#" + r.Identity
	}
	return string(r.Kind) + ":" + r.Name
}

// Format implements fmt.Formatter, so that no verb, %#v included, shows a clear text.
func (r Reference) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(r.String())) }

// WithPaths returns the reference with every path in it replaced by what absolute makes of it.
func (r Reference) WithPaths(absolute func(path string) string) Reference {
	if r.Kind != File && r.Kind != Age {
		return r
	}
	r.Name = absolute(r.Name)
	if r.Identity != "" {
		r.Identity = absolute(r.Identity)
	}
	return r
}

// path is a path as a profile may write it: ~ is the home directory, and what is relative is so to the directory of the profiles.
func (s Sources) path(name string) string {
	if rest, ok := strings.CutPrefix(name, "~/"); ok && s.Home != "" {
		return filepath.Join(s.Home, rest)
	}
	if !filepath.IsAbs(name) && s.Directory != "" {
		return filepath.Join(s.Directory, name)
	}
	return name
}

// splitWords takes a line apart as a POSIX shell does, without any expansion: blanks part words; ' and " quote; \ takes the next
// character as it is, except between single quotes.
func splitWords(line string) ([]string, error) {
	var (
		words []string
		word  strings.Builder
		open  bool // a word has begun, if only with empty quotes
		quote rune
		taken bool // the next character is taken as it is
	)
	for _, c := range line {
		switch {
		case taken:
			word.WriteRune(c)
			taken = false
		case c == '\\' && quote != '\'':
			taken, open = true, true
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, open = c, true
		case quote == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if open {
				words = append(words, word.String())
				word.Reset()
			}
			open = false
		default:
			word.WriteRune(c)
			open = true
		}
	}
	switch {
	case quote != 0:
		return nil, fmt.Errorf("a quote (%c) is not closed", quote)
	case taken:
		return nil, errors.New(`it ends in \`)
	case open:
		words = append(words, word.String())
	}
	if len(words) == 0 || words[0] == "" {
		return nil, errors.New("it names no program")
	}
	return words, nil
}
