package cli

import (
	"errors"
	"strings"
)

// errInterrupted is Ctrl-C at a question.
var errInterrupted = errors.New("interrupted")

type byteReader interface{ Read([]byte) (int, error) }

type stringWriter interface{ WriteString(string) (int, error) }

// readMasked reads a line byte by byte: Backspace and Ctrl-U edit, Ctrl-C gives up.
func readMasked(in byteReader, out stringWriter) (string, error) {
	var password []byte
	one := make([]byte, 1)
	for {
		if n, err := in.Read(one); n == 0 || err != nil {
			return "", errInterrupted
		}
		switch c := one[0]; c {
		case '\r', '\n':
			return string(password), nil
		case 3, 4: // Ctrl-C, Ctrl-D
			return "", errInterrupted
		case 8, 127: // Backspace
			if len(password) > 0 {
				password = password[:len(password)-1]
				_, _ = out.WriteString("\b \b")
			}
		case 21: // Ctrl-U
			_, _ = out.WriteString(strings.Repeat("\b \b", len(password)))
			password = password[:0]
		default:
			password = append(password, c)
			_, _ = out.WriteString("*")
		}
	}
}
