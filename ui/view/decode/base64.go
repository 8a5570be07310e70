package decode

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// base64Decoder unwraps base64, strictly: standard or URL alphabet but not both, padding or none, line breaks at the same width.
type base64Decoder struct{}

func (base64Decoder) Name() Name  { return Base64 }
func (base64Decoder) Wraps() bool { return true }

// leastBase64 is how many characters base64 has at least to be taken for it without being asked: shorter words are base64 by chance.
const leastBase64 = 16

// Sniff is careful, since every identifier of the right length is base64 too. What decodes is offered. It is taken for base64 only if
// it has letters of both cases, and what comes out is clean text or known by its first bytes.
func (d base64Decoder) Sniff(in Input) Confidence {
	if in.Offset != 0 {
		return No
	}
	head := in.head(sniffBytes)
	style := styleOf(head)
	if !style.possible {
		return No
	}
	result, err := d.Decode(head, trialBytes)
	switch {
	case err != nil || len(result.Inner) == 0:
		return No
	case style.letters < leastBase64 || !style.upper || !style.lower:
		return Possible
	case hasMagic(Input{Bytes: result.Inner, More: result.Cut}), isCleanText(result.Inner, result.Cut) && style.isNoWord(result.Inner):
		return Likely
	}
	return Possible
}

// hasMagic reports whether bytes begin as a file does that nobody takes for something else.
func hasMagic(in Input) bool {
	for _, magic := range []string{
		"\x1f\x8b\x08", "\x28\xb5\x2f\xfd", "\x04\x22\x4d\x18", // what is unwrapped next
		"\x89PNG\r\n", "\xff\xd8\xff", "GIF8", "%PDF-", "PK\x03\x04", "\x7fELF", "\xac\xed\x00\x05", // pictures, archives, Java
	} {
		if strings.HasPrefix(string(in.head(8).Bytes), magic) {
			return true
		}
	}
	return zlibDecoder().Sniff(in) == Certain
}

// base64Style is which of the many base64s a text is in.
type base64Style struct {
	possible        bool
	url, padded     bool
	upper, lower    bool // there are letters of this case
	digits, padding bool // there are any
	letters         int  // characters, without line breaks
	width           int  // of a line; 0 where there is one line
	crlf, last      bool // how lines end, and whether the last one does
}

// styleOf returns the style of a text, as far as its bytes tell.
func styleOf(in Input) base64Style {
	var style base64Style
	standard, padding := false, 0
	for i, c := range in.Bytes {
		switch {
		case c == '\n' || c == '\r':
			if c == '\r' {
				style.crlf = true
			} else if style.width == 0 {
				style.width = style.letters
			}
			style.last = i+1 == len(in.Bytes)
			continue
		case c == '=':
			padding++
		case padding > 0:
			return style // more after the padding
		case c >= 'A' && c <= 'Z':
			style.upper = true
		case c >= 'a' && c <= 'z':
			style.lower = true
		case isDigit(c):
			style.digits = true
		case c == '+' || c == '/':
			standard = true
		case c == '-' || c == '_':
			style.url = true
		default:
			return style
		}
		style.letters++
	}
	if style.last && style.width == style.letters {
		style.width = 0
	}
	style.padding = padding > 0
	style.padded = padding > 0 || style.letters%4 == 0
	style.possible = style.letters > 0 && (!standard || !style.url) && padding <= 2 && (in.More || style.letters%4 != 1)
	return style
}

// isNoWord tells base64 from words in camel case, a few in ten thousand of which become clean text as well. Short text is ASCII nearly
// always, and its base64 has digits or padding.
func (s base64Style) isNoWord(inner []byte) bool {
	const long = 48
	return len(inner) >= long || isASCII(inner) && (s.digits || s.padding)
}

func isASCII(data []byte) bool {
	return bytes.IndexFunc(data, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// encoding returns the codec for a style.
func (s base64Style) encoding() *base64.Encoding {
	switch {
	case s.url && s.padded:
		return base64.URLEncoding.Strict()
	case s.url:
		return base64.RawURLEncoding.Strict()
	case s.padded:
		return base64.StdEncoding.Strict()
	default:
		return base64.RawStdEncoding.Strict()
	}
}

func (base64Decoder) Decode(in Input, limit int) (Result, error) {
	limit = bounded(limit)
	// Four characters are three bytes, and line breaks come on top.
	style := styleOf(in.head(4*limit + sniffBytes))
	style.padded = style.padded || in.More
	inner, cut, err := readBounded(base64.NewDecoder(style.encoding(), bytes.NewReader(in.Bytes)), limit)
	result := Result{Inner: inner, Cut: cut || in.More}
	if err == nil || in.More && errors.Is(err, io.ErrUnexpectedEOF) {
		return result, nil
	}
	at := int64(len(inner))
	return result, &MalformedError{
		Name: Base64, Offset: at / 3 * 4, Reason: fmt.Sprintf("no base64 after %d bytes of what is inside", at), Err: err,
	}
}

func (d base64Decoder) Draft(data []byte, limit int) ([]byte, error) {
	result, err := d.Decode(Value(data), limit)
	if err != nil {
		return nil, err
	}
	if result.Cut {
		return nil, ErrTooLong
	}
	return result.Inner, nil
}

// Encode writes base64 in the style of the original.
func (base64Decoder) Encode(original, draft []byte) ([]byte, error) {
	style := styleOf(Value(original))
	if !style.padded && style.letters%4 == 0 {
		style.padded = true
	}
	letters := style.encoding().EncodeToString(draft)
	end := "\n"
	if style.crlf {
		end = "\r\n"
	}
	var b bytes.Buffer
	for style.width > 0 && len(letters) > style.width {
		b.WriteString(letters[:style.width] + end)
		letters = letters[style.width:]
	}
	b.WriteString(letters)
	if style.last {
		b.WriteString(end)
	}
	return b.Bytes(), nil
}
